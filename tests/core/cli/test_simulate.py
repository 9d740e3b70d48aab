"""``xtdm simulate --camera``: what is asked for reaches the file."""

from pathlib import Path

import numpy as np
import pytest
import rawpy
from PIL import Image

from xtdm_core import cli
from xtdm_core.develop.framing import framed_area
from xtdm_core.raw.reader import read_raw


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    Image.new("RGB", (300, 200), (118, 118, 118)).save(tmp_path / "grey.png")
    return tmp_path / "grey.png"


def simulated(monkeypatch: pytest.MonkeyPatch, picture: Path, *words: str, name: str = "a.RAF") -> tuple[int, Path]:
    """(exit status, the file that was asked for)."""
    target = picture.with_name(name)
    monkeypatch.setattr("sys.argv", ["xtdm", "simulate", str(picture), "-o", str(target), *words])
    try:
        cli.main()
    except SystemExit as end:
        return int(end.code or 0), target
    return 0, target


@pytest.mark.parametrize(("words", "framed"), [((), None), (("--aspect", "3:2"), (250, 0, 400, 600))])
def test_a_picture_keeps_its_shape_unless_an_aspect_is_given_and_has_no_stars(
    picture: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], framed: tuple[int, int, int, int] | None
) -> None:
    Image.new("RGB", (600, 900), (118, 118, 118)).save(picture)
    status, target = simulated(monkeypatch, picture, "--camera", "X-T4", *words)
    assert status == 0
    frame = read_raw(target)
    assert framed_area(frame.info, *frame.mosaic.shape) == framed
    assert not frame.info.stars


def test_a_camera_is_simulated(
    picture: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["--camera", "x-pro2", "--iso", "800", "--dr", "200", "--exposure", "0.5", "--orientation", "6"]
    status, target = simulated(monkeypatch, picture, *words)
    assert status == 0
    assert "X-Pro2: ISO 800 read out at 400, exposure bias -1.72 EV" in capsys.readouterr().out
    frame = read_raw(target)
    assert (frame.info.model, frame.info.iso, frame.exposure_bias, frame.orientation) == ("X-Pro2", 800, -1.72, 6)
    green = frame.mosaic[:300, :300][np.tile(frame.cfa == 1, (50, 50))].astype(float)
    light = (green - 1022) / (16383 - 1022)
    expected = 0.1812 * 2 ** (0.5 - 1.72)
    assert light.mean() == pytest.approx(expected, rel=0.01)
    assert light.var() == pytest.approx(6.5e-5 * expected + 3.9e-4**2, rel=0.05)


def test_a_dng_and_the_whole_sensor(picture: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["--camera", "X30", "--full-size", "--dng", "strips"]
    status, target = simulated(monkeypatch, picture, *words, name="a.dng")
    assert status == 0
    with rawpy.imread(str(target)) as raw:
        assert raw.raw_image.shape == (3012, 4096)


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--iso", "400"), "--iso needs --camera: name one"),
        (("--hot-pixels", "5"), "--hot-pixels needs --camera: name one"),
        (("--camera", "X-T3", "--bits", "12"), "--bits is the camera's own: leave out either it or --camera"),
        (
            ("--camera", "X-T3", "--iso", "160", "--dr", "400"),
            "X-T3 has no ISO 160 at DR400: give one from 640 to 12800",
        ),
        (("--camera", "X-T3", "--flare", "nan"), "exposure and flare must be finite, and flare not below 0"),
        (("--camera", "X-T3", "--hot-pixels", "400000"), "a picture of 360000 px has no 400000 hot and dead ones"),
    ],
)
def test_what_does_not_go_together_is_a_sentence(
    picture: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: tuple[str, ...],
    sentence: str,
) -> None:
    status, target = simulated(monkeypatch, picture, *words)
    assert status == 1
    assert capsys.readouterr().err.startswith(f"xtdm: {sentence}")
    assert [path.name for path in target.parent.iterdir()] == [picture.name]
