"""Thumbnails: the visible first, kept on disk and in memory, and nothing read twice."""

import io
import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject, QSize, QThread

from tests.core.conftest import INFO, replace_tag, textured, write_dng
from xtdm_core.raw import reader
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import phases
from xtdm_gui.filmstrip import thumbnails as module
from xtdm_gui.filmstrip.thumbnail_cache import CachedThumbnail, ThumbnailCache, cache_key
from xtdm_gui.filmstrip.thumbnails import Facts, Need, Thumbnails, examine

BOX = QSize(160, 120)


@pytest.fixture
def cache(tmp_path: Path) -> ThumbnailCache:
    return ThumbnailCache(tmp_path / "cache")


@pytest.fixture
def loader(qtbot, cache: ThumbnailCache) -> Iterator[Thumbnails]:
    owner = QObject()
    loader = Thumbnails(owner, cache, workers=1)
    yield loader
    loader.close()
    assert not [thread for thread in owner.findChildren(QThread) if thread.isRunning()]


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A RAF whose preview is bright at the left, to be turned by 90 degrees clockwise."""
    picture = Image.new("RGB", (960, 720), (30, 30, 30))
    picture.paste((230, 230, 230), (0, 0, 480, 720))
    preview = io.BytesIO()
    picture.save(preview, format="JPEG")
    path = tmp_path / "photo.RAF"
    write_raf(path, simulate_frame(textured(66, 72), SensorModel(orientation=6, info=INFO)), preview.getvalue())
    return path


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the raw files that are opened."""
    names: list[str] = []
    for function in ("read_summary", "read_exif_summary"):
        original: Callable[[Path], reader.RawSummary] = getattr(reader, function)

        def spy(path: Path, original: Callable[[Path], reader.RawSummary] = original) -> reader.RawSummary:
            names.append(path.name)
            return original(path)

        monkeypatch.setattr(reader, function, spy)
    return names


def gathered(loader: Thumbnails) -> dict[str, Facts]:
    found: dict[str, Facts] = {}
    loader.examined.connect(lambda news: found.update((path.name, facts) for path, facts in news))
    return found


def test_a_thumbnail_is_upright_and_fits(photo: Path, cache: ThumbnailCache) -> None:
    facts, image = examine(photo, Need.THUMBNAIL, cache, BOX)
    assert facts.info.taken_at == INFO.taken_at
    assert (image.width(), image.height()) == (90, 120)
    assert image.pixelColor(40, 20).value() > 200  # what the sensor saw left is on top
    assert image.pixelColor(40, 100).value() < 60


def test_a_file_without_a_jpeg_has_a_thumbnail_of_its_raw_data(tmp_path: Path, cache: ThumbnailCache) -> None:
    write_dng(tmp_path / "a.dng", phases()[8])
    facts, image = examine(tmp_path / "a.dng", Need.THUMBNAIL, cache, BOX)
    assert facts.error == ""
    assert (image.width(), image.height()) == (11, 10)
    facts, _ = examine(tmp_path / "a.dng", Need.SHARPNESS, cache, BOX)
    assert "no JPEG preview" in facts.error


def test_a_second_look_reads_the_cache_only(photo: Path, cache: ThumbnailCache, reads: list[str]) -> None:
    first = examine(photo, Need.THUMBNAIL, cache, BOX)
    second = examine(photo, Need.THUMBNAIL, cache, BOX)
    assert reads == ["photo.RAF"]
    assert first[0] == second[0]
    difference = [
        abs(first[1].pixelColor(x, y).value() - second[1].pixelColor(x, y).value())
        for x in range(0, 80, 7)
        for y in range(0, 120, 7)
    ]
    assert max(difference) < 12
    examine(photo, Need.EXIF, cache, BOX)
    assert reads == ["photo.RAF"]


def test_another_time_or_size_is_another_file(photo: Path, cache: ThumbnailCache, reads: list[str]) -> None:
    examine(photo, Need.THUMBNAIL, cache, BOX)
    os.utime(photo, ns=(1, 1))
    examine(photo, Need.THUMBNAIL, cache, BOX)
    assert len(reads) == 2
    with photo.open("ab") as file:
        file.write(b"more")
    os.utime(photo, ns=(1, 1))
    examine(photo, Need.THUMBNAIL, cache, BOX)
    assert len(reads) == 3


def test_a_score_and_a_thumbnail_share_an_entry(photo: Path, cache: ThumbnailCache, reads: list[str]) -> None:
    judged, none = examine(photo, Need.SHARPNESS, cache, BOX)
    assert none is None
    assert judged.sharpness > 0
    seen, image = examine(photo, Need.THUMBNAIL, cache, BOX)
    assert seen.sharpness == judged.sharpness
    assert image is not None
    assert examine(photo, Need.SHARPNESS, cache, BOX)[0] == judged
    assert len(reads) == 2


