"""What the window calls the stages of the engine's work."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from xtdm_core.progress import Stage

translate = QCoreApplication.translate


def stage_text(stage: str, subject: str = "") -> str:
    """The text of a ``Stage`` in the window's language, with what it is about; any other word stays as it is."""
    if stage == Stage.DEMOSAICING and subject:
        return translate("stages", "demosaicing with {0}").format(subject)
    return f"{stage_texts().get(stage, stage)} {subject}".rstrip()


def stage_texts() -> dict[str, str]:
    """The texts of all stages."""
    return {
        Stage.CONVERTING: translate("stages", "converting"),
        Stage.LOADING_NETWORK: translate("stages", "loading the network"),
        Stage.READING: translate("stages", "reading"),
        Stage.RECONSTRUCTING_HIGHLIGHTS: translate("stages", "reconstructing highlights"),
        Stage.DEMOSAICING: translate("stages", "demosaicing"),
        Stage.DEMOSAICING_BY_LIBRAW: translate("stages", "demosaicing with LibRaw"),
        Stage.RENDERING: translate("stages", "rendering"),
        Stage.WRITING: translate("stages", "writing"),
        Stage.FINDING_FLAT_AREAS: translate("stages", "looking for flat areas"),
        Stage.FOLDING: translate("stages", "measuring the 6×6 grid"),
        Stage.MEASURING_EDGES: translate("stages", "measuring edges"),
        Stage.MEASURING_SPECTRUM: translate("stages", "measuring the spectrum"),
        Stage.COMPARING: translate("stages", "comparing"),
        Stage.MEASURING_TIME: translate("stages", "measuring the time"),
        Stage.EVALUATING: translate("stages", "evaluating"),
        Stage.EVALUATING_WITH_NOISE: translate("stages", "evaluating with noise"),
        Stage.EVALUATING_PATTERNS: translate("stages", "evaluating on patterns"),
        Stage.EVALUATING_FLAT_FIELDS: translate("stages", "evaluating on flat fields"),
        Stage.EXAMINING: translate("stages", "examining the network"),
        Stage.FETCHING: translate("stages", "fetching"),
        Stage.BUILDING_PHOTOS: translate("stages", "reducing photographs"),
        Stage.BUILDING_RAWS: translate("stages", "working on raw files"),
        Stage.BUILDING_PATTERNS: translate("stages", "drawing hard patterns"),
        Stage.READING_PHOTOS: translate("stages", "reading photographs"),
        Stage.READING_RAWS: translate("stages", "reading raw pictures"),
        Stage.READING_PATTERNS: translate("stages", "reading hard patterns"),
        Stage.DRAWING_PATTERNS: translate("stages", "drawing hard patterns"),
        Stage.TRAINING: translate("stages", "training"),
    }
