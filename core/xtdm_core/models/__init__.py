"""The networks: one file each, and a plain dict of their builders.

Every network is a torch module that takes a mosaic f32 [N, 1, H, W] in the canonical phase (``xtrans.CANONICAL``),
with H and W multiples of its attribute ``stride``, and returns camera RGB f32 [N, 3, H, W] in the same units.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xtdm_core.choices import MosaicBalance
from xtdm_core.errors import BadOption

if TYPE_CHECKING:
    from torch import nn


@dataclass(frozen=True, slots=True)
class ModelSpec:
    """Everything needed to build a network and to feed it.

    input_wb  a ``MosaicBalance``: how it wants the mosaic
    """

    architecture: str
    options: Mapping[str, int | bool] = field(default_factory=dict)
    input_wb: str = str(MosaicBalance.AS_SHOT)

    @property
    def is_balanced(self) -> bool:
        """Whether the network takes, and gives, white-balanced values (G = 1)."""
        return self.input_wb == MosaicBalance.AS_SHOT


def _packed(**options: Any) -> nn.Module:
    from xtdm_core.models.packed import PackedNet

    return PackedNet(**options)


def _unet(base_width: int = 64, cfa_residual: bool = False) -> nn.Module:
    from xtdm_core.models.unet import UNet

    return UNet(base_width, cfa_residual)


BUILDERS: dict[str, Callable[..., nn.Module]] = {"packed": _packed, "unet": _unet}


def build_network(spec: ModelSpec) -> nn.Module:
    """The network of ``spec`` with random weights. Raises BadOption for an unknown name or option."""
    try:
        return BUILDERS[spec.architecture](**spec.options)
    except KeyError:
        known = ", ".join(BUILDERS)
        raise BadOption(f"there is no architecture {spec.architecture!r}: choose one of {known}") from None
    except TypeError as error:
        raise BadOption(f"{spec.architecture} does not take these options: {error}") from error
