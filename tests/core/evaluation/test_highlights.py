"""Scenes with known truth, and the figures that judge reconstructed highlights."""

import numpy as np
import pytest
from click.testing import CliRunner

from xtdm_core.evaluation import highlights
from xtdm_core.evaluation.highlight_scenes import SCENES, draw
from xtdm_core.evaluation.highlights import HighlightErrors, block_means, expose, mean_and_worst, measure


@pytest.mark.parametrize("name", SCENES)
def test_scenes_are_the_same_at_every_size_and_brighter_than_a_sensor_holds(name: str) -> None:
    small, large = draw(name, 96), draw(name, 192)
    assert small.shape == (90, 96, 3)
    assert small.dtype == np.float32
    assert large.max() > 2
    assert small.min() > 0
    assert small.mean() == pytest.approx(large.mean(), rel=0.1)
    assert np.array_equal(small, draw(name, 96))


def test_the_truth_is_free_of_error_and_a_tint_is_a_cast() -> None:
    shot = expose(draw("dress", 240), (1.95, 1.0, 1.65), 1.0)
    assert shot.clipped.mean() > 0.1
    assert measure(shot.truth, shot) == HighlightErrors(0, 0, 0, 0)
    green = measure(shot.truth * np.float32([1, 1.1, 1]), shot)
    assert green.cast > 1
    assert green.cast == pytest.approx(green.chroma, rel=0.1)  # everywhere the same
    darker = measure(shot.truth * np.float32(0.7), shot)
    assert darker.delta_e > 3
    assert darker.off_percent > 40
    assert darker.chroma < green.chroma


def test_the_shot_is_the_truth_where_nothing_clips() -> None:
    shot = expose(draw("skin", 240), (1.95, 1.0, 1.65), 0.0, noise=(0, 0))
    error = np.abs(block_means(shot.mosaic) - shot.truth)[~shot.clipped]
    assert error.max() < 2e-4  # of 14 bits


def test_mean_and_worst_tenth() -> None:
    means, worst = mean_and_worst([HighlightErrors(float(i), 0, 0, 1) for i in range(20)])
    assert means == pytest.approx([9.5, 0, 0, 1])
    assert worst == pytest.approx([18.5, 0, 0, 1])


def test_one_command_prints_the_table() -> None:
    printed = CliRunner().invoke(highlights.main, ["--width", "96"])
    assert printed.exit_code == 0
    assert {line.split()[0] for line in printed.output.splitlines()[1:]} <= set(SCENES)
    assert "sky" in printed.output
