"""What the window asks: for a folder, for a file, whether to stop what runs or to go on with what was interrupted."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from xtdm_core.raw.files import RAW_SUFFIXES
from xtdm_gui.formatting import counted

translate = QCoreApplication.translate


def ask_folder(window: QWidget, before: Path | None) -> Path | None:
    """A folder of raw files, None where the user changed their mind; ``before`` is where to begin."""
    title = translate("MainWindow", "Open a folder of raw files")
    folder = QFileDialog.getExistingDirectory(window, title, str(before or ""))
    return Path(folder) if folder else None


def ask_raw_file(window: QWidget, before: Path | None) -> Path | None:
    """A raw file, None where the user changed their mind; ``before`` is the folder to begin in."""
    suffixes = " ".join(f"*{suffix} *{suffix.upper()}" for suffix in RAW_SUFFIXES)
    kinds = translate("MainWindow", "Raw files ({0})").format(suffixes)
    file, _ = QFileDialog.getOpenFileName(window, translate("MainWindow", "Open a raw file"), str(before or ""), kinds)
    return Path(file) if file else None


def may_stop_export(window: QWidget) -> bool:
    """Whether the user wants to quit although files are still to be written."""
    question = translate(
        "MainWindow",
        "Files are still being exported. Stop and quit?\nWhat is written stays; nothing is left half-written.",
    )
    return _agrees(window, translate("MainWindow", "Export is running"), question)


def may_stop_training(window: QWidget) -> bool:
    """Whether the user wants to quit although a network is being trained, or a data set built."""
    question = translate(
        "MainWindow",
        "A network is being trained, or a data set built. Stop and quit?\n"
        "What is done is saved and can be continued later.",
    )
    return _agrees(window, translate("MainWindow", "Training is running"), question)


def may_finish_export(window: QWidget, count: int) -> bool:
    """Whether the user wants the files written that a window was killed before; Escape means no."""
    one = translate("MainWindow", "An export was interrupted: one file is missing. Write it now?")
    several = translate("MainWindow", "An export was interrupted: {0} files are missing. Write them now?")
    title, question = translate("MainWindow", "Interrupted export"), counted(count, one, several)
    box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=window)
    go_on = box.addButton(translate("MainWindow", "Go on"), QMessageBox.ButtonRole.AcceptRole)
    box.setEscapeButton(box.addButton(translate("MainWindow", "Leave them out"), QMessageBox.ButtonRole.RejectRole))
    box.setDefaultButton(go_on)
    box.exec()
    box.deleteLater()
    return box.clickedButton() is go_on


def _agrees(window: QWidget, title: str, question: str) -> bool:
    """Asks; Enter and Escape keep what runs."""
    box = QMessageBox(QMessageBox.Icon.Question, title, question, parent=window)
    stop = box.addButton(translate("MainWindow", "Stop and quit"), QMessageBox.ButtonRole.DestructiveRole)
    keep = box.addButton(translate("MainWindow", "Keep running"), QMessageBox.ButtonRole.RejectRole)
    box.setDefaultButton(keep)
    box.setEscapeButton(keep)
    box.exec()
    box.deleteLater()
    return box.clickedButton() is stop
