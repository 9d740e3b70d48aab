"""From a raw frame to camera RGB: align, reconstruct highlights, demosaic."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xtdm_core.choices import NEURAL
from xtdm_core.demosaicing.libraw import demosaic_libraw, resolve_algorithm
from xtdm_core.demosaicing.network import TILE_SIDE, Demosaicer, Denoising
from xtdm_core.develop.highlights import reconstruct_highlights
from xtdm_core.frame import F32, RawFrame
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.raw.hot_pixels import without_defects
from xtdm_core.raw.noise import estimate_noise
from xtdm_core.xtrans import align

_PLAIN = Denoising()


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
    if hot_pixels:
        frame, _ = without_defects(frame)
    mosaic = align(frame)
    if network.takes_noise and denoising.strength > 0 and mosaic.noise is None:
        mosaic = replace(mosaic, noise=estimate_noise(frame, mosaic))  # from what the sensor saw, not from guesses
    if with_highlights:
        mosaic = reconstruct_highlights(mosaic)
    return network(mosaic, report, side=tile_side, blended=blended, denoising=denoising)


def demosaic_frame(
    source: Path,
    frame: RawFrame,
    method: str,
    network: Demosaicer | None,
    report: Report = silent,
    *,
    with_highlights: bool = True,
    blended: bool = False,
    tile_side: int = TILE_SIDE,
    denoising: Denoising = _PLAIN,
    hot_pixels: bool = True,
) -> F32:
    """Demosaic the frame of a file with the network or with LibRaw, as ``demosaic`` does.

    method   a member of DemosaicMethod
    network  for DemosaicMethod.NEURAL only
    """
    if method == NEURAL:
        if network is None:
            raise ValueError("the network's name without a network")
        return demosaic(
            frame,
            network,
            with_highlights=with_highlights,
            hot_pixels=hot_pixels,
            blended=blended,
            tile_side=tile_side,
            denoising=denoising,
            report=report,
        )
    if hot_pixels:
        frame, _ = without_defects(frame)
    mosaic = align(frame)
    if with_highlights:
        mosaic = reconstruct_highlights(mosaic)
    report(Progress(Stage.DEMOSAICING_BY_LIBRAW, 0, 1))
    return demosaic_libraw(source, frame, resolve_algorithm(method), mosaic)
