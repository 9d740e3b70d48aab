"""From a raw frame to camera RGB: align, reconstruct highlights, demosaic."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from xtdm_core.choices import NEURAL
from xtdm_core.demosaic.libraw import demosaic_classic, true_name
from xtdm_core.demosaic.network import TILE_SIDE, Demosaicer, Denoising
from xtdm_core.develop.highlights import reconstruct_highlights
from xtdm_core.frame import F32, RawFrame
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.raw.noise import estimate_noise
from xtdm_core.xtrans import align

_PLAIN = Denoising()


def demosaic(
    source: Path,
    frame: RawFrame,
    method: str,
    demosaicer: Demosaicer | None,
    report: Report = silent,
    *,
    with_highlights: bool = True,
    blended: bool = False,
    tile_side: int = TILE_SIDE,
    denoising: Denoising = _PLAIN,
) -> F32:
    """Camera RGB f32 [H, W, 3] of a frame by the network or by LibRaw: white-balanced, sensor units, unclipped.

    with_highlights  reconstruct clipped colours on the mosaic first, the same for every method
    """
    mosaic = align(frame)
    if with_highlights:
        mosaic = reconstruct_highlights(mosaic)
    if method != NEURAL:
        report(Progress(Stage.DEMOSAICING_BY_LIBRAW, 0, 1))
        return demosaic_classic(source, frame, true_name(method), mosaic if with_highlights else None)
    if demosaicer is None:
        raise ValueError("the network's name without a network")
    if demosaicer.takes_noise and denoising.strength > 0 and mosaic.noise is None:
        mosaic = replace(mosaic, noise=estimate_noise(frame, mosaic))
    return demosaicer(mosaic, report, side=tile_side, blended=blended, denoising=denoising)
