"""Whether a run was worth it."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.core.train.conftest import write_photos
from xtdm_core.cli import commands
from xtdm_core.train.run_log import Verdict, read_verdict, verdict_of


def log(*values: float, first: int = 0) -> list[dict[str, float]]:
    return [
        {"step": step, "loss": 0.1, "psnr_raws_db": value, "linear_raws_db": 1.0, "psnr_torture_db": 99.0 - value}
        for step, value in enumerate(values, first)
    ]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ((39.04, 39.31, 39.2), "Better than the start on raws (39.04 → 39.31 dB)"),
        (
            (39.04, 39.02, 39.03),
            "Not better than the start on raws (39.04 → 39.03 dB): more pictures or steps may help",
        ),
        ((39.041, 39.044), "Not better than the start on raws (39.04 → 39.04 dB): more pictures or steps may help"),
    ],
)
def test_the_best_of_training_is_held_against_the_start(values: tuple[float, ...], sentence: str) -> None:
    assert str(verdict_of(log(*values))) == sentence


def test_random_weights_are_no_start_to_compare_with() -> None:
    verdict = verdict_of(log(30.0, 34.0, 33.0, first=10))
    assert verdict == Verdict("raws", None, 34.0)
    assert str(verdict) == "The best weights reach 34.00 dB on raws"


@pytest.mark.parametrize("lines", [[], log(39.0), [{"step": 5, "loss": 0.1}]])
def test_before_training_was_measured_there_is_none(lines: list[dict[str, float]]) -> None:
    assert verdict_of(lines) is None


def test_it_is_the_last_line_of_the_command(tmp_path: Path) -> None:
    small = ("model.options.width=8", "model.options.blocks=1", "held_out=2", "shares.torture=0", "shares.shapes=0")
    sets = [word for value in small for word in ("--set", value)]
    words = ["train", str(write_photos(tmp_path / "photos")), "-o", str(tmp_path / "run"), "--device", "cpu", *sets]
    done = CliRunner().invoke(commands, [*words, "--steps", "2", "--batch", "1", "--patch", "36"])
    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines()[-1] == str(read_verdict(tmp_path / "run"))
