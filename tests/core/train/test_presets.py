"""Settings from presets, files and words."""

import json
from pathlib import Path

import pytest

from xtdm_core.errors import BadOption
from xtdm_core.models import ModelSpec, build
from xtdm_core.train.presets import as_plain, load_config, preset_names


def test_every_preset_loads_and_builds() -> None:
    assert {"fast", "finetune", "quality", "v4"} <= set(preset_names())
    for name in preset_names():
        config = load_config(Path("run"), name)
        assert config.out == Path("run")
        build(config.model or ModelSpec("packed"))


def test_v4_is_the_first_programs_network_and_recipe() -> None:
    config = load_config(Path("run"), "v4")
    assert config.model is not None
    net = build(config.model)
    assert sum(p.numel() for p in net.parameters()) == 31_038_339
    assert config.model.input_wb == "none"
    assert not config.losses.perceptual
    assert (config.losses.linear, config.losses.gradient > 0, config.losses.chroma_highpass > 0) == (1, True, True)


def test_words_win_over_the_file_and_the_file_over_the_preset(tmp_path: Path) -> None:
    file = tmp_path / "train.toml"
    file.write_text('steps = 7\nseed = 3\nraws = "mine"\n[model.options]\nblocks = 2\n[augmentation]\nnoisy = 0.5\n')
    config = load_config(tmp_path / "run", "fast", file, ["seed=4", "losses.ssim=0.1", "augmentation.gain_ev=[0, 1]"])
    assert (config.steps, config.seed) == (7, 4)
    assert config.raws == tmp_path / "mine"
    assert config.model is not None
    assert config.model.options == {"width": 48, "blocks": 2, "noise": True}
    assert config.losses.ssim == 0.1
    assert config.augmentation.noisy == 0.5
    assert config.augmentation.gain_ev == (0.0, 1.0)


def test_words_that_are_no_toml_are_text() -> None:
    config = load_config(Path("run"), "fast", overrides=["fine_tuning.start=fast", "photos=/there/it is"])
    assert config.fine_tuning.start == "fast"
    assert config.photos == Path("/there/it is")


@pytest.mark.parametrize(
    ("word", "sentence"),
    [
        ("stepz=3", "no training setting stepz"),
        ("losses.l3=1", "no training setting losses.l3"),
        ("steps=many", "steps cannot be 'many'"),
        ("steps=true", "steps cannot be True"),
        ("augmentation.gain_ev=[1]", "gain_ev cannot be"),
        ("steps", "write NAME=VALUE"),
    ],
)
def test_wrong_words_are_told(word: str, sentence: str) -> None:
    with pytest.raises(BadOption, match=sentence):
        load_config(Path("run"), "fast", overrides=[word])


def test_wrong_files_and_presets_are_told(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="choose one of fast"):
        load_config(Path("run"), "slow")
    with pytest.raises(BadOption, match="no such file"):
        load_config(Path("run"), None, tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("steps = = 3")
    with pytest.raises(BadOption, match="not a readable TOML"):
        load_config(Path("run"), None, tmp_path / "bad.toml")


def test_the_record_tells_everything_but_where_things_lie(tmp_path: Path) -> None:
    config = load_config(tmp_path / "run", "fast", overrides=[f"photos={tmp_path / 'photos'}"])
    plain = json.loads(json.dumps(as_plain(config)))
    assert plain["photos"] == "photos"
    assert plain["model"]["options"] == {"width": 48, "blocks": 5, "noise": True}
    assert str(tmp_path) not in json.dumps(plain)
