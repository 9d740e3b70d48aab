"""Draws the program's one SVG as PNG files of the usual sizes."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtGui import QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def render(svg: Path, folder: Path) -> dict[int, Path]:
    """Writes ``folder/SIZExSIZE/apps/STEM.png``, the layout of an icon theme; returns them by size in px."""
    drawing = QSvgRenderer(str(svg))
    if not drawing.isValid():
        raise ValueError(f"{svg} is no SVG that Qt can draw")
    written = {}
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32_Premultiplied)
        image.fill(0)
        painter = QPainter(image)
        drawing.render(painter)
        painter.end()
        written[size] = folder / f"{size}x{size}" / "apps" / f"{svg.stem}.png"
        written[size].parent.mkdir(parents=True, exist_ok=True)
        if not image.save(str(written[size])):
            raise OSError(f"{written[size]} cannot be written")
    return written


if __name__ == "__main__":
    render(Path(sys.argv[1]), Path(sys.argv[2]))
