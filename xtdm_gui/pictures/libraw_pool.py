"""The window's end of LibRaw's child processes: one kept warm, killed at once when its picture is not wanted."""

from __future__ import annotations

import multiprocessing
import threading
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path

import numpy as np

from xtdm_core.demosaic.libraw_process import STRIP_ROWS, send_request, serve
from xtdm_core.errors import XtdmError
from xtdm_core.frame import F32, AlignedMosaic, RawFrame
from xtdm_core.progress import Progress, Report, Stage

_POLL_S = 0.03  # how soon a cancelled child is killed


class _Child:
    """A process that answers requests, one at a time."""

    def __init__(self) -> None:
        # Spawned, not forked: the window has threads, and a frozen app can do nothing else.
        context = multiprocessing.get_context("spawn")
        self.line, other = context.Pipe()
        self.process: SpawnProcess = context.Process(target=serve, args=(other,), daemon=True, name="libraw")
        self.process.start()
        other.close()

    def kill(self) -> None:
        """Ends it, whatever it does, and waits for its end."""
        self.process.kill()
        self.process.join()
        self.process.close()
        self.line.close()


class LibrawChildren:
    """Demosaics with LibRaw in child processes, as many at a time as are asked for; may be used from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._idle: list[_Child] = []
        self._closed = False

    def warm(self) -> None:
        """Starts a spare child, unless there is one: its start takes half a second."""
        with self._lock:
            if not self._idle and not self._closed:
                self._idle.append(_Child())

    def demosaic(self, path: Path, frame: RawFrame, algorithm: str, mosaic: AlignedMosaic, report: Report) -> F32:
        """As ``libraw.demosaic_classic``: camera RGB f32 [H, W, 3], white-balanced, sensor units.

        ``report`` is asked again and again and may raise Cancelled: then the child is killed. Raises XtdmError, also
        where the child crashes.
        """
        with self._lock:
            child = self._idle.pop() if self._idle else None
        child = child or _Child()
        try:
            cam_rgb = _ask(child, path, frame, algorithm, mosaic, report)
        except BaseException:
            child.kill()
            raise
        self._keep(child)
        if isinstance(cam_rgb, str):
            raise XtdmError(cam_rgb)
        return cam_rgb

    def close(self) -> None:
        """Ends the idle children; those at work end with their work."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for child in idle:
            child.kill()

    def _keep(self, child: _Child) -> None:
        with self._lock:
            spare = not self._idle and not self._closed
            if spare:
                self._idle.append(child)
        if not spare:
            child.kill()


def _ask(
    child: _Child, path: Path, frame: RawFrame, algorithm: str, mosaic: AlignedMosaic, report: Report
) -> F32 | str:
    """The child's answer: camera RGB, or the sentence of an error."""
    try:
        _wait(child.line, report)
        child.line.recv()  # it is ready
        send_request(child.line, path, frame, algorithm, mosaic)
        _wait(child.line, report)
        answer = child.line.recv()
        if isinstance(answer, str):
            return answer
        height, width = answer
        return _receive(child.line, height, width, report)
    except (EOFError, OSError) as error:
        child.process.join(1)
        raise XtdmError(
            f"{path}: LibRaw crashed (exit status {child.process.exitcode}); the file may be damaged: "
            "copy it from the card again, or show it with a network"
        ) from error


def _wait(line: Connection, report: Report) -> None:
    """Waits until the child says something."""
    report(Progress(Stage.DEMOSAICING_BY_LIBRAW, 0, 1))
    while not line.poll(_POLL_S):
        report(Progress(Stage.DEMOSAICING_BY_LIBRAW, 0, 1))


def _receive(line: Connection, height: int, width: int, report: Report) -> F32:
    cam_rgb = np.empty((height, width, 3), dtype=np.float32)
    for top in range(0, height, STRIP_ROWS):
        report(Progress(Stage.DEMOSAICING_BY_LIBRAW, top, height))
        line.recv_bytes_into(cam_rgb[top : top + STRIP_ROWS].data.cast("B"))
    return cam_rgb
