"""Training batches: exact where nothing random is asked for, and reproducible."""

import numpy as np
import pytest
import torch

from xtdm_core.color import srgb_decode
from xtdm_core.data.patches import HardPatches, PatchSampler, Source
from xtdm_core.data.synthetic import SIZE, synthetic_images
from xtdm_core.train.config import Augmentation
from xtdm_core.xtrans import CANONICAL

PLAIN = Augmentation((0.0, 0.0), 0.0, (0.0, 0.0), 0.0, (-5.0, -5.0), 0.0, 0.0)
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
    augmentation = Augmentation(noisy=0.0)
    pictures = [linear(image) for image in synthetic_images(3, 0)]
    batch = sampler_of(pictures, 24, augmentation).batch(32)
    colours = torch.from_numpy(np.tile(CANONICAL, (4, 4)).astype(np.int64)).expand(32, 1, 24, 24)
    assert torch.allclose(batch.seen, batch.truth.gather(1, colours), rtol=1e-6)
    assert batch.clean.all()


def test_clipped_patches_stop_at_the_gain_of_their_channel() -> None:
    augmentation = Augmentation((0.0, 0.0), 0.0, (1.0, 1.0), 0.0, clipped=1.0)
    white = np.ones((30, 30, 3), np.float16)
    peaks = sampler_of([white], 12, augmentation).batch(40).truth.amax(dim=(0, 2, 3))
    assert torch.allclose(peaks[1], torch.tensor(1.0))
    assert (peaks[[0, 2]] <= 2 + 1e-6).all()


def test_noise_is_there_and_the_truth_is_clean() -> None:
    augmentation = Augmentation((0.0, 0.0), 0.0, (1.0, 1.0), 1.0, (-4.0, -4.0), 0.0, 0.0)
    grey = np.full((60, 60, 3), 0.5, np.float16)
    batch = sampler_of([grey], 48, augmentation).batch(50)
    assert float(batch.truth.std()) < 1e-6
    assert not batch.clean.any()
    red = torch.from_numpy(np.tile(CANONICAL, (8, 8)) == 0)
    # Variance a x in sensor units, x = truth / 2 in red, then the gain of 2.
    assert float(batch.seen[:, 0, red].std()) == pytest.approx(2 * (1e-4 * 0.25) ** 0.5, rel=0.03)


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
    assert torch.equal(torch.cat([part.crops for part in parts]), whole.crops)


def test_hard_places_come_again() -> None:
    sampler = sampler_of([codes_image(60, 60)], 12)
    places = HardPatches(4, CPU)
    assert places.draw(2, sampler.generator) is None  # nothing is known yet
    batch = sampler.batch(8)
    losses = torch.tensor([0.1, 0.9, 0.2, 0.8, 0.3, 0.7, 0.4, 0.6])
    places.update(batch.crops, losses)
    assert {tuple(crop) for crop in places.crops.tolist()} == {tuple(batch.crops[i].tolist()) for i in (1, 3, 5, 7)}
    drawn = places.draw(2, sampler.generator)
    assert drawn is not None
    again = sampler.batch(8, drawn)
    assert torch.equal(again.crops[:2], drawn)
    where = [batch.crops.tolist().index(crop) for crop in drawn.tolist()]
    assert torch.equal(again.truth[:2], batch.truth[where])


def test_a_place_that_was_learnt_leaves() -> None:
    places = HardPatches(2, CPU)
    crops = torch.arange(12).reshape(3, 4)
    places.update(crops[:2], torch.tensor([0.9, 0.5]))
    places.update(crops[:1], torch.tensor([0.1]))
    assert float(places.scores.min()) == pytest.approx(0.1)
    places.update(crops[2:], torch.tensor([0.3]))
    assert crops[0].tolist() not in places.crops.tolist()


def test_synthetic_images_are_reproducible_and_varied() -> None:
    first, again = synthetic_images(4, 9), synthetic_images(4, 9)
    assert all(np.array_equal(a, b) for a, b in zip(first, again, strict=True))
    assert first[0].shape == (SIZE, SIZE, 3)
    assert not np.array_equal(first[0], first[1])
