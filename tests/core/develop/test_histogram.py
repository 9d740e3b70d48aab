"""The histogram on made frames: every photosite counted once, clipping to the last one, marks where they belong."""

import math
from dataclasses import replace

import numpy as np
import pytest

from tests.core.conftest import textured
from xtdm_core.develop.color import to_rec2020
from xtdm_core.develop.highlights import headroom, period_picture
from xtdm_core.develop.histogram import (
    BINS,
    LOW_EV,
    PER_EV,
    bin_edges,
    histogram_markers,
    hlg_loss,
    photosites_between,
    raw_histogram,
)
from xtdm_core.develop.hlg import CEILING_EV, DIFFUSE_WHITE_E
from xtdm_core.develop.tone import Look, tone_map_hlg
from xtdm_core.frame import RawFrame
from xtdm_core.simulation.camera import SensorModel, simulate_frame
from xtdm_core.xtrans import align, phases

WB = (2.0, 1.0, 1.6)


def frame_of(cam_rgb: np.ndarray, **sensor: object) -> RawFrame:
    return simulate_frame(cam_rgb.astype(np.float32), SensorModel(wb=WB, **sensor))


def flat(red: float, green: float, blue: float, height: int = 66, width: int = 72) -> np.ndarray:
    """Balanced camera RGB whose photosites have these values in sensor units."""
    return np.broadcast_to(np.float32([red, green, blue]) * np.float32(WB), (height, width, 3)).copy()


@pytest.mark.parametrize("phase", [0, 7, 17])
@pytest.mark.parametrize("bits", [12, 14])
def test_every_photosite_is_counted_once_and_in_its_channel(phase: int, bits: int) -> None:
    frame = frame_of(textured(79, 85) * 1.5, cfa=phases()[phase], bits=bits, black=256)
    histogram = raw_histogram(frame)
    colours = np.tile(frame.cfa, (14, 15))[:79, :85]
    for colour in range(3):
        assert histogram.counts[colour].sum() + histogram.below[colour] == (colours == colour).sum()
    assert histogram.counts.shape == (3, BINS)


def test_a_value_lies_in_the_bin_of_its_ev() -> None:
    histogram = raw_histogram(frame_of(flat(2**-3.05, 2**-1.05, 2**-6.05)))
    edges = bin_edges()
    for colour, ev in enumerate((-3.05, -1.05, -6.05)):
        (filled,) = np.nonzero(histogram.counts[colour])
        assert len(filled) == 1
        assert edges[filled[0]] <= ev < edges[filled[0] + 1]


def test_black_and_the_white_level_are_at_the_ends() -> None:
    histogram = raw_histogram(frame_of(flat(0, 1, 5)))
    assert histogram.below == (histogram.below[0], 0, 0)
    assert histogram.below[0] > 0
    at_white = round(-LOW_EV * PER_EV)
    assert histogram.counts[1].nonzero()[0].tolist() == [at_white]
    assert histogram.counts[2].nonzero()[0].tolist() == [at_white]


def test_clipping_is_that_of_headroom_and_of_the_truth() -> None:
    truth = flat(0.2, 0.3, 0.4, 120, 120)
    truth[:30, :, 1] = 3
    truth[:60, :, 2] = 7
    frame = frame_of(truth)
    clipped = raw_histogram(frame).clipped_percent
    assert clipped == pytest.approx((0, 25, 50), abs=1e-9)
    ramp = frame_of(np.linspace(0.5, 1.2, 606 * 612).reshape(606, 612, 1) * np.float32(WB))
    assert raw_histogram(ramp).clipped_percent == pytest.approx(headroom(align(ramp)).clipped_percent, abs=1e-9)


def test_the_photosites_of_a_range_are_those_that_were_counted() -> None:
    frame = frame_of(np.geomspace(0.01, 3, 90 * 96).reshape(90, 96, 1) * np.ones(3))
    histogram, edges = raw_histogram(frame), bin_edges()
    colours = np.tile(frame.cfa, (15, 16))
    for first, stop in ((80, 100), (104, BINS)):
        for colour in range(3):
            inside = photosites_between(frame, colour, edges[first], edges[stop])
            assert inside.sum() == histogram.counts[colour, first:stop].sum() > 0
            assert (colours[inside] == colour).all()
        everything = photosites_between(frame, None, edges[first], edges[stop])
        assert everything.sum() == histogram.counts[:, first:stop].sum()


