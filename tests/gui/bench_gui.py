"""How quick the window is, against what is asked of it: ``make bench-gui``, a few minutes.

It makes its own folder of 1,000 raw files of 24 MP. Times on the clock grow with whatever else runs; "own" is the time
that the window's thread itself spent on a processor, which does not.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

if not os.environ.get("DISPLAY") and not os.environ.get("WAYLAND_DISPLAY"):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.gui.bench_filmstrip import make_folder
from tests.gui.measuring import Probe, first_paint, painted, spin, wait
from xtdm_core.develop.tone import Look
from xtdm_gui.filmstrip.model import Role, SortKey
from xtdm_gui.filmstrip.thumbnail_cache import ThumbnailCache
from xtdm_gui.pictures.current_network import CurrentNetwork
from xtdm_gui.pictures.engine import PictureEngine
from xtdm_gui.theme import apply_theme
from xtdm_gui.viewer.painting import Mode
from xtdm_gui.viewer.viewer import Viewer
from xtdm_gui.window.main_window import MainWindow

_MANY = 5000
_REPEATED = 7, 10  # 4200 x 6000 px: 25 MP
_STARTS, _STEPS, _LOOKS = 5, 25, 15
_NEXT = Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the table; ``limit_ms`` None where nothing is asked, ``note`` what else is to be known."""

    what: str
    limit_ms: float | None
    ms: float
    note: str = ""

    def __str__(self) -> str:
        asked = "" if self.limit_ms is None else f"< {self.limit_ms:.0f}"
        over = "" if self.limit_ms is None or self.ms < self.limit_ms else "over"
        return f"{self.what:58} {asked:>8} {self.ms:8.0f}  {over:4}  {os.getloadavg()[0]:5.1f}  {self.note}"


