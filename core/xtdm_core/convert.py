"""One raw file, or folders of them, to finished pictures."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.classic import demosaic_classic, true_name
from xtdm_core.color import apply_matrix, effective_bias, srgb_encode, srgb_to_p3, to_rec2020
from xtdm_core.demosaic import TILE_SIDE, Demosaicer
from xtdm_core.develop import Look, orient, render_hlg, render_srgb, rolled_off_percent
from xtdm_core.errors import BadOption, ExportFailed
from xtdm_core.export.files import refuse_existing, sweep_orphans
from xtdm_core.export.metadata import Metadata, Provenance, gather_metadata
from xtdm_core.frame import F32, U8, U16, RawFrame
from xtdm_core.highlights import reconstruct_highlights
from xtdm_core.progress import Progress, Report, silent
from xtdm_core.raf import read_raw
from xtdm_core.resize import shrink
from xtdm_core.sidecar import read_look, sidecar_of
from xtdm_core.xtrans import align

NEURAL = "neural"
RAW_SUFFIXES = (".raf", ".dng")
SUFFIX = {
    "avif": ".avif",
    "sdr-avif": "_sdr.avif",
    "jpeg": ".jpg",
    "tiff": ".tif",
    "dng": "_linear.dng",
    "linear-tiff": "_linear.tif",
}
# Before the develop settings, which have no effect on them.
_UNDEVELOPED = ("linear-tiff", "dng")
# What a file name's ending stands for; the first is meant where nothing else is said.
_FORMATS = {
    ".avif": ("avif", "sdr-avif"),
    ".jpg": ("jpeg",),
    ".jpeg": ("jpeg",),
    ".tif": ("tiff", "linear-tiff"),
    ".tiff": ("tiff", "linear-tiff"),
    ".dng": ("dng",),
}
# Pictures that are not written: nobody means a folder of such a name.
_FOREIGN = frozenset(
    f".{ending}"
    for ending in (
        *("jpe", "jfif", "jp2", "jxl", "png", "heic", "heif", "hif", "webp", "gif", "bmp"),
        *("exr", "hdr", "psd", "pdf", "raf"),
    )
)


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """What to make of a raw file.

    format    a key of SUFFIX
    demosaic  "neural", or a name that ``classic.true_name`` knows
    blended  demosaic in the 288/48 plan of overlapping tiles instead of exact ones
    chroma, quality  of AVIF and JPEG: "444" or "420", 1 to 100; None is 90 for AVIF and 97 for JPEG
    sidecar  take the look from the file's sidecar where there is one
    exposure_ev  wins over the exposure of the look and of the sidecar
    tile_side  the most that an exact tile writes, in pixels: smaller ones need less memory
    metadata  one of ``metadata.POLICIES``: what of Exif and XMP goes into the picture
    max_size  the most pixels a side may have; None for all there are
    speed     of the AVIF's encoder, 0 to 10; 8 takes a fifth of the time of 6 for files of nearly the same size
    gain_map  make a JPEG an Ultra HDR one
    """

    format: str = "avif"
    demosaic: str = NEURAL
    blended: bool = False
    look: Look = field(default_factory=Look)
    chroma: str = "444"
    quality: int | None = None
    overwrite: bool = False
    sidecar: bool = False
    exposure_ev: float | None = None
    tile_side: int = TILE_SIDE
    metadata: str = "all"
    max_size: int | None = None
    speed: int = 8
    gain_map: bool = True


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
        raise BadOption(
            f"{output}: {ending} files are not written: end the name in .avif, .jpg, .tif or .dng, or give a folder"
        )
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
    """Those below a folder, to any depth, sorted; without the linear DNGs that this program wrote."""
    return (p for p in sorted(folder.rglob("*")) if is_raw_name(p.name) and p.is_file())


def is_raw_name(name: str) -> bool:
    """Whether a file of that name is a raw file, and not one that was made of it."""
    return name.lower().endswith(RAW_SUFFIXES) and not name.lower().endswith(SUFFIX["dng"])


def convert(
    source: Path, target: Path, options: ConvertOptions, demosaicer: Demosaicer | None, report: Report = silent
) -> Result:
    """Converts one raw file; ``target`` appears whole or not at all.

    demosaicer  needed for "neural" only
    Raises UnsupportedRaw, BadSidecar, ExportFailed, OutOfMemory, and whatever ``report`` raises to cancel.
    """
    refuse_existing(target, options.overwrite)
    if target.exists() and target.samefile(source):
        raise ExportFailed(target, "is the raw file itself: choose another name")
    sweep_orphans(target.parent)
    report(Progress("reading", 0, 1))
    frame = read_raw(source)
    options, origin = _with_look(source, options)
    cam_rgb = demosaic(
        source,
        frame,
        options.demosaic,
        demosaicer,
        report,
        with_highlights=options.format != "linear-tiff",
        blended=options.blended,
        tile_side=options.tile_side,
    )
    if options.max_size is not None:
        cam_rgb = shrink(cam_rgb, options.max_size)
    report(Progress("writing", 0, 1))
    metadata, left_out = _metadata(source, frame, options, demosaicer)
    description, lost = _WRITERS[options.format](target, cam_rgb, frame, options, metadata)
    report(Progress("writing", 1, 1))
    notes = (*origin, *_notes(frame, options), *left_out, *lost)
    return Result(source, target, target.stat().st_size, description, notes)


def _with_look(source: Path, options: ConvertOptions) -> tuple[ConvertOptions, tuple[str, ...]]:
    """(options with the look to apply, a note on where it is from where that is not ``options``)."""
    sidecar = sidecar_of(source) if options.sidecar else None
    if options.format in _UNDEVELOPED:
        note = f"the settings of {sidecar} are left to the program that opens the file"
        return replace(options, look=Look()), () if sidecar is None else (note,)
    stored = read_look(source) if options.sidecar else None
    look = stored or options.look
    if options.exposure_ev is not None:
        look = replace(look, exposure_ev=options.exposure_ev)
    return replace(options, look=look), () if stored is None else (f"developed with the settings of {sidecar}",)


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
        "" if options.format in _UNDEVELOPED else json.dumps(asdict(options.look)),
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


_Written = tuple[str, tuple[str, ...]]  # what the file is, notes on what could not be kept


def _write_linear_tiff(
    target: Path, cam_rgb: F32, _: RawFrame, options: ConvertOptions, metadata: Metadata
) -> _Written:
    from xtdm_core.export.tiff import write_linear_tiff

    write_linear_tiff(target, cam_rgb, metadata, options.overwrite)
    return "linear camera RGB TIFF, 32-bit float, 1.0 = white level, unclipped", ()


def _write_tiff(target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata) -> _Written:
    from xtdm_core.export.tiff import write_srgb_tiff

    write_srgb_tiff(target, srgb_picture(cam_rgb, frame, options.look), metadata, options.overwrite)
    return "sRGB TIFF, 16 bits", ()


def _write_dng(target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata) -> _Written:
    from xtdm_core.export.dng import write_dng

    baseline = write_dng(
        target,
        orient(cam_rgb, frame.orientation),
        srgb8_picture(cam_rgb, frame, options.look),
        frame,
        metadata,
        exposure_bias=effective_bias(frame)[0],
        noise=frame.noise if cam_rgb.shape[:2] == frame.mosaic.shape else None,
        overwrite=options.overwrite,
    )
    note = f"programs that ignore its BaselineExposure (darktable, RawTherapee) show it {baseline:.2f} EV darker"
    return "linear DNG, 16-bit camera RGB before white balance", (note,)


def _write_avif(target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata) -> _Written:
    from xtdm_core.export.avif import HLG, SRGB, write_avif

    how: dict[str, Any] = {"chroma": options.chroma, "quality": options.quality or 90, "speed": options.speed}
    chroma = {"444": "4:4:4", "420": "4:2:0"}[options.chroma]
    lin_rec2020 = to_rec2020(cam_rgb, frame, options.look.white_balance)
    if options.format == "sdr-avif":
        codes = (_srgb(lin_rec2020, frame, options.look) + np.uint32(32)) * np.uint32(1023) // 65535
        write_avif(target, codes.astype(np.uint16), SRGB, metadata, **how, overwrite=options.overwrite)
        return f"SDR AVIF, 10-bit sRGB, {chroma}", ()
    write_avif(target, _hlg(lin_rec2020, frame, options.look), HLG, metadata, **how, overwrite=options.overwrite)
    description = f"HDR AVIF, 10-bit HLG, BT.2020, {chroma}, scene-referred (diffuse white at 75 % signal)"
    return description, _rolled_off(lin_rec2020, options.look)


def _write_jpeg(target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata) -> _Written:
    from xtdm_core.export.jpeg import write_jpeg
    from xtdm_core.hdr_rendition import render_hdr_p3

    how: dict[str, Any] = {"chroma": options.chroma, "quality": options.quality or 97, "overwrite": options.overwrite}
    lin_rec2020 = to_rec2020(cam_rgb, frame, options.look.white_balance)
    hdr = orient(render_hdr_p3(lin_rec2020, options.look), frame.orientation) if options.gain_map else None
    if hdr is None or float(hdr.max()) <= 1:
        picture = to_8_bits(_srgb(lin_rec2020, frame, options.look))
        needless = () if hdr is None else ("nothing in it is brighter than diffuse white: it needs no gain map",)
        return "SDR JPEG, sRGB", needless + write_jpeg(target, picture, None, metadata, **how)
    # The colours of the TIFF, in a space that holds those of the HDR rendition, too.
    picture = to_8_bits(_encoded(apply_matrix(srgb_to_p3(), render_srgb(lin_rec2020, options.look)), frame))
    notes = write_jpeg(target, picture, hdr, metadata, **how)
    return "Ultra HDR JPEG, Display P3 with gain map", notes + _rolled_off(lin_rec2020, options.look)


_WRITERS = {
    "avif": _write_avif,
    "sdr-avif": _write_avif,
    "jpeg": _write_jpeg,
    "tiff": _write_tiff,
    "dng": _write_dng,
    "linear-tiff": _write_linear_tiff,
}


def _rolled_off(lin_rec2020: F32, look: Look) -> tuple[str, ...]:
    from xtdm_core.hlg import CEILING_EV

    beyond = rolled_off_percent(lin_rec2020, look)
    lost = f"{beyond:.2f} % of the picture lies more than {CEILING_EV:.2f} EV above diffuse white and is rolled off"
    return (lost,) if beyond > 0 else ()


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
    return _encoded(render_srgb(lin_rec2020, look), frame)


def _encoded(linear: F32, frame: RawFrame) -> U16:
    """Upright full-range codes u16 of display-linear light, with the curve of sRGB."""
    encoded = srgb_encode(linear)
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
