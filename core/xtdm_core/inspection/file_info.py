"""What there is to say of a raw file, for ``xtdm info``."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from xtdm_core.develop.framing import framed_area
from xtdm_core.develop.highlights import headroom
from xtdm_core.frame import RawFrame
from xtdm_core.raw.hot_pixels import find_defects
from xtdm_core.raw.lens_database import is_there
from xtdm_core.raw.reader import read_raw
from xtdm_core.xtrans import align, phase_offset

# Exif's orientations without mirrors: how the picture is turned to be upright.
_TURNS = {1: "upright", 3: "turned by 180°", 6: "turned by 90° clockwise", 8: "turned by 90° anticlockwise"}
_FRACTIONS_BELOW_S = 0.3


def describe(path: Path) -> dict[str, object]:
    """Names and values in the order of interest, ready for JSON. Raises UnsupportedRaw."""
    frame = read_raw(path)
    height, width = frame.mosaic.shape
    taken = {name: value for name, value in asdict(frame.info).items() if value not in (None, "")}
    return {
        "file": str(path),
        **taken,
        "visible_px": [width, height],
        "raw_px": [frame.raw_size[1], frame.raw_size[0]],
        "margins_px": {"top": frame.margins[0], "left": frame.margins[1]},
        "orientation": frame.orientation,
        "framed_px": framed_area(frame.info, height, width),
        "lens_errors": _lens_errors(frame),
        "cfa": ["".join("RGB"[colour] for colour in row) for row in frame.cfa],
        "cfa_phase": dict(zip(("row", "column"), phase_offset(frame.cfa), strict=True)),
        "black_level": [float(frame.black.min()), float(frame.black.max())],
        "white_level": frame.white,
        "saturation": dict(zip("RGB", map(float, frame.saturation), strict=True)),
        "white_balance": dict(zip("RGB", map(float, frame.wb), strict=True)),
        "white_balance_source": frame.wb_source,
        "exposure_bias_ev": frame.effective_bias,
        "exposure_bias_source": "assumed, the file states none" if frame.exposure_bias is None else "file",
        "dynamic_range": frame.dynamic_range,
        "headroom": asdict(headroom(align(frame))),
        "hot_and_dead_photosites": int(find_defects(frame)[0].size),
    }


def as_text(facts: Mapping[str, Any]) -> str:
    """What ``describe`` found, in words and units: a line for each."""
    lines = {name: words for name, words in _lines(facts) if words}
    width = max(map(len, lines))
    return "\n".join(f"{name:{width}}  {words}" for name, words in lines.items())


def _lines(facts: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    margins, phase, (darkest, brightest) = facts["margins_px"], facts["cfa_phase"], facts["black_level"]
    yield "file", facts["file"]
    yield "camera", " ".join(facts[name] for name in ("make", "model") if name in facts)
    yield "lens", facts.get("lens", "")
    yield "exposure", _exposure(facts)
    yield "film mode", facts.get("film_mode", "")
    yield "taken at", facts.get("taken_at", "").replace(":", "-", 2)
    yield "visible area", _size(facts["visible_px"])
    yield (
        "whole sensor",
        f"{_size(facts['raw_px'])}, margins {margins['top']} px above, {margins['left']} px to the left",
    )
    yield "framing", _framing(facts)
    yield "lens errors", _lens_words(facts["lens_errors"])
    yield "orientation", _TURNS.get(facts["orientation"], f"Exif {facts['orientation']}")
    yield "colour filters", "  ".join(facts["cfa"])
    yield "their phase", f"row {phase['row']}, column {phase['column']}"
    yield "black level", f"{darkest:.0f}" if darkest == brightest else f"{darkest:.0f} to {brightest:.0f}"
    yield "white level", f"{facts['white_level']:.0f}"
    shares = ", ".join(f"{channel} {100 * share:.2f} %" for channel, share in facts["saturation"].items())
    yield "saturation", f"{shares} of the way from black to white"
    gains = ", ".join(f"{channel} {gain:.3f}" for channel, gain in facts["white_balance"].items())
    yield "white balance", f"{gains} ({facts['white_balance_source']})"
    source = "stated by the file" if facts["exposure_bias_source"] == "file" else facts["exposure_bias_source"]
    yield "exposure bias", f"{facts['exposure_bias_ev']:.2f} EV ({source})"
    yield "dynamic range", facts["dynamic_range"]
    yield "clipped", _by_channel(facts["headroom"]["clipped_percent"], "{:.2f} %")
    yield (
        "headroom",
        f"{_by_channel(facts['headroom']['headroom_ev'], '{:.2f} EV')} (from the brightest 0.1 % to saturation)",
    )
    yield "hot and dead", f"{facts['hot_and_dead_photosites']} photosites"


def _lens_errors(frame: RawFrame) -> dict[str, object] | None:
    """The largest errors of the lens in the picture, and who knows them; None where nobody does."""
    tables = frame.lens
    if tables is None:
        return None
    half = math.hypot(*frame.mosaic.shape) / 2
    curves = {"distortion_percent": tables.distortion, "light_at_corner_percent": tables.vignetting}
    found = {name: round(float(np.interp(half / c.radius, c.knots, c.values)), 2) for name, c in curves.items() if c}
    fringes = [half * max(map(abs, curve.values)) for curve in (tables.red, tables.blue) if curve]
    return {"source": tables.source, **found, **({"fringes_px": round(max(fringes), 2)} if fringes else {})}


def _lens_words(errors: Mapping[str, Any] | None) -> str:
    if errors is None:
        return "unknown: the file says nothing of them" + ("" if is_there() else ", and lensfunpy is not installed")
    parts = (
        ("distortion_percent", "{:+.1f} % at the corner"),
        ("fringes_px", "colour fringes up to {:.1f} px"),
        ("light_at_corner_percent", "{:.0f} % of the light at the corner"),
    )
    told = [form.format(errors[name]) for name, form in parts if name in errors]
    source = "by the file" if errors["source"] == "file" else f"by {errors['source']}"
    return f"{', '.join(told) or 'none that make sense'} ({source})"


def _framing(facts: Mapping[str, Any]) -> str:
    """What of the picture the photographer saw, where that is not all of it."""
    if facts["framed_px"] is None:
        return ""
    how = [f"{facts['aspect'][0]}:{facts['aspect'][1]}"] if "aspect" in facts else []
    how += [f"enlarged {facts['digital_zoom']:g} times"] if "digital_zoom" in facts else []
    _, _, height, width = facts["framed_px"]
    return f"{', '.join(how)} in the camera: the middle {_size((width, height))}"


def _exposure(facts: Mapping[str, Any]) -> str:
    seconds = facts.get("exposure_s")
    parts = (
        shutter(seconds) if seconds else "",
        f"f/{facts['f_number']:g}" if "f_number" in facts else "",
        f"ISO {facts['iso']}" if "iso" in facts else "",
        f"{facts['focal_mm']:g} mm" if "focal_mm" in facts else "",
    )
    return ", ".join(filter(None, parts))


def shutter(seconds: float) -> str:
    """An exposure time as cameras write it."""
    return f"{seconds:g} s" if seconds >= _FRACTIONS_BELOW_S else f"1/{1 / seconds:.0f} s"


def _size(pixels: Sequence[int]) -> str:
    width, height = pixels
    return f"{width} × {height} px"


def _by_channel(values: Sequence[float], form: str) -> str:
    return ", ".join(f"{channel} {form.format(value)}" for channel, value in zip("RGB", values, strict=True))
