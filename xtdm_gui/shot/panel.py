"""The panel that tells how a file was taken, and what somebody thinks of it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QLocale, Qt, Slot
from PySide6.QtWidgets import QFormLayout, QLabel, QVBoxLayout, QWidget

from xtdm_core.culling.rating import MOST_STARS, Flag, Rating
from xtdm_core.frame import CaptureInfo
from xtdm_core.inspection.file_info import shutter
from xtdm_core.progress import Report
from xtdm_gui.background import LatestTask
from xtdm_gui.formatting import number
from xtdm_gui.pictures.ratings import Ratings, label_text

_NOTHING = "–"


class ShotPanel(QWidget):
    """Facts of the file that is looked at, read in the background, and its rating."""

    def __init__(self, ratings: Ratings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ratings = ratings
        self._path: Path | None = None
        self._jobs = LatestTask(self)
        self._jobs.succeeded.connect(self._show_info)
        self._jobs.failed.connect(self._show_failure)
        ratings.changed.connect(self._on_rated)
        self._values: dict[str, QLabel] = {}
        form = QFormLayout()
        form.setContentsMargins(0, 0, 0, 0)
        form.setVerticalSpacing(2)
        for key, name in self._names().items():
            value = self._values[key] = QLabel(_NOTHING, wordWrap=True)
            value.setTextFormat(Qt.TextFormat.PlainText)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            form.addRow(name, value)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.addLayout(form)
        layout.addStretch(1)

    def show_path(self, path: Path | None) -> None:
        """Tell of another file, or of none."""
        self._path = path
        self._jobs.cancel()
        self._show({"file": path.name} if path else {})
        if path is not None:
            self._show_rating()
            self._jobs.start(lambda _report: (path, *_read(path, _report)))

    def texts(self) -> dict[str, str]:
        """What is told, by its key."""
        return {key: value.text() for key, value in self._values.items()}

    def close(self) -> bool:
        """Waits until nothing is read any more."""
        self._jobs.close()
        return super().close()

    def _names(self) -> dict[str, str]:
        return {
            "file": self.tr("File"),
            "rating": self.tr("Rating"),
            "taken": self.tr("Taken"),
            "camera": self.tr("Camera"),
            "lens": self.tr("Lens"),
            "exposure": self.tr("Exposure"),
            "iso": self.tr("ISO"),
            "film": self.tr("Film mode"),
            "range": self.tr("Dynamic range"),
            "size": self.tr("File size"),
        }

    @Slot(object)
    def _show_info(self, found: tuple[Path, CaptureInfo, int]) -> None:
        path, info, size = found
        if path == self._path:
            self._show({"file": path.name, "rating": self._values["rating"].text(), **_facts(info, size)})

    @Slot(str)
    def _show_failure(self, _sentence: str) -> None:
        """The picture's place says why."""

    @Slot(object)
    def _on_rated(self, paths: list[Path]) -> None:
        if self._path in paths:
            self._show_rating()

    def _show_rating(self) -> None:
        if self._path is not None:
            self._values["rating"].setText(self._rating_text(self._ratings.rating(self._path)))

    def _rating_text(self, rating: Rating) -> str:
        words = ["★" * rating.stars + "☆" * (MOST_STARS - rating.stars)]
        if rating.flag is not Flag.NONE:
            words.append(self.tr("picked") if rating.flag is Flag.PICKED else self.tr("rejected"))
        if rating.label:
            words.append(label_text(rating.label))
        return "  ".join(words)

    def _show(self, texts: dict[str, str]) -> None:
        for key, value in self._values.items():
            value.setText(texts.get(key) or _NOTHING)


def _read(path: Path, _report: Report) -> tuple[CaptureInfo, int]:
    from xtdm_core.raw.reader import read_exif_summary

    return read_exif_summary(path).info, path.stat().st_size


def _facts(info: CaptureInfo, size: int) -> dict[str, str]:
    exposure = [
        shutter(info.exposure_s) if info.exposure_s else "",
        f"f/{info.f_number:g}" if info.f_number else "",
        f"{info.focal_mm:g} mm" if info.focal_mm else "",
    ]
    date, _, clock = info.taken_at.partition(" ")
    return {
        "taken": f"{date.replace(':', '-')} {clock}".strip(),
        "camera": f"{info.make} {info.model}".strip(),
        "lens": info.lens,
        "exposure": "   ".join(filter(None, exposure)),
        "iso": number(info.iso) if info.iso else "",
        "film": info.film_mode,
        "range": f"DR{info.dynamic_range}" if info.dynamic_range else "",
        "size": QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat),
    }
