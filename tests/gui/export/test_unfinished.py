"""What a window that is killed had still to export is offered at the next start."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from tests.gui.exporting import fake_converter
from xtdm_core.choices import Conflict
from xtdm_core.conversion import ConvertOptions
from xtdm_core.develop.tone import Look
from xtdm_core.worker import ConversionRequest
from xtdm_gui import app
from xtdm_gui.export.queue import ExportQueue
from xtdm_gui.export.unfinished import _folder, left_behind

CRASHING = """
import os, signal, sys
from pathlib import Path
from PySide6.QtCore import QCoreApplication
from tests.gui.export.test_unfinished import exports
from xtdm_gui.export.queue import ExportQueue
from xtdm_core.develop.tone import Look
from tests.gui.exporting import fake_converter

folder = Path(sys.argv[1])
app = QCoreApplication([])
queue = ExportQueue(app, lambda _: Look(), fake_converter(folder))
queue.exported.connect(lambda _: os.kill(os.getpid(), signal.SIGKILL))
queue.add(exports(folder, "a", "b", "slow"))
queue.cancel([1])
app.exec()
"""


def exports(folder: Path, *names: str) -> list[ConversionRequest]:
    options, sources = ConvertOptions(), [folder / f"{name}.RAF" for name in names]
    return [ConversionRequest(source, folder, source.stem, Conflict.NUMBER, options) for source in sources]


@pytest.fixture
def queue(qapp, tmp_path: Path) -> Iterator[ExportQueue]:
    parent = QObject()
    queue = ExportQueue(parent, lambda _: Look(), fake_converter(tmp_path))
    yield queue
    queue.close()


class Window:
    """As much of a window as the start needs."""

    def __init__(self, queue: ExportQueue) -> None:
        self.parts = self.export = self
        self.queue = queue


def crash(folder: Path) -> None:
    """A window that is killed when the first of three files is written; the second was cancelled."""
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    done = subprocess.run([sys.executable, "-c", CRASHING, str(folder)], env=env, timeout=120)
    assert done.returncode == -9


def test_what_a_killed_window_had_to_write_is_written_after_the_next_start(
    qtbot, queue: ExportQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(tmp_path)
    asked: list[int] = []
    monkeypatch.setattr("xtdm_gui.window.dialogs.may_finish_export", lambda _, count: bool(asked.append(count)) or True)
    (tmp_path / "release").touch()
    app._offer_unfinished_exports(Window(queue))
    assert asked == [1]
    assert [(task.order.source.stem, task.order.resume) for task in queue.tasks] == [("slow", True)]
    qtbot.waitUntil(lambda: not queue.busy(), timeout=20_000)
    assert (tmp_path / "slow.avif").exists()
    app._offer_unfinished_exports(Window(queue))
    assert asked == [1]
    assert list(_folder().iterdir()) == []


def test_what_is_left_out_is_not_offered_again(
    queue: ExportQueue, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crash(tmp_path)
    asked: list[int] = []
    monkeypatch.setattr("xtdm_gui.window.dialogs.may_finish_export", lambda _, count: asked.append(count))
    app._offer_unfinished_exports(Window(queue))
    app._offer_unfinished_exports(Window(queue))
    assert asked == [1]
    assert queue.tasks == []


def test_another_window_that_is_at_work_is_left_alone(queue: ExportQueue, tmp_path: Path) -> None:
    queue.add(exports(tmp_path, "slow", "a"))
    assert len(list(_folder().iterdir())) == 1
    assert left_behind() == []
    queue.close()
    assert list(_folder().iterdir()) == []


def test_a_retry_is_noted_and_a_finished_queue_leaves_nothing(qtbot, queue: ExportQueue, tmp_path: Path) -> None:
    queue.add(exports(tmp_path, "crash"))
    qtbot.waitUntil(lambda: not queue.busy(), timeout=20_000)
    assert list(_folder().iterdir()) == []
    (tmp_path / "mended").touch()
    queue.retry()
    assert len(list(_folder().iterdir())) == 1
    qtbot.waitUntil(lambda: not queue.busy(), timeout=20_000)
    assert list(_folder().iterdir()) == []


def test_lines_that_are_cut_off_or_foreign_are_left_out(tmp_path: Path) -> None:
    (whole,) = exports(tmp_path, "a")
    _folder().mkdir(parents=True)
    lines = [json.dumps([1, whole.to_json()]), '[2, "{}"]', '[3, "[]"]', "7", '[4, {"source']
    (_folder() / "old.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (found,) = left_behind()
    assert [request.source for request in found.requests] == [whole.source]
    found.forget()


def test_a_folder_that_cannot_be_written_stops_no_export(qtbot, queue: ExportQueue, tmp_path: Path) -> None:
    _folder().parent.mkdir(parents=True, exist_ok=True)
    _folder().write_text("a file is in the way")
    queue.add(exports(tmp_path, "a", "b"))
    qtbot.waitUntil(lambda: not queue.busy(), timeout=20_000)
    assert sorted(path.name for path in tmp_path.glob("*.avif")) == ["a.avif", "b.avif"]
