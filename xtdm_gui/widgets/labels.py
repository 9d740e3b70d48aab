"""Labels whose text gives way where room is short."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy


class ElidedLabel(QLabel):
    """A line of text that gives way, mostly in the middle, where room is short; its tooltip has all of it."""

    def __init__(self, words: str = "", elide: Qt.TextElideMode = Qt.TextElideMode.ElideMiddle) -> None:
        super().__init__()
        self._words, self._mode = "", elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.set_words(words)

    def set_words(self, words: str) -> None:
        self._words = words
        self.setToolTip(words)
        self._elide()

    def words(self) -> str:
        return self._words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._elide()

    def _elide(self) -> None:
        self.setText(self.fontMetrics().elidedText(self._words, self._mode, max(20, self.contentsRect().width())))


class WrappedLabel(ElidedLabel):
    """Text on as many lines as it needs; only a word that is longer than a line gives way."""

    def __init__(self, words: str = "") -> None:
        super().__init__(words)
        self.setWordWrap(True)

    def _elide(self) -> None:
        metrics, room = self.fontMetrics(), max(20, self.contentsRect().width())
        self.setText(" ".join(metrics.elidedText(word, self._mode, room) for word in self._words.split()))
