"""The noise of Fujifilm's X-Trans sensors by ISO: darktable's profiles, scaled to the variance of a photosite.

Those are fitted to demosaiced pictures: the photosites' a is 15.1 times the profile's of green, b 14.7 times. Bodies
without a profile of their own have that of a sibling with the same sensor.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from xtdm_core.frame import Noise

_MEGAPIXELS_OF_FIFTH = 35e6


@dataclass(frozen=True, slots=True)
class NoiseProfile:
    """How noisy a sensor is.

    points     (hardware ISO, a, square root of b), variance = a x + b in sensor units before white balance
    top_iso    from here on the amplification grows no more, and files are only brightened later
    gain_step  ISO from which the second conversion gain reads out, None where there is one only
    """

    points: tuple[tuple[int, float, float], ...]
    top_iso: int
    gain_step: int | None = None

    def at(self, hardware_iso: float) -> Noise:
        """Interpolate the noise at an ISO that the sensor is read out with, held to what it can do.

        Straight lines between the points in log a, log sigma over log ISO. Where there are two conversion gains, the
        points on the other side of the step say nothing of sigma.
        """
        iso = min(max(hardware_iso, self.points[0][0] / 2), float(self.top_iso))
        step = self.gain_step or 0
        branch = [(at, sigma) for at, _, sigma in self.points if (at >= step) == (iso >= step)]
        a = _interpolated(iso, [(at, a) for at, a, _ in self.points])
        return Noise(a, _interpolated(iso, branch) ** 2)


def _interpolated(iso: float, points: list[tuple[int, float]]) -> float:
    """A straight line in double logarithms through the two points around ``iso``, or the last two on its side."""
    after = next((i for i, (at, _) in enumerate(points) if at >= iso), len(points) - 1)
    (x0, y0), (x1, y1) = points[max(after, 1) - 1], points[max(after, 1)]
    return y0 * (y1 / y0) ** (math.log(iso / x0) / math.log(x1 / x0))


def noise_profile(model: str, photosites: int = 0) -> NoiseProfile:
    """Find the profile of a camera; of one that is not known, that of the generation with as many photosites."""
    known = _PROFILES.get(model.upper())
    if known is not None:
        return known
    return _PROFILES["X-T5" if photosites > _MEGAPIXELS_OF_FIFTH else "X-T4"]


def _profile(isos: tuple[int, ...], top_iso: int, gain_step: int | None, *pairs: tuple[float, float]) -> NoiseProfile:
    """Pairs of a x 10^5 and sigma x 10^4."""
    points = tuple((iso, a * 1e-5, sigma * 1e-4) for iso, (a, sigma) in zip(isos, pairs, strict=True))
    return NoiseProfile(points, top_iso, gain_step)


_I, _III = (200, 400, 800, 1600, 2000), (200, 400, 800, 1600, 3200, 6400, 12800)
_IV, _V = (160, 400, 800, 1600, 3200, 6400, 12800), (160, 400, 800, 1600, 3200, 6400, 10000)
_XPRO1 = _profile(_I, 2000, None, (3.9, 2.5), (7.3, 3.7), (13.8, 5.7), (26.7, 8.8), (35.3, 9.5))
_XT10 = _profile(_I, 2000, None, (3.3, 2.3), (6.2, 3.5), (11.9, 5.6), (23.1, 8.9), (30.1, 9.5))
_SMALL = _profile((100, 3200), 3200, None, (6.8, 6), (218, 60))
_XPRO2 = _profile(_III, 25600, 800, (3.5, 2.6), (6.5, 3.9), (12.8, 5.1), (24.5, 7.4), (48, 11), (95, 16), (188, 23))
_XT2 = _profile(
    (*_III, 25600), 25600, 800,
    (3.9, 2.6), (7.5, 4.1), (14.7, 5.2), (28.8, 8.0), (56, 12), (114, 18), (234, 26), (479, 38),
)  # fmt: skip
_XT3 = _profile(_IV, 12800, 800, (3.3, 1.9), (7.9, 3.0), (15.7, 3.5), (31.0, 5.2), (62, 7.8), (123, 12), (248, 20))
_XT4 = _profile(_IV, 12800, 500, (2.9, 1.5), (7.7, 2.7), (15.4, 2.9), (31.0, 4.4), (63, 6.7), (130, 11), (270, 19))
_X100V = _profile(_IV, 12800, 500, (3.1, 2.0), (7.0, 3.5), (13.9, 4.6), (27.1, 7.1), (53, 11), (105, 16), (213, 24))
_XH2S = _profile(_IV, 12800, 500, (4.3, 1.8), (10.1, 5.5), (19.3, 6.2), (37.6, 10), (74, 15), (149, 23), (298, 37))
_XT5 = _profile(_V, 10000, 500, (5.7, 1.9), (14.0, 3.6), (27.7, 4.4), (54.1, 6.8), (106, 11), (212, 18), (327, 24))
_XH2 = _profile(_V, 10000, 500, (5.4, 2.5), (12.7, 4.3), (24.8, 5.5), (48.6, 8.3), (96, 12), (190, 19), (333, 25))

_PROFILES: dict[str, NoiseProfile] = {
    **dict.fromkeys(("X-PRO1", "X-E1", "X-M1"), _XPRO1),
    **dict.fromkeys(("X-T1", "X-T10", "X-E2", "X-E2S", "X70", "X100S", "X100T"), _XT10),
    **dict.fromkeys(("X20", "X30", "XQ1", "XQ2"), _SMALL),
    "X-PRO2": _XPRO2,
    **dict.fromkeys(("X-T2", "X-T20", "X-E3", "X-H1", "X100F"), _XT2),
    "X-T3": _XT3,
    **dict.fromkeys(("X-T4", "X-PRO3", "X-T30", "X-T30 II", "X-T30 III", "X-E4", "X-S10", "X-S20", "X-M5"), _XT4),
    "X100V": _X100V,
    "X-H2S": _XH2S,
    **dict.fromkeys(("X-T5", "X-T50", "X-E5", "X100VI"), _XT5),
    "X-H2": _XH2,
}
