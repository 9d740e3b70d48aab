"""What measurements share: ways to demosaic under one name each, pictures of known truth to try them on, marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from xtdm_core.artifacts import WINDOW, local_fold_rms
from xtdm_core.assets import asset
from xtdm_core.classic import ALGORITHMS, demosaic_classic, true_name
from xtdm_core.color import srgb_decode, srgb_encode
from xtdm_core.data.images import read_srgb8
from xtdm_core.demosaic import DEFAULT_WEIGHTS, Demosaicer
from xtdm_core.errors import BadImage, BadOption
from xtdm_core.frame import F32, AlignedMosaic, RawFrame
from xtdm_core.metrics import psnr_srgb, ssim_srgb
from xtdm_core.raf import read_raw
from xtdm_core.simulate import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import align

REFERENCE = "markesteijn3"
DEFAULT = Path(DEFAULT_WEIGHTS).stem
# Nothing is scored nearer than this to where the truth ends.
BORDER = 12
_SMALLEST_TRUTH = 2 * BORDER + WINDOW
# LibRaw's Markesteijn fails below about 576 px a side.
_SMALLEST_SIDE = 600
_SUFFIXES = (".safetensors", ".pt", ".pth", ".ckpt")


@dataclass(frozen=True, slots=True)
class Method:
    """A network, or one of LibRaw's algorithms.

    name        what tables call it
    demosaicer  the network; None for LibRaw, whose algorithm is ``name``
    """

    name: str
    demosaicer: Demosaicer | None = None

    def __call__(self, raf: Path, frame: RawFrame, mosaic: AlignedMosaic | None = None) -> F32:
        """Camera RGB f32 [H, W, 3] of the file ``raf``, read as ``frame``: white-balanced, sensor units, unclipped.

        mosaic  values to use instead of the file's
        Raises UnsupportedRaw, OutOfMemory.
        """
        if self.demosaicer is None:
            return demosaic_classic(raf, frame, self.name, mosaic)
        return self.demosaicer(align(frame) if mosaic is None else mosaic)


@dataclass(frozen=True, slots=True)
class Marks:
    """PSNR and SSIM in sRGB, and the local 6x6 amplitude of the error in 8-bit codes."""

    psnr_db: float
    ssim: float
    grid_codes: float


def find_methods(asked: Sequence[str | Path], device: str = "auto", input_wb: str | None = None) -> list[Method]:
    """Loads what the user names: LibRaw's algorithms, checkpoint files, or shipped networks such as "fast".

    Networks are called after their files, with as many folders in front as it takes to tell them apart.
    input_wb  "as-shot" or "none", for the foreign files among them; those of this program say it themselves
    Raises BadOption for a name that is none of these, BadWeights, DeviceUnavailable.
    """
    places = [_place(str(name)) for name in asked]
    files = [place for place in places if isinstance(place, Path)]
    return [
        Method(_short_name(place, files), Demosaicer.load(place, device, _unstated(place, input_wb)))
        if isinstance(place, Path)
        else Method(place)
        for place in places
    ]


def libraw_methods() -> list[Method]:
    """All that LibRaw has for X-Trans."""
    return [Method(name) for name in ALGORITHMS]


def _place(name: str) -> Path | str:
    """The checkpoint's file, or the true name of LibRaw's algorithm."""
    if Path(name).suffix.lower() in _SUFFIXES or Path(name).is_file():
        return Path(name).resolve()
    try:
        return asset(f"weights/{name}.safetensors").resolve()
    except FileNotFoundError:
        pass
    try:
        return true_name(name)
    except BadOption:
        shipped = ", ".join(sorted(path.stem for path in asset("weights").glob("*.safetensors")))
        known = f"a checkpoint file, a shipped network ({shipped}) or one of {', '.join(ALGORITHMS)}"
        raise BadOption(f"there is no network or algorithm {name!r}: give {known}") from None


def _unstated(path: Path, input_wb: str | None) -> str | None:
    return None if path.suffix.lower() == ".safetensors" else input_wb


def _short_name(path: Path, files: Sequence[Path]) -> str:
    parts = path.with_suffix("").parts
    rivals = [other.with_suffix("").parts for other in files if other != path]
    for length in range(1, len(parts)):
        if all(rival[-length:] != parts[-length:] for rival in rivals):
            return "/".join(parts[-length:])
    return path.name


def read_truth(path: Path) -> F32:
    """An ordinary picture as linear RGB f32 [H, W, 3]. Raises BadImage, also for pictures too small to score."""
    lin_rgb = srgb_decode(read_srgb8(path).astype(np.float32) / 255)
    if min(lin_rgb.shape[:2]) < _SMALLEST_TRUTH:
        raise BadImage(path, f"is too small to be scored: give a picture of at least {_SMALLEST_TRUTH} px a side")
    return lin_rgb


def shoot(lin_rgb: F32, raf: Path, noise: tuple[float, float] = (0.0, 0.0), seed: int = 0) -> RawFrame:
    """Writes linear camera RGB f32 [H, W, 3], white-balanced, 1 = white level, as a RAF, and reads it back.

    Mirrored to at least 600 px a side, divided by the gains 1.95 / 1 / 1.65, with noise of variance a x + b^2 in
    sensor units, mosaiced and quantised to 14 bits.
    """
    padding = [(0, max(0, _SMALLEST_SIDE - side)) for side in lin_rgb.shape[:2]]
    mirrored = np.pad(lin_rgb, [*padding, (0, 0)], mode="reflect")
    write_raf(raf, simulate_frame(mirrored, SensorModel(noise=noise, seed=seed)))
    return read_raw(raf)


def inside(cam_rgb: F32, height: int, width: int) -> F32:
    """What is scored of the first ``height`` x ``width`` px: all but a border of 12 px, a view."""
    return cam_rgb[BORDER : height - BORDER, BORDER : width - BORDER]


def marks(lin_seen: F32, lin_truth: F32) -> Marks:
    """The marks of linear RGB f32 [H, W, 3] against the truth, both clipped to 0..1; at least 48 px a side."""
    seen = np.clip(lin_seen, 0, 1)
    codes = (srgb_encode(seen) - srgb_encode(lin_truth)) * 255
    return Marks(psnr_srgb(seen, lin_truth), ssim_srgb(seen, lin_truth), local_fold_rms(codes))
