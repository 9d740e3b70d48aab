"""Ordinary photographs as training material, rid of their own cameras' traces: ``xtdm dataset photos``."""

from __future__ import annotations

import logging
from pathlib import Path

import numpy as np

from xtdm_core.datasets.cfa_trace import trace_limit, trace_score
from xtdm_core.datasets.manifest import MANIFEST, Item, LeftOut, Made, Manifest, Outcome, build
from xtdm_core.datasets.sources import Folder, assign_stems
from xtdm_core.develop.color import srgb_decode, srgb_encode
from xtdm_core.errors import BadOption
from xtdm_core.files import atomic_path
from xtdm_core.frame import F32, U8
from xtdm_core.images import SUFFIXES, area_average, read_srgb8
from xtdm_core.progress import Report, Stage, silent

_log = logging.getLogger(__name__)

AUTO = "auto"
# Tried in turn until the trace is gone: Bayer's is at 2, most of X-Trans's, whose period is 6, at 2 or 3.
_AUTO_FACTORS = (2, 3, 4)
SMALLEST_SIDE = 120  # a training patch, and enough to measure the trace on
_MEASURED_SIDE = 1550  # the middle of larger pictures says as much
_NATIVE = (
    "at factor 1 the pictures keep the trace of their own cameras' demosaicing: a network trained on them learns to "
    "imitate it (0.8 dB were lost in a trial), and may show a 6x6 grid; take 2 or more"
)


def build_photos(source: Path, target: Path, factor: str = AUTO, report: Report = silent) -> Outcome:
    """Writes each picture below ``source`` as an 8-bit sRGB PNG into ``target``, reduced in linear light.

    factor  a whole number from 1, or "auto": for each picture the smallest of 2, 3, 4 that leaves no trace of its
            camera's demosaicing (see ``trace``)
    Eight bits are what the trainer keeps in memory; their rounding, 59 dB, is far below what demosaicing gets wrong.
    Pictures are taken for sRGB whatever their profile says: that dulls or lifts colours, but invents none.
    Names are flattened ("2024/a.jpg" becomes "2024_a.png"). Raises BadOption, WriteFailed.
    """
    if factor != AUTO and not (factor.isdecimal() and int(factor) > 0):
        raise BadOption(f"a factor of {factor!r} makes no sense: give auto, or a whole number from 1")
    if target.resolve().is_relative_to(source.resolve()):
        raise BadOption(f"{target} lies inside {source}, whose pictures are to be read: choose a folder elsewhere")
    folder = Folder(source)
    files = folder.files(SUFFIXES)
    if factor == "1":
        _log.warning(_NATIVE)
    manifest = Manifest(target / MANIFEST, "photos", str(folder), {"factor": factor})
    stems = assign_stems([file.name for file in files], manifest.stems(), flat=True)

    def make(item: Item) -> Made:
        reduced, facts = reduce_photo(source / item.name, factor)
        name = f"{stems[item.name]}.png"
        _write_png(target / name, reduced)
        return Made((name,), facts)

    outcome = build(manifest, Stage.BUILDING_PHOTOS, [Item(file.name, file.stamp) for file in files], make, report)
    traced = sum(not entry["trace_gone"] for entry in manifest.items.values())
    if traced and factor != "1":
        why = "by their cameras' trace or a pattern of their own: see trace_after in the manifest"
        _log.warning("%d of the pictures still repeat every 6 px, %s", traced, why)
    return outcome


def reduce_photo(path: Path, factor: str) -> tuple[U8, dict[str, object]]:
    """A picture file reduced by area averages in linear light: (sRGB u8 [H, W, 3], facts for the manifest).

    factor  as in ``build_photos``
    Raises BadImage, and LeftOut where the result would be smaller than SMALLEST_SIDE.
    """
    srgb = read_srgb8(path)
    factors = _AUTO_FACTORS if factor == AUTO else (int(factor),)
    fitting = [f for f in factors if min(srgb.shape[:2]) // f >= SMALLEST_SIDE]
    if not fitting:
        size = f"{srgb.shape[1]} x {srgb.shape[0]} px"
        raise LeftOut(path, f"is too small ({size}): reduced {factors[0]}x, no side may be below {SMALLEST_SIDE} px")
    lin_rgb = srgb_decode(np.arange(256, dtype=np.float32) / 255)[srgb]
    for chosen in fitting:
        reduced = _encoded(area_average(lin_rgb, chosen))
        score, limit = trace_score(_middle(reduced)), trace_limit(_middle(reduced))
        if score <= limit:
            break
    facts = {
        "factor": chosen,
        "original_size": [srgb.shape[1], srgb.shape[0]],
        "size": [reduced.shape[1], reduced.shape[0]],
        "trace_before": round(trace_score(_middle(srgb)), 5),
        "trace_after": round(score, 5),
        "trace_gone": score <= limit,
    }
    return reduced, facts


def _encoded(lin_rgb: F32) -> U8:
    return np.rint(srgb_encode(lin_rgb) * 255).astype(np.uint8)


def _middle(srgb: U8) -> F32:
    """The middle of a picture, at most _MEASURED_SIDE px a side, as f32 in 0..1."""
    top, left = (max(0, side - _MEASURED_SIDE) // 2 for side in srgb.shape[:2])
    middle = srgb[top : top + _MEASURED_SIDE, left : left + _MEASURED_SIDE].astype(np.float32)
    middle /= 255
    return middle


def _write_png(target: Path, picture: U8) -> None:
    from PIL import Image

    with atomic_path(target, overwrite=True) as partial:
        Image.fromarray(picture).save(partial, format="PNG")
