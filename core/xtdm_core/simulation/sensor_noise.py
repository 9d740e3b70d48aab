"""What ISO and dynamic range do to a raw file: amplification, exposure bias and noise.

The three go together: a file's diffuse white lies at 2^bias of full scale, and bias = -0.72 + log2(hardware ISO / ISO).
DR200 and DR400 amplify a half and a quarter of what the ISO says, extended low ISO twice as much, and from a body's top
on nothing grows. Without extended ISO there is no DR200 and DR400 below twice and four times the base, nor above 12800.
"""

from __future__ import annotations

import math

from xtdm_core.errors import BadOption
from xtdm_core.frame import Noise
from xtdm_core.simulation.bodies import CameraBody

BASE_BIAS_EV = -0.72  # of DR100


def hardware_iso(body: CameraBody, iso: int, dynamic_range: int) -> float:
    """The ISO that the sensor is really read out with.

    Raises BadOption for an ISO that the body does not have in that dynamic range (100, 200 or 400).
    """
    lowest, highest = body.base_iso * dynamic_range // 100, 12800
    if dynamic_range == 100:
        lowest, highest = body.base_iso // 2, 51200
    if not lowest <= iso <= highest:
        raise BadOption(f"{body.model} has no ISO {iso} at DR{dynamic_range}: give one from {lowest} to {highest}")
    if iso < body.base_iso:
        return 2.0 * iso
    return min(iso * 100 / dynamic_range, float(body.top_iso))


def exposure_bias(body: CameraBody, iso: int, dynamic_range: int) -> float:
    """RawExposureBias in EV, to the hundredth that the file stores. Raises BadOption as ``hardware_iso``."""
    return round(BASE_BIAS_EV + math.log2(hardware_iso(body, iso, dynamic_range) / iso), 2)


def noise_at(body: CameraBody, hardware: float) -> Noise:
    """The noise at a hardware ISO: straight lines between the table's points in log a, log sigma over log ISO.

    Where the body has two conversion gains, points on the other side of the step are left out.
    """
    step = body.gain_step or 0
    branch = [point for point in body.noise if (point[0] >= step) == (hardware >= step)]
    a = _interpolated(hardware, [(iso, a) for iso, a, _ in body.noise])
    sigma = _interpolated(hardware, [(iso, sigma) for iso, _, sigma in branch])
    return Noise(a, sigma**2)


def _interpolated(iso: float, points: list[tuple[int, float]]) -> float:
    """A straight line in double logarithms through the two points around ``iso``, or the last two on its side."""
    after = next((i for i, (at, _) in enumerate(points) if at >= iso), len(points) - 1)
    (x0, y0), (x1, y1) = points[max(after, 1) - 1], points[max(after, 1)]
    return y0 * (y1 / y0) ** (math.log(iso / x0) / math.log(x1 / x0))
