"""One raw file, or folders of them, to finished pictures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

import numpy as np

from xtdm_core.classic import demosaic_classic, true_name
from xtdm_core.color import effective_bias, srgb_encode, to_rec2020
from xtdm_core.demosaic import TILE_SIDE, Demosaicer
from xtdm_core.develop import Look, orient, render_hlg, render_srgb, rolled_off_percent
from xtdm_core.errors import BadOption
from xtdm_core.export.files import refuse_existing, sweep_orphans
from xtdm_core.export.metadata import Metadata, Provenance, gather_metadata
from xtdm_core.frame import F32, U8, U16, RawFrame
from xtdm_core.highlights import reconstruct_highlights
from xtdm_core.progress import Progress, Report, silent
from xtdm_core.raf import read_raw
from xtdm_core.sidecar import read_look, sidecar_of
from xtdm_core.xtrans import align

NEURAL = "neural"
RAW_SUFFIXES = (".raf", ".dng")
SUFFIX = {"avif": ".avif", "tiff": ".tif", "linear-tiff": "_linear.tif"}
# What a file name's ending stands for; the first is meant where nothing else is said.
_FORMATS = {".avif": ("avif",), ".tif": ("tiff", "linear-tiff"), ".tiff": ("tiff", "linear-tiff")}
# Pictures that are not written: nobody means a folder of such a name.
_FOREIGN = frozenset(
    f".{ending}"
    for ending in (
        *("jpg", "jpeg", "jpe", "jfif", "jp2", "jxl", "png", "heic", "heif", "hif", "webp", "gif", "bmp"),
        *("exr", "hdr", "psd", "pdf", "raf", "dng"),
    )
)


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """What to make of a raw file.

    format    a key of SUFFIX
    demosaic  "neural", or a name that ``classic.true_name`` knows
    blended  demosaic in the 288/48 plan of overlapping tiles instead of exact ones
    chroma, quality  of AVIF and JPEG: "444" or "420", 1 to 100
    sidecar  take the look from the file's sidecar where there is one
    exposure_ev  wins over the exposure of the look and of the sidecar
    tile_side  the most that an exact tile writes, in pixels: smaller ones need less memory
    metadata  one of ``metadata.POLICIES``: what of Exif and XMP goes into the picture
    """

    format: str = "avif"
    demosaic: str = NEURAL
    blended: bool = False
    look: Look = field(default_factory=Look)
    chroma: str = "444"
    quality: int = 90
    overwrite: bool = False
    sidecar: bool = False
    exposure_ev: float | None = None
    tile_side: int = TILE_SIDE
    metadata: str = "all"


@dataclass(frozen=True, slots=True)
class Result:
    """A written file: what it is, and what the user should know of how it came about."""

    source: Path
    path: Path
    size_bytes: int
    description: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Job:
    """One file to convert; ``explicit`` when the user named it rather than its folder."""

    source: Path
    target: Path
    explicit: bool


def choose_format(output: Path | None, asked: str | None) -> str:
    """The format that is asked for, else the one that the ending of ``output`` stands for, else AVIF.

    Raises BadOption where they contradict each other, and for endings of pictures that are not written.
    """
    if output is None or output.is_dir():
        return asked or "avif"
    ending = output.suffix.lower()
    if ending in _FOREIGN:
        raise BadOption(f"{output}: {ending} files are not written: end the name in .avif or .tif, or give a folder")
    meant = _FORMATS.get(ending, tuple(SUFFIX))
    if asked is not None and asked not in meant:
        raise BadOption(f"{output}: a file of the format {asked} does not end in {ending}: change one of the two")
    return asked or meant[0]


def plan_jobs(inputs: Sequence[Path], output: Path | None, format_name: str) -> list[Job]:
    """Which files become which: folders recurse and mirror their tree below ``output``.

    Without ``output`` a picture lies beside its raw file. ``output`` is a file only for one input file.
    Raises BadOption.
    """
    suffix = SUFFIX[format_name]
    names_file = output is not None and output.suffix.lower() in _FORMATS and not output.is_dir()
    if names_file and (len(inputs) != 1 or inputs[0].is_dir()):
        raise BadOption(f"{output} names one file, but the input is more than one: give a folder with -o")
    jobs = []
    for given in inputs:
        if given.is_dir():
            for source in raw_files(given):
                parent = source.parent if output is None else output / source.relative_to(given).parent
                jobs.append(Job(source, parent / f"{source.stem}{suffix}", explicit=False))
        elif names_file and output is not None:
            jobs.append(Job(given, output, explicit=True))
        else:
            jobs.append(Job(given, (output or given.parent) / f"{given.stem}{suffix}", explicit=True))
    return jobs


def raw_files(folder: Path) -> Iterator[Path]:
    """Those below a folder, to any depth, sorted."""
    return (p for p in sorted(folder.rglob("*")) if p.suffix.lower() in RAW_SUFFIXES and p.is_file())


def convert(
    source: Path, target: Path, options: ConvertOptions, demosaicer: Demosaicer | None, report: Report = silent
) -> Result:
    """Converts one raw file; ``target`` appears whole or not at all.

    demosaicer  needed for "neural" only
    Raises UnsupportedRaw, BadSidecar, ExportFailed, OutOfMemory, and whatever ``report`` raises to cancel.
    """
    refuse_existing(target, options.overwrite)
    sweep_orphans(target.parent)
    report(Progress("reading", 0, 1))
    frame = read_raw(source)
    bare = options.format == "linear-tiff"
    look, origin = (options.look, ()) if bare else _look(source, options)
    cam_rgb = demosaic(
        source,
        frame,
        options.demosaic,
        demosaicer,
        report,
        with_highlights=not bare,
        blended=options.blended,
        tile_side=options.tile_side,
    )
    report(Progress("writing", 0, 1))
    metadata, left_out = _metadata(source, frame, replace(options, look=look), demosaicer)
    description, lost = _write(target, cam_rgb, frame, replace(options, look=look), metadata)
    report(Progress("writing", 1, 1))
    notes = (*origin, *_notes(frame, options), *left_out, *lost)
    return Result(source, target, target.stat().st_size, description, notes)


def _look(source: Path, options: ConvertOptions) -> tuple[Look, tuple[str, ...]]:
    """(the look to apply, a note on where it is from where that is not ``options``)."""
    stored = read_look(source) if options.sidecar else None
    look = stored or options.look
    if options.exposure_ev is not None:
        look = replace(look, exposure_ev=options.exposure_ev)
    return look, () if stored is None else (f"developed with the settings of {sidecar_of(source)}",)


def _metadata(
    source: Path, frame: RawFrame, options: ConvertOptions, demosaicer: Demosaicer | None
) -> tuple[Metadata, tuple[str, ...]]:
    """(what goes beside the pixels, notes on what of the source was left out)."""
    from xtdm_core.raw.metadata import read_source_metadata

    found = read_source_metadata(source)
    network = demosaicer.weights if demosaicer and options.demosaic == NEURAL else None
    provenance = Provenance(
        source.name,
        found.sha256,
        network.stem if network else options.demosaic,
        hashlib.sha256(network.read_bytes()).hexdigest() if network else "",
        "" if options.format == "linear-tiff" else json.dumps(asdict(options.look)),
    )
    metadata, notes = gather_metadata(found.exif, found.xmp, found.sidecars, frame.info, options.metadata, provenance)
    return metadata, (*found.notes, *notes)


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
) -> F32:
    """Camera RGB f32 [H, W, 3] of a frame by the network or by LibRaw: white-balanced, sensor units, unclipped.

    with_highlights  reconstruct clipped colours on the mosaic first, the same for every method
    """
    mosaic = align(frame)
    if with_highlights:
        mosaic = reconstruct_highlights(mosaic)
    if method != NEURAL:
        report(Progress("demosaicing with LibRaw", 0, 1))
        return demosaic_classic(source, frame, true_name(method), mosaic if with_highlights else None)
    if demosaicer is None:
        raise ValueError("the network's name without a network")
    return demosaicer(mosaic, report, side=tile_side, blended=blended)


def _write(
    target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata
) -> tuple[str, tuple[str, ...]]:
    """Writes the file; returns (what it is, what could not be kept)."""
    if options.format == "linear-tiff":
        from xtdm_core.export.tiff import write_linear_tiff

        write_linear_tiff(target, cam_rgb, metadata, options.overwrite)
        return "linear camera RGB TIFF, 32-bit float, 1.0 = white level, unclipped", ()
    lin_rec2020 = to_rec2020(cam_rgb, frame, options.look.white_balance)
    if options.format == "tiff":
        from xtdm_core.export.tiff import write_srgb_tiff

        write_srgb_tiff(target, _srgb(lin_rec2020, frame, options.look), metadata, options.overwrite)
        return "sRGB TIFF, 16 bits", ()
    from xtdm_core.export.avif import HLG, SPEED, write_avif
    from xtdm_core.hlg import CEILING_EV

    picture = _hlg(lin_rec2020, frame, options.look)
    write_avif(
        target,
        picture,
        HLG,
        metadata,
        chroma=options.chroma,
        quality=options.quality,
        speed=SPEED,
        overwrite=options.overwrite,
    )
    beyond = rolled_off_percent(lin_rec2020, options.look)
    lost = f"{beyond:.2f} % of the picture lies more than {CEILING_EV:.2f} EV above diffuse white and is rolled off"
    chroma = {"444": "4:4:4", "420": "4:2:0"}[options.chroma]
    description = f"HDR AVIF, 10-bit HLG, BT.2020, {chroma}, scene-referred (diffuse white at 75 % signal)"
    return description, (lost,) if beyond > 0 else ()


def srgb_picture(cam_rgb: F32, frame: RawFrame, look: Look) -> U16:
    """The upright sRGB picture u16 [H, W, 3], full range."""
    return _srgb(to_rec2020(cam_rgb, frame, look.white_balance), frame, look)


def srgb8_picture(cam_rgb: F32, frame: RawFrame, look: Look) -> U8:
    """The same picture for screens: u8 [H, W, 3], rounded to the nearest code."""
    return to_8_bits(srgb_picture(cam_rgb, frame, look))


def to_8_bits(codes: U16) -> U8:
    """Full-range u16 to the nearest full-range u8, any shape."""
    # The minimum keeps the rounding from overflowing 16 bits.
    return ((np.minimum(codes, 65535 - 128) + 128) // 257).astype(np.uint8)


def _srgb(lin_rec2020: F32, frame: RawFrame, look: Look) -> U16:
    encoded = srgb_encode(render_srgb(lin_rec2020, look))
    encoded *= 65535
    return np.ascontiguousarray(orient(np.rint(encoded, out=encoded).astype(np.uint16), frame.orientation))


def _hlg(lin_rec2020: F32, frame: RawFrame, look: Look) -> U16:
    """The upright HLG picture u16 [H, W, 3], 10-bit codes, full range, BT.2020."""
    from xtdm_core.hlg import oetf, quantise

    codes = quantise(oetf(render_hlg(lin_rec2020, look)))
    return np.ascontiguousarray(orient(codes, frame.orientation))


def _notes(frame: RawFrame, options: ConvertOptions) -> tuple[str, ...]:
    notes = []
    if options.demosaic != NEURAL and options.demosaic != true_name(options.demosaic):
        notes.append(f"LibRaw has no {options.demosaic} for X-Trans: it ran {true_name(options.demosaic)}")
    bias, stated = effective_bias(frame)
    if not stated and options.format != "linear-tiff":
        notes.append(f"the file does not state its exposure bias: {bias:.2f} EV (DR100) is assumed")
    if frame.wb_source != "as shot":
        notes.append("the file has no as-shot white balance: daylight is used")
    return tuple(notes)
