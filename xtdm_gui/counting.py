"""Numbers of things, in words."""

from __future__ import annotations

from xtdm_gui.numbers import number


def counted(count: int, one: str, many: str) -> str:
    """``one`` for a single thing, else ``many`` with the number in its field.

    Both are translated already; Qt's own plural forms would need a translation file for English too.
    """
    return one if count == 1 else many.format(number(count))
