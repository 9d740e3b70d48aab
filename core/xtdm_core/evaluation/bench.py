"""Time and memory of the network and of LibRaw's 3-pass, in turn, on the same files: ``xtdm bench``.

Every measurement runs in a process of its own, so that its peak memory is its own. Timed are, on a file that is
read already: align + network + crop, and LibRaw's whole postprocess to linear camera RGB.
"""

from __future__ import annotations

import multiprocessing
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from xtdm_core.choices import NEURAL, DemosaicMethod
from xtdm_core.errors import BadOption
from xtdm_core.progress import Progress, Report, Stage, silent

# Width and height of 3:2 frames, multiples of 6.
_SIZES = {16: (4896, 3264), 24: (6000, 4002), 26: (6240, 4158), 40: (7728, 5154)}
_METHODS = (NEURAL, DemosaicMethod.MARKESTEIJN3)


@dataclass(frozen=True, slots=True)
class Row:
    """One size: medians over the rounds; memory beyond what the process held before, in GiB."""

    megapixels: float
    network_s: float
    libraw_s: float
    ratio: float
    network_gib: float
    libraw_gib: float

    def as_dict(self) -> dict[str, float]:
        """For JSON."""
        return asdict(self)

    def as_text(self) -> str:
        """A line for people."""
        per_mp = self.network_s / self.megapixels, self.libraw_s / self.megapixels
        return (
            f"{self.megapixels:5.1f} MP   network {self.network_s:6.2f} s ({per_mp[0]:.3f} s/MP, "
            f"{self.network_gib:.2f} GiB)   LibRaw 3-pass {self.libraw_s:6.2f} s ({per_mp[1]:.3f} s/MP, "
            f"{self.libraw_gib:.2f} GiB)   ratio {self.ratio:.2f}"
        )


def run_bench(sizes: str, rounds: int, weights: Path | None, device: str, report: Report = silent) -> list[Row]:
    """Measures every size ("16,24,26,40"), network and LibRaw in turn. Raises BadOption, BadWeights."""
    try:
        wanted = [int(size) for size in sizes.split(",")]
        frames = [_SIZES[size] for size in wanted]
    except (ValueError, KeyError):
        known = ", ".join(map(str, _SIZES))
        raise BadOption(f"there is no benchmark of size {sizes!r}: choose from {known}, with commas") from None
    rows = []
    total = len(frames) * rounds * len(_METHODS)
    with tempfile.TemporaryDirectory() as scratch:
        for number, (width, height) in enumerate(frames):
            path = Path(scratch) / "bench.RAF"
            _write_frame(path, width, height)
            figures: dict[str, list[tuple[float, float]]] = {method: [] for method in _METHODS}
            for i in range(rounds * len(_METHODS)):
                report(Progress(Stage.MEASURING_TIME, number * rounds * len(_METHODS) + i, total))
                method = _METHODS[i % len(_METHODS)]
                figures[method].append(_in_own_process(_measure, path, method, weights, device))
            rows.append(_row(width * height / 1e6, figures))
    report(Progress(Stage.MEASURING_TIME, total, total))
    return rows


def _row(megapixels: float, figures: dict[str, list[tuple[float, float]]]) -> Row:
    seconds = {method: [s for s, _ in figures[method]] for method in _METHODS}
    memory = {method: max(gib for _, gib in figures[method]) for method in _METHODS}
    # The machine's speed drifts: each network run is held against the LibRaw run beside it.
    network, classic = (seconds[method] for method in _METHODS)
    ratio = statistics.median(n / c for n, c in zip(network, classic, strict=True))
    medians = statistics.median(network), statistics.median(classic)
    return Row(megapixels, *medians, ratio, *(memory[method] for method in _METHODS))


def _write_frame(path: Path, width: int, height: int) -> None:
    """A frame of the size, tiled from the sample photograph."""
    from xtdm_core.assets import asset
    from xtdm_core.raw.reader import read_raw
    from xtdm_core.simulation.camera import write_raf

    frame = read_raw(asset("sample.RAF"))
    repeats = [-(-side // own) for side, own in zip((height, width), frame.mosaic.shape, strict=True)]
    mosaic = np.ascontiguousarray(np.tile(frame.mosaic, repeats)[:height, :width])
    write_raf(path, replace(frame, mosaic=mosaic, raw_size=mosaic.shape))


def _measure(path: Path, method: str, weights: Path | None, device: str) -> tuple[float, float]:
    """(seconds, GiB of peak memory beyond what was held before) of one demosaicing."""
    from xtdm_core.demosaicing.libraw import postprocess
    from xtdm_core.demosaicing.network import Demosaicer
    from xtdm_core.raw.reader import open_raw, read_raw
    from xtdm_core.xtrans import align

    frame = read_raw(path)
    if method == NEURAL:
        demosaicer = Demosaicer.load(weights, device)
        demosaicer(align(replace(frame, mosaic=frame.mosaic[:600, :600])))  # warms up
        before = _peak_gib()
        started = time.perf_counter()
        demosaicer(align(frame))
        return time.perf_counter() - started, _peak_gib() - before
    with open_raw(path, path.read_bytes()) as raw:
        raw.raw_image.max()  # unpacks it
        before = _peak_gib()
        started = time.perf_counter()
        postprocess(raw, frame, method)
        return time.perf_counter() - started, _peak_gib() - before


def _peak_gib() -> float:
    """The largest resident size of this process so far."""
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2 ** (30 if sys.platform == "darwin" else 20)


def _in_own_process(work: Callable[..., tuple[float, float]], *arguments: object) -> tuple[float, float]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)
