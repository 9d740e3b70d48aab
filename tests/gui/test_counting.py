"""One thing is not many, in English too."""

import pytest

from xtdm_gui.counting import counted


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 files"), (1, "one file"), (2, "2 files"), (21, "21 files"), (1_500, "1,500 files")]
)
def test_one_thing_is_not_many(count: int, words: str) -> None:
    assert counted(count, "one file", "{0} files") == words
