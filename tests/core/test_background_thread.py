"""A thread for work beside the main one."""

import threading
import weakref

import pytest

from xtdm_core.background_thread import BackgroundThread


class Picture:
    """Something large."""


def test_work_is_done_in_order_and_its_trouble_is_told_where_it_is_asked_for() -> None:
    thread, seen = BackgroundThread("test"), list[int]()
    futures = [thread.start(seen.append, i) for i in range(5)]
    failing = thread.start(int, "no number")
    assert [future.result(10) for future in futures] == [None] * 5
    assert seen == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="no number"):
        failing.result(10)
    assert thread.start(int, "7").result(10) == 7


def test_the_thread_ends_with_its_owner_and_keeps_nothing_of_what_it_did() -> None:
    thread, picture = BackgroundThread("to end"), Picture()
    gone = weakref.ref(picture)
    thread.start(id, picture).result(10)
    thread.start(int).result(10)
    del picture
    assert gone() is None
    (running,) = (one for one in threading.enumerate() if one.name == "to end")
    del thread
    running.join(10)
    assert not running.is_alive()
