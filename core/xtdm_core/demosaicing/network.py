"""The network over tiles: from an aligned mosaic to camera RGB."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from xtdm_core.assets import DEFAULT_NETWORK, shipped_networks
from xtdm_core.demosaicing.balance import balance_warnings
from xtdm_core.demosaicing.tiles import Box, Tile, blend_weights, blended_tiles, exact_tiles
from xtdm_core.errors import OutOfMemory, is_short_of_memory
from xtdm_core.frame import F32, AlignedMosaic
from xtdm_core.models import ModelSpec
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.xtrans import CANONICAL, mirror_index, tile_pattern

if TYPE_CHECKING:
    import torch
    from torch import nn

_LOG = logging.getLogger(__name__)

# Big tiles waste little on halos, and their activations stay below half a gigabyte.
TILE_SIDE = 1536
_SMALLEST_TILE = 96


@dataclass(frozen=True, slots=True)
class Denoising:
    """How much of the noise goes.

    strength  factor on the standard deviation that the network is told: 0 leaves the noise, 1 is what it is told
    grain     share of the noise that comes back as grey grain, with whatever detail was taken for noise
    """

    strength: float = 1.0
    grain: float = 0.0


def takes_noise(weights: Path) -> bool:
    """Check without loading a checkpoint whether its network takes noise; False where the file is no checkpoint."""
    from xtdm_core.models.checkpoints import states_noise

    return states_noise(weights)


def load_network(name: str | Path = DEFAULT_NETWORK, device: str = "auto", input_wb: str | None = None) -> Demosaicer:
    """Load a network that comes with the program ("fast", "quality"), or a checkpoint file.

    device    "cpu", "cuda" or "mps"; "auto" takes the fastest that is there
    input_wb  "as-shot" or "none", for a foreign .pt file that does not say how its mosaics were balanced
    Raises BadWeights, DeviceUnavailable.
    """
    return Demosaicer.load(name, device, input_wb)


class Demosaicer:
    """A loaded network, ready for any number of mosaics.

    notes  what had to be assumed about a foreign checkpoint and what speaks against it, in sentences for the user
    weights  the file that the network was loaded from, None where it was not
    """

    weights: Path | None = None

    def __init__(
        self, net: nn.Module, spec: ModelSpec, halo: int, device: torch.device, notes: tuple[str, ...] = ()
    ) -> None:
        import torch

        from xtdm_core.devices import bfloat16_is_faster

        self.net = net.eval().to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
        self.spec, self.halo, self.device, self.notes = spec, halo, device, notes
        self.takes_noise = bool(getattr(net, "takes_noise", False))
        self._bfloat16 = getattr(self.net, "tolerates_bfloat16", False) and bfloat16_is_faster(device)

    @classmethod
    def load(cls, weights: str | Path | None = None, device: str = "auto", input_wb: str | None = None) -> Demosaicer:
        """Loads a checkpoint, or a shipped network by its name; without one, the default network.

        input_wb  "as-shot" or "none", for a foreign file that does not say how its mosaics were balanced.
        Raises BadWeights, DeviceUnavailable.
        """
        from xtdm_core.devices import keep_freed_memory, pick_device
        from xtdm_core.models.checkpoints import load_checkpoint

        place = pick_device(device)
        if place.type == "cpu":
            keep_freed_memory()
        file = checkpoint_path(weights)
        checkpoint = load_checkpoint(file, input_wb)
        halo = checkpoint.halo if checkpoint.halo is not None else measure_halo(checkpoint.net)
        notes = (*checkpoint.notes, *balance_warnings(checkpoint, file.name))
        loaded = cls(checkpoint.net, checkpoint.spec, halo, place, notes)
        loaded.weights = file
        return loaded

    def __call__(
        self,
        mosaic: AlignedMosaic,
        report: Report = silent,
        *,
        side: int = TILE_SIDE,
        blended: bool = False,
        part: Box | None = None,
        denoising: Denoising = Denoising(),
    ) -> F32:
        """Demosaics; returns camera RGB f32 [H, W, 3], sensor units, white-balanced (G = 1), unclipped.

        denoising  what a network that takes noise does about ``mosaic.noise``; others, and mosaics that tell of no
                   noise, are not changed by it
        part     only this box of the visible area (its corner is 0, 0): the same pixels as those of the whole
        side     the most a tile writes, in pixels; halved, with a warning in the log, while memory is short
        blended  use the 288/48 plan instead of exact tiles
        Raises OutOfMemory, and whatever ``report`` raises to cancel.
        """
        run = partial(self._run, mosaic, denoising)
        visible = Box(mosaic.top, mosaic.left, mosaic.top + mosaic.height, mosaic.left + mosaic.width)
        if part is not None:
            visible = part.moved(mosaic.top, mosaic.left)
        if blended:
            return _blended(run, visible, report)
        out = np.empty((visible.height, visible.width, 3), dtype=np.float32)
        while not self._exact(run, visible, side, out, report):
            if side <= _SMALLEST_TILE:
                raise OutOfMemory(
                    f"not even tiles of {side} px fit into memory: close other programs or choose --device cpu"
                )
            side //= 2
            _LOG.warning("memory is short: continuing with tiles of %d px", side)
        return out

    def _exact(self, run: Callable[[Tile], F32], visible: Box, side: int, out: F32, report: Report) -> bool:
        """Fills ``out``; False when memory ran out."""
        import torch

        tiles = exact_tiles(visible, side, self.halo, self._stride)
        for i, tile in enumerate(tiles):
            report(Progress(Stage.DEMOSAICING, i, len(tiles)))
            try:
                rgb = run(tile)
            except (RuntimeError, MemoryError) as error:
                if not _is_out_of_memory(error):
                    raise
                self._release_memory()
                return False
            rows, cols = tile.write.within(visible)
            torch.from_numpy(out[rows, cols]).copy_(torch.from_numpy(rgb))  # on all cores, unlike NumPy
        report(Progress(Stage.DEMOSAICING, len(tiles), len(tiles)))
        return True

    @property
    def _stride(self) -> int:
        return int(self.net.stride)

    def _run(self, mosaic: AlignedMosaic, denoising: Denoising, tile: Tile) -> F32:
        """What ``tile`` writes: f32 [h, w, 3], white-balanced."""
        import torch

        values = _read(mosaic, tile.read)
        gains = mosaic.wb.astype(np.float32)
        if self.spec.is_balanced:
            values *= tile_pattern(gains[CANONICAL], *values.shape)
        rows, cols = tile.write.within(tile.read)
        seen = [torch.from_numpy(values)[None, None].to(self.device)]
        noise = self._noise(mosaic, denoising.strength)
        if noise is not None:
            seen.append(torch.from_numpy(noise)[None].to(self.device))
        with torch.inference_mode(), torch.autocast(self.device.type, torch.bfloat16, enabled=self._bfloat16):
            rgb: F32 = self.net(*seen)[0, :, rows, cols].permute(1, 2, 0).cpu().numpy()
        if noise is not None and denoising.grain > 0:
            rgb = rgb + denoising.grain * _grain(values[rows, cols], rgb, noise, tile.write)
        return rgb if self.spec.is_balanced else rgb * gains

    def _noise(self, mosaic: AlignedMosaic, strength: float) -> F32 | None:
        """The noise that the network takes, f32 [3, 2]: for R, G, B as it sees them a and b of variance = a x + b.

        None for a network that takes no noise, and where there is none to remove.
        """
        if mosaic.noise is None or strength == 0 or not self.takes_noise:
            return None
        gains = mosaic.wb if self.spec.is_balanced else np.ones(3)
        noise = np.stack((mosaic.noise.a * gains, mosaic.noise.b * gains**2), 1)
        return (noise * strength**2).astype(np.float32)

    def _release_memory(self) -> None:
        import torch

        if self.device.type == "cuda":
            torch.cuda.empty_cache()


def checkpoint_path(weights: str | Path | None = None) -> Path:
    """The file of a checkpoint, of a shipped network by its name, or of the default network."""
    from xtdm_core.models.checkpoints import find_weights

    return find_weights(Path(weights)) if weights else shipped_networks()[DEFAULT_NETWORK]


def _blended(run: Callable[[Tile], F32], visible: Box, report: Report) -> F32:
    """The visible area in the 288/48 plan: f32 [H, W, 3]."""
    out = np.zeros((visible.height, visible.width, 3), dtype=np.float32)
    total = np.zeros((visible.height, visible.width, 1), dtype=np.float32)
    tiles = blended_tiles(visible)
    for i, tile in enumerate(tiles):
        report(Progress(Stage.DEMOSAICING, i, len(tiles)))
        rows, cols = tile.write.within(visible)
        weights = blend_weights(tile)[..., None]
        out[rows, cols] += run(tile) * weights
        total[rows, cols] += weights
    out /= total
    report(Progress(Stage.DEMOSAICING, len(tiles), len(tiles)))
    return out


def _grain(values: F32, rgb: F32, noise: F32, box: Box) -> F32:
    """What the network took away, as grey grain f32 [h, w, 1]: for each photosite the difference between its value and
    the result there, by the ratio of green's noise to that of its own colour."""
    colour = tile_pattern(np.roll(CANONICAL, (-box.top, -box.left), (0, 1)), *values.shape)[..., None].astype(np.intp)
    a, b = noise.T
    sigma = np.sqrt(np.maximum(rgb, 0) * a + b)
    own = np.take_along_axis(sigma, colour, 2)
    removed = values[..., None] - np.take_along_axis(rgb, colour, 2)
    return removed * (sigma[..., 1:2] / np.maximum(own, np.float32(1e-12)))


