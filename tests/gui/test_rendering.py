"""What the window makes of the engine's picture."""

import numpy as np

from xtdm_gui.rendering import _to_8_bits


def test_every_16_bit_code_goes_to_the_nearest_of_8() -> None:
    codes = np.arange(65536, dtype=np.uint16)
    np.testing.assert_array_equal(_to_8_bits(codes), np.rint(codes / 257).astype(np.uint8))
