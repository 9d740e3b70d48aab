"""One file to a finished picture."""

from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from tests.core.conftest import INFO, textured
from xtdm_core.convert import ConvertOptions, convert
from xtdm_core.demosaic.network import Demosaicer
from xtdm_core.develop.highlights import CLIP
from xtdm_core.develop.sidecar import write_look
from xtdm_core.develop.tone import Look
from xtdm_core.errors import BadSidecar, WriteFailed
from xtdm_core.progress import Cancelled, Progress
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf


@pytest.fixture(scope="module")
def default() -> Demosaicer:
    return Demosaicer.load(device="cpu")


@pytest.mark.parametrize("format_name", ["avif", "tiff", "linear-tiff"])
def test_each_format_is_written_with_the_visible_size(
    raf: Path, tmp_path: Path, default: Demosaicer, format_name: str
) -> None:
    target = tmp_path / "out" / "a"
    result = convert(raf, target, ConvertOptions(format_name), default)
    data = target.read_bytes()
    decoded = imagecodecs.avif_decode(data) if format_name == "avif" else imagecodecs.tiff_decode(data)
    assert decoded.shape == (606, 612, 3)
    assert result.size_bytes == len(data)
    assert decoded.dtype == (np.float32 if format_name == "linear-tiff" else np.uint16)


def test_linear_tiff_is_close_to_the_truth_and_unclipped(tmp_path: Path, default: Demosaicer) -> None:
    truth = textured() * np.float32([1.9, 0.9, 1.6])
    write_raf(tmp_path / "a.RAF", simulate_frame(truth, SensorModel(orientation=6)))
    convert(tmp_path / "a.RAF", tmp_path / "a.tif", ConvertOptions("linear-tiff"), default)
    linear = imagecodecs.tiff_decode((tmp_path / "a.tif").read_bytes())
    assert linear.shape == truth.shape  # sensor orientation
    assert linear.max() > 1.5
    assert float(np.abs(linear - truth).mean()) < 0.03


def test_the_8_orientations_are_the_same_pixels_turned(tmp_path: Path, default: Demosaicer) -> None:
    frame = simulate_frame(textured(600, 606), SensorModel())
    pictures = {}
    for orientation in range(1, 9):
        write_raf(tmp_path / "a.RAF", replace(frame, orientation=orientation))
        convert(tmp_path / "a.RAF", tmp_path / "a.tif", ConvertOptions("tiff", overwrite=True), default)
        pictures[orientation] = imagecodecs.tiff_decode((tmp_path / "a.tif").read_bytes())
    first = pictures[1]
    turned = {
        2: first[:, ::-1],
        3: first[::-1, ::-1],
        4: first[::-1],
        5: first.swapaxes(0, 1),
        6: np.rot90(first, -1),
        7: first[::-1, ::-1].swapaxes(0, 1),
        8: np.rot90(first),
    }
    for orientation, expected in turned.items():
        assert np.array_equal(pictures[orientation], expected), orientation


def test_dynamic_range_modes_give_the_same_picture(tmp_path: Path, default: Demosaicer) -> None:
    pictures = []
    for bias in (-0.72, -1.72, -2.72):
        frame = simulate_frame(textured(600, 606) * np.float32(2**bias), SensorModel(exposure_bias=bias))
        write_raf(tmp_path / "a.RAF", frame)
        convert(tmp_path / "a.RAF", tmp_path / "a.tif", ConvertOptions("tiff", overwrite=True), default)
        pictures.append(imagecodecs.tiff_decode((tmp_path / "a.tif").read_bytes()).astype(float))
    assert np.abs(pictures[1] - pictures[0]).mean() < 40  # of 65535: quantisation at lower exposure
    assert np.abs(pictures[2] - pictures[0]).mean() < 80


@pytest.mark.parametrize("method", ["neural", "markesteijn3"])
def test_clipped_white_is_neutral_with_every_method(tmp_path: Path, default: Demosaicer, method: str) -> None:
    scene = textured(600, 606)
    scene[200:400, 200:400] = 9.0
    frame = simulate_frame(scene, SensorModel(info=INFO))
    write_raf(tmp_path / "a.RAF", frame)
    convert(tmp_path / "a.RAF", tmp_path / "a.tif", ConvertOptions("tiff", method), default)
    picture = imagecodecs.tiff_decode((tmp_path / "a.tif").read_bytes())[230:370, 230:370] / 65535
    assert picture.min() > 0.9 * CLIP
    assert np.ptp(picture, axis=-1).max() < 0.004


