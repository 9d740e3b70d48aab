"""From scene-linear light to a picture: exposure, and the roll-off of what a format cannot hold."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtdm_core.choices import LutInput, ToneCurve
from xtdm_core.develop.adjustments import SATURATION, ToneTable, scene_table, standard_table
from xtdm_core.develop.channels import largest
from xtdm_core.develop.color import rec2020_to_srgb
from xtdm_core.develop.grading import graded
from xtdm_core.develop.hlg import DIFFUSE_WHITE_E, LUMINANCE, SYSTEM_GAMMA
from xtdm_core.develop.saturation import saturated
from xtdm_core.frame import F32, F64

# Up to its knee a picture is exact; above, a shoulder reaches 1 for infinitely bright light. These are the knees of
# ``Look.roll_off`` 1.
HLG_KNEE = 0.7  # of the scene signal E: 1.4 EV above diffuse white
# Of display light, where 1 is the display's white. The picture is HLG's up to 0.27 EV below diffuse white, which itself
# is shown at 90 % (8-bit code 243) and leaves 12 codes to what is brighter.
SRGB_KNEE = 0.8
ROLL_OFF_RANGE = (0.0, 2.0)
DENOISE_RANGE = (0.0, 1.5)  # as far as networks learned to be told the noise wrong
GRAIN_RANGE = (0.0, 1.0)
ADJUSTMENT_RANGE = (-1.0, 1.0)
LENS_RANGE = (0.0, 2.0)
STRAIGHTEN_RANGE = (-45.0, 45.0)
_STRIP = 40_000  # pixels worked on at once: a tile of the screen whole, and little enough for the processor's cache
_TINY = np.float32(1e-9)


@dataclass(frozen=True, slots=True)
class Look:
    """The photographer's wishes; the defaults mean "as shot".

    exposure_ev    brightens by so many EV
    white_balance  camera gains R, G, B with G = 1; None for those of the file
    roll_off       how early highlights begin to be compressed: the distance from the knee to the format's ceiling, as
                   a multiple of the standard one. 0 clips at the ceiling, 2 begins twice as far below it.
    denoise        how much of the noise the network removes, as ``demosaic.Denoising.strength``
    grain          how much of it comes back as grain, as ``demosaic.Denoising.grain``
    tone_curve     of the SDR rendition; HLG stays scene-referred
    contrast       of scene light around 18 % grey, -1 to 1; so are highlights, shadows and black
    local_contrast  of parts against their surroundings (``local_contrast``), -1 to 1
    highlights, shadows  brighten or darken what is more than half a stop above grey, or below
    black          lifts the deepest shadows, below 0 it takes haze away
    lut            path of a look-up table (.cube, HaldCLUT); "" for none
    lut_digest     ``lut.lut_digest`` of the file when it was chosen; "" where that is not known
    lut_input      what that takes
    lut_strength   0 none of it, 1 all
    saturation, vibrance  of all colours, and of pale ones; -1 to 1
    lens_distortion, lens_aberration, lens_vignetting  how much of what the file says of the lens' errors is corrected:
                   0 none, 1 all
    crop           (left, top, width, height) as shares of the picture as the sensor lies, corrected for its lens; None
                   for what was framed in the camera
    straighten     turns the picture clockwise, as the sensor lies, in degrees; the crop is made smaller where it has to
    rotate, flip   turns what is upright clockwise by 0, 90, 180 or 270°, then mirrors it from left to right
    """

    exposure_ev: float = 0.0
    white_balance: tuple[float, float, float] | None = None
    roll_off: float = 1.0
    denoise: float = 1.0
    grain: float = 0.15
    tone_curve: ToneCurve = ToneCurve.STANDARD
    contrast: float = 0.0
    local_contrast: float = 0.0
    highlights: float = 0.0
    shadows: float = 0.0
    black: float = 0.0
    saturation: float = 0.0
    vibrance: float = 0.0
    lut: str = ""
    lut_digest: str = ""
    lut_input: LutInput = LutInput.SRGB
    lut_strength: float = 1.0
    lens_distortion: float = 1.0
    lens_aberration: float = 1.0
    lens_vignetting: float = 1.0
    crop: tuple[float, float, float, float] | None = None
    straighten: float = 0.0
    rotate: int = 0
    flip: bool = False

    def knee(self, standard: float) -> float:
        """Where the roll-off begins in a format whose standard knee is ``standard``; both of 0..1."""
        return 1 - self.roll_off * (1 - standard)

    @property
    def tones(self) -> tuple[float, float, float, float]:
        """Contrast, highlights, shadows and black."""
        return self.contrast, self.highlights, self.shadows, self.black


NEUTRAL = Look(tone_curve=ToneCurve.NEUTRAL)  # for measuring, and for what is to be seen as the sensor saw it


def tone_map_hlg(lin_rec2020: F32, look: Look) -> F32:
    """Scene-linear BT.2020 (diffuse white = 1) to the HLG scene signal E, f32 [H, W, 3] in 0..1, before the OETF.

    E = 0.26496 L up to the knee (HLG_KNEE as standard), L with the look's exposure, tones and saturation. Above, the
    largest component goes through the shoulder and the others keep their ratio to it, so that hue and saturation stay.
    Negative components (colours outside BT.2020, which noise makes too) are clipped to 0 first.
    """
    gain = np.float32(DIFFUSE_WHITE_E * 2**look.exposure_ev)
    table = scene_table(*look.tones)
    out = np.empty_like(lin_rec2020)
    for rows in _strips(lin_rec2020):
        if table is None and not (look.saturation or look.vibrance):
            light = np.maximum(lin_rec2020[rows] * gain, 0)
        else:
            wanted = _in_tone(_scene_light(lin_rec2020[rows], look), table)
            light = wanted.T.reshape(lin_rec2020[rows].shape) * np.float32(DIFFUSE_WHITE_E)
        peak = largest(light)
        out[rows] = light * (shoulder(peak, look.knee(HLG_KNEE)) / np.maximum(peak, 1e-9))
    return out


def tone_map_srgb(lin_rec2020: F32, look: Look) -> F32:
    """Scene-linear BT.2020 (diffuse white = 1) to display-linear sRGB, f32 [H, W, 3] in 0..1.

    The standard curve (``adjustments.standard_curve``) begins where a camera's JPEG does: 18 % grey becomes 8-bit code
    118, diffuse white 245. The neutral one matches what a viewer shows of the HLG picture: the system gamma 1.2 on
    luminance (BT.2100's OOTF) with diffuse white, 203 cd/m², at 1; 18 % grey becomes 8-bit code 100, and the largest
    component goes through a shoulder from the knee (SRGB_KNEE as standard) on. Colours outside sRGB are drawn towards
    grey of their luminance until they fit. That keeps their dominant wavelength; the hue that is seen of the purest
    blues turns by up to 19° (Oklab). A look-up table comes last. Raises BadLut.
    """
    standard = look.tone_curve == ToneCurve.STANDARD
    to_srgb = (rec2020_to_srgb() @ standard_colours() if standard else rec2020_to_srgb()).astype(np.float32)
    out = np.empty(lin_rec2020.shape, np.float32)
    for rows in _strips(lin_rec2020):
        light = standard_light(lin_rec2020[rows], look) if standard else _neutral_light(lin_rec2020[rows], look)
        srgb = _into_gamut(to_srgb @ light, LUMINANCE @ light)
        if look.lut:
            scene = _in_tone(_scene_light(lin_rec2020[rows], look), scene_table(*look.tones))
            srgb = graded(srgb, scene, look.lut, look.lut_input, look.lut_strength)
        out[rows].reshape(-1, 3)[:] = srgb.T
    return out


def standard_light(lin_rec2020: F32, look: Look) -> F32:
    """What the standard curve makes of scene-linear BT.2020 f32 [H, W, 3]: display-linear f32 [3, pixels]."""
    return standard_table(*look.tones, look.roll_off).apply(_scene_light(lin_rec2020, look))


def standard_colours() -> F64:
    """The saturation of the standard rendition, f64 [3, 3], for linear BT.2020 of either rendition."""
    return SATURATION * np.eye(3) + (1 - SATURATION) * np.ones((3, 1)) * LUMINANCE.astype(np.float64)


def _neutral_light(lin_rec2020: F32, look: Look) -> F32:
    light = _in_tone(_scene_light(lin_rec2020, look), scene_table(*look.tones))
    light *= (LUMINANCE @ light) ** np.float32(SYSTEM_GAMMA - 1)
    peak = light.max(axis=0)
    light *= shoulder(peak, look.knee(SRGB_KNEE)) / np.maximum(peak, 1e-9)
    return light


def _scene_light(lin_rec2020: F32, look: Look) -> F32:
    """Scene light f32 [3, pixels], diffuse white = 1, with the look's exposure and saturation."""
    gain = np.float32(2**look.exposure_ev)
    # Channel by channel, [3, pixels]: along an axis of 3 NumPy's arithmetic takes several times as long.
    light = np.maximum(lin_rec2020.reshape(-1, 3).T * gain, 0, order="C")
    return saturated(light, look.saturation, look.vibrance) if look.saturation or look.vibrance else light


def _in_tone(light: F32, table: ToneTable | None) -> F32:
    return light if table is None else table.apply(light)


def shoulder(values: F32, knee: float) -> F32:
    """Identity up to ``knee``, then smoothly (C1) and strictly monotone towards 1; f32 of the same shape.

    A knee of 1 leaves no room for that: it clips.
    """
    room = np.float32(1 - knee)
    if room <= 0:
        return np.minimum(values, np.float32(1))
    excess = np.maximum(values - np.float32(knee), 0)
    return np.minimum(values, np.float32(knee)) + room * excess / (room + excess)


def rolled_off_percent(lin_rec2020: F32, look: Look) -> float:
    """Percent of the pixels that are brighter than HLG can hold."""
    return 100 * float(beyond_hlg(lin_rec2020, look).mean())


def beyond_hlg(lin_rec2020: F32, look: Look) -> NDArray[np.bool_]:
    """Find what is brighter than HLG can hold, more than 1.92 EV above diffuse white: bool [H, W]."""
    table, beyond = scene_table(*look.tones), np.empty(lin_rec2020.shape[:2], bool)
    for rows in _strips(lin_rec2020):
        light = _in_tone(_scene_light(lin_rec2020[rows], look), table)
        beyond[rows].reshape(-1)[:] = light.max(axis=0) * np.float32(DIFFUSE_WHITE_E) > 1
    return beyond


def orient(image: np.ndarray, orientation: int) -> np.ndarray:
    """A view of ``image`` [H, W, ...] turned upright, as Exif orientation 1 to 8 asks (Exif 2.32, tag 0x0112)."""
    if orientation in (5, 6, 7, 8):
        image = image.swapaxes(0, 1)
    if orientation in (3, 4, 7, 8):
        image = image[::-1]
    if orientation in (2, 3, 6, 7):
        image = image[:, ::-1]
    return image


def _into_gamut(lin_srgb: F32, luminance: F32) -> F32:
    """Draws colours f32 [3, pixels] with components outside 0..1 towards the grey of their luminance, just enough."""
    high, low = lin_srgb.max(axis=0), lin_srgb.min(axis=0)
    outside = (high > 1) | (low < 0)
    if not outside.any():
        return lin_srgb
    grey = np.clip(luminance, 0, 1)
    # How often the room between grey and the bounds 0 and 1 the components farthest from it ask for.
    asked = np.maximum((high - grey) / np.maximum(1 - grey, _TINY), (grey - low) / np.maximum(grey, _TINY))
    drawn = (lin_srgb - grey) / np.maximum(asked, 1) + grey
    return np.where(outside, np.clip(drawn, 0, 1), lin_srgb)


def _strips(image: F32) -> Iterator[slice]:
    rows = max(_STRIP // image.shape[1], 1)
    return (slice(top, top + rows) for top in range(0, image.shape[0], rows))
