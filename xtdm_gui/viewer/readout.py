"""What the pixel under the cursor says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log2

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot
from PySide6.QtGui import QColor

from xtdm_core.develop.framing import framed_area
from xtdm_core.frame import F32, CaptureInfo, RawFrame
from xtdm_core.inspection.file_info import shutter
from xtdm_gui.formatting import number
from xtdm_gui.pictures.engine import Rendering
from xtdm_gui.pictures.picture import Picture
from xtdm_gui.viewer.comparison import ComparisonView
from xtdm_gui.viewer.layered_picture import LayeredPicture
from xtdm_gui.viewer.tile_layer import TileLayer
from xtdm_gui.viewer.viewport import Viewport

_COLOURS = "RGB"
_BETWEEN = "   ·   "
Results = Sequence[tuple[str, Rendering | None]]  # by name, of the panes that are seen
translate = QCoreApplication.translate


class CursorReadout(QObject):
    """Tells what is at the cursor.

    moved(x, y)   the cursor's place on the sensor
    changed(str)  what is there, "" where nothing is
    """

    moved = Signal(int, int)
    changed = Signal(str)

    def __init__(
        self,
        view: Viewport,
        comparison: ComparisonView,
        layers: Sequence[TileLayer],
        shown: LayeredPicture,
        results: Callable[[], Results],
    ) -> None:
        super().__init__(comparison)
        self._view, self._comparison, self._layers = view, comparison, layers
        self._shown, self._results = shown, results

    @Slot()
    def follow(self) -> None:
        """The cursor or the picture is elsewhere."""
        spot = self._shown.sensor_pixel(self._comparison.cursor_place)
        if spot is None:
            self.changed.emit("")
        else:
            self.moved.emit(*spot)
            self.refresh()

    @Slot()
    def refresh(self) -> None:
        """What is seen at the cursor may have other values now."""
        picture, projection = self._shown.picture, self._shown.projection
        spot = self._shown.sensor_pixel(self._comparison.cursor_place)
        if spot is None or picture is None or projection is None:
            return
        where, *measured = readout(picture, self._results(), *spot, projection.pixel(*spot))
        self.changed.emit(_BETWEEN.join([where, *self._codes(), *measured]))

    def _codes(self) -> list[str]:
        """What is on the screen at the cursor, of each pane that is seen."""
        place, level = self._comparison.cursor_place, self._view.level
        if place is None:
            return []
        x, y = (int(value) >> level for value in self._view.to_picture(place).toTuple())
        colours = [self._layers[pane].colour_at(level, x, y) for pane in self._comparison.panes()]
        return [codes_text(colour) for colour in colours if colour is not None]


def readout(picture: Picture, results: Results, x: int, y: int, shown: tuple[int, int]) -> list[str]:
    """Tell the place ``shown`` in the upright picture, the sensor's photosite (x, y), and each pane's result there.

    Values are in sensor units, 1 = white level, without white balance: a result can be held against the photosite.
    How far below clipping they lie counts from the saturation of the channel.
    """
    frame, mosaic = picture.frame, picture.mosaic
    across, down = shown
    channel = int(frame.cfa[y % 6, x % 6])
    value = float(mosaic.values[mosaic.top + y, mosaic.left + x])
    below = _below_clipping(min(value / float(frame.saturation[channel]), 1))
    words = [
        f"x {across}, y {down}",
        f"{_COLOURS[channel]} {frame.mosaic[y, x]} = {number(value, 4)} ({below})",
    ]
    for name, result in results:
        if result is not None and result.cells.covers_pixel(y, x):
            channels = _unbalanced(result.cam_rgb[y, x], picture)
            brightest = max(v / float(level) for v, level in zip(channels, frame.saturation, strict=True))
            values = "  ".join(f"{c} {number(v, 4)}" for c, v in zip(_COLOURS, channels, strict=True))
            words.append(f"{name}: {values} ({_below_clipping(brightest)})")
    return words


def codes_text(colour: QColor) -> str:
    """What is seen: sRGB codes 0 to 255, and their share of the whole range."""
    codes = colour.red(), colour.green(), colour.blue()
    shares = " ".join(f"{100 * code / 255:.0f}" for code in codes)
    return translate("readout", "seen: {0} ({1} %)").format(" ".join(map(str, codes)), shares)


def _unbalanced(cam_rgb: F32, picture: Picture) -> list[float]:
    return [float(v) / float(gain) for v, gain in zip(cam_rgb, picture.frame.wb, strict=True)]


def _below_clipping(share: float) -> str:
    """In words, of a share of the level at which a channel clips."""
    if share <= 0:
        return translate("readout", "black")
    ev = log2(share)
    if ev == 0:
        return translate("readout", "at clipping")
    words = translate("readout", "{0} EV above clipping") if ev > 0 else translate("readout", "{0} EV below clipping")
    return words.format(number(abs(ev), 2))


def picture_words(frame: RawFrame) -> str:
    """How the picture was taken, and its size as it was framed in the camera."""
    area = framed_area(frame.info, *frame.mosaic.shape)
    size = area[2:] if area is not None else frame.mosaic.shape
    height, width = size[:: -1 if frame.orientation >= 5 else 1]
    return _BETWEEN.join(filter(None, (shot_words(frame.info), f"{width} × {height}")))


def shot_words(info: CaptureInfo) -> str:
    """How a picture was taken: what the file does not say is left out."""
    facts = [
        f"{info.make} {info.model}".strip(),
        info.lens,
        f"{info.focal_mm:g} mm" if info.focal_mm else "",
        f"f/{info.f_number:g}" if info.f_number else "",
        shutter(info.exposure_s) if info.exposure_s else "",
        f"ISO {info.iso}" if info.iso else "",
    ]
    return _BETWEEN.join(fact for fact in facts if fact)
