"""LibRaw's algorithms in the network's units."""

from pathlib import Path

import numpy as np
import pytest

from tests.core.conftest import textured
from xtdm_core.demosaic.libraw import ALGORITHMS, demosaic_classic, true_name
from xtdm_core.errors import BadOption, UnsupportedRaw
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import align


def test_dht_is_markesteijn() -> None:
    assert true_name("dht") == true_name("markesteijn3") == "markesteijn3"
    with pytest.raises(BadOption, match="amaze"):
        true_name("amaze")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
def test_flat_colour_keeps_its_value_beyond_the_white_level(tmp_path: Path, algorithm: str) -> None:
    truth = np.float32([1.9, 0.6, 0.3])
    write_raf(tmp_path / "a.RAF", simulate_frame(np.broadcast_to(truth, (600, 606, 3)), SensorModel()))
    frame = read_raw(tmp_path / "a.RAF")
    for mosaic in (None, align(frame)):
        cam_rgb = demosaic_classic(tmp_path / "a.RAF", frame, algorithm, mosaic)
        assert cam_rgb.shape == (600, 606, 3)
        # Bilinear loses some to LibRaw's integer arithmetic.
        tolerance = 0.012 if algorithm in ("bilinear", "vng") else 4e-4
        assert np.abs(cam_rgb[20:-20, 20:-20] - truth).max() < tolerance


def test_red_at_the_white_level_reaches_its_gain(tmp_path: Path) -> None:
    truth = np.float32([2.0, 0.5, 0.2])
    sensor = SensorModel(wb=(2.0, 1.0, 1.5))  # a RAF holds gains in steps of 1/1024
    write_raf(tmp_path / "a.RAF", simulate_frame(np.broadcast_to(truth, (600, 606, 3)), sensor))
    frame = read_raw(tmp_path / "a.RAF")
    cam_rgb = demosaic_classic(tmp_path / "a.RAF", frame, "markesteijn3")
    # Half a step of the 14-bit mosaic and LibRaw's 16-bit arithmetic, both multiplied by the gains.
    tolerance = (0.5 / 15359 + 2 / 65535) * frame.wb
    assert (np.abs(cam_rgb[20:-20, 20:-20] - truth) <= tolerance).all()


def test_values_far_above_white_pass_through_libraw(tmp_path: Path) -> None:
    write_raf(tmp_path / "a.RAF", simulate_frame(np.full((600, 606, 3), 0.5, np.float32), SensorModel()))
    frame = read_raw(tmp_path / "a.RAF")
    mosaic = align(frame)
    brighter = mosaic.with_values(mosaic.values * 7)
    cam_rgb = demosaic_classic(tmp_path / "a.RAF", frame, "markesteijn3", brighter)
    assert np.abs(cam_rgb[20:-20, 20:-20] - 3.5).max() < 4e-3


def test_small_files_are_refused_with_a_sentence(tmp_path: Path) -> None:
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(300, 300), SensorModel()))
    with pytest.raises(UnsupportedRaw, match="too small"):
        demosaic_classic(tmp_path / "a.RAF", read_raw(tmp_path / "a.RAF"), "markesteijn3")
