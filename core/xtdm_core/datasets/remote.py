"""Folders of other machines, through the system's own ``ssh``: one file at a time, nothing installed over there."""

from __future__ import annotations

import logging
import os
import re
import shlex
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO

from xtdm_core.datasets.sources import FileSource, Folder, SourceFile
from xtdm_core.errors import BadOption, RemoteUnavailable, UnsupportedRaw
from xtdm_core.files import scratch_path
from xtdm_core.progress import Progress, Report, Stage
from xtdm_core.raw.files import is_of_interest

_log = logging.getLogger(__name__)

# A letter alone is a Windows drive. A host must not look like an option of ssh.
_REMOTE = re.compile(r"(?P<host>(?:[^@:/\\\s]+@)?[^-@:/\\\s][^@:/\\\s]+):(?P<path>.*)", re.DOTALL)
# No passwords are asked for, because that would be once a file; a dead connection is noticed within a minute.
_OPTIONS = ("BatchMode=yes", "ConnectTimeout=20", "ServerAliveInterval=15", "ServerAliveCountMax=3")
_NO_FOLDER, _NO_CONNECTION = 66, 255
# Size, time and name of each file, with a zero byte behind it. GNU and busybox stat take -c, BSD and macOS -f.
_LIST = (
    f'cd -- "$1" || exit {_NO_FOLDER}; '
    """exec find . -type f -exec sh -c 'for f do s=$(stat -c "%s %Y" "$f" 2>/dev/null || stat -f "%z %m" "$f") """
    """&& printf "%s %s\\0" "$s" "$f"; done' sh {} +"""
)
_SEND = f'cd -- "$1" || exit {_NO_FOLDER}; exec cat -- "$2"'
_CHUNK = 1 << 20


def open_source(text: str) -> FileSource:
    """The source that a user names: ``host:path`` or ``user@host:path`` where there is no such folder here."""
    match = _REMOTE.fullmatch(text)
    if match is None or Path(text).exists():
        return Folder(Path(text))
    path = match["path"]
    if path == "~" or path.startswith("~/"):  # ssh starts in the home folder
        path = path[2:]
    return Remote(match["host"], path or ".")


@dataclass(frozen=True, slots=True)
class Remote:
    """A folder of another machine that has a POSIX shell, find, stat and cat: any Linux, BSD, macOS or NAS."""

    host: str
    path: str

    def __str__(self) -> str:
        return f"{self.host}:{self.path}"

    def files(self, suffixes: tuple[str, ...]) -> list[SourceFile]:
        """See ``FileSource``. Raises RemoteUnavailable, BadOption."""
        with tempfile.TemporaryFile() as listing:
            status, complaint = self._run(_LIST, (self.path,), listing, lambda _: None)
            listing.seek(0)
            found = parse_listing(listing.read())
        if status and not found:
            raise RemoteUnavailable(f"{self}: the other machine cannot list it ({complaint})")
        if status:
            _log.warning("%s: not all of it could be searched (%s)", self, complaint)
        wanted = [file for file in found if file.name.lower().endswith(suffixes)]
        if not wanted:
            raise BadOption(f"{self} holds no such files ({', '.join(suffixes)})")
        return wanted

    @contextmanager
    def local(self, file: SourceFile, report: Report) -> Iterator[Path]:
        """See ``FileSource``: fetched to a temporary file, which is deleted at the end.

        Raises UnsupportedRaw where the other machine does not give the file, RemoteUnavailable where it is gone.
        """
        size = int(file.stamp.split()[0])
        name = PurePosixPath(file.name).name

        def tell(done: int) -> None:
            report(Progress(Stage.FETCHING, min(done, size), size, subject=name))

        with scratch_path() as path:
            with path.open("wb") as target:
                words = self.path, f"./{file.name}"
                status, complaint = self._run(_SEND, words, target, tell)
            if status:
                raise UnsupportedRaw(file.name, f"cannot be read on {self.host} ({complaint})")
            if path.stat().st_size != size:
                came = f"came as {path.stat().st_size} bytes instead of {size}"
                raise UnsupportedRaw(file.name, f"{came}: it changed while it was fetched")
            yield path

    def _run(
        self, script: str, words: Sequence[str], target: IO[bytes], told: Callable[[int], None]
    ) -> tuple[int, str]:
        """Runs a script over there, its output into ``target``: (exit status, the last line of its complaints).

        told  is called with the bytes so far; what it raises ends the script
        Raises RemoteUnavailable where there is no way in, BadOption where there is no such folder.
        """
        # ssh hands one line to whatever shell the user has there: every word of it is quoted.
        line = shlex.join(["sh", "-c", script, "sh", *words])
        options = [word for option in _OPTIONS for word in ("-o", option)]
        with tempfile.TemporaryFile() as complaints:
            process = self._started(["ssh", *options, "--", self.host, line], complaints)
            with process, process.stdout or BytesIO() as output:
                try:
                    while chunk := output.read(_CHUNK):
                        target.write(chunk)
                        told(target.tell())
                except BaseException:
                    process.kill()
                    raise
            complaint = _last_line(complaints)
        if process.returncode == _NO_CONNECTION:
            advice = f"try `ssh {self.host}` by hand; it must work with a key, without asking for a password"
            raise RemoteUnavailable(f"{self}: ssh cannot connect ({complaint}): {advice}")
        if process.returncode == _NO_FOLDER:
            raise BadOption(f"{self}: there is no such folder on the other machine, or you may not open it")
        return process.returncode, complaint

    def _started(self, command: list[str], complaints: IO[bytes]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=complaints)
        except OSError as error:
            reason = "ssh is not installed on this machine: install OpenSSH, or mount the folder and give its path"
            raise RemoteUnavailable(f"{self}: {reason}") from error


def parse_listing(listing: bytes) -> list[SourceFile]:
    """Files by name, without hidden ones and names that would lead out of the folder.

    An empty part makes what follows it an absolute path.
    """
    found = []
    for record in os.fsdecode(listing).split("\0"):
        match = re.search(r"(?:^|\n)(\d+ \d+) \./(.+)\Z", record, re.DOTALL)  # a login may print lines before
        if match and all(part and is_of_interest(part) for part in match[2].split("/")):
            found.append(SourceFile(match[2], match[1]))
    return sorted(found, key=lambda file: file.name)


def _last_line(complaints: IO[bytes]) -> str:
    complaints.seek(0)
    lines = complaints.read().decode("utf-8", "replace").splitlines()
    return next((line.strip() for line in reversed(lines) if line.strip()), "no reason given")
