"""Which of the copied settings are pasted."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, replace
from enum import StrEnum

from PySide6.QtWidgets import QCheckBox, QDialog, QDialogButtonBox, QLabel, QVBoxLayout, QWidget

from xtdm_core.develop.tone import Look

LOOK_NAMES = tuple(field.name for field in fields(Look))


class LookGroup(StrEnum):
    """Settings that are chosen together."""

    EXPOSURE = "exposure"
    WHITE_BALANCE = "white balance"
    ROLL_OFF = "roll-off"
    NOISE = "noise"
    TONES = "tones"
    TABLE = "look-up table"
    LENS = "lens"
    FRAMING = "framing"


_NAMES = {
    LookGroup.EXPOSURE: ("exposure_ev",),
    LookGroup.WHITE_BALANCE: ("white_balance",),
    LookGroup.ROLL_OFF: ("roll_off",),
    LookGroup.NOISE: ("denoise", "grain"),
    LookGroup.TONES: (
        "tone_curve",
        "contrast",
        "local_contrast",
        "highlights",
        "shadows",
        "black",
        "saturation",
        "vibrance",
    ),
    LookGroup.TABLE: ("lut", "lut_digest", "lut_input", "lut_strength"),
    LookGroup.LENS: ("lens_distortion", "lens_aberration", "lens_vignetting"),
    LookGroup.FRAMING: ("crop", "straighten", "rotate", "flip"),
}


def names_of(groups: Collection[LookGroup]) -> set[str]:
    """The fields of a look that belong to groups."""
    return {name for group in groups for name in _NAMES[group]}


def pasted(look: Look, copied: Look, names: Collection[str]) -> Look:
    """Return ``look`` with those fields of ``copied``."""
    return replace(look, **{name: getattr(copied, name) for name in names})


class PasteDialog(QDialog):
    """A box to tick for each group; ``chosen()`` are those that are ticked."""

    def __init__(self, groups: Collection[LookGroup], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Paste settings"))
        texts = {
            LookGroup.EXPOSURE: self.tr("Exposure"),
            LookGroup.WHITE_BALANCE: self.tr("White balance"),
            LookGroup.ROLL_OFF: self.tr("Highlight roll-off"),
            LookGroup.NOISE: self.tr("Denoise and grain"),
            LookGroup.TONES: self.tr("Tones and saturation"),
            LookGroup.TABLE: self.tr("Look-up table"),
            LookGroup.LENS: self.tr("Lens"),
            LookGroup.FRAMING: self.tr("Crop and turns"),
        }
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(self.tr("What of the copied settings is pasted:")))
        self.boxes: dict[LookGroup, QCheckBox] = {}
        for group in LookGroup:
            box = self.boxes[group] = QCheckBox(texts[group])
            box.setAccessibleName(texts[group])
            box.setToolTip(self.tr("Paste: {0}").format(texts[group]))
            box.setChecked(group in groups)
            layout.addWidget(box)
        choices = QDialogButtonBox.StandardButton
        buttons = QDialogButtonBox(choices.Cancel)
        buttons.addButton(self.tr("Paste"), QDialogButtonBox.ButtonRole.AcceptRole)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        layout.addWidget(buttons)

    def chosen(self) -> set[LookGroup]:
        """The groups that are ticked."""
        return {group for group, box in self.boxes.items() if box.isChecked()}
