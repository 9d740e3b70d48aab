"""The reference U-Net against an independent re-statement of it."""

import numpy as np
import torch
import torch.nn.functional as F

from xtdm_core.models import ModelSpec, build_network
from xtdm_core.xtrans import CANONICAL


def randomised(width: int, residual: bool = False) -> torch.nn.Module:
    """A U-Net with random weights and batch statistics, in evaluation mode."""
    torch.manual_seed(1)
    net = build_network(ModelSpec("unet", {"base_width": width, "cfa_residual": residual})).eval()
    for name, value in net.state_dict().items():
        if "running_var" in name:
            value.uniform_(0.5, 2)
        elif "running_mean" in name or name.endswith("bias"):
            value.normal_(0, 0.2)
        elif value.ndim == 1:  # the scales of the batch normalisation
            value.uniform_(0.7, 1.4)
    return net


def restated(state: dict[str, torch.Tensor], mosaic: torch.Tensor) -> torch.Tensor:
    """The network as its description has it, from functions alone."""

    def double(x: torch.Tensor, name: str) -> torch.Tensor:
        for conv, norm in ((0, 1), (3, 4)):
            x = F.conv2d(x, state[f"{name}.{conv}.weight"], padding=1)
            mean, var = (state[f"{name}.{norm}.running_{what}"][:, None, None] for what in ("mean", "var"))
            scale, shift = (state[f"{name}.{norm}.{what}"][:, None, None] for what in ("weight", "bias"))
            x = torch.relu((x - mean) / torch.sqrt(var + 1e-5) * scale + shift)
        return x

    height, width = mosaic.shape[2:]
    colours = torch.from_numpy(np.tile(CANONICAL, (height // 6, width // 6)))
    masks = [(colours == c).float()[None, None].expand(len(mosaic), 1, -1, -1) for c in range(3)]
    features = [double(torch.cat([mosaic, *masks], 1), "enc1.block")]
    for name in ("enc2.conv.block", "enc3.conv.block", "enc4.conv.block", "bottleneck.conv.block"):
        features.append(double(F.max_pool2d(features[-1], 2), name))
    x = features.pop()
    for name in ("dec4", "dec3", "dec2", "dec1"):
        x = F.conv_transpose2d(x, state[f"{name}.up.weight"], state[f"{name}.up.bias"], stride=2)
        x = double(torch.cat([x, features.pop()], 1), f"{name}.conv.block")
    return F.conv2d(x, state["out_conv.weight"], state["out_conv.bias"])


def test_31_038_339_parameters() -> None:
    count = sum(p.numel() for p in build_network(ModelSpec("unet")).parameters())
    print(f"{count:,} parameters")
    assert count == 31_038_339


def test_output_equals_the_restatement() -> None:
    net = randomised(8)
    mosaic = torch.rand(2, 1, 96, 144)
    with torch.inference_mode():
        assert (net(mosaic) - restated(net.state_dict(), mosaic)).abs().max() < 1e-5


def test_cfa_residual_adds_the_mosaic_to_every_channel() -> None:
    plain, residual = randomised(4), randomised(4, residual=True)
    mosaic = torch.rand(1, 1, 48, 48)
    with torch.inference_mode():
        assert torch.allclose(residual(mosaic), plain(mosaic) + mosaic, atol=1e-6)
