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
    REST = "rest"


_NAMES = {
    LookGroup.EXPOSURE: ("exposure_ev",),
    LookGroup.WHITE_BALANCE: ("white_balance",),
    LookGroup.ROLL_OFF: ("roll_off",),
    LookGroup.NOISE: ("denoise", "grain"),
}


def names_of(groups: Collection[LookGroup]) -> set[str]:
    """The fields of a look that belong to groups; the rest is what belongs to no other."""
    named = {name for names in _NAMES.values() for name in names}
    rest = set(LOOK_NAMES) - named if LookGroup.REST in groups else set()
    return rest.union(*(_NAMES.get(group, ()) for group in groups))


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
            LookGroup.REST: self.tr("All other settings"),
        }
        layout = QVBoxLayout(self)
        layout.addWidget(QLabel(self.tr("What of the copied settings is pasted:")))
        self.boxes: dict[LookGroup, QCheckBox] = {}
        offered = [group for group in LookGroup if names_of([group])]
        for group in offered:
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
        """The groups that are ticked, and those that are not offered."""
        return {group for group in LookGroup if group not in self.boxes or self.boxes[group].isChecked()}
