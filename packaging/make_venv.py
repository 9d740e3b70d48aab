"""Makes a virtual environment with pip in it.

Debian's python3 lacks ensurepip until the package python3-venv is there. Then pip comes straight from PyPI,
checked against the hash that PyPI states.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import urllib.request
import venv
from pathlib import Path

PYPI = "https://pypi.org/pypi/pip/json"


def main(folder: Path) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever calls it may have an older one)
        sys.exit("XTDM needs Python 3.11 or newer: call make with PYTHON=python3.11, for example")
    try:
        import ensurepip  # noqa: F401
    except ImportError:
        venv.create(folder, with_pip=False, symlinks=True)
        install_pip_from_pypi(folder / "bin" / "python")
    else:
        venv.create(folder, with_pip=True, symlinks=True)


def install_pip_from_pypi(python: Path) -> None:
    try:
        wheel = next(file for file in fetch_json(PYPI)["urls"] if file["packagetype"] == "bdist_wheel")
        with urllib.request.urlopen(wheel["url"], timeout=60) as answer:  # noqa: S310 (https, hash checked)
            content = answer.read()
    except OSError as error:
        sys.exit(f"pip cannot be fetched ({error}): install Debian's python3-venv and ca-certificates, then try again")
    if hashlib.sha256(content).hexdigest() != wheel["digests"]["sha256"]:
        sys.exit("pip arrived damaged: try again")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / wheel["filename"]
        path.write_bytes(content)
        # A wheel is a zip file that Python can run.
        subprocess.run([python, f"{path}/pip", "install", "--quiet", "--no-index", path], check=True)


def fetch_json(url: str) -> dict:
    with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (https)
        return json.load(answer)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
