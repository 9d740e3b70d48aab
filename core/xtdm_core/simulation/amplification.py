"""What ISO and dynamic range do to a raw file: amplification and exposure bias.

The two go together: a file's diffuse white lies at 2^bias of full scale, and bias = -0.72 + log2(hardware ISO / ISO).
DR200 and DR400 amplify a half and a quarter of what the ISO says, extended low ISO twice as much, and from a body's top
on nothing grows. Without extended ISO there is no DR200 and DR400 below twice and four times the base, nor above 12800.
"""

from __future__ import annotations

import math

from xtdm_core.errors import BadOption
from xtdm_core.frame import DEFAULT_EXPOSURE_BIAS
from xtdm_core.simulation.bodies import CameraBody


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
    return min(iso * 100 / dynamic_range, float(body.noise.top_iso))


def exposure_bias(body: CameraBody, iso: int, dynamic_range: int) -> float:
    """RawExposureBias in EV, to the hundredth that the file stores. Raises BadOption as ``hardware_iso``."""
    return round(DEFAULT_EXPOSURE_BIAS + math.log2(hardware_iso(body, iso, dynamic_range) / iso), 2)
