"""What is told to the user can be printed, and does nothing to a terminal."""

import errno
from pathlib import Path

import imagecodecs
import pytest

from xtdm_core.errors import (
    SHORT_OF_MEMORY,
    BadImage,
    BadOption,
    OutOfMemory,
    UnsupportedRaw,
    describe_os_error,
    failure_of,
    is_short_of_memory,
    printable,
    reading_failed,
)
from xtdm_core.files import writing_failed


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("夏 Çatal é.RAF", "夏 Çatal é.RAF"),
        ("a\x1b[2Jb", "a\\x1b[2Jb"),
        ("a\nb\tc\x7f", "a\\nb\\tc\\x7f"),
        ("csi\x9b31m", "csi\\x9b31m"),
        ("odd\udcff\udc80.RAF", "odd\\xff\\x80.RAF"),
        ("half \ud83d", "half \\ud83d"),
        ("invoice\u202efar.exe", "invoice\\u202efar.exe"),
    ],
)
def test_what_steers_a_terminal_is_escaped(text: str, shown: str) -> None:
    assert printable(text) == shown
    shown.encode("utf-8")


def test_errors_are_printable_and_keep_the_real_path() -> None:
    error = UnsupportedRaw("a\x1b[31m\udcff.RAF", "is damaged")
    assert str(error) == "a\\x1b[31m\\xff.RAF: is damaged"
    assert error.path == Path("a\x1b[31m\udcff.RAF")
    assert str(BadOption("x\udcfe: no")) == "x\\xfe: no"
    assert describe_os_error(PermissionError(13, "no", "a\udcff")).startswith("a\\xff: ")


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        MemoryError("Unable to allocate 1.2 GiB for an array"),
        OSError(errno.ENOMEM, "Cannot allocate memory"),
        RuntimeError("could not create a primitive descriptor for a matmul"),
        RuntimeError("Libraw internal mempool overflowed"),
        RuntimeError("[enforce fail at alloc_cpu.cpp] DefaultCPUAllocator: can't allocate memory: you tried"),
        RuntimeError("std::bad_alloc"),
        RuntimeError("avifEncoderAddImage returned 'Out of memory'"),
        RuntimeError("'Encoding of color planes failed' (Memory allocation error: (null))"),
        RuntimeError(b"Unsufficient memory"),
        RuntimeError("can't start new thread"),
        ImportError("libtorch_cpu.so: failed to map segment from shared object"),
        ImportError("libjpeg.so: cannot create shared object descriptor: Cannot allocate memory"),
        imagecodecs.DelayedImportError("avif_encode"),
        writing_failed(Path("a.tif"), OSError(errno.ENOMEM, "Cannot allocate memory")),
        UnsupportedRaw("a.RAF", reading_failed(OSError(errno.ENOMEM, "Cannot allocate memory"))),
    ],
)
def test_a_lack_of_memory_is_told_as_one(error: Exception) -> None:
    assert failure_of(error) == SHORT_OF_MEMORY
    assert is_short_of_memory(error)  # so that a batch tries the file again at its end
    if isinstance(error, (OSError, MemoryError)):
        assert describe_os_error(error) == SHORT_OF_MEMORY


def test_other_errors_keep_their_words() -> None:
    assert failure_of(BadImage(Path("a.png"), "is cut short")) == "is cut short"
    assert failure_of(OutOfMemory("not even tiles of 96 px fit")) == "not even tiles of 96 px fit"
    assert failure_of(OSError(5, "Input/output error")) == "the system refused: [Errno 5] Input/output error"
    assert failure_of(ImportError("No module named 'x'")).startswith("failed unexpectedly")
    assert failure_of(KeyError("x")) == "failed unexpectedly (KeyError: 'x'): please report it"
