"""Times left, in words."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

_MINUTE, _HOUR = 60, 3600


def about(seconds: float) -> str:
    """A duration as one would say it: "30 s", "4 min", "2 h 10 min"."""
    if seconds < _MINUTE:
        return QCoreApplication.translate("durations", "{0} s").format(max(1, round(seconds / 5) * 5))
    if seconds < _HOUR:
        return QCoreApplication.translate("durations", "{0} min").format(round(seconds / _MINUTE))
    hours, rest = divmod(round(seconds / _MINUTE), 60)
    return QCoreApplication.translate("durations", "{0} h {1} min").format(hours, rest)
