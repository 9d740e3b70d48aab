"""What the network in training makes of pictures set aside: the latest crops, and all of them enlarged."""

from __future__ import annotations

import json
from pathlib import Path

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QSlider, QVBoxLayout, QWidget

from xtdm_gui.formatting import number
from xtdm_gui.train.curves import source_text

Previews = list[tuple[int, Path]]
Caption = tuple[str, str]  # a picture's file or kind, and what it is one of
_HEIGHT = 150
_GAP = 3


class PreviewSheet(QWidget):
    """A preview, pixel by pixel or smaller: the names of its pictures above, what its rows are at the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pixmap = QPixmap()
        self.captions: list[Caption] = []
        self.rows = (self.tr("truth"), self.tr("network"))

    def show_file(self, path: Path) -> None:
        """Shows a preview; a file that cannot be read leaves the last one."""
        image = QImage(str(path))
        if not image.isNull():
            self.pixmap = QPixmap.fromImage(image)
            self.captions = _captions(image.text("Crops"))
            names = list(map(_in_full, self.captions))
            self.setToolTip("\n".join([*names, self._tip()]))
            self.setAccessibleDescription(", ".join(names))
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return self.pixmap.size() + QSize(self._margin(), self._margin())

    def _tip(self) -> str:
        return self.tr("Pictures set aside: the truth above, what the network makes of them below.")

    def _margin(self) -> int:
        """For the words above and at the left."""
        return self.fontMetrics().height() + _GAP

    def _fit(self, caption: Caption, room_px: int) -> str:
        """As much of a caption as there is room for."""
        name, source = caption
        metrics, short = self.fontMetrics(), Path(name or source).stem
        for words in (_in_full(caption), name or source):
            if metrics.horizontalAdvance(words) <= room_px:
                return words
        return metrics.elidedText(short, Qt.TextElideMode.ElideMiddle, room_px)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.pixmap.isNull():
            return
        margin, room = self._margin(), self.size() - QSize(self._margin(), self._margin())
        size = self.pixmap.size()
        if size.width() > room.width() or size.height() > room.height():
            size = size.scaled(room, Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(QRect(margin, margin, size.width(), size.height()), self.pixmap)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        columns = max(len(self.captions), 1)
        for i, caption in enumerate(self.captions):
            left, right = (margin + size.width() * at // columns for at in (i, i + 1))
            room_px = right - left - _GAP
            painter.drawText(
                QRect(left, 0, room_px, margin), Qt.AlignmentFlag.AlignVCenter, self._fit(caption, room_px)
            )
        painter.rotate(-90)
        for row, words in enumerate(self.rows):
            height = size.height() // 2
            place = QRect(-margin - (row + 1) * height, 0, height, margin)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, words)


class PreviewThumb(PreviewSheet):
    """The latest preview, made smaller where there is no room. clicked() asks to see it larger."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Validation crops"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self.pixmap.isNull():
            return _HEIGHT
        margin = self._margin()
        return margin + round(self.pixmap.height() * min(1.0, (width - margin) / self.pixmap.width()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def _tip(self) -> str:
        return f"{super()._tip()} {self.tr('Click to enlarge.')}"


class PreviewDialog(QDialog):
    """All previews of a run, pixel by pixel, with a slider through the steps."""

    def __init__(self, previews: Previews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Validation crops"))
        self._previews = previews
        self.picture = PreviewSheet()
        self.picture.setAccessibleName(self.tr("Validation crops, enlarged"))
        self.picture.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        area = QScrollArea()
        area.setWidget(self.picture)
        area.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(previews) - 1)
        self.slider.setAccessibleName(self.tr("Step"))
        self.slider.setToolTip(self.tr("Earlier and later in the training; the arrow keys go one by one"))
        self.slider.valueChanged.connect(self._show)
        self.words = QLabel()
        row = QHBoxLayout()
        row.addWidget(self.words)
        row.addWidget(self.slider, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addLayout(row)
        self.slider.setValue(len(previews) - 1)
        self._show(self.slider.value())
        self.resize(self.picture.sizeHint() + QSize(60, 90))
        self.slider.setFocus()

    @Slot(int)
    def _show(self, index: int) -> None:
        step, path = self._previews[index]
        self.picture.show_file(path)
        self.picture.resize(self.picture.sizeHint())
        self.words.setText(self.tr("Step {0}: truth above, network below").format(number(step)))


def _captions(text: str) -> list[Caption]:
    """The columns' names, as the engine wrote them into the picture; none where it did not."""
    try:
        return [(str(name), source_text(str(source))) for source, name in json.loads(text)]
    except (ValueError, TypeError):
        return []


def _in_full(caption: Caption) -> str:
    name, source = caption
    return f"{name} ({source})" if name else source
