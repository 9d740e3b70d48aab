"""Background work: one at a time, and nothing heard of what was cancelled."""

import gc
import threading
import time
import weakref
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QObject, QThread

from xtdm_core.errors import XtdmError
from xtdm_core.progress import Cancelled, Progress, Report
from xtdm_gui.background import Jobs, Pool


def test_a_result_on_its_way_when_cancelled_is_not_heard(qtbot) -> None:
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


@pytest.mark.parametrize("kind", [Jobs, lambda owner: Pool(owner, 1)], ids=["Jobs", "Pool"])
def test_what_work_holds_goes_with_its_end(qtbot, kind: Callable[[QObject], Jobs | Pool]) -> None:
    class Pixels:
        pass

    owner = QObject()
    jobs = kind(owner)
    pixels = Pixels()
    held = weakref.ref(pixels)

    def work(_: Report, pixels: Pixels = pixels) -> None:
        assert pixels is not None

    gc.disable()  # or it would find the cycles, some time
    try:
        with qtbot.waitSignal(jobs.succeeded):
            jobs.start(work) if isinstance(jobs, Jobs) else jobs.start("key", work)
        del pixels, work
        qtbot.waitUntil(lambda: held() is None, timeout=5000)
    finally:
        gc.enable()
    jobs.close()


def test_only_the_latest_of_many_runs_and_only_one_at_a_time(qtbot) -> None:
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


def test_closing_waits_for_the_thread(qtbot) -> None:
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


@pytest.fixture
def pool(qtbot) -> Iterator[Pool]:
    owner = QObject()
    pool = Pool(owner, workers=2)
    yield pool
    pool.close()
    assert not any(thread.isRunning() for thread in pool.findChildren(QThread))


def test_a_pool_runs_so_many_at_a_time_the_most_important_first(qtbot, pool: Pool) -> None:
    gates, started, done = {name: threading.Event() for name in "abcde"}, [], {}

    def work(name: str) -> Callable[[Report], str]:
        def run(report: Report) -> str:
            started.append(name)
            assert gates[name].wait(20)
            report(Progress(name, 1, 1))
            return name.upper()

        return run

    pool.succeeded.connect(lambda key, result: done.update({key: result}))
    for name, priority in (("a", 0), ("b", 0), ("c", 0), ("d", 5), ("e", 1)):
        pool.start(name, work(name), priority)
    qtbot.waitUntil(lambda: sorted(started) == ["a", "b"])
    pool.start("c", work("c"), priority=9)  # moved to the front
    for ended, follows in (("a", "c"), ("b", "d"), ("c", "e")):
        gates[ended].set()
        qtbot.waitUntil(lambda follows=follows: started[-1] == follows)
    gates["d"].set()
    gates["e"].set()
    qtbot.waitUntil(lambda: len(done) == 5)
    assert done == {name: name.upper() for name in "abcde"}
    assert len(started) == 5


def test_nothing_is_heard_of_what_a_pool_cancels(qtbot, pool: Pool) -> None:
    heard: list[object] = []
    ended: list[object] = []
    pool.succeeded.connect(lambda key, _: heard.append(key))
    pool.failed.connect(lambda key, _: heard.append(key))

    def endless(report: Report) -> None:
        try:
            while True:
                report(Progress("working", 0, 1))
                time.sleep(0.005)
        except Cancelled:
            ended.append("endless")
            raise

    pool.start("runs", endless)
    pool.start("runs too", endless)
    pool.start("waits", lambda _: None)
    pool.cancel("waits")
    pool.cancel("runs")
    qtbot.waitUntil(lambda: ended == ["endless"])
    with qtbot.waitSignal(pool.succeeded):
        pool.start("last", lambda _: None)
    pool.cancel_all()
    qtbot.waitUntil(lambda: len(ended) == 2)
    assert heard == ["last"]


def test_a_pool_tells_failures_in_a_sentence(qtbot, pool: Pool) -> None:
    def broken(_: Report) -> None:
        raise XtdmError("it is broken: mend it")

    with qtbot.waitSignal(pool.failed) as told:
        pool.start(3, broken)
    assert told.args == [3, "it is broken: mend it"]
    with qtbot.waitSignal(pool.failed) as told:
        pool.start(3, lambda _: 1 / 0)
    assert "ZeroDivisionError" in told.args[1]
