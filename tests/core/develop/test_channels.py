"""The same as NumPy's reductions."""

import numpy as np

from xtdm_core.develop.channels import largest, smallest


def test_largest_and_smallest_are_those_of_the_last_axis() -> None:
    image = np.random.default_rng(0).normal(size=(7, 5, 3)).astype(np.float32)
    image[2, 3] = [np.inf, 1, -np.inf]
    assert np.array_equal(largest(image), image.max(axis=-1, keepdims=True))
    assert np.array_equal(smallest(image), image.min(axis=-1, keepdims=True))
