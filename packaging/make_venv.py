"""Makes a virtual environment with pip in it.

Debian's python3 lacks ensurepip until the package python3-venv is there. Then pip comes straight from PyPI,
checked against the hash that PyPI states.
"""

import hashlib
import json
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import venv
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urljoin

INDEX = "https://pypi.org/simple/pip/"  # the simple API in its JSON form, PEP 691


def main(folder: Path) -> None:
    if sys.version_info < (3, 11):  # noqa: UP036 (whoever calls it may have an older one)
        sys.exit("XTDM needs Python 3.11 or newer: call make with PYTHON=python3.11, for example")
    with_pip = find_spec("ensurepip") is not None
    venv.create(folder, with_pip=with_pip, symlinks=True)
    if with_pip:
        return
    try:
        install_pip_from_pypi(folder / "bin" / "python")
    except OSError as error:
        shutil.rmtree(folder)  # half an environment would look like a whole one next time
        sys.exit(f"pip cannot be fetched ({error}): install Debian's python3-venv and ca-certificates, then try again")


def install_pip_from_pypi(python: Path) -> None:
    """Installs the newest pip. Raises OSError where PyPI is out of reach or the file arrives damaged."""
    request = urllib.request.Request(INDEX, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    wheels = [file for file in json.loads(fetch(request))["files"] if file["filename"].endswith(".whl")]
    newest = max(wheels, key=lambda file: release(file["filename"]))
    content = fetch(urljoin(INDEX, newest["url"]))
    if hashlib.sha256(content).hexdigest() != newest["hashes"]["sha256"]:
        raise OSError("it arrived damaged")
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / newest["filename"]
        path.write_bytes(content)
        # A wheel is a zip file that Python can run.
        subprocess.run([python, f"{path}/pip", "install", "--quiet", "--no-index", path], check=True)


def release(filename: str) -> tuple[int, ...]:
    """The version of a wheel as numbers; () for pre-releases, so that they come last."""
    parts = filename.split("-")[1].split(".")
    return tuple(map(int, parts)) if all(part.isdigit() for part in parts) else ()


def fetch(address: str | urllib.request.Request) -> bytes:
    with urllib.request.urlopen(address, timeout=60) as answer:  # noqa: S310 (https)
        return answer.read()


if __name__ == "__main__":
    main(Path(sys.argv[1]))