@pytest.mark.parametrize("damage", [b"", b"junk", b"XTDM thumbnail 1\n{}\n", None])
def test_broken_entries_of_the_cache_are_replaced(photo: Path, cache: ThumbnailCache, damage: bytes | None) -> None:
    _, whole = examine(photo, Need.THUMBNAIL, cache, BOX)
    (file,) = (photo.parent / "cache").glob("*/*")
    file.write_bytes(file.read_bytes()[:-100] if damage is None else damage)
    facts, image = examine(photo, Need.THUMBNAIL, cache, BOX)
    assert not facts.error
    assert image.size() == whole.size()
    stat = photo.stat()
    assert cache.get(cache_key(photo, stat.st_size, stat.st_mtime_ns)).jpeg


def test_an_entry_with_a_jpeg_that_does_not_decode_is_made_anew(photo: Path, cache: ThumbnailCache) -> None:
    stat = photo.stat()
    cache.put(cache_key(photo, stat.st_size, stat.st_mtime_ns), CachedThumbnail(jpeg=b"\xff\xd8\xff no"))
    assert examine(photo, Need.THUMBNAIL, cache, BOX)[1] is not None


def test_without_a_writable_cache_there_are_thumbnails(photo: Path, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert examine(photo, Need.THUMBNAIL, ThumbnailCache(tmp_path / "file"), BOX)[1] is not None


def test_the_cache_stays_within_its_bounds_and_keeps_what_was_used(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path / "cache", limit_bytes=20_000)
    seen: set[Path] = set()
    for number in range(40):
        key = cache_key(Path("a.RAF"), number, 0)
        cache.put(key, CachedThumbnail(jpeg=bytes(1000)))
        if number < 10:  # long ago, the first one used again lately
            (entry,) = set((tmp_path / "cache").glob("*/*")) - seen
            os.utime(entry, (number, number))
            seen.add(entry)
    assert sum(f.stat().st_size for f in (tmp_path / "cache").glob("*/*")) <= 20_000
    assert cache.get(cache_key(Path("a.RAF"), 39, 0)) == CachedThumbnail(jpeg=bytes(1000))
    assert cache.get(cache_key(Path("a.RAF"), 0, 0)) is None


def test_a_used_entry_is_young_again(tmp_path: Path) -> None:
    cache = ThumbnailCache(tmp_path)
    cache.put("ab12", CachedThumbnail(sharpness=2.5))
    (entry,) = tmp_path.glob("*/*")
    os.utime(entry, (1000, 1000))
    assert cache.get("ab12") == CachedThumbnail(sharpness=2.5)
    assert entry.stat().st_mtime > 1e9


def test_errors_are_told_and_not_kept(photo: Path, cache: ThumbnailCache) -> None:
    data = photo.read_bytes()
    photo.write_bytes(data[: len(data) // 2])
    facts, image = examine(photo, Need.THUMBNAIL, cache, BOX)
    assert image is None
    assert facts.error.startswith("is incomplete")
    gone, _ = examine(photo.with_name("gone.RAF"), Need.THUMBNAIL, cache, BOX)
    assert gone.error == "there is no such file"
    assert not list((photo.parent / "cache").glob("*/*"))


def test_a_bayer_file_has_a_thumbnail_and_a_reason(photo: Path, cache: ThumbnailCache) -> None:
    photo.write_bytes(replace_tag(photo.read_bytes(), 0x131, 0x7777))
    for _ in range(2):  # read, then from the cache
        facts, image = examine(photo, Need.THUMBNAIL, cache, BOX)
        assert "Bayer" in facts.not_xtrans
        assert image is not None


class Gate:
    """Stands in the place of ``examine`` and lets one file through at a time."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[str] = []
        self.open = threading.Semaphore(0)
        monkeypatch.setattr(module, "examine", self)

    def __call__(self, path: Path, need: Need, *_: object) -> tuple[Facts, object]:
        self.seen.append(f"{path.name}:{need.value}")
        assert self.open.acquire(timeout=10)
        return Facts(), module._image(np.zeros((12, 16, 3), np.uint8)) if need is Need.THUMBNAIL else None


def paths(text: str) -> list[Path]:
    return [Path("/photos") / name for name in text]


def test_what_is_visible_now_comes_before_all_earlier_wishes(qtbot, loader: Thumbnails, monkeypatch) -> None:
    gate = Gate(monkeypatch)
    loader.survey(paths("xyz"), Need.SHARPNESS)
    qtbot.waitUntil(lambda: gate.seen == ["x:sharpness"])
    loader.show(paths("abcdef"), BOX)
    loader.show(paths("efgh"), BOX)  # scrolled on before a began
    found = gathered(loader)
    for _ in range(7):
        gate.open.release()
    qtbot.waitUntil(lambda: len(found) == 7)
    assert gate.seen == ["x:sharpness", *(f"{n}:thumbnail" for n in "efgh"), "y:sharpness", "z:sharpness"]


def test_what_is_in_memory_is_not_asked_again_until_it_expires(qtbot, loader: Thumbnails, monkeypatch) -> None:
    gate = Gate(monkeypatch)
    for _ in range(20):
        gate.open.release()
    found = gathered(loader)
    loader.show(paths("ab"), BOX)
    qtbot.waitUntil(lambda: len(found) == 2)
    loader.show(paths("abc"), BOX)
    qtbot.waitUntil(lambda: len(found) == 3)
    assert gate.seen == ["a:thumbnail", "b:thumbnail", "c:thumbnail"]
    loader.expire()
    assert loader.pixmap(paths("b")[0]) is not None  # shown until there is a new one
    loader.show(paths("b"), BOX)
    qtbot.waitUntil(lambda: gate.seen[3:] == ["b:thumbnail"] and not loader.is_busy())
    loader.show(paths("b"), BOX)
    assert not loader.is_busy()
    loader.show(paths("a"), QSize(320, 240))  # another screen
    qtbot.waitUntil(lambda: gate.seen[4:] == ["a:thumbnail"])


def test_thumbnails_of_another_size_are_shown_until_the_new_ones_are_there(
    qtbot, photo: Path, cache: ThumbnailCache
) -> None:
    owner = QObject()
    loader = Thumbnails(owner, cache, workers=1)
    loader.show([photo], BOX)
    qtbot.waitUntil(lambda: not loader.is_busy())
    small = loader.pixmap(photo)
    loader.show([photo], 2 * BOX)
    assert loader.pixmap(photo) is small
    qtbot.waitUntil(lambda: not loader.is_busy())
    assert loader.pixmap(photo).width() > small.width()  # the file is the same, but not what is wanted of it
    loader.show([photo], 2 * BOX)
    assert not loader.is_busy()
    loader.close()


def test_what_has_not_changed_is_not_decoded_again(photo: Path, cache: ThumbnailCache) -> None:
    facts, _ = examine(photo, Need.THUMBNAIL, cache, BOX)
    assert examine(photo, Need.THUMBNAIL, cache, BOX, facts.stamp) is None
    os.utime(photo, ns=(1, 1))
    assert examine(photo, Need.THUMBNAIL, cache, BOX, facts.stamp) is not None


def test_memory_is_bounded(qtbot, cache: ThumbnailCache, monkeypatch) -> None:
    gate = Gate(monkeypatch)
    owner = QObject()
    loader = Thumbnails(owner, cache, workers=1, memory_bytes=3 * 16 * 12 * 4)
    for _ in range(6):
        gate.open.release()
    found = gathered(loader)
    loader.show(paths("abcdef"), BOX)
    qtbot.waitUntil(lambda: len(found) == 6)
    assert [loader.pixmap(path) is not None for path in paths("abcdef")] == [False] * 3 + [True] * 3
    loader.close()


def test_a_survey_tells_how_far_it_is_and_the_next_one_replaces_it(qtbot, loader: Thumbnails, monkeypatch) -> None:
    gate = Gate(monkeypatch)
    loader.survey(paths("abc"), Need.SHARPNESS)
    qtbot.waitUntil(lambda: len(gate.seen) == 1)
    told: list[tuple[int, int]] = []
    loader.surveyed.connect(lambda done, total: told.append((done, total)))
    loader.survey(paths("de"), Need.EXIF)
    for _ in range(3):
        gate.open.release()
    qtbot.waitUntil(lambda: told == [(2, 2)])
    assert gate.seen == ["a:sharpness", "d:exif", "e:exif"]


def test_a_survey_goes_on_when_files_may_have_changed(qtbot, loader: Thumbnails, monkeypatch) -> None:
    gate = Gate(monkeypatch)
    found = gathered(loader)
    loader.survey(paths("ab"), Need.SHARPNESS)
    qtbot.waitUntil(lambda: len(gate.seen) == 1)
    loader.expire()
    loader.show(paths("c"), BOX)
    for _ in range(3):
        gate.open.release()
    qtbot.waitUntil(lambda: sorted(found) == ["a", "b", "c"])


def test_a_bug_becomes_a_sentence(qtbot, loader: Thumbnails, monkeypatch) -> None:
    def buggy(*_: object) -> None:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(module, "examine", buggy)
    found = gathered(loader)
    loader.show(paths("a"), BOX)
    qtbot.waitUntil(lambda: "a" in found)
    assert "ZeroDivisionError" in found["a"].error


def test_closing_forgets_and_waits(qtbot, loader: Thumbnails, monkeypatch) -> None:
    gate = Gate(monkeypatch)
    found = gathered(loader)
    loader.show(paths("abc"), BOX)
    qtbot.waitUntil(lambda: len(gate.seen) == 1)
    gate.open.release()
    loader.close()
    qtbot.wait(20)
    assert gate.seen == ["a:thumbnail"]
    assert found == {}
