"""What is kept of pictures that were shown, within a budget of memory."""

from __future__ import annotations

import os
from collections import OrderedDict
from collections.abc import Hashable
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


class Kept(Generic[Value]):
    """Values by key; those not asked for the longest go when all together exceed ``budget`` bytes.

    least  so many stay in any case: what is on the screen, however small the budget
    """

    def __init__(self, budget: int, least: int = 1) -> None:
        self.budget, self._least = budget, least
        self._values: OrderedDict[Hashable, tuple[Value, int]] = OrderedDict()

    @property
    def nbytes(self) -> int:
        """Bytes held."""
        return sum(size for _, size in self._values.values())

    def get(self, key: Hashable) -> Value | None:
        """The value, which is now the latest; None where there is none."""
        if key not in self._values:
            return None
        self._values.move_to_end(key)
        return self._values[key][0]

    def put(self, key: Hashable, value: Value, nbytes: int) -> None:
        """Keeps a value, which is the latest."""
        self._values[key] = (value, nbytes)
        self._values.move_to_end(key)
        while len(self._values) > self._least and self.nbytes > self.budget:
            self._values.popitem(last=False)

    def forget(self, key: Hashable) -> None:
        """Lets go of a value, if it is there."""
        self._values.pop(key, None)
