"""Whole RAF files, read by this program and by LibRaw."""

import struct
from pathlib import Path

import numpy as np
import pytest
import rawpy

from tests.core.simulation.raf_parts import records
from xtdm_core.raw.reader import read_raw
from xtdm_core.simulation import BODIES, Exposure, write_camera_raf

SCENE = np.random.default_rng(1).uniform(0, 1.2, (120, 180, 3)).astype(np.float32)


def same_pixels(mosaic: np.ndarray, margins: tuple[int, int], exposure: Exposure) -> bool:
    """Whether a reader that begins at its own margins found the photosites of the readout there."""
    (height, width), (top, left) = mosaic.shape, margins
    return np.array_equal(mosaic, exposure.readout[top : top + height, left : left + width])


@pytest.mark.parametrize("model", [name for name in BODIES if name != "X-E5"])
def test_every_body_reads_back(tmp_path: Path, model: str) -> None:
    path = tmp_path / "a.RAF"
    exposure = write_camera_raf(path, SCENE, model, iso=800, dynamic_range=200)
    body = exposure.shot.body
    frame = read_raw(path)
    assert same_pixels(frame.mosaic, frame.margins, exposure)
    assert min(frame.mosaic.shape) > 100
    offset = np.array(frame.margins) - body.readout.crop[:2]
    assert np.array_equal(frame.cfa, np.roll(exposure.cfa, tuple(-offset), (0, 1)))
    assert frame.exposure_bias == exposure.shot.exposure_bias
    assert np.allclose(frame.wb, exposure.shot.gains)
    assert (frame.black == body.readout.black).all()


def test_libraw_sees_the_whole_readout(tmp_path: Path) -> None:
    exposure = write_camera_raf(tmp_path / "a.RAF", SCENE, "X-T2", iso=400)
    with rawpy.imread(str(tmp_path / "a.RAF")) as raw:
        assert np.array_equal(raw.raw_image, exposure.readout)


def test_the_directory_of_a_camera(tmp_path: Path) -> None:
    exposure = write_camera_raf(tmp_path / "a.RAF", SCENE, "X-H2", white_balance=(2.5, 1.0, 1.2))
    read = {tag: struct.unpack(f">{len(data) // 2}H", data) for tag, data in records(tmp_path / "a.RAF").items()}
    assert read[0x100] == exposure.readout.shape
    assert (read[0x110], read[0x111], read[0x119]) == ((21, 12), (120, 180), (120, 180))
    assert read[0x2FF0] == (302, 755, 302, 362)
    daylight = exposure.shot.body.daylight_gains()
    assert np.allclose(np.array(read[0x2100])[[1, 0, 3]] / 302, daylight, atol=0.002)
    assert exposure.shot.gains == (755 / 302, 1.0, 362 / 302)


def test_a_file_may_hide_its_bias(tmp_path: Path) -> None:
    write_camera_raf(tmp_path / "a.RAF", SCENE, iso=640, dynamic_range=400, states_bias=False)
    assert 0x9650 not in records(tmp_path / "a.RAF")
