"""Settings beside a raw file: whole, readable, never overwritten unread."""

import json
import shutil
from pathlib import Path

import pytest

from xtdm_core.develop import sidecar
from xtdm_core.develop.sidecar import read_look, sidecar_of, write_look
from xtdm_core.develop.tone import Look
from xtdm_core.errors import BadSidecar, WriteFailed

LOOK = Look(0.35, (2.125, 1.0, 1.4142135623730951), 0.5)


@pytest.fixture
def raw(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platformdirs.user_data_path", lambda *_, **__: tmp_path / "data")
    (tmp_path / "photos").mkdir()
    path = tmp_path / "photos" / "DSCF0001.RAF"
    path.write_bytes(b"raw")
    return path


def beside(raw: Path) -> Path:
    return raw.with_name("DSCF0001.RAF.xtdm.json")


@pytest.fixture
def read_only(raw: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The raw file in a folder that the system does not let us write to (root may write everywhere)."""
    opened, unlink = Path.open, Path.unlink

    def refuse(path: Path) -> None:
        if path.parent == raw.parent:
            raise PermissionError(13, "Permission denied")

    def open_(path: Path, mode: str = "r", *arguments: object, **options: object) -> object:
        if "x" in mode:
            refuse(path)
        return opened(path, mode, *arguments, **options)

    def remove(path: Path, missing_ok: bool = False) -> None:
        if path.exists():
            refuse(path)
        unlink(path, missing_ok)

    monkeypatch.setattr(Path, "open", open_)
    monkeypatch.setattr(Path, "unlink", remove)
    return raw


def test_a_look_comes_back_bit_for_bit(raw: Path) -> None:
    assert read_look(raw) is None
    assert write_look(raw, LOOK) == beside(raw) == sidecar_of(raw)
    assert read_look(raw) == LOOK
    assert raw.read_bytes() == b"raw"
    assert sorted(path.name for path in raw.parent.iterdir()) == ["DSCF0001.RAF", "DSCF0001.RAF.xtdm.json"]


def test_as_shot_needs_no_file(raw: Path) -> None:
    assert write_look(raw, Look()) is None
    assert sidecar_of(raw) is None
    write_look(raw, LOOK)
    assert write_look(raw, Look()) is None
    assert not beside(raw).exists()


def test_files_of_one_stem_have_their_own_settings(raw: Path) -> None:
    dng = raw.with_suffix(".DNG")
    write_look(raw, LOOK)
    write_look(dng, Look(-1))
    assert (read_look(raw), read_look(dng)) == (LOOK, Look(-1))


def test_unknown_keys_are_kept(raw: Path) -> None:
    content = {"format": "xtdm-sidecar", "version": 1, "stars": 4, "look": {"exposure_ev": 1, "bokeh": "soft"}}
    beside(raw).write_text(json.dumps(content))
    assert read_look(raw) == Look(1.0)
    write_look(raw, LOOK)
    stored = json.loads(beside(raw).read_text())
    assert (stored["stars"], stored["look"]["bokeh"]) == (4, "soft")
    assert read_look(raw) == LOOK
    write_look(raw, Look())
    assert json.loads(beside(raw).read_text())["look"]["bokeh"] == "soft"
    assert read_look(raw) == Look()


def good(**look: object) -> str:
    return json.dumps({"format": "xtdm-sidecar", "version": 1, "look": look})


BAD = {
    "damaged": '{"format": "xtdm-sidecar", "ver',
    "binary": "\0\udcff",
    "list": "[1, 2]",
    "deep": "[" * 100_000,
    "foreign": '{"creator": "darktable"}',
    "newer": json.dumps({"format": "xtdm-sidecar", "version": 2, "look": {}}),
    "no version": json.dumps({"format": "xtdm-sidecar", "look": {}}),
    "look": json.dumps({"format": "xtdm-sidecar", "version": 1, "look": [1]}),
    "exposure": good(exposure_ev="bright"),
    "infinite": good(exposure_ev=float("inf")),
    "not a number": good(roll_off=float("nan")),
    "roll-off": good(roll_off=3),
    "two gains": good(white_balance=[1, 2]),
    "negative gain": good(white_balance=[1, 1, -1]),
    "truth": good(exposure_ev=True),
}
SENTENCES = {"newer": "newer XTDM", "foreign": "not from XTDM", "list": "not from XTDM"}


@pytest.mark.parametrize("kind", BAD)
def test_what_cannot_be_used_is_told_and_stays(raw: Path, kind: str) -> None:
    content = BAD[kind].encode("utf-8", "surrogateescape")
    beside(raw).write_bytes(content)
    for act in (lambda: read_look(raw), lambda: write_look(raw, LOOK), lambda: write_look(raw, Look())):
        with pytest.raises(BadSidecar, match=SENTENCES.get(kind, "is damaged")) as caught:
            act()
        assert "\n" not in str(caught.value)
        assert caught.value.path == beside(raw)
    assert beside(raw).read_bytes() == content


def test_a_read_only_folder_has_its_settings_in_the_data_folder(read_only: Path, tmp_path: Path) -> None:
    where = write_look(read_only, LOOK)
    assert where is not None
    assert where.is_relative_to(tmp_path / "data")
    assert read_look(read_only) == LOOK
    assert json.loads(where.read_text())["raw"] == str(read_only)
    assert write_look(read_only, Look(1)) == where
    assert read_look(read_only) == Look(1)
    assert [path.name for path in read_only.parent.iterdir()] == [read_only.name]


def test_a_read_only_sidecar_is_superseded_also_by_as_shot(read_only: Path) -> None:
    beside(read_only).write_bytes(good(exposure_ev=1.0).encode())
    assert read_look(read_only) == Look(1.0)
    write_look(read_only, LOOK)
    assert read_look(read_only) == LOOK
    write_look(read_only, Look())
    assert read_look(read_only) == Look()


def test_once_the_folder_can_be_written_the_other_copy_goes(raw: Path) -> None:
    elsewhere = sidecar._in_data_folder(raw)
    elsewhere.parent.mkdir(parents=True)
    elsewhere.write_text('{"format": "xtdm-sidecar", "version": 1, "look": {"exposure_ev": 2.0}, "x": 1}')
    assert read_look(raw) == Look(2.0)
    assert write_look(raw, LOOK) == beside(raw)
    assert not elsewhere.exists()
    assert json.loads(beside(raw).read_text())["x"] == 1


def test_a_failed_write_leaves_the_old_settings(raw: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_look(raw, LOOK)

    def full(path: Path, text: str, **_: object) -> int:
        path.write_bytes(text[:10].encode())
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    with pytest.raises(WriteFailed, match="disk is full"):
        write_look(raw, Look(2))
    assert read_look(raw) == LOOK
    assert len(list(raw.parent.iterdir())) == 2


def test_denoising_is_kept_and_old_sidecars_have_the_default(raw: Path) -> None:
    write_look(raw, Look(denoise=0.5, grain=0.3))
    assert read_look(raw) == Look(denoise=0.5, grain=0.3)
    beside(raw).write_text(json.dumps({"format": "xtdm-sidecar", "version": 1, "look": {"exposure_ev": 1}}))
    assert read_look(raw) == Look(exposure_ev=1)


@pytest.mark.parametrize("damage", [{"denoise": 7}, {"grain": "much"}])
def test_impossible_denoising_is_damage(raw: Path, damage: dict[str, object]) -> None:
    beside(raw).write_text(json.dumps({"format": "xtdm-sidecar", "version": 1, "look": damage}))
    with pytest.raises(BadSidecar, match="damaged"):
        read_look(raw)


def test_a_name_that_leaves_no_room_for_the_ending(raw: Path) -> None:
    long = raw.with_name("n" * 248 + ".RAF")
    assert read_look(long) is None
    stored = write_look(long, LOOK)
    assert stored is not None
    assert stored.parent != raw.parent
    assert read_look(long) == LOOK
    assert write_look(long, Look()) is None
    assert sidecar_of(long) is None


def test_a_sidecar_of_an_earlier_version_is_read(raw: Path, older_files: Path) -> None:
    shutil.copy(older_files / "DSCF0001.RAF.xtdm.json", raw.parent)
    assert read_look(raw) == Look(exposure_ev=0.75, white_balance=(2.125, 1.0, 1.5), roll_off=0.5)
