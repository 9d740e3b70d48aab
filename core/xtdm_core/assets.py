"""Where the program's own data files lie: in the wheel, in a frozen app or in a checkout."""

from __future__ import annotations

from pathlib import Path

DEFAULT_NETWORK = "fast"
_CHECKPOINT = ".safetensors"
_PACKAGE = Path(__file__).resolve().parent


def asset(name: str) -> Path:
    """Path of a file or folder in ``resources/``, for example ``weights/fast.safetensors``.

    Raises FileNotFoundError when the installation lacks it.
    """
    for root in (_PACKAGE / "resources", _PACKAGE.parents[1] / "resources"):
        path = root / name
        if path.exists():
            return path
    raise FileNotFoundError(f"{name} is missing from this installation of XTDM: install it again")


def asset_names(folder: str, suffix: str) -> list[str]:
    """The names of the files in a folder of ``resources/`` that end in ``suffix``, sorted."""
    return sorted(path.name for path in asset(folder).iterdir() if path.name.endswith(suffix))


def shipped_networks() -> dict[str, Path]:
    """The checkpoints that come with the program, by name, the default one first.

    Raises FileNotFoundError when the installation lacks it.
    """
    default = asset(f"weights/{DEFAULT_NETWORK}{_CHECKPOINT}")
    others = [asset(f"weights/{name}") for name in asset_names("weights", _CHECKPOINT) if name != default.name]
    return {path.stem: path for path in (default, *others)}
