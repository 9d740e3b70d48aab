"""PackedNet's promises, with random weights: they hold by construction, not by training."""

import numpy as np
import pytest
import torch

from xtdm_core.errors import BadOption
from xtdm_core.models import ModelSpec, build
from xtdm_core.models.packed import PackedNet, baseline_kernel, surroundings
from xtdm_core.xtrans import CANONICAL, mosaic

# How far the networks of these tests see, in blocks: head and 2 x 2 convolutions, and the baseline or the widest mean.
REACHES = {False: 3 * (5 + 1), True: 3 * (5 + 7)}
# What those that take noise are told of R, G and B: variance = a x + b.
TOLD = ((2e-3, 1e-5), (1e-3, 4e-6), (2e-3, 1e-5))


@pytest.fixture(scope="module", params=[False, True], ids=["blind", "told"])
def net(request: pytest.FixtureRequest) -> PackedNet:
    torch.manual_seed(0)
    net = PackedNet(width=16, blocks=2, noise=request.param).eval()
    for weight in net.parameters():
        torch.nn.init.normal_(weight, std=0.1)
    return net


def run(net: PackedNet, values: np.ndarray, factor: float = 1.0) -> np.ndarray:
    """What it makes of values [H, W]; where it is told the noise, of that times ``factor``."""
    seen = [torch.from_numpy(np.ascontiguousarray(values))[None, None]]
    if net.takes_noise:
        seen.append(torch.tensor([TOLD]) * torch.tensor([factor, factor**2]))
    with torch.inference_mode():
        return net(*seen)[0].numpy()


def noise(side: int, seed: int = 1) -> np.ndarray:
    return np.random.default_rng(seed).random((side, side), dtype=np.float32)


def test_nothing_beyond_its_reach_matters_and_everything_within(net: PackedNet) -> None:
    assert net.reach == REACHES[net.takes_noise]
    values = noise(96)
    first = run(net, values)
    values[:, 60:] += 1
    change = np.abs(run(net, values) - first).max(axis=(0, 1))
    assert not change[: 60 - net.reach].any()
    assert change[60 - net.reach : 63 - net.reach].max() > 0


@pytest.mark.parametrize("colour", [(0.2, 0.5, 0.1), (1.0, 1.0, 1.0), (7.0, 0.0, 3.0)])
def test_flat_in_gives_flat_out(net: PackedNet, colour: tuple[float, float, float]) -> None:
    flat = np.broadcast_to(np.float32(colour), (96, 96, 3))
    rgb = run(net, mosaic(flat), 0.0).transpose(1, 2, 0)
    inner = slice(net.reach, -net.reach)
    assert np.abs(rgb - flat)[inner, inner].max() < 1e-6 * max(colour)


@pytest.mark.parametrize("factor", [0.25, 2.0, 64.0])
def test_exposure_equivariant_also_far_above_one(net: PackedNet, factor: float) -> None:
    values = noise(96)
    assert np.array_equal(run(net, values * np.float32(factor), factor), run(net, values) * np.float32(factor))


def test_exposure_equivariant_to_rounding_for_any_factor(net: PackedNet) -> None:
    values = noise(96)
    assert np.allclose(run(net, values * np.float32(37.7), 37.7) / 37.7, run(net, values), atol=1e-5)


@pytest.mark.parametrize("shift", [(3, 0), (0, 3)])
def test_shift_by_a_block_exchanges_red_and_blue_exactly(net: PackedNet, shift: tuple[int, int]) -> None:
    dy, dx = shift
    values = noise(102)
    whole = run(net, values)[:, dy : dy + 96, dx : dx + 96]
    moved = run(net, values[dy : dy + 96, dx : dx + 96])[::-1]
    inner = slice(net.reach + 6, -net.reach - 6)
    assert np.allclose(whole[:, inner, inner], moved[:, inner, inner], atol=1e-6)


