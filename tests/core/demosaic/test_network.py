"""The network over tiles: tiled equals whole, all 18 phases agree, memory trouble is survived."""

import logging
from dataclasses import replace

import numpy as np
import pytest
import torch

from tests.core.conftest import textured
from tests.core.models.test_unet import randomised
from xtdm_core.demosaic.network import Demosaicer, Denoising, measure_halo
from xtdm_core.demosaic.tiles import Box
from xtdm_core.errors import OutOfMemory
from xtdm_core.frame import AlignedMosaic, Noise, RawFrame
from xtdm_core.models import ModelSpec, build
from xtdm_core.progress import Cancelled, Progress
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import CANONICAL, align, phases, tile_pattern

CPU = torch.device("cpu")
WHOLE = 10_000


@pytest.fixture(scope="module")
def default() -> Demosaicer:
    return Demosaicer.load(device="cpu")


def shot(height: int = 500, width: int = 420, phase: int = 8, seed: int = 0) -> RawFrame:
    return simulate_frame(textured(height, width, seed), SensorModel(cfa=phases()[phase]))


@pytest.fixture(scope="module")
def told() -> Demosaicer:
    """A network that takes noise, with random weights."""
    torch.manual_seed(2)
    spec = ModelSpec("packed", {"width": 8, "blocks": 1, "noise": True})
    net = build(spec)
    for weight in net.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    return Demosaicer(net, spec, measure_halo(net), CPU)


def noisy(a: float = 1e-3, b: float = 1e-5) -> AlignedMosaic:
    frame = simulate_frame(textured(300, 330, 3), SensorModel(noise=(a, b**0.5)))
    return replace(align(frame), noise=Noise(a, b))


@pytest.mark.parametrize("denoising", [Denoising(), Denoising(1.3, 0.4)])
def test_tiled_equals_whole_with_noise_and_grain(told: Demosaicer, denoising: Denoising) -> None:
    mosaic = noisy()
    whole = told(mosaic, side=WHOLE, denoising=denoising)
    assert np.abs(told(mosaic, side=96, denoising=denoising) - whole).max() <= 1e-5
    part = Box(31, 100, 170, 301)
    assert np.abs(told(mosaic, part=part, denoising=denoising) - whole[part.slices]).max() <= 1e-5


def test_scaled_light_with_scaled_noise_gives_the_scaled_result(told: Demosaicer) -> None:
    mosaic, factor = noisy(), np.float32(2)
    brighter = replace(mosaic, values=mosaic.values * factor, noise=Noise(2e-3, 4e-5))
    for denoising in (Denoising(), Denoising(0.7, 0.5)):
        result = told(mosaic, denoising=denoising)
        assert np.allclose(told(brighter, denoising=denoising), factor * result, rtol=1e-4, atol=1e-6)


def test_strength_is_a_factor_on_sigma(told: Demosaicer) -> None:
    mosaic = noisy()
    twice = replace(mosaic, noise=Noise(4 * mosaic.noise.a, 4 * mosaic.noise.b))
    half = told(twice, denoising=Denoising(0.5))
    assert np.array_equal(half, told(mosaic))
    off = told(mosaic, denoising=Denoising(0.0, 1.0))
    assert np.array_equal(off, told(replace(mosaic, noise=None)))
    assert np.abs(off - half).max() > 1e-3


def test_grain_gives_back_what_was_removed_alike_in_all_colours(told: Demosaicer) -> None:
    mosaic = noisy()
    smooth, grainy = told(mosaic), told(mosaic, denoising=Denoising(1.0, 0.5))
    added = grainy - smooth
    assert np.allclose(added, added[..., 1:2], atol=1e-6)
    # On a green photosite it is half of the difference between its value and the result.
    visible = mosaic.values[mosaic.top : mosaic.top + 300, mosaic.left : mosaic.left + 330]
    green = np.roll(CANONICAL, (-mosaic.top, -mosaic.left), (0, 1)) == 1
    at = np.tile(green, (50, 55))
    assert np.allclose(added[..., 1][at], 0.5 * (visible - smooth[..., 1])[at], atol=1e-5)


def test_a_network_that_takes_no_noise_is_not_changed_by_it() -> None:
    blind = Demosaicer(build(ModelSpec("packed", {"width": 8, "blocks": 1})), ModelSpec("packed"), 24, CPU)
    mosaic = noisy()
    assert np.array_equal(blind(mosaic, denoising=Denoising(1.0, 1.0)), blind(replace(mosaic, noise=None)))


@pytest.mark.parametrize("side", [96, 250, 384])
def test_tiled_equals_whole(default: Demosaicer, side: int) -> None:
    mosaic = align(shot())
    whole = default(mosaic, side=WHOLE)
    assert whole.shape == (500, 420, 3)
    assert np.abs(default(mosaic, side=side) - whole).max() <= 1e-5


@pytest.mark.parametrize("part", [Box(0, 0, 96, 96), Box(101, 7, 290, 300), Box(430, 400, 500, 420)])
def test_a_part_equals_that_part_of_the_whole(default: Demosaicer, part: Box) -> None:
    mosaic = align(shot())
    whole = default(mosaic, side=WHOLE)
    alone = default(mosaic, part=part, side=96)
    assert alone.shape == (part.height, part.width, 3)
    assert np.abs(alone - whole[part.slices]).max() <= 1e-5


