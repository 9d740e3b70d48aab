"""One raw file to a finished picture."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from xtdm_core.choices import NEURAL, Chroma, DemosaicMethod, Format
from xtdm_core.demosaic.libraw import true_name
from xtdm_core.demosaic.network import TILE_SIDE, Demosaicer, Denoising
from xtdm_core.demosaic.pipeline import demosaic
from xtdm_core.develop.color import to_rec2020
from xtdm_core.develop.render import hlg_codes, srgb_codes
from xtdm_core.develop.sidecar import read_look, sidecar_of
from xtdm_core.develop.tone import Look, rolled_off_percent
from xtdm_core.files import refuse_existing, sweep_orphans
from xtdm_core.frame import F32, RawFrame
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.raw.reader import read_raw


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """What to make of a raw file.

    blended  demosaic in the 288/48 plan of overlapping tiles instead of exact ones
    chroma, quality  of the AVIF; 1 to 100
    sidecar  take the look from the file's sidecar where there is one
    exposure_ev, denoise, grain  win over those of the look and of the sidecar
    tile_side  the most that an exact tile writes, in pixels: smaller ones need less memory
    """

    format: Format = Format.AVIF
    demosaic: DemosaicMethod = NEURAL
    blended: bool = False
    look: Look = field(default_factory=Look)
    chroma: Chroma = Chroma.FULL
    quality: int = 90
    overwrite: bool = False
    sidecar: bool = False
    exposure_ev: float | None = None
    denoise: float | None = None
    grain: float | None = None
    tile_side: int = TILE_SIDE


@dataclass(frozen=True, slots=True)
class Result:
    """A written file: what it is, and what the user should know of how it came about."""

    source: Path
    path: Path
    size_bytes: int
    description: str
    notes: tuple[str, ...]


def convert(
    source: Path, target: Path, options: ConvertOptions, demosaicer: Demosaicer | None, report: Report = silent
) -> Result:
    """Converts one raw file; ``target`` appears whole or not at all.

    demosaicer  needed for "neural" only
    Raises UnsupportedRaw, BadSidecar, WriteFailed, OutOfMemory, and whatever ``report`` raises to cancel.
    """
    refuse_existing(target, options.overwrite)
    sweep_orphans(target.parent)
    report(Progress(Stage.READING, 0, 1))
    frame = read_raw(source)
    bare = options.format == Format.LINEAR_TIFF
    look, origin = _look(source, options)
    cam_rgb = demosaic(
        source,
        frame,
        options.demosaic,
        demosaicer,
        report,
        with_highlights=not bare,
        blended=options.blended,
        tile_side=options.tile_side,
        denoising=Denoising(look.denoise, look.grain),
    )
    report(Progress(Stage.WRITING, 0, 1))
    description, lost = _write(target, cam_rgb, frame, replace(options, look=look))
    report(Progress(Stage.WRITING, 1, 1))
    return Result(source, target, target.stat().st_size, description, (*origin, *_notes(frame, options), *lost))


def _look(source: Path, options: ConvertOptions) -> tuple[Look, tuple[str, ...]]:
    """(the look to apply, a note on where it is from where that is not ``options``).

    Linear camera RGB is for measuring: noise is removed from it only where that is asked for.
    """
    bare = options.format == Format.LINEAR_TIFF
    stored = read_look(source) if options.sidecar and not bare else None
    look = replace(options.look, denoise=0.0, grain=0.0) if bare else stored or options.look
    asked: dict[str, Any] = {"exposure_ev": options.exposure_ev, "denoise": options.denoise, "grain": options.grain}
    look = replace(look, **{name: value for name, value in asked.items() if value is not None})
    return look, () if stored is None else (f"developed with the settings of {sidecar_of(source)}",)


def _write(target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions) -> tuple[str, tuple[str, ...]]:
    """Writes the file; returns (what it is, what could not be kept)."""
    if options.format == Format.LINEAR_TIFF:
        from xtdm_core.export.tiff import write_linear_tiff

        write_linear_tiff(target, cam_rgb, frame.info, options.overwrite)
        return "linear camera RGB TIFF, 32-bit float, 1.0 = white level, unclipped", ()
    lin_rec2020 = to_rec2020(cam_rgb, frame, options.look.white_balance)
    if options.format == Format.TIFF:
        from xtdm_core.export.tiff import write_srgb_tiff

        write_srgb_tiff(target, srgb_codes(lin_rec2020, frame, options.look), frame.info, options.overwrite)
        return "sRGB TIFF, 16 bits", ()
    from xtdm_core.develop.hlg import CEILING_EV
    from xtdm_core.export.avif import write_hlg_avif

    picture = hlg_codes(lin_rec2020, frame, options.look)
    write_hlg_avif(target, picture, options.chroma, options.quality, frame.info, options.overwrite)
    beyond = rolled_off_percent(lin_rec2020, options.look)
    lost = f"{beyond:.2f} % of the picture lies more than {CEILING_EV:.2f} EV above diffuse white and is rolled off"
    chroma = {Chroma.FULL: "4:4:4", Chroma.HALF: "4:2:0"}[options.chroma]
    description = f"HDR AVIF, 10-bit HLG, BT.2020, {chroma}, scene-referred (diffuse white at 75 % signal)"
    return description, (lost,) if beyond > 0 else ()


def _notes(frame: RawFrame, options: ConvertOptions) -> tuple[str, ...]:
    notes = []
    if options.demosaic != NEURAL and options.demosaic != true_name(options.demosaic):
        notes.append(f"LibRaw has no {options.demosaic} for X-Trans: it ran {true_name(options.demosaic)}")
    if frame.exposure_bias is None and options.format != Format.LINEAR_TIFF:
        notes.append(f"the file does not state its exposure bias: {frame.effective_bias:.2f} EV (DR100) is assumed")
    if frame.wb_source != "as shot":
        notes.append("the file has no as-shot white balance: daylight is used")
    return tuple(notes)
