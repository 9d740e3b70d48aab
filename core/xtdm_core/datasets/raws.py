"""Raw files as a dataset of reduced, nearly perfect camera RGB: ``xtdm dataset raws``.

Four by four pixels of LibRaw's 3-pass Markesteijn become one, which sheds most of what the demosaicing got wrong.
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.choices import DemosaicMethod, MosaicBalance
from xtdm_core.datasets.manifest import MANIFEST, Item, Made, Manifest, Outcome, build_dataset
from xtdm_core.datasets.readers import META_SUFFIX
from xtdm_core.datasets.remote import open_source
from xtdm_core.datasets.sources import assign_stems
from xtdm_core.demosaicing.libraw import demosaic_libraw
from xtdm_core.errors import BadOption
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, RawFrame
from xtdm_core.images import area_average
from xtdm_core.progress import Report, Stage, silent
from xtdm_core.raw.reader import read_raw
from xtdm_core.xtrans import CANONICAL, align, tile_pattern

FACTOR = 4
ALGORITHM = DemosaicMethod.MARKESTEIJN3
AS_SHOT = MosaicBalance.AS_SHOT
BALANCES: dict[str, str] = {
    AS_SHOT: "demosaiced white-balanced, stored un-balanced",
    MosaicBalance.NONE: "demosaiced and stored un-balanced (v4)",
}


def build_raws(source: str, target: Path, white_balance: str = AS_SHOT, report: Report = silent) -> Outcome:
    """Writes each RAF of ``source`` as ``{stem}.npy`` and ``{stem}_meta.json``, the tree of folders mirrored.

    source         a folder, or ``user@host:path``
    white_balance  a key of BALANCES; what is stored is un-balanced either way
    The arrays are f32 [H/4, W/4, 3], camera RGB in sensor units; see ``raw_truth``.
    Raises BadOption, RemoteUnavailable, WriteFailed.
    """
    if white_balance not in BALANCES:
        raise BadOption(f"there is no white balance {white_balance!r}: choose one of {', '.join(BALANCES)}")
    origin = open_source(source)
    files = {file.name: file for file in origin.files((".raf",))}
    settings = {"white_balance": white_balance, "algorithm": ALGORITHM, "factor": FACTOR}
    manifest = Manifest(target / MANIFEST, "raws", str(origin), settings)
    stems = assign_stems(files, manifest.stems(), flat=False)

    def make(item: Item) -> Made:
        with origin.local(files[item.name], report) as path:
            cam_rgb, meta = raw_truth(path, white_balance)
        names = f"{stems[item.name]}.npy", f"{stems[item.name]}{META_SUFFIX}"
        manifest.begin(*names)
        with atomic_write(target / names[0], overwrite=True) as partial, partial.open("wb") as array:
            np.save(array, cam_rgb, allow_pickle=False)
        with atomic_write(target / names[1], overwrite=True) as partial:
            meta = {"source": item.name, **meta}
            text = json.dumps(meta, indent=1, ensure_ascii=False)
            partial.write_text(text + "\n", encoding="utf-8", errors="surrogateescape")
        return Made(names)

    return build_dataset(manifest, Stage.BUILDING_RAWS, [Item(f.name, f.stamp) for f in files.values()], make, report)


def raw_truth(path: Path, white_balance: str = AS_SHOT) -> tuple[F32, dict[str, Any]]:
    """One raw file by LibRaw's 3-pass, averaged 4x4: (f32 [H/4, W/4, 3], facts for JSON).

    Camera RGB in sensor units (0 black, 1 white), linear, not white-balanced, clipped at neither end, in the
    sensor's orientation. LibRaw's Markesteijn takes for granted that grey is grey: fed without balance ("none") its
    error grows by 4 dB. Raises UnsupportedRaw.
    """
    frame = read_raw(path)
    balanced = frame if white_balance == AS_SHOT else replace(frame, wb=np.ones(3))
    gains = balanced.wb.astype(np.float32)
    mosaic = align(balanced)
    own_gain = tile_pattern(gains[CANONICAL], *mosaic.values.shape)
    # LibRaw cuts off what noise puts below black, which would brighten the shadows: lift it, as a neutral grey.
    lift = np.float32(max(0.0, -float((mosaic.values * own_gain).min())))
    lifted = mosaic.with_values(mosaic.values + lift / own_gain)
    reduced: F32 = (area_average(demosaic_libraw(path, balanced, ALGORITHM, lifted), FACTOR) - lift) / gains
    return reduced, _facts(frame, reduced, white_balance)


def _facts(frame: RawFrame, reduced: F32, white_balance: str) -> dict[str, Any]:
    height, width = frame.mosaic.shape
    return {
        "camera": f"{frame.info.make} {frame.info.model}".strip(),
        "iso": frame.info.iso,
        "algorithm": f"LibRaw {ALGORITHM}, {FACTOR}x{FACTOR} area average",
        "units": "linear camera RGB, (raw - black) / (white - black), not clipped",
        "white_balance": white_balance,
        "balance_convention": BALANCES[white_balance],
        "camera_gains": dict(zip("RGB", map(float, frame.wb), strict=True)),
        "camera_gains_source": frame.wb_source,
        "black_level": [float(frame.black.min()), float(frame.black.max())],
        "white_level": frame.white,
        "original_size": [width, height],
        "size": [reduced.shape[1], reduced.shape[0]],
        "value_range": [float(reduced.min()), float(reduced.max())],
        "dynamic_range": frame.dynamic_range,
        "exposure_bias_ev": frame.exposure_bias,
        "orientation": frame.orientation,
    }
