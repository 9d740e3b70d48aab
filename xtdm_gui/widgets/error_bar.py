"""Errors as the user sees them: a sentence, and details to copy."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from xtdm_gui.log import details, log_path


class ErrorBar(QFrame):
    """A line that tells the latest error, and of how many, without stopping the work; empty, it is hidden."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._errors: dict[str, str] = {}  # as ``details`` wants them
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setAutoFillBackground(True)
        self.sentence = QLabel()
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.copy = QPushButton(self.tr("Copy details"))
        self.copy.setToolTip(self.tr("Copy all errors shown here, their tracebacks and the versions, for a report"))
        self.copy.clicked.connect(self._copy)
        self.more = QPushButton(self.tr("Show details…"))
        self.more.setToolTip(self.tr("Show what a report needs, and where the log is"))
        self.more.clicked.connect(self._show_details)
        self.dismiss = QToolButton()
        self.dismiss.setText("✕")
        self.dismiss.setAutoRaise(True)
        self.dismiss.setAccessibleName(self.tr("Dismiss"))
        self.dismiss.setToolTip(self.tr("Hide this message"))
        self.dismiss.clicked.connect(self.clear)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 4, 4, 4)
        row.addWidget(self.sentence, 1)
        for button in (self.copy, self.more, self.dismiss):
            row.addWidget(button)
        self.hide()

    @Slot(str)
    def show_error(self, sentence: str, known_as: str = "") -> None:
        """Shows an error; ``known_as`` is how the log calls it, where that is not ``sentence``."""
        self._errors.pop(sentence, None)  # the latest is last
        self._errors[sentence] = known_as or sentence
        more = len(self._errors) - 1
        self._show(self.tr("{0} (and {1} more)").format(sentence, more) if more else sentence)

    @Slot(str)
    def show_notice(self, sentence: str) -> None:
        """Shows what is no error, in place of the errors that are shown."""
        self._errors.clear()
        self._show(sentence)

    def _show(self, words: str) -> None:
        self.sentence.setText(words)
        for button in (self.copy, self.more):
            button.setVisible(bool(self._errors))
        self.show()

    @Slot()
    def clear(self) -> None:
        """Hides it."""
        self._errors.clear()
        self.sentence.clear()
        self.hide()

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(details(self._errors))

    @Slot()
    def _show_details(self) -> None:
        ErrorDialog(self.sentence.text(), self._errors, self.window()).exec()


class ErrorDialog(QDialog):
    """Errors with all that a report of them needs.

    words   what the bar says of them
    errors  as ``details`` wants them
    """

    def __init__(self, words: str, errors: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Error"))
        self.resize(720, 420)
        heading = QLabel(words)
        heading.setTextFormat(Qt.TextFormat.PlainText)
        heading.setWordWrap(True)
        self.text = QPlainTextEdit(details(errors))
        self.text.setReadOnly(True)
        self.text.setAccessibleName(self.tr("Details"))
        self.text.setToolTip(self.tr("What a report needs"))
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        self.copy = self.buttons.addButton(self.tr("Copy details"), QDialogButtonBox.ButtonRole.ActionRole)
        self.copy.clicked.connect(self._copy)
        log = self.buttons.addButton(self.tr("Open the log's folder"), QDialogButtonBox.ButtonRole.ActionRole)
        log.clicked.connect(_open_log_folder)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.addWidget(heading)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.buttons)

    @Slot()
    def _copy(self) -> None:
        QApplication.clipboard().setText(self.text.toPlainText())


def _open_log_folder() -> None:
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(log_path().parent)))
