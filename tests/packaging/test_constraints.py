"""The tested versions are ones that the project asks for, and none of its dependencies is left open."""

import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def test_every_dependency_has_a_tested_version_within_its_bounds() -> None:
    lines = (ROOT / "packaging" / "constraints.txt").read_text().splitlines()
    pinned = {}
    for line in lines:
        if not line.startswith("#"):
            name, _, version = line.partition("==")
            pinned[name.lower().replace("_", "-")] = version
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    wanted = [Requirement(text) for text in (*project["dependencies"], *project["optional-dependencies"]["dev"])]
    asked = [one for one in wanted if one.marker is None or one.marker.evaluate()]
    outside = [str(one) for one in asked if not one.specifier.contains(pinned.get(one.name.lower(), "0"))]
    assert outside == []
