"""Loads pytest-qt only where Qt can be imported; elsewhere window tests skip, naming what is missing."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTEST_QT_API"] = "pyside6"

from xtdm_gui.display_check import missing_libraries

MISSING = missing_libraries()
if MISSING and os.environ.get("XTDM_REQUIRE_QT") == "1":
    raise pytest.UsageError(f"window tests must run here, but {MISSING}")

pytest_plugins = [] if MISSING else ["pytestqt.plugin"]


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests that take minutes skip by name unless they are asked for."""
    if "slow" in str(config.getoption("markexpr")):
        return
    for item in items:
        if item.get_closest_marker("slow"):
            item.add_marker(pytest.mark.skip(reason="takes minutes: run with -m slow"))


@pytest.fixture(autouse=True)
def own_data_folder(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what the user's own program keeps."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))


@pytest.fixture(scope="session")
def older_files() -> Path:
    """A folder of files that an earlier version of the program wrote, with the modules that it had then."""
    return Path(__file__).parent / "older_files"


@pytest.fixture(autouse=True)
def _no_lens_database(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pixels do not depend on whether the optional database of lenses is installed."""
    monkeypatch.setattr("xtdm_core.raw.lens_database._database", lambda: None)
