"""What the inspector finds out of whole frames, in the background, one thing after another."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from xtdm_core.frame import F32, AlignedMosaic, RawFrame
from xtdm_core.inspection.grid import WINDOW, Place
from xtdm_core.inspection.places import Codes, added_places
from xtdm_core.inspection.score import PictureScore, RawScore, fold_visible, score_picture, score_raw, visible_codes
from xtdm_core.inspection.verdict import GridVerdict, judge, without_grid
from xtdm_core.progress import Report
from xtdm_gui.background import LatestTask, Work
from xtdm_gui.pictures.picture import Picture

Again = Callable[[Picture, AlignedMosaic, Report], F32]
_Key = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What a pane shows.

    cam_rgb  f32 [H, W, 3] of the visible area, or None while it is not there
    again    demosaics another mosaic of the same picture in the same way, where that is possible
    """

    name: str
    cam_rgb: F32 | None
    again: Again | None = None


class FrameScores(QObject):
    """Scores of the raw and of each result, what each result added to the other, and the verdicts.

    A result that was there before keeps what is known of it.

    changed()         something is known now, or not any more
    failed(sentence)  something cannot be known; the rest goes on
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._picture: Picture | None = None
        self._results: Sequence[Result] = ()
        self._found: dict[_Key, Any] = {}
        self._running: _Key | None = None
        self._task = LatestTask(self)
        self._task.succeeded.connect(self._on_found)
        self._task.failed.connect(self._on_failed)

    @property
    def busy(self) -> bool:
        """Whether it computes."""
        return self._running is not None

    @property
    def raw(self) -> RawScore | None:
        """The raw's own score."""
        score: RawScore | None = self._found.get(("raw",))
        return score

    def score(self, pane: int) -> PictureScore | None:
        """A result's score; None while it is not known."""
        score: PictureScore | None = self._found.get(("score", id(self._results[pane].cam_rgb)))
        return score

    def verdict(self, pane: int) -> GridVerdict | None:
        """Who made a result's grid; None while it is not known."""
        verdict: GridVerdict | None = self._found.get(("verdict", id(self._results[pane].cam_rgb)))
        return verdict

    def places(self, pane: int) -> tuple[Place, ...] | None:
        """A result's worst places, against the other result where there is one; None while they are not known."""
        pair = self._pair()
        if pair is not None:
            both = self._found.get(_pair_key(pair))
            return None if both is None else both[pane]
        score = self.score(pane)
        return None if score is None else score.places

    def set_picture(self, picture: Picture | None) -> None:
        """Forgets all of another picture."""
        self.stop()
        self._picture, self._results, self._found = picture, (), {}

    def set_results(self, results: Sequence[Result]) -> None:
        """Takes what the panes show."""
        # What is known is kept by a result's identity: of one that has gone it must not be found under another.
        there = {id(result.cam_rgb) for result in results if result.cam_rgb is not None}
        self._results = results
        self._found = {key: value for key, value in self._found.items() if there.issuperset(key[1:])}
        if self._running is not None and not there.issuperset(self._running[1:]):
            self.stop()

    def go_on(self) -> None:
        """Computes what is not known yet."""
        if self._running is not None or self._picture is None or min(self._picture.frame.mosaic.shape) < WINDOW:
            return
        for key, work in self._jobs(self._picture):
            if key not in self._found:
                self._running = key
                self._task.start(work)
                return

    def stop(self) -> None:
        """Ends what runs; what is known stays."""
        self._task.cancel()
        self._running = None

    def close(self) -> None:
        """Waits until nothing runs any more."""
        self.stop()
        self._task.close()

    def _jobs(self, picture: Picture) -> Iterator[tuple[_Key, Work]]:
        """Everything to be known, what takes long last."""
        frame = picture.frame
        yield ("raw",), lambda report: score_raw(picture.mosaic.visible, frame, report)
        there = [(result.cam_rgb, result.again) for result in self._results if result.cam_rgb is not None]
        for cam_rgb, _ in there:
            yield ("score", id(cam_rgb)), _scoring(cam_rgb, frame)
        pair = self._pair()
        if pair is not None:
            yield _pair_key(pair), _comparing(*pair, frame)
        for cam_rgb, again in there:
            if again is not None and self.raw is not None:
                yield ("verdict", id(cam_rgb)), _judging(picture, self.raw, cam_rgb, again)

    def _pair(self) -> tuple[F32, F32] | None:
        """Two different results, where there are two."""
        there = [result.cam_rgb for result in self._results if result.cam_rgb is not None]
        return (there[0], there[1]) if len(there) == 2 and there[0] is not there[1] else None

    @Slot(object)
    def _on_found(self, value: object) -> None:
        if self._running is not None:
            self._found[self._running] = value
        self._running = None
        self.go_on()
        self.changed.emit()

    @Slot(str)
    def _on_failed(self, sentence: str) -> None:
        self._on_found(None)  # not begun again, or it would fail again at once
        self.failed.emit(sentence)


def _pair_key(pair: tuple[F32, F32]) -> _Key:
    return "added", id(pair[0]), id(pair[1])


def _scoring(cam_rgb: F32, frame: RawFrame) -> Work:
    return lambda report: score_picture(visible_codes(cam_rgb, frame, report), report)


def _comparing(own: F32, other: F32, frame: RawFrame) -> Work:
    def codes(of: F32) -> Codes:
        return lambda rows: visible_codes(of[rows], frame)

    return lambda report: added_places(codes(own), codes(other), len(own), report)


def _judging(picture: Picture, raw: RawScore, cam_rgb: F32, again: Again) -> Work:
    def work(report: Report) -> GridVerdict:
        alone = again(picture, without_grid(cam_rgb, picture.mosaic), report)
        return judge(raw.codes, fold_visible(alone, picture.frame, report))

    return work