def starts(home: Path) -> list[Row]:
    """The program's start until everything is painted."""
    runs = [first_paint(home) for _ in range(_STARTS)]
    seconds, own = (sorted(run[i] for run in runs)[_STARTS // 2] for i in (0, 1))
    loaded = "torch is loaded" if any(run[2] for run in runs) else "torch is not loaded"
    note = f"median of {_STARTS}, worst {1000 * max(run[0] for run in runs):.0f}, own {1000 * own:.0f}; {loaded}"
    return [Row("start of the program to the first paint", 1500, 1000 * seconds, note)]


def opening(window: MainWindow, folder: Path) -> list[Row]:
    """A folder of 1,000 raw files that no cache knows, in the whole window, which opens the first one meanwhile."""
    strip, viewer = window.parts.filmstrip, window.parts.viewer
    canvas, cells = viewer.comparison.canvases[0], strip.view.viewport()

    def thumbnails() -> list[bool]:
        model = strip.view.model()
        return [model.index(row, 0).data(Role.THUMBNAIL) is not None for row in strip.view.visible_rows()]

    begin = time.perf_counter()
    with Probe(canvas) as probe:
        window.open_path(folder)
        names = wait(lambda: bool(strip.files())) - begin
        wait(lambda: any(thumbnails()))
        first = painted(cells) - begin
        wait(lambda: all(thumbnails()))
        all_seen = painted(cells) - begin
        wait(lambda: has_begun(viewer), 300)
        network = painted(canvas) - begin
    return [
        Row("folder of 1,000, cold: names", None, 1000 * names),
        Row("folder of 1,000, cold: first thumbnail painted", 1000, 1000 * first),
        Row("folder of 1,000, cold: all thumbnails in sight", None, 1000 * all_seen, f"{len(thumbnails())} of them"),
        Row("cold start: opening to the network's first pixels", None, 1000 * network, "loads torch, decodes 25 MP"),
        _latency("opening the folder: input", None, probe),
    ]


def stepping(window: MainWindow) -> list[Row]:
    """To the next picture, by key, until its embedded JPEG is painted; the network works on each until then."""
    viewer = window.parts.viewer
    canvas = viewer.comparison.canvases[0]
    shown: list[Path] = []
    viewer.pictures.preview_ready.connect(lambda preview: shown.append(preview.path))
    times = []
    for _ in range(_STEPS):
        begin = time.perf_counter()
        QTest.keyClick(window, *_NEXT)
        path = window.parts.filmstrip.current()
        wait(lambda path=path: path in shown)
        times.append(1000 * (painted(canvas) - begin))
        spin(0.6)
    note = f"median of {_STEPS}, 95 % {np.percentile(times, 95):.0f}, worst {max(times):.0f}"
    return [Row("next picture: its preview painted", 150, float(np.median(times)), note)]


def computing(window: MainWindow) -> list[Row]:
    """Moving the mouse over the picture and dragging it while the network works."""
    window.parts.viewer.zoom_to(1)
    wait(lambda: has_begun(window.parts.viewer), 300)
    canvas = window.parts.viewer.comparison.canvases[0]
    rows = []
    for what, drags in (("mouse moves while the network works", False), ("dragging while the network works", True)):
        with Probe(canvas, drags) as probe:
            spin(8)
        rows.append(_latency(what, 50, probe))
    return rows


def exporting(window: MainWindow) -> list[Row]:
    """Moving the mouse while the engine exports in its child process, and the viewer has nothing to do."""
    window.parts.viewer.pictures.want([])
    wait(lambda: not window.parts.viewer.pictures.busy)
    window.export_selection()
    wait(lambda: any(task.fraction > 0 for task in window.parts.export.queue.tasks), 120)
    with Probe(window.parts.viewer.comparison.canvases[0]) as probe:
        spin(8)
    still = "" if window.parts.export.busy() else "the export ended early"
    window.parts.export.queue.cancel_all()
    return [_latency("mouse moves while exporting", 50, probe, still)]


def many_files(window: MainWindow, folder: Path) -> list[Row]:
    """What 5,000 files make the window's thread do at once."""
    strip = window.parts.filmstrip
    rows = []

    def measured(what: str, act: Callable[[], object]) -> None:
        QCoreApplication.processEvents()
        begin, own = time.perf_counter(), time.thread_time()
        act()
        QCoreApplication.processEvents()
        ms, own_ms = 1000 * (time.perf_counter() - begin), 1000 * (time.thread_time() - own)
        rows.append(Row(f"{_MANY} files: {what}", 50, ms, f"own {own_ms:.0f}"))

    with Probe(window.parts.viewer.comparison.canvases[0]) as probe:
        window.open_path(folder)
        wait(lambda: len(strip.files()) == _MANY)
        spin(0.5)
    rows.append(Row(f"{_MANY} files: opening, longest block", 50, probe.worst_ms, f"own {probe.worst_own_ms:.0f}"))
    window.parts.viewer.pictures.want([])
    spin(1)
    measured("select all", strip.view.selectAll)
    measured("step, which selects one", lambda: strip.step(1))
    measured("turn the order round", lambda: strip.view.model().set_order(SortKey.NAME, True))
    measured("filter by a name", lambda: strip.view.model().set_filter("7", None))
    measured("no filter", lambda: strip.view.model().set_filter("", None))
    return rows


def viewport(folder: Path) -> list[Row]:
    """1:1 in a viewport of 1440 x 900, the network loaded and used already; then other looks of it."""
    viewer = Viewer(PictureEngine(), CurrentNetwork())
    viewer.set_mode(Mode.SINGLE)
    viewer.show()
    canvas = viewer.comparison.canvases[0]
    viewer.resize(1440, 900 + viewer.comparison.strips[1].sizeHint().height())
    QCoreApplication.processEvents()
    viewer.resize(1440 + viewer.width() - canvas.width(), 900 + viewer.height() - canvas.height())
    layer = viewer.layers[1]
    files = sorted(folder.iterdir())[-2:]
    viewer.show_path(files[0])
    viewer.zoom_to(1)
    wait(lambda: layer.complete, 300)
    asked = time.perf_counter()
    viewer.show_path(files[1])
    begin = wait(lambda: viewer.picture is not None)
    wait(lambda: has_begun(viewer))
    first = painted(canvas)
    wait(lambda: layer.complete, 120)
    whole = painted(canvas)
    size = f"{canvas.width()} x {canvas.height()} px"
    rows = [
        Row("1:1, engine warm: network's first pixels after decoding", 500, 1000 * (first - begin), size),
        Row("1:1, engine warm: the viewport after decoding", 3000, 1000 * (whole - begin), size),
        Row("1:1, engine warm: reading and decoding before that", None, 1000 * (begin - asked)),
        _looks("slider, 1:1, the network works behind", viewer),
    ]
    viewer.pictures.want([])
    wait(lambda: not viewer.pictures.busy)
    rows.append(_looks("slider, 1:1, nothing else to do", viewer))
    viewer.close()
    viewer.deleteLater()
    return rows


def has_begun(viewer: Viewer) -> bool:
    """Whether something of what is seen comes from the network."""
    level = viewer.view.level
    seen = viewer.view.seen(level)
    layer = viewer.layers[1]
    return len(layer.holes(level, seen)) < len(layer._keys(level, seen))


def _looks(what: str, viewer: Viewer) -> Row:
    times = []
    canvas = viewer.comparison.canvases[0]
    for number in range(_LOOKS):
        begin = time.perf_counter()
        viewer.set_look(Look(exposure_ev=0.1 * (number + 1)))
        wait(lambda: viewer.layers[1].complete)
        times.append(1000 * (painted(canvas) - begin))
    note = f"median of {_LOOKS}, worst {max(times):.0f}"
    return Row(what, 100, float(np.median(times)), note)


def _latency(what: str, limit_ms: float | None, probe: Probe, note: str = "") -> Row:
    words = f"95 % of {len(probe.late_ms)}, median {np.median(probe.late_ms):.0f}, worst {probe.worst_ms:.0f}"
    words += f"; longest own piece of work {probe.worst_own_ms:.0f}"
    return Row(what, limit_ms, float(np.percentile(probe.late_ms, 95)), f"{words} {note}".rstrip())


def main() -> None:
    """Measures and prints."""
    with tempfile.TemporaryDirectory() as made:
        folder, many, home = Path(made) / "photos", Path(made) / "many", Path(made) / "home"
        for path in (folder, many, home):
            path.mkdir()
        make_folder(folder, repeated=_REPEATED)
        for number in range(_MANY):
            os.link(folder / "DSCF0000.RAF", many / f"DSCF{number:04}.RAF")
        os.environ.update({f"XDG_{kind}_HOME": str(home) for kind in ("CONFIG", "CACHE", "STATE", "DATA")})
        print(f"{'':58} {'asked ms':>8} {'ms':>8}        {'load':>5}")
        for row in starts(home):
            print(row, flush=True)
        app = QApplication([])
        apply_theme(app, "dark")
        print(f"platform {app.platformName()}, {os.cpu_count()} cores")
        settings = QSettings(str(home / "settings.ini"), QSettings.Format.IniFormat)
        window = MainWindow(settings, cache=ThumbnailCache(home / "thumbnails"))
        window.show()
        QTest.qWaitForWindowExposed(window)
        for part in (lambda: opening(window, folder), lambda: stepping(window), lambda: computing(window)):
            print(*part(), sep="\n", flush=True)
        print(*exporting(window), *many_files(window, many), sep="\n", flush=True)
        window.close()
        window.deleteLater()
        QCoreApplication.sendPostedEvents(window, QEvent.Type.DeferredDelete)
        print(*viewport(folder), sep="\n", flush=True)
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    sys.exit(main())
