"""The verdict on a frame's grid, in a sentence."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from xtdm_core.inspection.verdict import GridVerdict, Maker
from xtdm_gui.formatting import number

translate = QCoreApplication.translate


def verdict_text(verdict: GridVerdict) -> str:
    """What ``xtdm inspect`` says, in the window's language, with the confidence."""
    sure = translate("verdict", "({0} % sure)").format(number(verdict.confidence_percent, 1))
    return f"{_sentence(verdict)} {sure}"


def _sentence(verdict: GridVerdict) -> str:
    sensor, demosaicing = number(verdict.sensor_codes, 2), number(verdict.demosaicing_codes, 2)
    match verdict.maker:
        case Maker.NOBODY:
            limit = number(verdict.limit_codes, 2)
            words = translate("verdict", "no grid: one of {0} codes or more would show in the flat areas")
            return words.format(limit)
        case Maker.SENSOR:
            return translate("verdict", "a grid, made by the sensor: {0} codes in flat areas").format(sensor)
        case Maker.DEMOSAICING:
            return translate("verdict", "a grid, made by the demosaicing: {0} codes in flat areas").format(demosaicing)
        case Maker.BOTH:
            words = translate(
                "verdict", "a grid, made by the sensor and by the demosaicing: {0} and {1} codes in flat areas"
            )
            return words.format(sensor, demosaicing)
    return translate("verdict", "too little of the picture is flat to tell whether there is a grid")