def _read(mosaic: AlignedMosaic, box: Box) -> F32:
    """The values in ``box``, mirrored where it reaches beyond the mosaic; an own copy f32 [h, w]."""
    height, width = mosaic.values.shape
    if min(box.top, box.left) >= 0 and box.bottom <= height and box.right <= width:
        return mosaic.values[box.top : box.bottom, box.left : box.right].copy()
    rows = mirror_index(height, 0, box.top, box.bottom)
    cols = mirror_index(width, 0, box.left, box.right)
    return mosaic.values.take(rows, axis=0).take(cols, axis=1)


def measure_halo(net: nn.Module, tolerance: float = 2e-6, seed: int = 0) -> int:
    """The halo in pixels that a network needs: tiles with it differ from the whole by ``tolerance`` at most.

    Measured, not computed: noise between 0 and 1 is the hardest input; its middle is demosaiced with more and
    more surroundings until more of them change nothing. ``tolerance`` is in units of full scale. But a network that
    may be computed in bfloat16 gets all of its reach, because the least difference can turn a rounding.
    """
    import torch

    if getattr(net, "tolerates_bfloat16", False):
        return int(net.reach)  # type: ignore[arg-type]

    stride = int(net.stride)  # type: ignore[arg-type]
    most = -(-180 // stride) * stride
    device = next(net.parameters()).device
    generator = torch.Generator().manual_seed(seed)
    noise = torch.rand((1, 1, 2 * most + 48, 2 * most + 48), generator=generator).to(device)

    def middle(halo: int) -> torch.Tensor:
        cut = most - halo
        rgb: torch.Tensor = net(noise[..., cut : cut + 2 * halo + 48, cut : cut + 2 * halo + 48])
        return rgb[..., halo : halo + 48, halo : halo + 48]

    with torch.inference_mode():
        whole = middle(most)
        for halo in range(stride, most, stride):
            if float((middle(halo) - whole).abs().max()) <= tolerance:
                return halo
    return most


def _is_out_of_memory(error: Exception) -> bool:
    import torch

    return isinstance(error, torch.OutOfMemoryError) or is_short_of_memory(error)
