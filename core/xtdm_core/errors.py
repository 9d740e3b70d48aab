"""The errors a user can meet. Each message is one sentence that says what is wrong and what to do.

XtdmError
├── UnsupportedRaw     the file is not an X-Trans raw file, or it is broken
├── BadSidecar         a file of settings beside a raw file cannot be used
├── BadImage           an ordinary picture cannot be read
├── BadWeights         a checkpoint cannot be loaded
├── WriteFailed        a file cannot be written
│   └── TargetExists   because there is one of the name
├── OutOfMemory        not even the smallest tile fits
├── DeviceUnavailable  the asked-for device is not there
├── RemoteUnavailable  another machine's files cannot be reached
├── BadOption          an option's value makes no sense
└── TrainingStopped    a training run cannot continue
"""

from __future__ import annotations

import errno
from pathlib import Path
from unicodedata import category

_UNPRINTABLE = ("Cc", "Cs", "Zl", "Zp")  # control characters, halves of pairs, separators of lines and paragraphs
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")  # UAX 9: other directions of writing
NO_ACCESS = "you have no access to it: change its permissions or choose another"
SHORT_OF_MEMORY = "memory is used up: close other programs and try again"
# C++, torch, oneDNN, LibRaw, libavif, the dynamic linker, Python's threads, and imagecodecs about a codec of its own,
# of which it does not say why.
_MEMORY_WORDS = (
    "bad_alloc",
    "can't allocate memory",
    "cannot allocate memory",
    "could not create a primitive",
    "out of memory",
    "not enough memory",
    "unsufficient memory",
    "insufficient memory",
    "memory allocation error",
    "mempool overflowed",
    "failed to map segment",
    "cannot create shared object descriptor",
    "can't start new thread",
    "from 'imagecodecs'",
    SHORT_OF_MEMORY,
)


class XtdmError(Exception):
    """Base of all errors that are shown to the user as they are; as text they are printable."""

    def __str__(self) -> str:
        return printable(super().__str__())


class FileProblem(XtdmError):
    """An error about one file: ``path`` and ``reason`` stay apart for callers that list them."""

    def __init__(self, path: str | Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = Path(path)
        self.reason = reason


class UnsupportedRaw(FileProblem):
    """Not an X-Trans raw file, or damaged."""


class BadSidecar(FileProblem):
    """Settings beside a raw file that are damaged, foreign or of a newer version; they are never overwritten."""


class BadImage(FileProblem):
    """An ordinary picture (JPEG, PNG, AVIF, TIFF) cannot be read."""


class BadLut(FileProblem):
    """Not a look-up table that can be read."""


class BadPreset(FileProblem):
    """Not a preset of settings, or damaged."""


class BadWeights(FileProblem):
    """Not a checkpoint that this program can load."""


class WriteFailed(FileProblem):
    """A file cannot be written."""


class TargetExists(WriteFailed):
    """A file is not written because there is one of the name already."""


class OutOfMemory(XtdmError):
    """Not even the smallest tile fits into the device's memory."""


class DeviceUnavailable(XtdmError):
    """The asked-for device is not on this machine."""


class RemoteUnavailable(XtdmError):
    """Another machine's files cannot be reached: no ssh here, no way in there, or the connection broke."""


class BadOption(XtdmError):
    """An option's value makes no sense."""


class TrainingStopped(XtdmError):
    """A training run cannot continue; its state is kept."""


def printable(text: str) -> str:
    """Replace what cannot be printed, or would steer a terminal, by escapes such as \\x1b.

    Names of files and texts in Exif hold whatever somebody put there: control characters, turned directions of
    writing, bytes that are no UTF-8.
    """
    return "".join(_escaped(c) if category(c) in _UNPRINTABLE or c in _TURNING else c for c in text)


def _escaped(character: str) -> str:
    code = ord(character)
    if 0xDC80 <= code <= 0xDCFF:  # a byte that is no UTF-8, as Python keeps it in a name
        return f"\\x{code - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def reading_failed(error: OSError) -> str:
    """Why a file cannot be read."""
    if error.errno == errno.ENOMEM:
        return SHORT_OF_MEMORY
    return NO_ACCESS if isinstance(error, PermissionError) else f"cannot be read ({error.strerror or error})"


def describe_os_error(error: Exception) -> str:
    """A sentence on what the system refused where nobody was prepared for it."""
    if is_short_of_memory(error):
        return SHORT_OF_MEMORY
    if isinstance(error, PermissionError) and error.filename:
        return printable(f"{error.filename}: {NO_ACCESS}")
    return printable(f"the system refused: {error}")


def failure_of(error: Exception) -> str:
    """Why one file of many failed, whatever was raised; of errors about a file without its name."""
    if isinstance(error, FileProblem):
        return error.reason
    if isinstance(error, XtdmError):
        return str(error)
    if is_short_of_memory(error):
        return SHORT_OF_MEMORY
    if isinstance(error, OSError):
        return describe_os_error(error)
    return printable(f"failed unexpectedly ({type(error).__name__}: {error}): please report it")


def is_short_of_memory(error: BaseException) -> bool:
    """Whether libraries mean by an error of theirs that memory is used up; each has words of its own."""
    text = str(error).lower()
    if isinstance(error, MemoryError) or (isinstance(error, OSError) and error.errno == errno.ENOMEM):
        return True
    return any(words in text for words in _MEMORY_WORDS)
