"""What is told to the user can be printed, and does nothing to a terminal."""

from pathlib import Path

import pytest

from xtdm_core.errors import BadOption, UnsupportedRaw, describe_os_error, printable


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
