"""A trained network as the start of a larger one that computes the same at first.

New residual blocks begin as the identity, and new channels lead nowhere at first (Chen, Goodfellow and Shlens 2016,
"Net2Net"): what was learnt is kept, and training goes on with more room.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Tensor, nn

from xtdm_core.errors import BadOption
from xtdm_core.models import ModelSpec, build_network
from xtdm_core.models.packed import PackedNet, ResidualBlock


def grow(small: nn.Module, spec: ModelSpec) -> nn.Module:
    """The network of ``spec`` with what ``small`` knows. Raises BadOption where it is smaller, or of another kind."""
    large = build_network(spec)
    if {n: v.shape for n, v in large.state_dict().items()} == {n: v.shape for n, v in small.state_dict().items()}:
        large.load_state_dict(small.state_dict())
        return large
    if not (isinstance(small, PackedNet) and isinstance(large, PackedNet)):
        raise BadOption("the checkpoint holds another network than the settings ask for: give the same architecture")
    smaller = large.head.out_channels < small.head.out_channels or large.head.in_channels < small.head.in_channels
    if len(large.body) < len(small.body) or smaller:
        raise BadOption("the checkpoint's network is larger than the settings ask for: only growing is possible")
    _fill_packed(large, small)
    return large


@torch.no_grad()
def _fill_packed(large: PackedNet, small: PackedNet) -> None:
    width, count, total = small.head.out_channels, len(small.body), len(large.body)
    # What only the large one is told has no say at first.
    planes = small.head.in_channels
    large.head.weight[:width, :planes] = small.head.weight
    large.head.weight[:width, planes:] = 0
    large.tail.weight.zero_()
    large.tail.weight[:, :width] = small.tail.weight
    # The blocks that know something are spread evenly.
    places = [round((i + 1) * total / count) - 1 for i in range(count)]
    blocks = cast(list[ResidualBlock], list(large.body))
    for i, block in enumerate(blocks):
        if i in places:
            taught = cast(ResidualBlock, small.body[places.index(i)])
            _widen(block.first.weight, taught.first.weight)
            _widen(block.second.weight, taught.second.weight)
        else:
            block.second.weight.zero_()


def _widen(large: Tensor, small: Tensor) -> None:
    """Old outputs read old inputs alone; new outputs read everything, as strongly as the old ones do."""
    width = small.shape[0]
    large[:width, :width] = small
    large[:width, width:] = 0
    large[width:].normal_(std=float(small.std()))
