"""What there is to say of a raw file, for ``xtdm info``."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

from xtdm_core.color import dynamic_range, effective_bias
from xtdm_core.highlights import headroom
from xtdm_core.raf import read_raw
from xtdm_core.xtrans import align, phase_offset


def describe(path: Path) -> dict[str, object]:
    """Names and values in the order of interest, ready for JSON. Raises UnsupportedRaw."""
    frame = read_raw(path)
    height, width = frame.mosaic.shape
    bias, stated = effective_bias(frame)
    taken = {name: value for name, value in asdict(frame.info).items() if value not in (None, "")}
    return {
        "file": str(path),
        **taken,
        "visible_px": [width, height],
        "raw_px": [frame.raw_size[1], frame.raw_size[0]],
        "margins_px": {"top": frame.margins[0], "left": frame.margins[1]},
        "orientation": frame.orientation,
        "cfa": ["".join("RGB"[colour] for colour in row) for row in frame.cfa],
        "cfa_phase": dict(zip(("row", "column"), phase_offset(frame.cfa), strict=True)),
        "black_level": [float(frame.black.min()), float(frame.black.max())],
        "white_level": frame.white,
        "white_balance": dict(zip("RGB", map(float, frame.wb), strict=True)),
        "white_balance_source": frame.wb_source,
        "exposure_bias_ev": bias,
        "exposure_bias_source": "file" if stated else "assumed, the file states none",
        "dynamic_range": dynamic_range(frame),
        "headroom": asdict(headroom(align(frame))),
    }
