"""What is kept of pictures and thumbnails that were shown, within a budget of memory."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Hashable, KeysView
from typing import Generic, TypeVar

Value = TypeVar("Value")
_UNKNOWN_MEMORY = 8 << 30


def default_budget() -> int:
    """A quarter of the machine's memory, in bytes."""
    try:
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):  # not on Windows
        memory = _UNKNOWN_MEMORY
    return memory // 4


class LruCache(Generic[Value]):
    """Values by key; those not asked for the longest go when all together exceed ``budget`` bytes.

    least  so many stay in any case: what is on the screen, however small the budget
    """

    def __init__(self, budget: int, least: int = 1) -> None:
        self.budget, self._least = budget, least
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()
        self._nbytes = 0

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return self._nbytes

    def __contains__(self, key: Hashable) -> bool:
        """Check whether there is a value, without making it the latest."""
        return key in self._values

    def keys(self) -> KeysView[Hashable]:
        """The keys, the oldest first."""
        return self._values.keys()

    def get(self, key: Hashable) -> Value | None:
        """The value, which is now the latest; None where there is none."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def put(self, key: Hashable, value: Value, nbytes: int) -> None:
        """Keeps a value, which is the latest."""
        self.forget(key)
        self._values[key] = (value, nbytes)
        self._nbytes += nbytes
        while len(self._values) > self._least and self._nbytes > self.budget:
            self.forget(next(iter(self._values)))

    def forget(self, key: Hashable) -> None:
        """Remove a value, if it is there."""
        _, nbytes = self._values.pop(key, (None, 0))
        self._nbytes -= nbytes

    def clear(self) -> None:
        """Remove all values."""
        self._values.clear()
        self._nbytes = 0