def test_tiled_equals_whole_for_the_unet() -> None:
    net = randomised(4)
    unet = Demosaicer(net, ModelSpec("unet", {"base_width": 4}, "none"), measure_halo(net), CPU)
    mosaic = align(shot(430, 500))
    whole = unet(mosaic, side=WHOLE)
    difference = np.abs(unet(mosaic, side=144) - whole).max()
    print(f"halo {unet.halo} px, largest difference {difference:.1e}")
    assert difference <= 1e-5


def test_the_halo_is_measured_not_guessed(default: Demosaicer) -> None:
    # Near the tolerance float rounding decides, which differs between machines by one step.
    assert abs(measure_halo(default.net) - default.halo) <= default.net.stride
    mosaic = align(shot())
    whole = default(mosaic, side=WHOLE)
    starved = Demosaicer(default.net, default.spec, 6, CPU)
    assert np.abs(starved(mosaic, side=96) - whole).max() > 1e-5


def test_the_288_48_plan_comes_close_without_seams(default: Demosaicer) -> None:
    mosaic = align(shot(700, 700))
    assert np.abs(default(mosaic, blended=True) - default(mosaic)).max() < 0.1


def test_all_18_phases_agree_where_they_overlap(default: Demosaicer) -> None:
    frame = shot(300, 300)
    reference = default(align(frame))
    worst = 0.0
    for dy in range(6):
        for dx in range(6):
            cfa = np.roll(frame.cfa, (-dy, -dx), (0, 1))
            cropped = RawFrame(
                frame.mosaic[dy:, dx:],
                cfa,
                frame.black,
                frame.white,
                frame.wb,
                frame.wb,
                "as shot",
                frame.xyz_to_cam,
            )
            inner = slice(60, 200)
            result = default(align(cropped))[inner, inner]
            expected = reference[60 + dy : 200 + dy, 60 + dx : 200 + dx]
            worst = max(worst, float(np.abs(result - expected).max()))
    print(f"largest difference over all 36 offsets, (3, 3) shifts included: {worst:.1e}")
    assert worst <= 1e-5


@pytest.mark.parametrize("factor", [2.0, 16.0])
def test_exposure_equivariant_far_above_one(default: Demosaicer, factor: float) -> None:
    mosaic = align(shot())
    brighter = mosaic.with_values(mosaic.values * np.float32(factor))
    assert np.array_equal(default(brighter), default(mosaic) * np.float32(factor))


def test_flat_fields_stay_flat(default: Demosaicer) -> None:
    colour = np.float32([0.7, 0.4, 0.1])
    gains = np.array([1.95, 1.0, 1.65])
    raw = np.tile((colour / gains)[CANONICAL].astype(np.float32), (40, 40))
    rgb = default(AlignedMosaic(raw, 0, 0, 240, 240, gains))
    assert np.abs(rgb - colour).max() < 1e-6


def test_unbalanced_networks_get_unbalanced_mosaics_and_give_balanced_results() -> None:
    class Passing(torch.nn.Module):
        stride = 6

        def forward(self, mosaic: torch.Tensor) -> torch.Tensor:
            return mosaic.expand(-1, 3, -1, -1)

    mosaic = AlignedMosaic(np.full((48, 48), 0.5, np.float32), 0, 0, 48, 48, np.array([2.0, 1.0, 1.5]))
    unbalanced = Demosaicer(Passing(), ModelSpec("x", {}, "none"), 0, CPU)(mosaic)
    assert np.allclose(unbalanced, 0.5 * np.float32([2, 1, 1.5]))
    balanced = Demosaicer(Passing(), ModelSpec("x", {}, "as-shot"), 0, CPU)(mosaic)
    expected = tile_pattern(0.5 * np.float32([2, 1, 1.5])[CANONICAL], 48, 48)
    assert np.allclose(balanced[..., 0], expected)


class Greedy(torch.nn.Module):
    """Runs out of memory above so many pixels."""

    stride = 6

    def __init__(self, most: int) -> None:
        super().__init__()
        self.most = most

    def forward(self, mosaic: torch.Tensor) -> torch.Tensor:
        if mosaic.numel() > self.most:
            raise torch.OutOfMemoryError("no more")
        return mosaic.expand(-1, 3, -1, -1)


def test_short_memory_halves_the_tile_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    mosaic = align(shot())
    with caplog.at_level(logging.WARNING):
        rgb = Demosaicer(Greedy(300 * 300), ModelSpec("x"), 6, CPU)(mosaic)
    assert "memory is short" in caplog.text
    assert "192" in caplog.text
    assert np.isfinite(rgb).all()


def test_no_memory_at_all_is_a_sentence() -> None:
    with pytest.raises(OutOfMemory, match="memory"):
        Demosaicer(Greedy(10), ModelSpec("x"), 6, CPU)(align(shot()))


def test_other_errors_are_not_swallowed() -> None:
    class Broken(Greedy):
        def forward(self, mosaic: torch.Tensor) -> torch.Tensor:
            raise RuntimeError("a bug")

    with pytest.raises(RuntimeError, match="a bug"):
        Demosaicer(Broken(0), ModelSpec("x"), 6, CPU)(align(shot()))


def test_a_report_sees_every_tile_and_can_cancel(default: Demosaicer) -> None:
    seen = []

    def report(progress: Progress) -> None:
        seen.append((progress.done, progress.total))
        if progress.done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        default(align(shot()), report, side=120)
    assert seen == [(0, 20), (1, 20), (2, 20)]
