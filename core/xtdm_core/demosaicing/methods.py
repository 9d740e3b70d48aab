"""Ways to demosaic, under one name each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xtdm_core.assets import shipped_networks
from xtdm_core.choices import DemosaicMethod
from xtdm_core.demosaicing.libraw import ALGORITHMS, demosaic_libraw, resolve_algorithm
from xtdm_core.demosaicing.network import Demosaicer, Denoising
from xtdm_core.errors import BadOption
from xtdm_core.frame import F32, AlignedMosaic, RawFrame
from xtdm_core.xtrans import align

REFERENCE = DemosaicMethod.MARKESTEIJN3
CHECKPOINT_SUFFIXES = (".safetensors", ".pt", ".pth", ".ckpt")


@dataclass(frozen=True, slots=True)
class Method:
    """A network, or one of LibRaw's algorithms.

    name        what tables call it
    demosaicer  the network; None for LibRaw, whose algorithm is ``algorithm``
    strength    factor on the noise that a network is told, where the frame tells of any
    """

    name: str
    demosaicer: Demosaicer | None = None
    algorithm: str = ""
    strength: float = 1.0

    def __call__(self, raf: Path, frame: RawFrame, mosaic: AlignedMosaic | None = None) -> F32:
        """Camera RGB f32 [H, W, 3] of the file ``raf``, read as ``frame``: white-balanced, sensor units, unclipped.

        mosaic  values to use instead of the file's
        Raises UnsupportedRaw, OutOfMemory.
        """
        if self.demosaicer is None:
            return demosaic_libraw(raf, frame, self.algorithm or self.name, mosaic)
        return self.demosaicer(align(frame) if mosaic is None else mosaic, denoising=Denoising(self.strength))

    def finish(self, cam_rgb: F32, frame: RawFrame) -> F32:  # noqa: ARG002 (for others that need it)
        """What is done to a cut of the result f32 [h, w, 3] afterwards: nothing."""
        return cam_rgb


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


def with_wrong_noise(methods: Sequence[Method]) -> list[Method]:
    """The networks that take noise, given 0.7 and 1.4 times of it."""
    told = [method for method in methods if method.demosaicer and method.demosaicer.takes_noise]
    return [replace(method, name=f"{method.name}, told x {s:g}", strength=s) for method in told for s in (0.7, 1.4)]


def libraw_methods() -> list[Method]:
    """All that LibRaw has for X-Trans."""
    return [Method(name) for name in ALGORITHMS]


def _place(name: str) -> Path | str:
    """The checkpoint's file, or the true name of LibRaw's algorithm."""
    if Path(name).suffix.lower() in CHECKPOINT_SUFFIXES or Path(name).is_file():
        return Path(name).resolve()
    shipped = shipped_networks()
    if name in shipped:
        return shipped[name].resolve()
    try:
        return resolve_algorithm(name)
    except BadOption:
        known = f"a checkpoint file, a shipped network ({', '.join(shipped)}) or one of {', '.join(ALGORITHMS)}"
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
