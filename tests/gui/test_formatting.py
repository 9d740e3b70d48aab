"""Numbers are written as the language of the window has them."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QLocale

from xtdm_gui.formatting import counted, number, signed


@pytest.fixture(params=["en", "de"])
def language(request: pytest.FixtureRequest) -> Iterator[str]:
    before = QLocale()
    QLocale.setDefault(QLocale(request.param))
    yield request.param
    QLocale.setDefault(before)


def test_thousands_and_digits(language: str) -> None:
    words = {"en": ("60,000", "1,234.50", "0.02"), "de": ("60.000", "1.234,50", "0,02")}
    assert (number(60_000), number(1234.5, 2), number(0.016, 2)) == words[language]


def test_signs(language: str) -> None:
    words = {"en": ("+0.50", "−1.25", "+3"), "de": ("+0,50", "−1,25", "+3")}
    assert (signed(0.5), signed(-1.25), signed(3, 0)) == words[language]


@pytest.mark.parametrize(
    ("count", "words"), [(0, "0 files"), (1, "one file"), (2, "2 files"), (21, "21 files"), (1_500, "1,500 files")]
)
def test_one_thing_is_not_many(count: int, words: str) -> None:
    assert counted(count, "one file", "{0} files") == words
