"""Training batches: exact where nothing random is asked for, and reproducible."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from xtdm_core.datasets.shapes import SIZE, synthetic_images
from xtdm_core.develop.color import srgb_decode
from xtdm_core.train.config import Augmentation
from xtdm_core.train.patches import PatchSampler, Source
from xtdm_core.xtrans import CANONICAL

PLAIN = Augmentation((0.0, 0.0), 0.0, (0.0, 0.0), noisy=0.0, aberration=0.0, clipped=0.0)
CPU = torch.device("cpu")


def codes_image(height: int, width: int) -> np.ndarray:
    """A picture in which R tells the row, G the column and B is 7, linear."""
    rows, cols = np.indices((height, width))
    return np.stack([rows, cols, np.full_like(rows, 7)], -1).astype(np.float16)


def linear(codes: np.ndarray) -> np.ndarray:
    return srgb_decode(codes.astype(np.float32) / 255).astype(np.float16)


def sampler_of(
    pictures: list[np.ndarray], patch: int, augmentation: Augmentation = PLAIN, balanced: bool = True, seed: int = 1
) -> PatchSampler:
    return PatchSampler([Source("made", 1.0, pictures)], patch, augmentation, balanced, seed, CPU)


def test_patches_are_crops_in_all_8_orientations() -> None:
    seen = set()
    for truth in sampler_of([codes_image(100, 140)], 12).batch(200).truth:
        row, col, blue = np.rint(truth.numpy()).astype(int)
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
    augmentation = Augmentation(noisy=0.0, clipped=0.0)
    pictures = [linear(image) for image in synthetic_images(3, 0)]
    batch = sampler_of(pictures, 24, augmentation).batch(32)
    colours = torch.from_numpy(np.tile(CANONICAL, (4, 4)).astype(np.int64)).expand(32, 1, 24, 24)
    assert torch.allclose(batch.seen, batch.truth.gather(1, colours), rtol=1e-6)
    assert not batch.noise.any()


def test_clipped_patches_stop_at_the_saturation_of_their_channel() -> None:
    augmentation = replace(PLAIN, gain_ev=(1.0, 1.0), clipped=1.0, saturation=(0.98, 0.99))
    white = np.ones((30, 30, 3), np.float16)
    batch = sampler_of([white], 12, augmentation).batch(40)
    # R and B are white at half of the sensor's range; overexposure by less than 1 EV does not clip them.
    peaks = batch.truth.amax(dim=(2, 3)) / torch.tensor([2.0, 1.0, 2.0])
    assert (peaks[:, 1] >= 0.98 - 1e-6).all()
    assert (peaks <= 0.99 + 1e-6).all()
    assert (peaks[:, 0] < 0.98).any()


def test_noise_is_clipped_after_it_is_added() -> None:
    augmentation = replace(PLAIN, noisy=1.0, noise_a=(1e-3, 1e-3), clipped=1.0, saturation=(0.99, 0.99))
    values = sampler_of([np.full((60, 60, 3), 0.9, np.float16)], 48, augmentation).batch(20).seen
    assert float(values.max()) == pytest.approx(0.99, abs=1e-4)  # rounded to 14 bits
    assert float(values.std()) > 1e-3


def test_noise_has_the_variance_that_is_told_and_the_truth_is_clean() -> None:
    augmentation = replace(PLAIN, gain_ev=(1.0, 1.0), noisy=1.0, noise_a=(1e-4, 1e-4), mistold_ev=0.0, defects=0.0)
    grey = np.full((60, 60, 3), 0.5, np.float16)
    batch = sampler_of([grey], 48, augmentation).batch(50)
    assert float(batch.truth.std()) < 1e-6
    assert torch.allclose(batch.noise[:, 0, 0], torch.tensor(2e-4))  # a in red, balanced by 2
    for colour in range(3):
        of_colour = batch.seen[:, 0, torch.from_numpy(np.tile(CANONICAL, (8, 8)) == colour)]
        a, b = batch.noise[:, colour].T
        assert float((of_colour.var(1) / (0.5 * a + b)).mean()) == pytest.approx(1, rel=0.03)


def test_read_noise_follows_the_law_of_sensors() -> None:
    augmentation = replace(PLAIN, noisy=1.0, noise_a=(2e-5, 6e-3), mistold_ev=0.0)
    a, b = sampler_of([codes_image(30, 30)], 6, augmentation).batch(500).noise[:, 1].double().log().T
    assert float(a.min()) >= np.log(2e-5) - 1e-4
    assert float(a.max()) <= np.log(6e-3) + 1e-4
    assert float((b - 1.11 * a + 5.64).abs().max()) == pytest.approx(0.7, abs=0.02)


def test_half_of_the_noise_is_told_wrong() -> None:
    truly, told = (
        sampler_of([codes_image(30, 30)], 6, replace(PLAIN, noisy=0.7, mistold_ev=ev)).batch(2000).noise[:, 1]
        for ev in (0.0, 0.4)
    )
    noisy = truly[:, 0] > 0
    assert float(noisy.float().mean()) == pytest.approx(0.7, abs=0.04)
    factor = (told[noisy] / truly[noisy]).sqrt().log2()
    assert torch.allclose(factor[:, 0], factor[:, 1], atol=1e-5)
    assert float((factor.abs() > 1e-4).float().mean()) == pytest.approx(0.5, abs=0.04)
    assert 0.39 < float(factor.abs().max()) < 0.401


def test_hot_and_dead_photosites_are_in_noisy_mosaics_only() -> None:
    augmentation = replace(PLAIN, noisy=0.5, noise_a=(2e-5, 2e-5), defects=0.01)
    batch = sampler_of([np.full((60, 60, 3), 0.25, np.float16)], 48, augmentation).batch(60)
    away = (batch.seen - batch.truth[:, :1]).abs() > 0.05
    noisy = batch.noise[:, 0, 0] > 0
    # Hot ones below the grey do not show.
    assert float(away[noisy].float().mean()) == pytest.approx(0.01 * (0.25 + 0.75 * 0.7), rel=0.2)
    assert not away[~noisy].any()


def test_aberration_moves_red_and_blue_by_up_to_a_pixel() -> None:
    rows = np.broadcast_to(np.indices((60, 60))[0][..., None], (60, 60, 3)).astype(np.float16)
    truth = sampler_of([rows], 12, replace(PLAIN, aberration=1.0)).batch(200).truth[:, :, 3:-3, 3:-3]
    inside = (truth[:, 1].amin((1, 2)) > 5) & (truth[:, 1].amax((1, 2)) < 55)
    for channel in (0, 2):
        shift = (truth[inside, channel] - truth[inside, 1]).flatten(1)
        assert torch.equal(shift.amin(1), shift.amax(1))
        assert set(shift[:, 0].tolist()) == {-1.0, 0.0, 1.0}


def test_unbalanced_values_are_those_of_the_sensor_with_the_cameras_own_gains() -> None:
    grey = np.full((30, 30, 3), 0.5, np.float16)
    source = Source("raws", 1.0, [grey], np.array([[2.0, 1.0, 1.25]], np.float32))
    batch = PatchSampler([source], 12, PLAIN, False, 1, CPU).batch(4)
    assert torch.allclose(batch.truth.mean((0, 2, 3)), torch.tensor([0.25, 0.5, 0.4]))
    balanced = PatchSampler([source], 12, PLAIN, True, 1, CPU).batch(4)
    assert torch.allclose(balanced.truth, torch.tensor(0.5))


def test_values_above_one_stay() -> None:
    bright = np.full((30, 30, 3), 5.0, np.float16)
    assert float(sampler_of([bright], 12).batch(2).seen.min()) == 5


def test_sources_get_their_shares() -> None:
    dark, bright = np.zeros((40, 40, 3), np.float16), np.ones((90, 90, 3), np.float16)
    sources = [Source("dark", 0.25, [dark]), Source("bright", 0.75, [bright, bright])]
    truth = PatchSampler(sources, 6, PLAIN, True, 1, CPU).batch(4000).truth
    assert float((truth[:, 0, 0, 0] > 0).float().mean()) == pytest.approx(0.75, abs=0.03)


def test_same_seed_same_batches() -> None:
    first, second = (sampler_of([codes_image(50, 50)], 12, Augmentation(), seed=5).batch(8) for _ in range(2))
    assert torch.equal(first.seen, second.seen)
    assert torch.equal(first.truth, second.truth)


def test_two_processes_share_the_batch_of_one() -> None:
    whole = sampler_of([codes_image(50, 50)], 12, Augmentation()).batch(8)
    parts = [
        sampler_of([codes_image(50, 50)], 12, Augmentation()).batch(8, part=slice(4 * rank, 4 * rank + 4))
        for rank in range(2)
    ]
    assert torch.equal(torch.cat([part.seen for part in parts]), whole.seen)
    assert torch.equal(torch.cat([part.truth for part in parts]), whole.truth)
    assert torch.equal(torch.cat([part.noise for part in parts]), whole.noise)


def test_synthetic_images_are_reproducible_and_varied() -> None:
    first, again = synthetic_images(4, 9), synthetic_images(4, 9)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert first[0].shape == (SIZE, SIZE, 3)
    assert not np.array_equal(first[0], first[1])
