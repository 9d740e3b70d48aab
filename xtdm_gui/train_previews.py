"""What the network in training makes of pictures set aside: the latest crops, and all of them enlarged."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QSlider, QVBoxLayout, QWidget

Previews = list[tuple[int, Path]]
_HEIGHT = 150


class PreviewThumb(QWidget):
    """The latest preview, made smaller where there is no room. clicked() asks to see it larger."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pixmap = QPixmap()
        self.setAccessibleName(self.tr("Validation crops"))
        self.setToolTip(self.tr("Pictures set aside: the truth above, the network below. Click to enlarge."))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_file(self, path: Path) -> None:
        """Shows a preview; a file that cannot be read leaves the last one."""
        pixmap = QPixmap(str(path))
        if not pixmap.isNull():
            self.pixmap = pixmap
            self.updateGeometry()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, _HEIGHT)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        if self.pixmap.isNull():
            return _HEIGHT
        return round(self.pixmap.height() * min(1.0, width / self.pixmap.width()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        if self.pixmap.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        size = self.pixmap.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        if size.width() > self.pixmap.width():
            size = self.pixmap.size()
        painter.drawPixmap(0, 0, size.width(), size.height(), self.pixmap)


class PreviewDialog(QDialog):
    """All previews of a run, pixel by pixel, with a slider through the steps."""

    def __init__(self, previews: Previews, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(self.tr("Validation crops"))
        self._previews = previews
        self.picture = QLabel()
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.picture.setAccessibleName(self.tr("Validation crops, enlarged"))
        area = QScrollArea()
        area.setWidget(self.picture)
        area.setWidgetResizable(True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setRange(0, len(previews) - 1)
        self.slider.setAccessibleName(self.tr("Step"))
        self.slider.setToolTip(self.tr("Earlier and later in the training; the arrow keys go one by one"))
        self.slider.valueChanged.connect(self._show)
        self.words = QLabel()
        row = QHBoxLayout()
        row.addWidget(self.words)
        row.addWidget(self.slider, 1)
        layout = QVBoxLayout(self)
        layout.addWidget(area, 1)
        layout.addLayout(row)
        self.slider.setValue(len(previews) - 1)
        self._show(self.slider.value())
        self.resize(self.picture.sizeHint() + QSize(60, 90))
        self.slider.setFocus()

    @Slot(int)
    def _show(self, index: int) -> None:
        step, path = self._previews[index]
        self.picture.setPixmap(QPixmap(str(path)))
        self.words.setText(self.tr("Step {0:,}: truth above, network below").format(step))
