"""Numbers, counts and durations as the window's language writes them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QLocale

_MINUTE, _HOUR = 60, 3600


def number(value: float, digits: int = 0) -> str:
    """Write a number with so many digits behind the point, and its thousands in groups."""
    return QLocale().toString(float(value), "f", digits)


def signed(value: float, digits: int = 2) -> str:
    """Write a number as ``number`` does, always with its sign, a real minus."""
    return f"{'−' if value < 0 else '+'}{number(abs(value), digits)}"


def counted(count: int, one: str, many: str) -> str:
    """Return ``one`` for a single thing, else ``many`` with the number in its field.

    Both are translated already; Qt's own plural forms would need a translation file for English too.
    """
    return one if count == 1 else many.format(number(count))


def about(seconds: float) -> str:
    """Write a duration as one would say it: "30 s", "4 min", "2 h 10 min"."""
    if seconds < _MINUTE:
        return QCoreApplication.translate("durations", "{0} s").format(max(1, round(seconds / 5) * 5))
    if seconds < _HOUR:
        return QCoreApplication.translate("durations", "{0} min").format(round(seconds / _MINUTE))
    hours, rest = divmod(round(seconds / _MINUTE), 60)
    return QCoreApplication.translate("durations", "{0} h {1} min").format(hours, rest)
