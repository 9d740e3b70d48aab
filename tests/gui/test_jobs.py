"""Background work: one at a time, and nothing heard of what was cancelled."""

import threading
import time

import pytest

from xtdm_core.progress import Cancelled, Progress, Report
from xtdm_gui.availability import missing_libraries

if missing_libraries():
    pytest.skip(missing_libraries(), allow_module_level=True)

from PySide6.QtCore import QObject

from xtdm_gui.jobs import Jobs


def test_a_result_on_its_way_when_cancelled_is_not_heard(qtbot) -> None:  # type: ignore[no-untyped-def]
    owner = QObject()
    jobs = Jobs(owner)
    heard: list[object] = []
    jobs.succeeded.connect(heard.append)
    jobs.start(lambda _: "old")
    assert jobs._thread is not None
    jobs._thread.wait()  # its result is posted, not yet delivered
    with qtbot.waitSignal(jobs.succeeded):
        jobs.start(lambda _: "new")
    assert heard == ["new"]
    jobs.close()


def test_only_the_latest_of_many_runs_and_only_one_at_a_time(qtbot) -> None:  # type: ignore[no-untyped-def]
    owner = QObject()
    jobs = Jobs(owner)
    started: list[int] = []
    running = threading.Semaphore(1)

    def work(number: int, report: Report) -> int:
        assert running.acquire(blocking=False)
        try:
            started.append(number)
            for _ in range(20 if number == 0 else 1):
                time.sleep(0.005)
                report(Progress("working", 0, 1))
        finally:
            running.release()
        return number

    failures: list[str] = []
    jobs.failed.connect(failures.append)
    jobs.start(lambda report: work(0, report))
    qtbot.waitUntil(lambda: started == [0])
    with qtbot.waitSignal(jobs.succeeded) as done:
        for number in range(1, 6):
            jobs.start(lambda report, number=number: work(number, report))
    assert done.args == [5]
    assert started == [0, 5]
    assert failures == []
    jobs.close()


def test_closing_waits_for_the_thread(qtbot) -> None:  # type: ignore[no-untyped-def]
    owner = QObject()
    jobs = Jobs(owner)
    ended = threading.Event()
    started = threading.Event()

    def work(report: Report) -> None:
        try:
            while True:
                started.set()
                report(Progress("working", 0, 1))
                time.sleep(0.005)
        except Cancelled:
            ended.set()
            raise

    jobs.start(work)
    assert started.wait(5)
    jobs.close()
    assert ended.is_set()
