"""Loads pytest-qt only where Qt can be imported; elsewhere window tests skip by the name of what is missing."""

import os

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from xtdm_gui.availability import missing_libraries

MISSING = missing_libraries()
if MISSING and os.environ.get("XTDM_REQUIRE_QT") == "1":
    raise pytest.UsageError(f"window tests must run here, but {MISSING}")

pytest_plugins = [] if MISSING else ["pytestqt.plugin"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if MISSING:
        for item in items:
            if "tests/gui" in str(item.path):
                item.add_marker(pytest.mark.skip(reason=MISSING))
