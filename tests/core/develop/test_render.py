"""Codes of finished pictures."""

import numpy as np

from xtdm_core.develop.render import to_8_bits


def test_every_16_bit_code_goes_to_the_nearest_of_8() -> None:
    codes = np.arange(65536, dtype=np.uint16)
    assert np.array_equal(to_8_bits(codes), np.rint(codes / 257).astype(np.uint8))
