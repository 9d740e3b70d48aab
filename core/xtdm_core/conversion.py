"""One raw file to a finished picture."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.choices import NEURAL, Chroma, DemosaicMethod, Format
from xtdm_core.demosaicing.libraw import resolve_algorithm
from xtdm_core.demosaicing.network import TILE_SIDE, Demosaicer, Denoising, load_network
from xtdm_core.demosaicing.pipeline import demosaic_frame
from xtdm_core.develop.color import apply_matrix, srgb_to_p3, to_rec2020
from xtdm_core.develop.geometry import Crop, is_mirrored, make_geometry, to_sensor, turned
from xtdm_core.develop.linear_description import linear_description
from xtdm_core.develop.lut import load_lut
from xtdm_core.develop.render import encoded_codes, hlg_codes, render_srgb8, srgb_codes, to_8_bits
from xtdm_core.develop.resampling import light_gain, resample
from xtdm_core.develop.resize import shrink
from xtdm_core.develop.sidecar import read_look, sidecar_of
from xtdm_core.develop.tone import Look, orient, rolled_off_percent, tone_map_srgb
from xtdm_core.errors import WriteFailed
from xtdm_core.export.formats import choose_format
from xtdm_core.export.metadata import Metadata, Provenance, gather_metadata
from xtdm_core.files import refuse_existing, sweep_orphans
from xtdm_core.frame import F32, RawFrame
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.raw.reader import read_raw

# Before the develop settings, which have no effect on them, but for these.
_UNDEVELOPED = (Format.LINEAR_TIFF, Format.DNG)
_OF_NOISE = ("denoise", "grain")
_OF_GEOMETRY = ("lens_distortion", "lens_aberration", "lens_vignetting", "crop", "straighten", "rotate", "flip")
_FOR_MEASURING = Look(
    denoise=0.0,
    grain=0.0,
    lens_distortion=0.0,
    lens_aberration=0.0,
    lens_vignetting=0.0,
    crop=(0.0, 0.0, 1.0, 1.0),
)
_CHROMA = {Chroma.FULL: "4:4:4", Chroma.HALF: "4:2:0"}


@dataclass(frozen=True, slots=True)
class ConvertOptions:
    """What to make of a raw file.

    blended  demosaic in the 288/48 plan of overlapping tiles instead of exact ones
    chroma, quality  of AVIF and JPEG; 1 to 100, None is 90 for AVIF and 97 for JPEG
    sidecar  take the look from the file's sidecar where there is one
    asked    names of the look's fields, and values that win over those of the look and of the sidecar
    crop, straighten  as in the look, but of the picture as it is shown: turned upright, rotated and flipped
    tile_side  the most that an exact tile writes, in pixels: smaller ones need less memory
    hot_pixels  replace hot and dead photosites
    metadata  one of ``metadata.POLICIES``: what of Exif and XMP goes into the picture
    max_size  the most pixels a side may have; None for all there are
    speed     of the AVIF's encoder, 0 to 10; 8 takes a fifth of the time of 6 for files of nearly the same size
    gain_map  make a JPEG an Ultra HDR one
    """

    format: Format = Format.AVIF
    demosaic: DemosaicMethod = NEURAL
    blended: bool = False
    look: Look = field(default_factory=Look)
    chroma: Chroma = Chroma.FULL
    quality: int | None = None
    overwrite: bool = False
    sidecar: bool = False
    asked: Mapping[str, Any] = field(default_factory=dict)
    crop: Crop | None = None
    straighten: float | None = None
    tile_side: int = TILE_SIDE
    hot_pixels: bool = True
    metadata: str = "all"
    max_size: int | None = None
    speed: int = 8
    gain_map: bool = True


@dataclass(frozen=True, slots=True)
class ConversionResult:
    """A written file: what it is, and what the user should know of how it came about."""

    source: Path
    path: Path
    size_bytes: int
    description: str
    notes: tuple[str, ...]


def convert(
    source: str | Path,
    target: str | Path,
    options: ConvertOptions | None = None,
    network: Demosaicer | None = None,
    report: Report = silent,
) -> ConversionResult:
    """Convert one raw file; ``target`` appears whole or not at all.

    options  None for the defaults, in the format that the ending of ``target`` stands for
    network  what demosaics, unless ``options`` ask for one of LibRaw's algorithms; None loads the default network
    Raises UnsupportedRaw, BadSidecar, BadOption, WriteFailed, OutOfMemory, and whatever ``report`` raises to cancel.
    """
    source, target = Path(source), Path(target)
    options = options or ConvertOptions(choose_format(target, None))
    _check_target(source, target, options.overwrite)
    sweep_orphans(target.parent)
    report(Progress(Stage.READING, 0, 1))
    frame = read_raw(source)
    look, origin = _look(source, frame, options)
    if look.lut:
        load_lut(look.lut)  # one that is not there is told before the long work
    options = replace(options, look=look)
    if network is None and options.demosaic == NEURAL:
        report(Progress(Stage.LOADING_NETWORK, 0, 1))
        network = load_network()
    cam_rgb, frame = _camera_rgb(source, frame, options, network, report)
    report(Progress(Stage.WRITING, 0, 1))
    metadata, left_out = _metadata(source, frame, options, network)
    description, lost = _WRITERS[options.format](target, cam_rgb, frame, options, metadata)
    report(Progress(Stage.WRITING, 1, 1))
    notes = (*origin, *_notes(frame, options), *left_out, *lost)
    return ConversionResult(source, target, target.stat().st_size, description, notes)


def _check_target(source: Path, target: Path, overwrite: bool) -> None:
    refuse_existing(target, overwrite)
    if target.exists() and target.samefile(source):
        raise WriteFailed(target, "is the raw file itself: choose another name")


def _camera_rgb(
    source: Path, frame: RawFrame, options: ConvertOptions, network: Demosaicer | None, report: Report
) -> tuple[F32, RawFrame]:
    """(camera RGB f32 [H, W, 3] in the geometry and size that are asked for, the frame with its orientation).

    White-balanced, sensor units, unclipped. Noise is removed before the lens is corrected: it is measured where the
    sensor saw it, and vignetting's gain acts on what is left.
    """
    cam_rgb = demosaic_frame(
        source,
        frame,
        options.demosaic,
        network,
        report,
        with_highlights=options.format != Format.LINEAR_TIFF,
        blended=options.blended,
        tile_side=options.tile_side,
        denoising=Denoising(options.look.denoise, options.look.grain),
        hot_pixels=options.hot_pixels,
    )
    geometry = make_geometry(frame, options.look)
    cam_rgb = resample(cam_rgb, geometry, report)
    frame = replace(frame, orientation=geometry.orientation, noise=frame.noise if geometry.is_whole else None)
    longest = options.max_size or max(cam_rgb.shape)
    if geometry.lens is not None and options.look.white_balance is not None:
        gain = light_gain(geometry, range(geometry.height), range(geometry.width))[..., None]
        frame = replace(frame, saturation=frame.saturation * shrink(gain, longest))
    return shrink(cam_rgb, longest), frame


def _look(source: Path, frame: RawFrame, options: ConvertOptions) -> tuple[Look, tuple[str, ...]]:
    """(the look to apply, a note on where it is from, or why it is not applied).

    A DNG is developed by others, but its noise is removed and its geometry, the lens' too, is settled here. Linear
    camera RGB is for measuring: it is as the sensor lies, unless something else is asked for.
    """
    sidecar = sidecar_of(source) if options.sidecar else None
    stored = read_look(source) if options.sidecar else None
    look = stored or options.look
    names: Mapping[str, Any] = options.asked
    notes: tuple[str, ...] = ()
    if options.format in _UNDEVELOPED:
        kept = {name: getattr(look, name) for name in (*_OF_NOISE, *_OF_GEOMETRY)}
        look = Look(**kept) if options.format == Format.DNG else _FOR_MEASURING
        names = {name: value for name, value in names.items() if name in kept}
        what = "tones and colours" if options.format == Format.DNG else "settings"
        notes = (f"the {what} of {sidecar} are left to the program that opens the file",) if stored else ()
    elif stored is not None:
        notes = (f"developed with the settings of {sidecar}",)
    return _with_framing(replace(look, **names), frame, options), notes


def _with_framing(look: Look, frame: RawFrame, options: ConvertOptions) -> Look:
    """The look with the crop and the angle that were asked for, as the sensor lies."""
    orientation = turned(frame.orientation, look.rotate, look.flip)
    if options.crop is not None:
        look = replace(look, crop=to_sensor(options.crop, orientation))
    if options.straighten is not None:
        angle = -options.straighten if is_mirrored(orientation) else options.straighten
        look = replace(look, straighten=angle)
    return look


def _metadata(
    source: Path, frame: RawFrame, options: ConvertOptions, network: Demosaicer | None
) -> tuple[Metadata, tuple[str, ...]]:
    """(what goes beside the pixels, notes on what of the source was left out)."""
    from xtdm_core.raw.metadata import read_source_metadata

    found = read_source_metadata(source)
    weights = network.weights if network and options.demosaic == NEURAL else None
    provenance = Provenance(
        source.name,
        found.sha256,
        weights.stem if weights else options.demosaic,
        hashlib.sha256(weights.read_bytes()).hexdigest() if weights else "",
        "" if options.format in _UNDEVELOPED else json.dumps(asdict(options.look)),
    )
    metadata, notes = gather_metadata(found.exif, found.xmp, found.sidecars, frame.info, options.metadata, provenance)
    return metadata, (*found.notes, *notes)


_Written = tuple[str, tuple[str, ...]]  # what the file is, notes on what could not be kept


def _write_linear_tiff(
    target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata
) -> _Written:
    from xtdm_core.export.tiff import write_linear_tiff

    how_to_read = linear_description(frame)
    write_linear_tiff(target, cam_rgb, how_to_read, frame.orientation, metadata, options.overwrite)
    return "linear camera RGB TIFF, 32-bit float, 1.0 = white level, unclipped", ()


def _write_tiff(target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata) -> _Written:
    from xtdm_core.export.tiff import write_srgb_tiff

    write_srgb_tiff(
        target,
        srgb_codes(to_rec2020(cam_rgb, frame, options.look.white_balance), frame, options.look),
        metadata,
        options.overwrite,
    )
    return "sRGB TIFF, 16 bits", ()


def _write_dng(target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata) -> _Written:
    from xtdm_core.export.dng import write_dng

    baseline = write_dng(
        target,
        orient(cam_rgb, frame.orientation),
        render_srgb8(cam_rgb, frame, options.look),
        frame,
        metadata,
        exposure_bias=frame.effective_bias,
        noise=frame.noise if cam_rgb.shape[:2] == frame.mosaic.shape and not options.look.denoise else None,
        overwrite=options.overwrite,
    )
    note = f"programs that ignore its BaselineExposure (darktable, RawTherapee) show it {baseline:.2f} EV darker"
    return "linear DNG, 16-bit camera RGB before white balance", (note,)


def _write_avif(target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata) -> _Written:
    from xtdm_core.export.avif import HLG, SRGB, write_avif

    how: dict[str, Any] = {"chroma": options.chroma, "quality": options.quality or 90, "speed": options.speed}
    chroma = _CHROMA[options.chroma]
    lin_rec2020 = to_rec2020(cam_rgb, frame, options.look.white_balance)
    if options.format == Format.SDR_AVIF:
        codes = (srgb_codes(lin_rec2020, frame, options.look) + np.uint32(32)) * np.uint32(1023) // 65535
        write_avif(target, codes.astype(np.uint16), SRGB, metadata, **how, overwrite=options.overwrite)
        return f"SDR AVIF, 10-bit sRGB, {chroma}", ()
    write_avif(target, hlg_codes(lin_rec2020, frame, options.look), HLG, metadata, **how, overwrite=options.overwrite)
    referred = "display-referred" if options.look.lut else "scene-referred"
    description = f"HDR AVIF, 10-bit HLG, BT.2020, {chroma}, {referred} (diffuse white at 75 % signal)"
    return description, _rolled_off(lin_rec2020, options.look)


def _write_jpeg(target: Path, cam_rgb: F32, frame: RawFrame, options: ConvertOptions, metadata: Metadata) -> _Written:
    from xtdm_core.develop.hdr_rendition import render_hdr_p3
    from xtdm_core.export.jpeg import write_jpeg

    how: dict[str, Any] = {"chroma": options.chroma, "quality": options.quality or 97, "overwrite": options.overwrite}
    lin_rec2020 = to_rec2020(cam_rgb, frame, options.look.white_balance)
    hdr = orient(render_hdr_p3(lin_rec2020, options.look), frame.orientation) if options.gain_map else None
    if hdr is None or float(hdr.max()) <= 1:
        picture = to_8_bits(srgb_codes(lin_rec2020, frame, options.look))
        needless = () if hdr is None else ("nothing in it is brighter than diffuse white: it needs no gain map",)
        return "SDR JPEG, sRGB", needless + write_jpeg(target, picture, None, metadata, **how)
    # The colours of the TIFF, in a space that holds those of the HDR rendition, too.
    picture = to_8_bits(encoded_codes(apply_matrix(srgb_to_p3(), tone_map_srgb(lin_rec2020, options.look)), frame))
    notes = write_jpeg(target, picture, hdr, metadata, **how)
    return "Ultra HDR JPEG, Display P3 with gain map", notes + _rolled_off(lin_rec2020, options.look)


_WRITERS = {
    Format.AVIF: _write_avif,
    Format.SDR_AVIF: _write_avif,
    Format.JPEG: _write_jpeg,
    Format.TIFF: _write_tiff,
    Format.DNG: _write_dng,
    Format.LINEAR_TIFF: _write_linear_tiff,
}


def _rolled_off(lin_rec2020: F32, look: Look) -> tuple[str, ...]:
    from xtdm_core.develop.hlg import CEILING_EV

    beyond = rolled_off_percent(lin_rec2020, look)
    lost = f"{beyond:.2f} % of the picture lies more than {CEILING_EV:.2f} EV above diffuse white and is rolled off"
    return (lost,) if beyond > 0 else ()


def _notes(frame: RawFrame, options: ConvertOptions) -> tuple[str, ...]:
    notes = []
    if options.demosaic != NEURAL and options.demosaic != resolve_algorithm(options.demosaic):
        notes.append(f"LibRaw has no {options.demosaic} for X-Trans: it ran {resolve_algorithm(options.demosaic)}")
    if frame.lens is not None and frame.lens.source != "file" and options.format != Format.LINEAR_TIFF:
        notes.append(f"the file says nothing of its lens' errors: what {frame.lens.source} knows of them is corrected")
    if frame.exposure_bias is None and options.format != Format.LINEAR_TIFF:
        notes.append(f"the file does not state its exposure bias: {frame.effective_bias:.2f} EV (DR100) is assumed")
    if frame.wb_source != "as shot":
        notes.append("the file has no as-shot white balance: daylight is used")
    return tuple(notes)
