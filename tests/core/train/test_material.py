"""What a run trains on, and what is set aside."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from xtdm_core.errors import BadOption
from xtdm_core.progress import Progress, silent
from xtdm_core.train.config import FineTuning, Shares, TrainConfig
from xtdm_core.train.material import load_material


def write_raws(folder: Path, count: int = 3) -> Path:
    folder.mkdir()
    for i in range(count):
        np.save(folder / f"r{i}.npy", np.full((60, 72, 3), (0.25, 0.5, 0.5), np.float32))
        meta = {"source": f"r{i}.RAF", "camera_gains": {"R": 2.0, "G": 1.0, "B": 1.5}}
        (folder / f"r{i}_meta.json").write_text(json.dumps(meta))
    return folder


def test_every_source_gets_its_share_and_sets_pictures_aside(config: TrainConfig, tmp_path: Path) -> None:
    shares = Shares(photos=0.9, raws=0.05, torture=0.05, shapes=0.02)
    made = load_material(replace(config, raws=write_raws(tmp_path / "raws"), shares=shares), silent)
    assert {source.name: source.share for source in made.training} == {
        "photos": 0.9,
        "raws": 0.05,
        "torture": 0.05,
        "shapes": 0.02,
    }
    assert [(s.name, len(s.pictures)) for s in made.held_out] == [("photos", 2), ("raws", 2), ("torture", 2)]
    assert [len(s.pictures) for s in made.training] == [2, 1, 2, 4]
    assert [list(s.names) for s in made.held_out] == [
        ["0.png", "2.png"],
        ["r0.RAF", "r2.RAF"],
        ["stripes", "checkers"],
    ]


def test_raws_are_balanced_with_their_own_gains(config: TrainConfig, tmp_path: Path) -> None:
    made = load_material(replace(config, photos=None, raws=write_raws(tmp_path / "raws")), silent)
    raws = next(source for source in made.training if source.name == "raws")
    assert np.allclose(raws.pictures[0][0, 0], (0.5, 0.5, 0.75), rtol=1e-3)
    assert raws.gains is not None
    assert raws.gains.tolist() == [[2.0, 1.0, 1.5]]


def test_fine_tuning_rehearses_half_and_is_judged_by_what_it_knew(config: TrainConfig, tmp_path: Path) -> None:
    shares = Shares(photos=0.9, raws=0.05, torture=0.1, shapes=0)
    tuning = FineTuning(start="fast", original=config.photos)
    mine = replace(config, photos=None, raws=write_raws(tmp_path / "raws"), shares=shares, fine_tuning=tuning)
    made = load_material(mine, silent)
    share = {source.name: source.share for source in made.training}
    assert share["raws"] == pytest.approx(0.5)
    assert share["original"] + share["torture"] == pytest.approx(0.5)
    assert share["original"] == pytest.approx(9 * share["torture"])
    assert made.held_out[0].name == "original"


@pytest.mark.parametrize("start", [None, "fast"])
def test_raws_alone_have_all_but_the_patterns_share(config: TrainConfig, tmp_path: Path, start: str | None) -> None:
    shares = Shares(photos=0.9, raws=0.05, torture=0.02, shapes=0)
    tuning = FineTuning(start=start)
    mine = replace(config, photos=None, raws=write_raws(tmp_path / "raws"), shares=shares, fine_tuning=tuning)
    share = {source.name: source.share for source in load_material(mine, silent).training}
    assert share == {"raws": pytest.approx(0.95), "torture": 0.02}


def test_pictures_smaller_than_a_patch_are_left_out(config: TrainConfig, tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="no picture of the raws is as large"):
        load_material(replace(config, patch=66, raws=write_raws(tmp_path / "raws")), silent)


def test_a_single_picture_is_trained_on_but_cannot_judge(config: TrainConfig, tmp_path: Path) -> None:
    made = load_material(replace(config, raws=write_raws(tmp_path / "raws", 1)), silent)
    assert [len(s.pictures) for s in made.training if s.name == "raws"] == [1]
    assert [s.name for s in made.held_out] == ["photos"]


def test_patterns_are_drawn_once_for_a_run(config: TrainConfig) -> None:
    mine = replace(config, shares=replace(config.shares, torture=0.1))
    first, again, other = [], [], []
    drawn = load_material(mine, first.append)
    read = load_material(mine, again.append)
    assert stages(first) == {"reading photographs", "drawing torture patterns"}
    assert stages(again) == {"reading photographs"}
    for a, b in zip((*drawn.training, *drawn.held_out), (*read.training, *read.held_out), strict=True):
        assert (a.name, list(a.names)) == (b.name, list(b.names))
        assert all(np.array_equal(x, y) and x.dtype == y.dtype for x, y in zip(a.pictures, b.pictures, strict=True))
    load_material(replace(mine, seed=config.seed + 1), other.append)
    assert "drawing torture patterns" in stages(other)


def test_a_foreign_file_of_the_patterns_name_is_not_replaced(config: TrainConfig) -> None:
    mine = replace(config, shares=replace(config.shares, torture=0.1))
    foreign = config.out / "torture.npz"
    foreign.parent.mkdir()
    np.savez(foreign, mine=np.zeros(3))
    for content in (foreign.read_bytes(), b"notes on torture"):
        foreign.write_bytes(content)
        with pytest.raises(BadOption, match="move it away"):
            load_material(mine, silent)
        assert foreign.read_bytes() == content


def stages(told: list[Progress]) -> set[str]:
    return {progress.stage for progress in told}
