"""Training batches: exact where nothing random is asked for, and reproducible."""

import numpy as np
import pytest
import torch

from xtdm_core.data.patches import Augmentation, PatchSampler
from xtdm_core.data.synthetic import SIZE, synthetic_images
from xtdm_core.xtrans import CANONICAL

PLAIN = Augmentation((0.0, 0.0), 0.0, (0.0, 0.0), 0.0, (-5.0, -5.0), 0.0, 0.0)
CPU = torch.device("cpu")


def codes_image(height: int, width: int) -> np.ndarray:
    """A picture in which R tells the row, G the column and B is 7."""
    rows, cols = np.indices((height, width))
    return np.stack([rows, cols, np.full_like(rows, 7)], -1).astype(np.uint8)


def to_codes(linear: torch.Tensor) -> np.ndarray:
    x = linear.numpy()
    srgb = np.where(x <= 0.0031308, 12.92 * x, 1.055 * np.maximum(x, 1e-9) ** (1 / 2.4) - 0.055)
    return np.rint(srgb * 255).astype(int)


def test_patches_are_crops_in_all_8_orientations() -> None:
    sampler = PatchSampler([(1.0, [codes_image(100, 140)])], 12, PLAIN, 1, CPU)
    seen = set()
    for truth in to_codes(sampler.batch(200)[1]):
        row, col, blue = truth
        assert (blue == 7).all()
        assert row.max() < 100
        assert col.max() < 140
        down = (row[1, 0] - row[0, 0], col[1, 0] - col[0, 0])
        right = (row[0, 1] - row[0, 0], col[0, 1] - col[0, 0])
        steps = np.arange(12)
        assert np.array_equal(row, row[0, 0] + down[0] * steps[:, None] + right[0] * steps)
        assert np.array_equal(col, col[0, 0] + down[1] * steps[:, None] + right[1] * steps)
        seen.add((down, right))
    assert len(seen) == 8


def test_without_noise_the_mosaic_is_the_truth_through_the_pattern() -> None:
    augmentation = Augmentation(noisy=0.0)
    sampler = PatchSampler([(1.0, synthetic_images(3, 0))], 24, augmentation, 1, CPU)
    seen, truth = sampler.batch(32)
    colours = torch.from_numpy(np.tile(CANONICAL, (4, 4)).astype(np.int64)).expand(32, 1, 24, 24)
    assert torch.allclose(seen, truth.gather(1, colours), rtol=1e-6)


def test_clipped_patches_stop_at_the_gain_of_their_channel() -> None:
    augmentation = Augmentation((0.0, 0.0), 0.0, (1.0, 1.0), 0.0, clipped=1.0)
    white = np.full((30, 30, 3), 255, np.uint8)
    _, truth = PatchSampler([(1.0, [white])], 12, augmentation, 1, CPU).batch(40)
    peaks = truth.amax(dim=(0, 2, 3))
    assert torch.allclose(peaks[1], torch.tensor(1.0))
    assert (peaks[[0, 2]] <= 2 + 1e-6).all()


def test_noise_is_there_and_the_truth_is_clean() -> None:
    augmentation = Augmentation((0.0, 0.0), 0.0, (1.0, 1.0), 1.0, (-4.0, -4.0), 0.0, 0.0)
    grey = np.full((60, 60, 3), 188, np.uint8)  # linear 0.503
    seen, truth = PatchSampler([(1.0, [grey])], 48, augmentation, 1, CPU).batch(50)
    assert float(truth.std()) < 1e-6
    red = torch.from_numpy(np.tile(CANONICAL, (8, 8)) == 0)
    # Variance a x in sensor units, x = truth / 2 in red, then the gain of 2.
    expected = 2 * (1e-4 * float(truth[0, 0, 0, 0]) / 2) ** 0.5
    assert float(seen[:, 0, red].std()) == pytest.approx(expected, rel=0.03)


def test_groups_get_their_shares() -> None:
    dark, bright = np.zeros((40, 40, 3), np.uint8), np.full((90, 90, 3), 255, np.uint8)
    _, truth = PatchSampler([(0.25, [dark]), (0.75, [bright, bright])], 6, PLAIN, 1, CPU).batch(4000)
    assert float((truth[:, 0, 0, 0] > 0).float().mean()) == pytest.approx(0.75, abs=0.03)


def test_same_seed_same_batches() -> None:
    first, second = (
        PatchSampler([(1.0, [codes_image(50, 50)])], 12, Augmentation(), 5, CPU).batch(8) for _ in range(2)
    )
    assert torch.equal(first[0], second[0])
    assert torch.equal(first[1], second[1])


def test_synthetic_images_are_reproducible_and_varied() -> None:
    first, again = synthetic_images(4, 9), synthetic_images(4, 9)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert first[0].shape == (SIZE, SIZE, 3)
    assert not np.array_equal(first[0], first[1])
