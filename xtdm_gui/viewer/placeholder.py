"""The embedded JPEG where there is nothing better yet, roughly as the look will make it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QImage

from xtdm_core.choices import ToneCurve
from xtdm_core.develop.adjustments import standard_curve
from xtdm_core.develop.color import srgb_decode, srgb_encode
from xtdm_core.develop.hlg import SYSTEM_GAMMA
from xtdm_core.develop.tone import SRGB_KNEE, Look
from xtdm_core.frame import F32, F64, U8
from xtdm_gui.background import LatestTask
from xtdm_gui.pictures.engine import PREVIEW_SIDE, Preview

Gains = tuple[float, float, float]  # of R, G, B in scene light
_Key = tuple[int, Gains, ToneCurve]  # of an image, and what was done to it
_JPEG_WHITE = 2.0  # scene light that a camera's JPEG shows as white, at most
_NONE: Gains = (1.0, 1.0, 1.0)


class Placeholder(QObject):
    """An embedded JPEG, as the camera made it and, made in the background when it is painted, with a look.

    changed  emitted when there is a better image to paint
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._preview: Preview | None = None
        self._as_shot: F64 | None = None
        self._look = Look()
        self._made: tuple[_Key, QImage] | None = None
        self._making = False
        self._jobs = LatestTask(self)
        self._jobs.succeeded.connect(self._on_made)

    def set_preview(self, preview: Preview | None) -> None:
        """Another JPEG; of no raw file that was read, so that it stays as the camera made it for now."""
        self._preview, self._as_shot, self._made, self._making = preview, None, None, False
        self._jobs.cancel()

    def improve(self, preview: Preview) -> None:
        """A better decoded JPEG of the same picture."""
        self._preview = preview

    def set_as_shot(self, gains: F64) -> None:
        """The white balance f64 [3] that the camera chose."""
        self._as_shot = gains

    def set_look(self, look: Look) -> None:
        """What is done to the JPEG from the next ``image`` on."""
        self._look = look

    def plain(self, width: int) -> QImage | None:
        """The JPEG as the camera made it, for a picture that is seen ``width`` pixels wide."""
        return None if self._preview is None else _not_finer(self._preview.images, width)

    def image(self, width: int) -> QImage | None:
        """The JPEG with the look, or the latest of it that is there."""
        gains = gains_of(self._look, self._as_shot)
        if self._preview is None or gains == _NONE:
            return self.plain(width)
        small = [image for image in self._preview.images if max(image.width(), image.height()) <= PREVIEW_SIDE]
        source = _not_finer(small or self._preview.images, width)
        curve = self._look.tone_curve
        key = source.cacheKey(), gains, curve
        # One after the other, not the latest instead of the one before: while a slider moves, each is shown.
        if (self._made is None or self._made[0] != key) and not self._making:
            self._making = True
            self._jobs.start(lambda _: (key, with_gains(source, gains, curve)))
        return self._made[1] if self._made is not None else self.plain(width)

    def close(self) -> None:
        """Ends the background work and waits for it."""
        self._jobs.close()

    @Slot(object)
    def _on_made(self, made: tuple[_Key, QImage]) -> None:
        self._made, self._making = made, False
        self.changed.emit()


def with_gains(image: QImage, gains: Gains, curve: ToneCurve) -> QImage:
    """An RGB32 image with gains in scene light, its highlights rolled off where they brighten."""
    height, width = image.height(), image.width()
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(height, width, 4)
    out = np.full((height, width, 4), 255, np.uint8)
    for channel, gain in enumerate(gains):
        at = 2 - channel  # blue comes first in memory
        out[..., at] = _table(gain, curve)[pixels[..., at]]
    return QImage(out.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()


def gains_of(look: Look, as_shot: F64 | None) -> Gains:
    """What a look does to each channel of the camera's JPEG, as if that were the camera's own RGB."""
    if as_shot is None:
        return _NONE
    balance = np.ones(3) if look.white_balance is None else np.divide(look.white_balance, as_shot)
    r, g, b = (float(gain) for gain in balance * 2**look.exposure_ev)
    return r, g, b


def _table(gain: float, curve: ToneCurve) -> U8:
    """The code u8 [256] that each 8-bit sRGB code becomes."""
    light = srgb_decode(np.arange(256) / 255)
    if gain == 1:
        return np.arange(256, dtype=np.uint8)
    if curve == ToneCurve.STANDARD:
        scene = np.geomspace(1e-5, _JPEG_WHITE, 2000)
        shown = standard_curve(np.interp(light, standard_curve(scene), scene) * gain)
    else:  # the system gamma makes more of a gain on the screen
        gain = gain**SYSTEM_GAMMA
        shown = _rolled_off(light * np.float32(gain), max(gain, 1.0)).astype(np.float64)
    return np.rint(srgb_encode(np.minimum(shown, 1)) * 255).astype(np.uint8)


def _rolled_off(light: F32, white: float) -> F32:
    """The same up to the knee, above it smoothly compressed so that ``white`` becomes 1; a white of 1 changes nothing.

    Unlike ``tone.shoulder``, which would compress again what the camera has compressed already.
    """
    room = 1 - SRGB_KNEE
    excess, most = np.maximum(light - SRGB_KNEE, 0) / room, (white - SRGB_KNEE) / room
    rolled: F32 = np.minimum(light, SRGB_KNEE) + room * excess * (1 + excess / most**2) / (1 + excess)
    return rolled


def _not_finer(images: Sequence[QImage], width: int) -> QImage:
    """The smallest image that still has a pixel for each of ``width``; the largest where none has."""
    fitting = [image for image in images if image.width() >= width]
    return fitting[-1] if fitting else images[0]
