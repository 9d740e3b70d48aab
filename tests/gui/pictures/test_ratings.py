"""Ratings as the window keeps them: told at once, written soon, taken back where they cannot be written."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from xtdm_core.culling.rating import Flag, Label, Rating, read_rating, write_rating
from xtdm_core.errors import WriteFailed
from xtdm_gui.pictures import ratings as module
from xtdm_gui.pictures.ratings import Ratings, flagged, labelled, starred


@pytest.fixture
def ratings(qtbot) -> Iterator[Ratings]:
    ratings = Ratings()
    yield ratings
    ratings.close()


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    (tmp_path / "a.RAF").touch()
    return tmp_path / "a.RAF"


def test_what_is_given_is_told_at_once_and_written(qtbot, ratings: Ratings, raw: Path) -> None:
    with qtbot.waitSignal(ratings.changed) as told:
        ratings.change([raw], starred(3))
    assert told.args == [[raw]]
    ratings.change([raw], labelled(Label.RED))
    ratings.change([raw], flagged(Flag.PICKED))
    assert ratings.rating(raw) == Rating(3, Flag.PICKED, Label.RED)
    qtbot.waitUntil(lambda: not ratings.is_busy())
    assert read_rating(raw) == Rating(3, Flag.PICKED, Label.RED)


def test_keys_of_lightroom_mean_what_they_mean_there() -> None:
    red = Rating(2, label=Label.RED)
    assert labelled(Label.RED)(red) == Rating(2)
    assert flagged(Flag.REJECTED)(red) == Rating(2, Flag.REJECTED, Label.RED)
    assert starred(4)(Rating(2, Flag.REJECTED)) == Rating(4)
    assert starred(0)(Rating(2, Flag.REJECTED)) == Rating(0, Flag.REJECTED)


def test_what_another_program_writes_is_read_again(qtbot, ratings: Ratings, raw: Path) -> None:
    write_rating(raw, Rating(2))
    with qtbot.waitSignal(ratings.changed):
        ratings.load(raw.parent, [raw.name])
    assert ratings.rating(raw) == Rating(2)
    raw.with_suffix(".xmp").unlink()
    with qtbot.waitSignal(ratings.changed):
        ratings.load(raw.parent, [])
    assert ratings.rating(raw) == Rating()


def test_sidecars_that_did_not_change_are_not_read_again(
    qtbot, ratings: Ratings, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = raw.with_name("b.RAF")
    for path in (raw, other):
        write_rating(path, Rating(2))
    read: list[str] = []
    monkeypatch.setattr(module, "read_rating", lambda path: (read.append(path.name), read_rating(path))[1])
    with qtbot.waitSignal(ratings.changed):
        ratings.load(raw.parent, ["a.RAF", "b.RAF"])
    write_rating(other, Rating(5))
    with qtbot.waitSignal(ratings.changed) as told:
        ratings.load(raw.parent, ["a.RAF", "b.RAF"])
    assert told.args == [[other]]
    assert read == ["a.RAF", "b.RAF", "b.RAF"]
    assert ratings.rating(raw) == Rating(2)


def test_stars_of_the_camera_count_until_others_are_given(qtbot, ratings: Ratings, raw: Path) -> None:
    ratings.note_camera(raw, 4)
    assert ratings.rating(raw) == Rating(4)
    ratings.change([raw], starred(0))
    assert ratings.rating(raw) == Rating(0)
    qtbot.waitUntil(lambda: not ratings.is_busy())
    later = Ratings()
    later.note_camera(raw, 4)
    with qtbot.waitSignal(later.changed):
        later.load(raw.parent, [raw.name])
    assert later.rating(raw) == Rating(0)
    later.close()


def test_stars_that_nobody_has_read_yet_are_taken_away_too(qtbot, ratings: Ratings, raw: Path) -> None:
    ratings.change([raw], flagged(Flag.NONE))
    assert not ratings.is_busy()  # the file has no flag, whatever its stars
    ratings.change([raw], starred(0))
    qtbot.waitUntil(lambda: not ratings.is_busy())
    assert read_rating(raw) == Rating(0)
    ratings.note_camera(raw, 4)
    assert ratings.rating(raw) == Rating(0)
    other = raw.with_name("b.RAF")
    ratings.note_camera(other, None)
    ratings.change([other], starred(0))
    assert not ratings.is_busy()


def test_what_cannot_be_written_is_taken_back_and_told(
    qtbot, ratings: Ratings, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ratings.change([raw], starred(1))
    qtbot.waitUntil(lambda: not ratings.is_busy())

    def closed(path: Path, _rating: Rating) -> None:
        raise WriteFailed(path, "the disk is full")

    monkeypatch.setattr(module, "write_rating", closed)
    with qtbot.waitSignal(ratings.failed) as told:
        ratings.change([raw, raw.with_name("b.RAF")], starred(5))
    assert told.args == [f"{raw}: the disk is full (and 1 more)"]
    assert ratings.rating(raw) == Rating(1)
    assert ratings.rating(raw.with_name("b.RAF")) == Rating()


def test_what_waits_is_written_when_the_window_closes(ratings: Ratings, raw: Path) -> None:
    for stars in range(1, 6):
        ratings.change([raw], starred(stars))
    ratings.close()
    assert read_rating(raw) == Rating(5)


def test_what_was_changed_is_told_and_taken_back_but_where_it_was_rated_anew(
    qtbot, ratings: Ratings, raw: Path
) -> None:
    other = raw.with_name("b.RAF")
    other.touch()
    ratings.change([other], starred(2))
    with qtbot.waitSignal(ratings.edited) as told:
        ratings.change([raw, other], starred(3))
    before, after = told.args
    assert before == {raw: Rating(), other: Rating(2)}
    ratings.change([raw], starred(5))
    ratings.replace(after, before)
    assert (ratings.rating(raw), ratings.rating(other)) == (Rating(5), Rating(2))
    qtbot.waitUntil(lambda: not ratings.is_busy())
    assert read_rating(other) == Rating(2)
    with qtbot.assertNotEmitted(ratings.edited):
        ratings.change([raw], starred(5))


def test_flags_and_labels_keep_stars_that_nobody_has_read_yet(
    qtbot, ratings: Ratings, raw: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "camera_stars", lambda _path: 4)
    with qtbot.waitSignals([ratings.changed, ratings.changed]):
        ratings.change([raw], flagged(Flag.PICKED))
        ratings.change([raw], labelled(Label.RED))
    qtbot.waitUntil(lambda: not ratings.is_busy())
    assert read_rating(raw) == ratings.rating(raw) == Rating(4, Flag.PICKED, Label.RED)
    other = raw.with_name("b.RAF")
    ratings.change([other], flagged(Flag.PICKED))
    ratings.change([other], starred(1))
    qtbot.waitUntil(lambda: not ratings.is_busy())
    assert read_rating(other) == ratings.rating(other) == Rating(1, Flag.PICKED)


def test_files_that_cannot_be_read_are_flagged_too(qtbot, ratings: Ratings, raw: Path) -> None:
    ratings.change([raw], flagged(Flag.REJECTED))
    qtbot.waitUntil(lambda: not ratings.is_busy())
    assert read_rating(raw) == Rating(0, Flag.REJECTED)
