"""LibRaw in a process of its own: its passes can be neither tiled nor stopped, but a process can be killed.

The child says that it is ready; the parent sends a header, then the mosaic's values as bytes; the child answers with
a header and the rows of camera RGB in strips. So the parent never blocks on a child that does not listen, and pipes
leave nothing behind when a side is killed, as files and shared memory would.
"""

from __future__ import annotations

import multiprocessing
import signal
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path

import numpy as np

from xtdm_core.demosaic.libraw import demosaic_classic, true_name
from xtdm_core.errors import XtdmError
from xtdm_core.frame import F32, AlignedMosaic, RawFrame

STRIP_ROWS = 256
READY = "ready"


@dataclass(frozen=True, slots=True)
class Request:
    """One picture: frame and mosaic come without their big arrays, ``shape`` is that of the mosaic's values."""

    path: Path
    frame: RawFrame
    mosaic: AlignedMosaic
    shape: tuple[int, int]
    algorithm: str


def send_request(line: Connection, path: Path, frame: RawFrame, algorithm: str, mosaic: AlignedMosaic) -> None:
    """Asks the child at the other end. Raises OSError when it is gone."""
    height, width = mosaic.values.shape
    bare_frame = replace(frame, mosaic=frame.mosaic[:0])
    line.send(Request(path, bare_frame, mosaic.with_values(mosaic.values[:0]), (height, width), algorithm))
    line.send_bytes(np.ascontiguousarray(mosaic.values).data)


def serve(line: Connection) -> None:
    """The child: answers requests until the parent hangs up.

    An answer is a sentence where LibRaw cannot do it, else (height, width) and camera RGB f32 in strips of rows.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides
    # A child inherits the parent's default, and rawpy warns where that is "fork", however the child was started.
    multiprocessing.set_start_method("spawn", force=True)
    import rawpy  # noqa: F401  a spare child has it loaded

    while True:
        try:
            line.send(READY)
            request: Request = line.recv()
            values = np.empty(request.shape, dtype=np.float32)
            line.recv_bytes_into(values.data.cast("B"))
            _answer(line, request, values)
        except (EOFError, OSError):
            return


def _answer(line: Connection, request: Request, values: F32) -> None:
    try:
        cam_rgb = _demosaic(request, values)
    except XtdmError as error:
        line.send(str(error))
        return
    line.send(cam_rgb.shape[:2])
    for top in range(0, cam_rgb.shape[0], STRIP_ROWS):
        line.send_bytes(np.ascontiguousarray(cam_rgb[top : top + STRIP_ROWS]).data)


def _demosaic(request: Request, values: F32) -> F32:
    mosaic = request.mosaic.with_values(values)
    # Of the file's own mosaic only the size is asked for.
    empty = np.broadcast_to(np.uint16(0), (mosaic.height, mosaic.width))
    frame = replace(request.frame, mosaic=empty)
    return demosaic_classic(request.path, frame, true_name(request.algorithm), mosaic)
