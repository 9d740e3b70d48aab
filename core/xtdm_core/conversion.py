"""One raw file to a finished picture."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xtdm_core.choices import NEURAL, QUALITY, Chroma, DemosaicMethod, Format, MetadataPolicy
from xtdm_core.demosaicing.libraw import resolve_algorithm
from xtdm_core.demosaicing.network import TILE_SIDE, Demosaicer, Denoising, load_network
from xtdm_core.demosaicing.pipeline import PreparedFrame, demosaic_frame, prepare
from xtdm_core.develop.geometry import Crop, is_mirrored, make_geometry, to_sensor, turned
from xtdm_core.develop.linear_description import linear_description
from xtdm_core.develop.local_contrast import apply_local_contrast
from xtdm_core.develop.lut import load_lut, lut_digest
from xtdm_core.develop.render import (
    render_hdr,
    render_hlg_and_tell,
    render_p3_8,
    render_srgb,
    render_srgb8,
    to_10_bits,
)
from xtdm_core.develop.resampling import light_gain, resample
from xtdm_core.develop.resize import shrink
from xtdm_core.develop.sidecar import read_look, sidecar_of
from xtdm_core.develop.tone import Look, orient
from xtdm_core.errors import WriteFailed
from xtdm_core.export.formats import choose_format
from xtdm_core.export.metadata import Metadata, Provenance, gather_metadata
from xtdm_core.files import refuse_existing, sweep_orphans
from xtdm_core.frame import F32, RawFrame
from xtdm_core.progress import Progress, Report, Stage, silent
from xtdm_core.raw.reader import read_raw

if TYPE_CHECKING:
    from xtdm_core.raw.metadata import SourceMetadata

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
    chroma, quality  of AVIF and JPEG; 1 to 100, None is that of ``choices.QUALITY``
    sidecar  take the look from the file's sidecar where there is one
    asked    names of the look's fields, and values that win over those of the look and of the sidecar
    crop, straighten  as in the look, but of the picture as it is shown: turned upright, rotated and flipped
    tile_side  the most that an exact tile writes, in pixels: smaller ones need less memory
    hot_pixels  replace hot and dead photosites
    metadata  what of Exif and XMP goes into the picture
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
    metadata: MetadataPolicy = MetadataPolicy.ALL
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
    sweep_orphans(target.parent)
    report(Progress(Stage.READING, 0, 1))
    shot = read_shot(source, target, options)
    picture = develop(shot, network, report)
    report(Progress(Stage.WRITING, 0, 1))
    result = picture.write(target)
    report(Progress(Stage.WRITING, 1, 1))
    return result


@dataclass(frozen=True, slots=True)
class RawShot:
    """A raw file in memory, and what to make of it.

    notes  what the user should know of where the look is from
    """

    source: Path
    prepared: PreparedFrame
    metadata: SourceMetadata
    options: ConvertOptions
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rendition:
    """A developed picture in memory.

    encode  writes it to a path, with the metadata: what the file is, notes on what could not be kept
    """

    source: Path
    metadata: Metadata
    encode: _Encode
    notes: tuple[str, ...]

    def write(self, target: Path) -> ConversionResult:
        """Write it; ``target`` appears whole or not at all. Raises WriteFailed."""
        description, lost = self.encode(target, self.metadata)
        return ConversionResult(self.source, target, target.stat().st_size, description, (*self.notes, *lost))


def read_shot(source: Path, target: Path, options: ConvertOptions) -> RawShot:
    """Read a raw file and what lies beside it, unless ``target`` is in the way.

    Raises UnsupportedRaw, BadSidecar, BadLut, WriteFailed.
    """
    from xtdm_core.raw.metadata import read_source_metadata

    _check_target(source, target, options.overwrite)
    prepared = prepare(read_raw(source), options.hot_pixels)
    look, notes = _look(source, prepared.frame, options)
    if look.lut:
        load_lut(look.lut)  # one that is not there is told before the long work
        if look.lut_digest not in ("", lut_digest(look.lut)):
            notes += (f"{look.lut} has changed since it was chosen for this picture: other colours than then",)
    return RawShot(source, prepared, read_source_metadata(source), replace(options, look=look), notes)


def develop(shot: RawShot, network: Demosaicer | None, report: Report = silent) -> Rendition:
    """Demosaic and render a raw file; ``network`` as in ``convert``.

    Raises OutOfMemory, and whatever ``report`` raises to cancel.
    """
    options = shot.options
    if network is None and options.demosaic == NEURAL:
        report(Progress(Stage.LOADING_NETWORK, 0, 1))
        network = load_network()
    cam_rgb, frame = _camera_rgb(shot, network, report)
    encode, left_out = _RENDERERS[options.format](cam_rgb, frame, options)
    metadata, unclear = _metadata(shot, network)
    notes = (*shot.notes, *_notes(frame, options), *unclear, *left_out)
    return Rendition(shot.source, metadata, encode, notes)


def _check_target(source: Path, target: Path, overwrite: bool) -> None:
    refuse_existing(target, overwrite)
    if target.exists() and target.samefile(source):
        raise WriteFailed(target, "is the raw file itself: choose another name")


def _camera_rgb(shot: RawShot, network: Demosaicer | None, report: Report) -> tuple[F32, RawFrame]:
    """(camera RGB f32 [H, W, 3] in the geometry and size that are asked for, the frame with its orientation).

    White-balanced, sensor units, unclipped. Noise is removed before the lens is corrected: it is measured where the
    sensor saw it, and vignetting's gain acts on what is left.
    """
    options, frame = shot.options, shot.prepared.frame
    cam_rgb = demosaic_frame(
        shot.source,
        shot.prepared,
        options.demosaic,
        network,
        report,
        with_highlights=options.format != Format.LINEAR_TIFF,
        blended=options.blended,
        tile_side=options.tile_side,
        denoising=Denoising(options.look.denoise, options.look.grain),
    )
    geometry = make_geometry(frame, options.look)
    cam_rgb = resample(cam_rgb, geometry, report)
    local = apply_local_contrast(cam_rgb, frame, options.look.local_contrast, geometry)
    frame = replace(frame, orientation=geometry.orientation, noise=frame.noise if geometry.is_whole else None)
    longest = options.max_size or max(cam_rgb.shape)
    if options.look.white_balance is not None and (geometry.lens is not None or options.look.local_contrast):
        gain = light_gain(geometry, range(geometry.height), range(geometry.width))[..., None] * local
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


def _metadata(shot: RawShot, network: Demosaicer | None) -> tuple[Metadata, tuple[str, ...]]:
    """(what goes beside the pixels, notes on what of the source was left out)."""
    found, options = shot.metadata, shot.options
    weights = network.weights if network and options.demosaic == NEURAL else None
    provenance = Provenance(
        shot.source.name,
        found.sha256,
        weights.stem if weights else options.demosaic,
        hashlib.sha256(weights.read_bytes()).hexdigest() if weights else "",
        "" if options.format in _UNDEVELOPED else json.dumps(asdict(options.look)),
    )
    info = shot.prepared.frame.info
    metadata, notes = gather_metadata(found.exif, found.xmp, found.sidecars, info, options.metadata, provenance)
    return metadata, (*found.notes, *notes)


_Written = tuple[str, tuple[str, ...]]  # what the file is, notes on what could not be kept
_Encode = Callable[[Path, Metadata], _Written]
_Rendered = tuple[_Encode, tuple[str, ...]]  # what writes the picture, notes on what it lost


def _render_linear_tiff(cam_rgb: F32, frame: RawFrame, options: ConvertOptions) -> _Rendered:
    from xtdm_core.export.tiff import write_linear_tiff

    how_to_read, orientation = linear_description(frame), frame.orientation

    def encode(target: Path, metadata: Metadata) -> _Written:
        write_linear_tiff(target, cam_rgb, how_to_read, orientation, metadata, options.overwrite)
        return "linear camera RGB TIFF, 32-bit float, 1.0 = white level, unclipped", ()

    return encode, ()


def _render_tiff(cam_rgb: F32, frame: RawFrame, options: ConvertOptions) -> _Rendered:
    from xtdm_core.export.tiff import write_srgb_tiff

    codes = render_srgb(cam_rgb, frame, options.look)

    def encode(target: Path, metadata: Metadata) -> _Written:
        write_srgb_tiff(target, codes, metadata, options.overwrite)
        return "sRGB TIFF, 16 bits", ()

    return encode, ()


def _render_dng(cam_rgb: F32, frame: RawFrame, options: ConvertOptions) -> _Rendered:
    from xtdm_core.export.dng import write_dng

    preview = render_srgb8(cam_rgb, frame, options.look)
    noise = frame.noise if cam_rgb.shape[:2] == frame.mosaic.shape and not options.look.denoise else None

    def encode(target: Path, metadata: Metadata) -> _Written:
        upright, bias = orient(cam_rgb, frame.orientation), frame.effective_bias
        how: dict[str, Any] = {"exposure_bias": bias, "noise": noise, "overwrite": options.overwrite}
        baseline = write_dng(target, upright, preview, frame, metadata, **how)
        note = f"programs that ignore its BaselineExposure (darktable, RawTherapee) show it {baseline:.2f} EV darker"
        return "linear DNG, 16-bit camera RGB before white balance", (note,)

    return encode, ()


def _render_avif(cam_rgb: F32, frame: RawFrame, options: ConvertOptions) -> _Rendered:
    from xtdm_core.export.avif import HLG, SRGB, write_avif

    how: dict[str, Any] = {
        "chroma": options.chroma,
        "quality": options.quality or QUALITY[options.format],
        "speed": options.speed,
    }
    chroma, beyond = _CHROMA[options.chroma], 0.0
    if options.format == Format.SDR_AVIF:
        codes, cicp = to_10_bits(render_srgb(cam_rgb, frame, options.look)), SRGB
        description = f"SDR AVIF, 10-bit sRGB, {chroma}"
    else:
        (codes, beyond), cicp = render_hlg_and_tell(cam_rgb, frame, options.look), HLG
        referred = "display-referred" if options.look.lut else "scene-referred"
        description = f"HDR AVIF, 10-bit HLG, BT.2020, {chroma}, {referred} (diffuse white at 75 % signal)"

    def encode(target: Path, metadata: Metadata) -> _Written:
        write_avif(target, codes, cicp, metadata, **how, overwrite=options.overwrite)
        return description, ()

    return encode, _rolled_off(beyond)


def _render_jpeg(cam_rgb: F32, frame: RawFrame, options: ConvertOptions) -> _Rendered:
    from xtdm_core.export.jpeg import write_jpeg

    quality = options.quality or QUALITY[options.format]
    how: dict[str, Any] = {"chroma": options.chroma, "quality": quality, "overwrite": options.overwrite}
    description, notes, hdr = "SDR JPEG, sRGB", tuple[str, ...](), None
    if options.gain_map:
        hdr, beyond = render_hdr(cam_rgb, frame, options.look)
        notes = _rolled_off(beyond)
        if float(hdr.max()) <= 1:
            hdr, notes = None, ("nothing in it is brighter than diffuse white: it needs no gain map",)
    if hdr is None:
        picture = render_srgb8(cam_rgb, frame, options.look)
    else:
        # The colours of the TIFF, in a space that holds those of the HDR rendition, too.
        picture = render_p3_8(cam_rgb, frame, options.look)
        description = "Ultra HDR JPEG, Display P3 with gain map"

    def encode(target: Path, metadata: Metadata) -> _Written:
        return description, write_jpeg(target, picture, hdr, metadata, **how)

    return encode, notes


_RENDERERS = {
    Format.AVIF: _render_avif,
    Format.SDR_AVIF: _render_avif,
    Format.JPEG: _render_jpeg,
    Format.TIFF: _render_tiff,
    Format.DNG: _render_dng,
    Format.LINEAR_TIFF: _render_linear_tiff,
}


def _rolled_off(percent: float) -> tuple[str, ...]:
    from xtdm_core.develop.hlg import CEILING_EV

    lost = f"{percent:.2f} % of the picture lies more than {CEILING_EV:.2f} EV above diffuse white and is rolled off"
    return (lost,) if percent > 0 else ()


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
