"""A thread that does what it is given, one thing after the other."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from threading import Thread
from typing import Any, ParamSpec, TypeVar

Result = TypeVar("Result")
Arguments = ParamSpec("Arguments")


class BackgroundThread:
    """Ends with its owner, or with the program, which does not wait for it: cancelled work is to stop at once.

    An executor of the standard library would be waited for.
    """

    def __init__(self, name: str) -> None:
        """Start the thread."""
        self._tasks: SimpleQueue[Callable[[], None] | None] = SimpleQueue()
        Thread(target=_serve, args=(self._tasks,), name=name, daemon=True).start()

    def __del__(self) -> None:
        self._tasks.put(None)

    def start(
        self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs
    ) -> Future[Result]:
        """Call ``work`` in the thread; its result, or what it raises, comes with the future."""
        future: Future[Result] = Future()
        self._tasks.put(lambda: _fulfil(future, work, args, kwargs))
        return future


def _serve(tasks: SimpleQueue[Callable[[], None] | None]) -> None:
    while (task := tasks.get()) is not None:
        task()
        del task  # it holds a picture


def _fulfil(future: Future[Any], work: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
    try:
        future.set_result(work(*args, **kwargs))
    except BaseException as error:  # for whoever asks for the result
        future.set_exception(error)