@pytest.mark.parametrize("views", [4, 8])
def test_a_mean_over_views_is_symmetric(net: PackedNet, views: int) -> None:
    many = PackedNet(width=16, blocks=2, views=views, noise=net.takes_noise).eval()
    many.load_state_dict(net.state_dict())
    values = noise(96)
    rgb = run(many, values)
    # Flipping 32 blocks changes the side of each: what was an even block's place is an odd one's.
    assert np.allclose(run(many, values[::-1])[::-1], rgb[:, ::-1], atol=1e-6)
    assert np.allclose(run(many, values[:, ::-1])[::-1], rgb[:, :, ::-1], atol=1e-6)
    if views == 8:
        assert np.allclose(run(many, values.T)[::-1], rgb.transpose(0, 2, 1), atol=1e-6)
    assert np.abs(run(net, values[::-1])[::-1] - run(net, values)[:, ::-1]).max() > 1e-3  # one view is not


def test_training_sees_one_view(net: PackedNet) -> None:
    many = PackedNet(width=16, blocks=2, views=8, noise=net.takes_noise).train()
    many.load_state_dict(net.state_dict())
    values = noise(48)
    assert np.array_equal(run(many, values), run(net, values))


def test_unknown_views_are_refused() -> None:
    with pytest.raises(BadOption, match="views"):
        build(ModelSpec("packed", {"views": 3}))


@pytest.mark.parametrize("half", [False, True])
def test_every_size_of_tile_sums_in_the_same_order(net: PackedNet, half: bool) -> None:
    values = noise(240)
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        whole = run(net, values)
        for side in range(60, 240, 6):
            part = run(net, values[:side, :side])
            inner = slice(0, side - net.reach - 6)
            assert np.array_equal(part[:, inner, inner], whole[:, inner, inner])


def test_noise_matters_and_none_is_zero() -> None:
    torch.manual_seed(0)
    net = PackedNet(width=16, blocks=2, noise=True).eval()
    torch.nn.init.normal_(net.tail.weight, std=0.1)
    values = noise(96)
    with torch.inference_mode():
        untold = net(torch.from_numpy(values)[None, None])[0].numpy()
    assert np.array_equal(untold, run(net, values, 0.0))
    assert np.abs(untold - run(net, values)).max() > 1e-4


def test_surroundings_see_blotches_in_their_own_band() -> None:
    rows, cols = np.indices((240, 240))
    strongest = []
    for period in (12, 24, 48):
        blotches = 1 + 0.1 * np.cos(2 * np.pi * rows / period) * np.cos(2 * np.pi * cols / period)
        packed = torch.nn.functional.pixel_unshuffle(torch.from_numpy(blotches.astype(np.float32))[None, None], 3)
        *bands, sigma = surroundings(packed, torch.tensor([TOLD]))
        assert torch.allclose(sigma[0, 1], (1e-3 * torch.ones(80, 80) + 4e-6).sqrt(), rtol=0.05)
        strongest.append(int(np.argmax([float(band[..., 20:-20, 20:-20].std()) for band in bands])))
    assert strongest == [0, 1, 2]


def test_black_stays_black(net: PackedNet) -> None:
    assert not run(net, np.zeros((48, 48), np.float32), 0.0).any()


def test_baseline_is_a_mean_of_one_colour() -> None:
    kernel = baseline_kernel()
    assert np.allclose(kernel.sum(axis=(1, 2, 3)), 1, atol=1e-6)
    assert kernel.min() >= 0
    # The middle of an even block is green; its green row reads greens only.
    green = kernel[9 + 4].reshape(3, 3, 3, 3).transpose(2, 0, 3, 1).reshape(9, 9)
    seen = np.tile(CANONICAL, (2, 2))[3:12, 3:12]
    assert (seen[green > 0] == 1).all()


@pytest.mark.parametrize(
    ("options", "limit"),
    [({"noise": True}, 50_000), ({"width": 64, "blocks": 5, "views": 4, "noise": True}, 400_000)],
    ids=["fast", "quality"],
)
def test_what_the_shipped_networks_cost(options: dict[str, int], limit: int) -> None:
    flop = 2 * 9 * 9 * 27 / 9 * 96**2  # the baseline, which is no module

    def count(module: torch.nn.Conv2d, _: object, output: torch.Tensor) -> None:
        nonlocal flop
        flop += 2 * module.weight[0].numel() * output.numel()

    net = build(ModelSpec("packed", options)).eval()
    for module in net.modules():
        if isinstance(module, torch.nn.Conv2d):
            module.register_forward_hook(count)
    with torch.inference_mode():
        net(torch.zeros(1, 1, 96, 96))
    print(f"{flop / 96**2:.0f} FLOP per pixel")
    assert flop / 96**2 <= limit
