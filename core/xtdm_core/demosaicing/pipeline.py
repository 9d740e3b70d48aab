"""From a raw frame to camera RGB: align, reconstruct highlights, demosaic."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xtdm_core.choices import NEURAL
from xtdm_core.demosaicing.libraw import demosaic_libraw, resolve_algorithm
from xtdm_core.demosaicing.network import TILE_SIDE, Demosaicer, Denoising
from xtdm_core.develop.highlights import reconstruct_highlights
from xtdm_core.frame import F32, AlignedMosaic, RawFrame
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.raw.hot_pixels import without_defects
from xtdm_core.raw.noise import estimate_noise
from xtdm_core.xtrans import align

_PLAIN = Denoising()


@dataclass(frozen=True, slots=True)
class PreparedFrame:
    """A frame, and its aligned mosaic."""

    frame: RawFrame
    mosaic: AlignedMosaic


def prepare(frame: RawFrame, hot_pixels: bool = True) -> PreparedFrame:
    """Align a frame's mosaic; with ``hot_pixels`` hot and dead photosites are replaced first."""
    if hot_pixels:
        frame, _ = without_defects(frame)
    return PreparedFrame(frame, align(frame))


def demosaic(
    frame: RawFrame,
    network: Demosaicer,
    *,
    with_highlights: bool = True,
    hot_pixels: bool = True,
    blended: bool = False,
    tile_side: int = TILE_SIDE,
    denoising: Denoising = _PLAIN,
    report: Report = silent,
) -> F32:
    """Demosaic a frame with a network: camera RGB f32 [H, W, 3], white-balanced (G = 1), sensor units, unclipped.

    The visible area, in the sensor's orientation.
    hot_pixels       replace hot and dead photosites before everything else
    with_highlights  reconstruct clipped colours on the mosaic
    blended, tile_side  as in ``Demosaicer``
    denoising  for networks that take noise; that of the frame, or what its pixels show where ``frame.noise`` is None
    Raises OutOfMemory, and whatever ``report`` raises to cancel.
    """
    prepared = prepare(frame, hot_pixels)
    how = {"blended": blended, "side": tile_side, "denoising": denoising}
    return _demosaic(prepared, network, with_highlights, report, **how)


def _demosaic(prepared: PreparedFrame, network: Demosaicer, with_highlights: bool, report: Report, **how: Any) -> F32:
    mosaic = prepared.mosaic
    if network.takes_noise and how["denoising"].strength > 0 and mosaic.noise is None:
        # From what the sensor saw, not from guesses.
        mosaic = replace(mosaic, noise=estimate_noise(prepared.frame, mosaic))
    if with_highlights:
        mosaic = reconstruct_highlights(mosaic)
    return network(mosaic, report, **how)


def demosaic_frame(
    source: Path,
    prepared: PreparedFrame,
    method: str,
    network: Demosaicer | None,
    report: Report = silent,
    *,
    with_highlights: bool = True,
    blended: bool = False,
    tile_side: int = TILE_SIDE,
    denoising: Denoising = _PLAIN,
) -> F32:
    """Demosaic the frame of a file with the network or with LibRaw, as ``demosaic`` does.

    method   a member of DemosaicMethod
    network  for DemosaicMethod.NEURAL only
    """
    if method == NEURAL:
        if network is None:
            raise ValueError("the network's name without a network")
        how = {"blended": blended, "side": tile_side, "denoising": denoising}
        return _demosaic(prepared, network, with_highlights, report, **how)
    mosaic = reconstruct_highlights(prepared.mosaic) if with_highlights else prepared.mosaic
    report(Progress(Stage.DEMOSAICING_BY_LIBRAW, 0, 1))
    return demosaic_libraw(source, prepared.frame, resolve_algorithm(method), mosaic)
