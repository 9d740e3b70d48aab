"""What a user chooses between. The values are the words of the command line, of settings and of orders."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class DemosaicMethod(StrEnum):
    """The network, or one of LibRaw's algorithms; DHT is an alias, see ``libraw.resolve_algorithm``."""

    NEURAL = "neural"
    MARKESTEIJN3 = "markesteijn3"
    MARKESTEIJN1 = "markesteijn1"
    VNG = "vng"
    BILINEAR = "bilinear"
    DHT = "dht"


class Format(StrEnum):
    """What is written: HDR AVIF (10-bit HLG), SDR AVIF (10-bit sRGB), Ultra HDR JPEG, sRGB TIFF (16-bit), linear DNG
    for other raw developers, or linear camera RGB as TIFF (32-bit float)."""

    AVIF = "avif"
    SDR_AVIF = "sdr-avif"
    JPEG = "jpeg"
    TIFF = "tiff"
    DNG = "dng"
    LINEAR_TIFF = "linear-tiff"


class Chroma(StrEnum):
    """The AVIF's chroma subsampling: none, or half in both directions."""

    FULL = "444"
    HALF = "420"


class ToneCurve(StrEnum):
    """How the SDR rendition looks: as a camera's JPEG, or as a display shows the HLG picture."""

    STANDARD = "standard"
    NEUTRAL = "neutral"


class LutInput(StrEnum):
    """What a look-up table takes: the SDR picture, or scene light as Fujifilm's cameras encode it for video."""

    SRGB = "srgb"
    F_LOG = "f-log"
    F_LOG2 = "f-log2"
    F_LOG2C = "f-log2c"


class Conflict(StrEnum):
    """What to do where there is a file of the name already."""

    NUMBER = "number"
    SKIP = "skip"
    OVERWRITE = "overwrite"


class MetadataPolicy(StrEnum):
    """What of Exif and XMP goes into a picture: all, all but the place, or nothing."""

    ALL = "all"
    NO_GPS = "no-gps"
    NONE = "none"


class MosaicBalance(StrEnum):
    """How a mosaic is white-balanced before it is demosaiced: with the gains of the shot, or not at all."""

    AS_SHOT = "as-shot"
    NONE = "none"


class Device(StrEnum):
    """Where networks run; ``AUTO`` takes CUDA, then MPS, then the CPU."""

    AUTO = "auto"
    CPU = "cpu"
    CUDA = "cuda"
    MPS = "mps"


NEURAL = DemosaicMethod.NEURAL
# What the names of written files end in.
SUFFIX: Mapping[str, str] = {
    Format.AVIF: ".avif",
    Format.SDR_AVIF: "_sdr.avif",
    Format.JPEG: ".jpg",
    Format.TIFF: ".tif",
    Format.DNG: "_linear.dng",
    Format.LINEAR_TIFF: "_linear.tif",
}
# The quality of formats with losses, 1 to 100, where nothing else is asked for.
QUALITY: Mapping[str, int] = {Format.AVIF: 90, Format.SDR_AVIF: 90, Format.JPEG: 98}