def test_what_was_assumed_or_renamed_is_said(tmp_path: Path, raf: Path) -> None:
    result = convert(raf, tmp_path / "a.tif", ConvertOptions("tiff", "dht"), None)
    assert any("markesteijn3" in note for note in result.notes)
    write_raf(tmp_path / "b.RAF", simulate_frame(textured(600, 606), SensorModel(exposure_bias=None)))
    result = convert(tmp_path / "b.RAF", tmp_path / "b.tif", ConvertOptions("tiff", "bilinear"), None)
    assert any("-0.72" in note for note in result.notes)


def test_what_hlg_cannot_hold_is_said(tmp_path: Path, default: Demosaicer) -> None:
    scene = textured(600, 606)
    scene[:150] = 6.0
    write_raf(tmp_path / "a.RAF", simulate_frame(scene * np.float32(2**-2.72), SensorModel(exposure_bias=-2.72)))
    result = convert(tmp_path / "a.RAF", tmp_path / "a.avif", ConvertOptions(), default)
    assert any("25." in note and "rolled off" in note for note in result.notes)


def test_an_existing_picture_stays(raf: Path, tmp_path: Path) -> None:
    (tmp_path / "a.tif").write_text("mine")
    with pytest.raises(WriteFailed, match="already"):
        convert(raf, tmp_path / "a.tif", ConvertOptions("tiff", "bilinear"), None)
    assert (tmp_path / "a.tif").read_text() == "mine"


@pytest.mark.parametrize("stage", ["reading", "demosaicing", "writing"])
def test_cancelling_leaves_nothing(raf: Path, tmp_path: Path, default: Demosaicer, stage: str) -> None:
    def report(progress: Progress) -> None:
        if progress.stage == stage:
            raise Cancelled

    with pytest.raises(Cancelled):
        convert(raf, tmp_path / "out" / "a.avif", ConvertOptions(), default, report)
    assert not list(tmp_path.glob("out/*"))


def tiff(raf: Path, target: Path, options: ConvertOptions) -> tuple[np.ndarray, tuple[str, ...]]:
    result = convert(raf, target, replace(options, overwrite=True), None)
    return imagecodecs.tiff_decode(target.read_bytes()), result.notes


def test_the_sidecar_is_honoured_told_and_outranked(raf: Path, tmp_path: Path) -> None:
    options, target = ConvertOptions("tiff", "bilinear"), tmp_path / "a.tif"
    look = Look(1.0, (1.5, 1.0, 2.0), 0.5)
    plain, notes = tiff(raf, target, options)
    with_sidecar = replace(options, sidecar=True)
    assert np.array_equal(tiff(raf, target, with_sidecar)[0], plain)
    assert not any("settings" in note for note in notes)
    where = write_look(raf, look)
    developed, notes = tiff(raf, target, with_sidecar)
    assert any(str(where) in note for note in notes)
    assert np.array_equal(developed, tiff(raf, target, replace(options, look=look))[0])
    assert np.array_equal(tiff(raf, target, options)[0], plain)
    darker = tiff(raf, target, replace(with_sidecar, exposure_ev=-1.0))[0]
    assert np.array_equal(darker, tiff(raf, target, replace(options, look=replace(look, exposure_ev=-1.0)))[0])


def test_a_sidecar_that_cannot_be_read_fails_its_file(raf: Path, tmp_path: Path) -> None:
    raf.with_name("made.RAF.xtdm.json").write_text("{")
    with pytest.raises(BadSidecar, match="damaged"):
        convert(raf, tmp_path / "a.tif", ConvertOptions("tiff", "bilinear", sidecar=True), None)
    assert not (tmp_path / "a.tif").exists()
    convert(raf, tmp_path / "a.tif", ConvertOptions("tiff", "bilinear"), None)
