"""Datasets write into their own folder only, and replace only what they have made."""

import json
from pathlib import Path

import pytest
from PIL import Image

from xtdm_core.datasets.manifest import MANIFEST, Item, Made, Manifest, build_dataset
from xtdm_core.datasets.photos import build_photos
from xtdm_core.datasets.remote import parse_listing
from xtdm_core.datasets.sharpness import score_folder
from xtdm_core.errors import BadOption, WriteFailed
from xtdm_core.progress import Stage, silent


def manifest_of(folder: Path) -> Manifest:
    return Manifest(folder / MANIFEST, "photos", "/from", {"factor": "2"})


@pytest.mark.parametrize("name", ["../victim", "/etc/victim", "a/../../victim", "a//victim", "C:/victim", "..\\victim"])
def test_a_manifest_does_not_lead_out_of_its_folder(tmp_path: Path, name: str) -> None:
    manifest = manifest_of(tmp_path)
    manifest.items["a"] = {"stamp": "", "files": {name: 1}}
    manifest.save()
    with pytest.raises(BadOption, match="outside of its folder"):
        manifest_of(tmp_path)


def test_another_machines_names_do_not_lead_out_of_the_folder() -> None:
    names = (b"/abs/a.RAF", b"x//a.RAF", b"../a.RAF", b"x/./a.RAF", b"b.RAF")
    listing = b"".join(b"1 2 ./%s\0" % name for name in names)
    assert [file.name for file in parse_listing(listing)] == ["b.RAF"]


def test_files_of_the_user_are_not_replaced(tmp_path: Path) -> None:
    source, target = tmp_path / "in", tmp_path / "set"
    source.mkdir()
    target.mkdir()
    Image.effect_noise((300, 300), 40).convert("RGB").save(source / "IMG_7.png")
    (target / "IMG_7.png").write_text("mine")
    with pytest.raises(WriteFailed, match="not a file of this dataset"):
        build_photos(source, target, "2")
    assert (target / "IMG_7.png").read_text() == "mine"
    (target / "IMG_7.png").unlink()
    assert build_photos(source, target, "2").written == 1
    (target / "IMG_7.png").write_text("damaged, and made by this dataset")
    assert build_photos(source, target, "2").written == 1
    assert sorted(path.name for path in target.iterdir()) == ["IMG_7.png", MANIFEST]


def test_a_list_of_the_user_is_not_replaced(raf: Path, tmp_path: Path) -> None:
    output = tmp_path / "lists"
    output.mkdir()
    mine = output / "top3_sharp.json"
    mine.write_text("mine")
    with pytest.raises(WriteFailed, match="not a file of this dataset"):
        score_folder(raf.parent, output, 3)
    assert mine.read_text() == "mine"
    for _ in range(2):
        _, best = score_folder(raf.parent, output, 2)
    assert json.loads(best.read_text()) == [raf.name]


def test_what_a_killed_run_wrote_is_made_again(tmp_path: Path) -> None:
    manifest = manifest_of(tmp_path)
    manifest.begin("a.png")
    (tmp_path / "a.png").write_text("written, then the power went")
    again = manifest_of(tmp_path)

    def make(item: Item) -> Made:
        again.begin("a.png")
        (tmp_path / "a.png").write_text("whole")
        return Made(("a.png",))

    build_dataset(again, Stage.BUILDING_PHOTOS, [Item("a")], make, silent)
    assert (tmp_path / "a.png").read_text() == "whole"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.png", MANIFEST]