@pytest.mark.parametrize(
    ("name", "bias", "clips_at"), [("DR100", -0.72, 1.65), ("DR200", -1.72, 3.29), ("DR400", -2.72, 6.59)]
)
def test_marks_of_the_dynamic_range_modes(name: str, bias: float, clips_at: float) -> None:
    found = histogram_markers(frame_of(flat(0.1, 0.1, 0.1), exposure_bias=bias), Look())
    assert (found.dynamic_range, found.bias_stated) == (name, True)
    assert found.diffuse_white_ev[1] == pytest.approx(bias)
    assert 2 ** -found.diffuse_white_ev[1] == pytest.approx(clips_at, abs=0.005)
    assert found.diffuse_white_ev[0] == pytest.approx(bias - 1)  # at a gain of 2
    assert np.subtract(found.hlg_ceiling_ev, found.diffuse_white_ev) == pytest.approx(CEILING_EV)
    assert pytest.approx(1.92, abs=0.005) == CEILING_EV


def test_marks_without_a_stated_bias_are_those_of_dr100() -> None:
    found = histogram_markers(frame_of(flat(0.1, 0.1, 0.1), exposure_bias=None), Look())
    assert (found.dynamic_range, found.bias_stated) == ("", False)
    assert found.diffuse_white_ev[1] == pytest.approx(-0.72)


@pytest.mark.parametrize("look", [Look(), Look(0.5), Look(-1.0, (1.5, 1.0, 2.5))])
def test_a_neutral_object_at_the_mark_is_rendered_as_diffuse_white(look: Look) -> None:
    frame = frame_of(flat(0.1, 0.1, 0.1), exposure_bias=-2.72)
    photosites = 2 ** np.array(histogram_markers(frame, look).diffuse_white_ev)
    light = to_rec2020((photosites * frame.wb).astype(np.float32)[None, None], frame, look.white_balance)
    assert tone_map_hlg(light, look)[0, 0] == pytest.approx(DIFFUSE_WHITE_E, rel=1e-5)


def grey_and_light(share: float, level: float) -> np.ndarray:
    """Neutral scene light: 0.2, and in the upper ``share`` of the rows ``level``, for a DR400 file."""
    scene = np.full((240, 240, 3), 0.2, np.float32)
    scene[: round(share * 240)] = level
    return scene * np.float32(2**-2.72)


def test_what_is_beyond_hlg_is_counted_in_percent_of_the_pixels() -> None:
    ceiling = 2**CEILING_EV
    for level, percent in ((ceiling * 1.01, 25), (ceiling * 0.99, 0)):
        frame = frame_of(grey_and_light(0.25, level), exposure_bias=-2.72)
        loss = hlg_loss(period_picture(align(frame)), frame, Look())
        # The blocks that the edge cuts are one row of forty.
        assert loss.beyond_percent == pytest.approx((percent,) * 3, abs=2.6)
        assert loss.ceiling_percent == (0, 0, 0)


def test_without_roll_off_the_same_pixels_reach_the_highest_code() -> None:
    light = grey_and_light(0.25, 2**CEILING_EV * 1.01)
    frame = frame_of(light, exposure_bias=-2.72)
    assert hlg_loss(light, frame, Look(roll_off=0)).ceiling_percent == pytest.approx((25, 25, 25))
    assert hlg_loss(light, frame, Look(-0.1, roll_off=0)).ceiling_percent == (0, 0, 0)


def test_the_balance_moves_the_loss_between_channels() -> None:
    light = grey_and_light(0.25, 2**CEILING_EV * 0.9)
    frame = frame_of(light, exposure_bias=-2.72)
    loss = hlg_loss(light, frame, Look(white_balance=(WB[0] * 1.5, 1.0, WB[2])))
    assert loss.beyond_percent == pytest.approx((25, 0, 0))


def test_a_period_is_the_mean_of_its_photosites_and_clipping_is_reconstructed() -> None:
    truth = np.float32(WB) * np.float32([0.2, 0.3, 0.1])
    frame = frame_of(np.broadcast_to(truth, (61, 71, 3)), cfa=phases()[5])
    picture = period_picture(align(frame))
    assert picture.shape[0] in (9, 10)
    assert picture.shape[1] in (10, 11)
    assert picture == pytest.approx(np.broadcast_to(truth, picture.shape), abs=2e-4)
    white = frame_of(np.full((60, 60, 3), 9.0))
    bright = period_picture(align(white))
    assert bright.min() >= max(WB)
    assert np.ptp(bright, axis=-1).max() < 1e-5
    assert not math.isnan(float(bright.sum()))


def test_clipping_begins_at_the_saturation_of_the_channel() -> None:
    cam_rgb = flat(0.95, 0.97, 0.93)
    cam_rgb[:33] = flat(0.9, 0.9, 0.9, 33)
    frame = replace(frame_of(cam_rgb), saturation=np.array([0.949, 0.975, 0.929]))
    measured = headroom(align(frame))
    assert raw_histogram(frame).clipped_percent == measured.clipped_percent == pytest.approx((50, 0, 50))
    assert measured.headroom_ev == pytest.approx((0, math.log2(0.975 / 0.97), 0), abs=1e-4)
