"""LibRaw's child processes: the same pixels, killed at once, and a crash is a sentence."""

import multiprocessing
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import libraw_repeats
from xtdm_core.demosaic.libraw import demosaic_classic
from xtdm_core.errors import XtdmError
from xtdm_core.progress import Cancelled, Progress, silent
from xtdm_core.raw.reader import read_raw
from xtdm_core.xtrans import align
from xtdm_gui.pictures.libraw_pool import LibrawChildren


@pytest.fixture
def children():
    children = LibrawChildren()
    yield children
    children.close()
    assert multiprocessing.active_children() == []


def test_the_child_gives_the_same_pixels_and_is_kept(children: LibrawChildren, raf: Path) -> None:
    frame = read_raw(raf)
    mosaic = align(frame)
    mosaic = mosaic.with_values(mosaic.values * np.float32(1.25))  # as if highlights had been reconstructed
    expected = demosaic_classic(raf, frame, "markesteijn3", mosaic)
    seen: list[Progress] = []
    assert libraw_repeats(children.demosaic(raf, frame, "dht", mosaic, seen.append), expected)
    (first,) = multiprocessing.active_children()
    again = children.demosaic(raf, frame, "vng", mosaic, silent)
    assert again.shape == expected.shape
    assert multiprocessing.active_children() == [first]
    assert seen[-1].total == frame.mosaic.shape[0]


def test_cancelling_kills_the_child(children: LibrawChildren, raf: Path) -> None:
    frame = read_raw(raf)
    children.warm()
    (child,) = multiprocessing.active_children()
    stop = threading.Event()

    def report(_: Progress) -> None:
        if stop.is_set():
            raise Cancelled
        stop.set()

    started = time.perf_counter()
    with pytest.raises(Cancelled):
        children.demosaic(raf, frame, "markesteijn3", align(frame), report)
    assert time.perf_counter() - started < 2
    assert child not in multiprocessing.active_children()


def test_a_crash_is_told(children: LibrawChildren, raf: Path) -> None:
    frame = read_raw(raf)
    children.warm()
    (child,) = multiprocessing.active_children()
    child.kill()
    child.join()
    with pytest.raises(XtdmError, match=r"LibRaw crashed \(exit status -9\)"):
        children.demosaic(raf, frame, "markesteijn3", align(frame), silent)
    # The next one is asked of a new child.
    assert children.demosaic(raf, frame, "markesteijn1", align(frame), silent).shape == (*frame.mosaic.shape, 3)


def test_what_libraw_cannot_do_is_told_and_the_child_lives(children: LibrawChildren, raf: Path, tmp_path: Path) -> None:
    frame = read_raw(raf)
    with pytest.raises(XtdmError, match="cannot be read"):
        children.demosaic(tmp_path / "gone.RAF", frame, "vng", align(frame), silent)
    assert len(multiprocessing.active_children()) == 1


def test_after_closing_no_child_stays(raf: Path) -> None:
    children = LibrawChildren()
    frame = read_raw(raf)
    children.close()
    children.warm()
    children.demosaic(raf, frame, "vng", align(frame), silent)
    assert multiprocessing.active_children() == []
