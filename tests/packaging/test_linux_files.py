"""What a Linux desktop reads of the package."""

import shutil
import subprocess
import tomllib
from configparser import ConfigParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from xtdm_core import __version__
from xtdm_core.assets import asset

ROOT = Path(__file__).parents[2]
DESKTOP = ROOT / "packaging/linux/xtdm.desktop"
METAINFO = ROOT / "packaging/linux/org.xtdm.xtdm.metainfo.xml"
MIME_TYPES = {"image/x-fuji-raf", "image/x-adobe-dng"}


@pytest.fixture
def entry() -> dict[str, str]:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(DESKTOP, encoding="utf-8")
    return dict(parser["Desktop Entry"])


@pytest.fixture
def component() -> ElementTree.Element:
    return ElementTree.parse(METAINFO).getroot()  # noqa: S314 (our own file)


def test_the_desktop_entry_opens_raw_files_in_the_window(entry: dict[str, str]) -> None:
    programs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["gui-scripts"]
    program, files = entry["Exec"].split()
    assert program == entry["TryExec"]
    assert program in programs
    assert files == "%F"
    assert set(entry["MimeType"].strip(";").split(";")) == MIME_TYPES
    assert asset(f"icons/{entry['Icon']}.svg").exists()


def test_the_window_tells_the_desktop_its_entry(entry: dict[str, str]) -> None:
    assert f'setDesktopFileName("{DESKTOP.stem}")' in (ROOT / "xtdm_gui/app.py").read_text()
    assert entry["StartupWMClass"] == DESKTOP.stem


def test_the_metainfo_describes_the_same_program(component: ElementTree.Element) -> None:
    assert component.findtext("id") == METAINFO.name.removesuffix(".metainfo.xml")
    assert component.findtext("launchable") == DESKTOP.name
    assert {node.text for node in component.iter("mediatype")} == MIME_TYPES
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert {node.text for node in component.iter("binary")} == {*project["scripts"], *project["gui-scripts"]}
    assert component.findtext("project_license") == project["license"]
    newest = component.find("releases/release")
    assert newest is not None
    assert newest.get("version") == __version__ == project["version"]


@pytest.mark.parametrize(
    "command",
    [["desktop-file-validate", DESKTOP], ["appstreamcli", "validate", "--no-net", "--pedantic", METAINFO]],
    ids=["desktop", "appstream"],
)
def test_the_desktops_own_checkers_are_content(command: list[str]) -> None:
    if not shutil.which(command[0]):
        pytest.skip(f"{command[0]} is not installed (Debian: desktop-file-utils, appstream)")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert not {"error", "warning", "hint"} & set(done.stdout.replace(":", " ").split())
