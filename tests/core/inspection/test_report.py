"""``xtdm inspect`` as a user meets it: lines, JSON, the sheet, ordinary pictures, and errors."""

import json
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import Image

from tests.core.cli.test_cli import called
from tests.core.conftest import textured
from xtdm_core.inspection.sheet import detail
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import tile_pattern


def uneven_raf(path: Path) -> Path:
    """A RAF of grey noise-free 600 px, half of whose greens are 1 % brighter than the others."""
    sensor = SensorModel()
    frame = simulate_frame(np.full((600, 600, 3), 0.3, np.float32), sensor)
    gains = np.ones((6, 6))
    gains[tuple(np.argwhere(frame.cfa == 1)[::2].T)] = 1.01
    codes = (frame.mosaic.astype(float) - sensor.black) * tile_pattern(gains, 600, 600) + sensor.black
    frame.mosaic[:] = np.rint(codes).astype(np.uint16)
    write_raf(path, frame)
    return path


def test_the_raw_is_told_apart_from_the_methods(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    path = uneven_raf(tmp_path / "a.RAF")
    assert called(monkeypatch, "inspect", str(path), "--json", "-o", str(tmp_path / "sheet.png")) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    found = {event["method"]: event for event in events if event["event"] == "inspected"}
    assert list(found) == ["neural", "markesteijn3", "raw"]
    red, green, blue = found["raw"]["phase_rms_percent_rgb"]
    assert green == pytest.approx(0.513, rel=0.02)
    assert max(red, blue) < 0.02
    # The facts say 0.25 codes for 1 % in a mid-grey; the order of magnitude must be that.
    assert 0.1 < found["markesteijn3"]["phase_rms_codes"] < 0.6
    assert found["markesteijn3"]["worst_places"][0]["unit"] == "codes"
    assert np.array(found["raw"]["fold_percent"]).shape == (6, 6)
    assert found["neural"]["verdict"]["maker"] == "made by the sensor"
    assert found["markesteijn3"]["verdict"]["maker"] == "made by the sensor"
    with Image.open(tmp_path / "sheet.png") as sheet:
        assert sheet.format == "PNG"
        assert sheet.width > 1000
    assert called(monkeypatch, "inspect", str(path), "-o", str(tmp_path / "sheet.png")) == 1


def test_lines_for_people_name_their_units(
    raf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, "inspect", str(raf)) == 0
    out = capsys.readouterr().out
    names = "network", "LibRaw 3-pass Markesteijn", "the raw itself", "worst places of network"
    for words in (*names, "codes", "%", "sure)"):
        assert words in out


@pytest.mark.parametrize("kind", ["png", "tiff16", "float"])
def test_an_ordinary_picture_has_its_own_score(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    cell = np.random.default_rng(3).normal(size=(6, 6))
    cell = 3 * (cell - cell.mean()) / cell.std(ddof=1)
    codes = 120 + np.repeat(tile_pattern(cell, 240, 300)[..., None], 3, axis=2)
    path = tmp_path / ("a.png" if kind == "png" else "a.tif")
    if kind == "png":
        Image.fromarray(np.rint(codes).astype(np.uint8)).save(path)
    elif kind == "tiff16":
        tifffile.imwrite(path, np.rint(codes * 257).astype(np.uint16), photometric="rgb")
    else:
        linear = ((codes / 255 + 0.055) / 1.055) ** 2.4
        tifffile.imwrite(path, linear.astype(np.float32), photometric="rgb")
    assert called(monkeypatch, "inspect", str(path), "--json", "-o", str(tmp_path / "sheet.png")) == 0
    event = json.loads(capsys.readouterr().out.splitlines()[-2])
    assert event["method"] == "file"
    assert event["phase_rms_codes"] == pytest.approx(3, rel=0.02 if kind == "png" else 1e-3)
    assert event["spectrum_peak_over_median"] > 10


def test_bad_files_are_sentences(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("RGB", (40, 400)).save(tmp_path / "small.png")
    (tmp_path / "broken.tif").write_bytes(b"II*\0 nonsense")
    (tmp_path / "empty.png").touch()
    tifffile.imwrite(tmp_path / "stack.tif", np.zeros((3, 60, 60, 2), np.uint16))
    write_raf(tmp_path / "small.RAF", simulate_frame(textured(42, 96), SensorModel()))
    for name in ("small.png", "broken.tif", "empty.png", "stack.tif", "none.tif", "none.png", "small.RAF"):
        assert called(monkeypatch, "inspect", str(tmp_path / name)) == 1
        err = capsys.readouterr().err
        assert len(err.splitlines()) == 1
        assert name in err


def test_detail_keeps_a_grid_and_drops_a_slope() -> None:
    y, x = np.mgrid[:48, :48]
    slope = np.repeat((60 + x + y)[..., None], 3, axis=2).astype(np.uint8)
    assert (detail(slope)[4:-4, 4:-4] == 128).all()
    stripes = slope + np.where(x % 6 == 2, 6, 0)[..., None].astype(np.uint8)
    row = detail(stripes)[24, 6:42, 0].reshape(6, 6)
    assert (row == row[0]).all()
    assert row[0].tolist() == [112, 112, 208, 112, 112, 112]
