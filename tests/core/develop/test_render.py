"""Codes of finished pictures."""

import numpy as np
import pytest

from xtdm_core.develop.hlg import CEILING_EV
from xtdm_core.develop.render import HlgMark, hlg_marks, render_hlg_and_tell, to_8_bits
from xtdm_core.develop.tone import Look
from xtdm_core.simulation.camera import SensorModel, simulate_frame


def test_every_16_bit_code_goes_to_the_nearest_of_8() -> None:
    codes = np.arange(65536, dtype=np.uint16)
    assert np.array_equal(to_8_bits(codes), np.rint(codes / 257).astype(np.uint8))


@pytest.mark.parametrize("exposure_ev", [0.0, 1.0])
@pytest.mark.parametrize(
    ("roll_off", "above"), [(1.0, HlgMark.ROLLED_OFF), (0.0, HlgMark.CLIPPED), (2.0, HlgMark.ROLLED_OFF)]
)
def test_marks_are_where_hlg_has_less_than_the_scene(exposure_ev: float, roll_off: float, above: HlgMark) -> None:
    frame = simulate_frame(np.full((12, 12, 3), 0.2, np.float32), SensorModel(exposure_bias=-2.72, orientation=6))
    ceiling = 2 ** (CEILING_EV - 2.72 - exposure_ev)
    light = np.empty((4, 2, 3), np.float32)
    light[:] = np.float32([0, 0.99 * ceiling, 1.01 * ceiling, 1.01 * ceiling])[:, None, None]
    look = Look(exposure_ev=exposure_ev, roll_off=roll_off)
    marks = hlg_marks(light, frame, look)
    assert marks.tolist() == [[above, above, HlgMark.NOTHING, HlgMark.BLACK]] * 2  # turned upright
    codes, beyond = render_hlg_and_tell(light, frame, look)
    assert beyond == pytest.approx(50)
    assert ((codes == 1023).any(axis=-1) == (marks == HlgMark.CLIPPED)).all()
