"""Resources are found wherever the program lies."""

from pathlib import Path
from types import ModuleType

import pytest

from xtdm_core import assets
from xtdm_core.cli import commands


def placed_at(file: Path) -> ModuleType:
    """The module as it is when its file, which need not exist, is at ``file``."""
    module = ModuleType("placed")
    module.__file__ = str(file)
    code = compile(Path(assets.__file__).read_text(encoding="utf-8"), str(file), "exec")
    exec(code, module.__dict__)  # noqa: S102 (the module itself)
    return module


@pytest.mark.parametrize(
    ("file", "resources"),
    [
        ("checkout/core/xtdm_core/assets.py", "checkout/resources"),
        ("site-packages/xtdm_core/assets.py", "site-packages/xtdm_core/resources"),
        # A frozen app has the module in an archive, and under this name.
        ("xtdm/_internal/xtdm_core/assets.pyc", "xtdm/_internal/xtdm_core/resources"),
    ],
)
def test_resources_are_found_in_a_checkout_a_wheel_and_a_frozen_app(tmp_path: Path, file: str, resources: str) -> None:
    icons = tmp_path / resources / "icons"
    icons.mkdir(parents=True)
    (icons / "xtdm.svg").touch()
    module = placed_at(tmp_path / file)
    assert module.asset("icons/xtdm.svg") == icons / "xtdm.svg"
    assert module.asset_names("icons", ".svg") == ["xtdm.svg"]


def test_a_missing_resource_is_told_by_name(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"weights/none\.safetensors is missing"):
        placed_at(tmp_path / "xtdm_core/assets.py").asset("weights/none.safetensors")


def test_the_default_network_comes_first_and_the_command_line_names_all(capsys: pytest.CaptureFixture[str]) -> None:
    names = [*assets.shipped_networks()]
    assert names == [assets.DEFAULT_NETWORK, *sorted(set(names) - {assets.DEFAULT_NETWORK})]
    with pytest.raises(SystemExit):
        commands(["convert", "--help"])
    words = " ".join(capsys.readouterr().out.split())
    assert f"a shipped network: {names[0]} (default) or {' or '.join(names[1:])}" in words


def test_a_damaged_installation_lacks_its_networks(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"weights/fast\.safetensors is missing"):
        placed_at(tmp_path / "xtdm_core/assets.py").shipped_networks()
