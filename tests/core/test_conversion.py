"""One file to a finished picture."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from tests.core.conftest import INFO, textured
from tests.core.develop.test_lut import cube
from xtdm_core.assets import asset
from xtdm_core.choices import SUFFIX
from xtdm_core.conversion import ConvertOptions, convert
from xtdm_core.demosaicing.network import Demosaicer
from xtdm_core.develop.lut import lut_digest
from xtdm_core.develop.sidecar import write_look
from xtdm_core.develop.tone import NEUTRAL, Look
from xtdm_core.errors import BadLut, BadSidecar, WriteFailed
from xtdm_core.export import xmp
from xtdm_core.export.dng import read_dng
from xtdm_core.export.formats import choose_format
from xtdm_core.export.jpeg import read_jpeg
from xtdm_core.export.verify import verify
from xtdm_core.frame import LensCurve, LensTables
from xtdm_core.inspection.file_info import describe
from xtdm_core.progress import Cancelled, Progress
from xtdm_core.simulation import BARREL, PINCUSHION, find_body, write_camera_raf
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_core.xtrans import mosaic, tile_pattern


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


def white_wall(height: int = 96, width: int = 144) -> np.ndarray:
    """A wall of which the left half is blown, before grey: linear sRGB f32 [H, W, 3]."""
    scene = np.full((height, width, 3), 0.25, np.float32)
    scene[12:-12, 12 : width // 2] = 4.0
    scene[12:-12, width // 2 : -12] = 0.8
    return scene


@pytest.mark.parametrize(
    ("model", "iso", "levels"),
    [
        ("X-T3", 200, None),
        ("X-Pro2", 1600, None),
        ("X-H2S", 12800, None),  # saturates at the nominal level, which cuts the spread off
        ("X-T5", 200, (16060, 16237, 16045)),
        ("X-Pro1", 800, (4090, 4095, 4070)),  # 12 bits
    ],
)
def test_blown_white_is_white_and_told_as_clipped(
    tmp_path: Path, default: Demosaicer, model: str, iso: int, levels: tuple[float, float, float] | None
) -> None:
    body = find_body(model)
    shot = replace(body, saturation=levels or body.saturation)
    exposure = write_camera_raf(tmp_path / "a.RAF", white_wall(), shot, iso=iso, exposure_ev=0.5)
    convert(tmp_path / "a.RAF", tmp_path / "a.tif", ConvertOptions("tiff"), default)
    codes = imagecodecs.tiff_decode((tmp_path / "a.tif").read_bytes())[18:-18, 18:66].astype(float) / 257
    assert np.ptp(codes.mean(axis=(0, 1))) < 1
    assert np.quantile(np.ptp(codes, axis=-1), 0.99) < 3
    assert codes.min() > 245
    white = mosaic(white_wall(), exposure.cfa) > 3.9
    colours = tile_pattern(exposure.cfa, *white.shape)
    truth = [100 * white[colours == c].mean() for c in range(3)]
    assert describe(tmp_path / "a.RAF")["headroom"]["clipped_percent"] == pytest.approx(truth, abs=0.5)


def test_the_8_orientations_are_the_same_pixels_turned(tmp_path: Path, default: Demosaicer) -> None:
    frame = simulate_frame(textured(600, 606), SensorModel())
    pictures = {}
    for orientation in range(1, 9):
        write_raf(tmp_path / "a.RAF", replace(frame, orientation=orientation))
        options = ConvertOptions("tiff", look=NEUTRAL, overwrite=True)
        convert(tmp_path / "a.RAF", tmp_path / "a.tif", options, default)
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
        options = ConvertOptions("tiff", look=NEUTRAL, overwrite=True)
        convert(tmp_path / "a.RAF", tmp_path / "a.tif", options, default)
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
    assert picture.min() > 0.9 * 0.99
    assert np.ptp(picture, axis=-1).max() < 0.004


@pytest.mark.parametrize("format_name", ["tiff", "linear-tiff"])
@pytest.mark.parametrize("method", ["neural", "bilinear"])
def test_a_hot_photosite_leaves_no_trace_unless_it_is_wanted(
    tmp_path: Path, default: Demosaicer, method: str, format_name: str
) -> None:
    frame = simulate_frame(np.full((600, 606, 3), 0.2, np.float32), SensorModel(info=INFO))
    mosaic = frame.mosaic.copy()
    mosaic[300, 300] = 16383
    write_raf(tmp_path / "a.RAF", replace(frame, mosaic=mosaic))
    spread = {}
    for hot_pixels in (True, False):
        options = ConvertOptions(format_name, method, overwrite=True, hot_pixels=hot_pixels)
        convert(tmp_path / "a.RAF", tmp_path / "a.tif", options, default)
        picture = imagecodecs.tiff_decode((tmp_path / "a.tif").read_bytes())[290:310, 290:310].astype(float)
        spread[hot_pixels] = np.ptp(picture, axis=(0, 1)).max() / picture.mean()
    assert spread[True] < 0.01
    assert spread[False] > 0.5


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


def test_the_raw_file_itself_is_never_the_target(raf: Path) -> None:
    data = raf.read_bytes()
    with pytest.raises(WriteFailed, match="is the raw file itself"):
        convert(raf, raf, ConvertOptions("dng", "bilinear", overwrite=True), None)
    assert raf.read_bytes() == data


@pytest.mark.parametrize("format_name", SUFFIX)
def test_a_side_is_no_longer_than_asked(raf: Path, tmp_path: Path, format_name: str) -> None:
    target = tmp_path / f"a{SUFFIX[format_name]}"
    convert(raf, target, ConvertOptions(format_name, "bilinear", max_size=100), None)
    assert ", 100×99, " in verify(target)


def test_a_dng_leaves_the_settings_to_others(raf: Path, tmp_path: Path) -> None:
    options = ConvertOptions("dng", "bilinear", sidecar=True)
    convert(raf, tmp_path / "a.dng", options, None)
    where = write_look(raf, Look(1.0, (1.5, 1.0, 2.0), 0.5))
    result = convert(raf, tmp_path / "b.dng", options, None)
    assert any(f"of {where} are left to" in note for note in result.notes)
    pieces = [[block for _, _, block in read_dng(tmp_path / name).blocks(1)] for name in ("a.dng", "b.dng")]
    assert all(np.array_equal(*pair) for pair in zip(*pieces, strict=True))


def test_a_dark_picture_needs_no_gain_map(tmp_path: Path) -> None:
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(600, 606) * np.float32(0.1), SensorModel()))
    result = convert(tmp_path / "a.RAF", tmp_path / "a.jpg", ConvertOptions("jpeg", "bilinear"), None)
    assert result.description == "SDR JPEG, sRGB"
    assert any("needs no gain map" in note for note in result.notes)


def test_the_gain_map_can_be_left_out(raf: Path, tmp_path: Path) -> None:
    result = convert(raf, tmp_path / "a.jpg", ConvertOptions("jpeg", "bilinear", gain_map=False), None)
    assert (result.description, result.notes) == ("SDR JPEG, sRGB", ())
    assert "sRGB built-in, Exif" in verify(tmp_path / "a.jpg")


def test_the_picture_tells_how_it_was_made(raf: Path, tmp_path: Path, default: Demosaicer) -> None:
    convert(raf, tmp_path / "a.jpg", ConvertOptions("jpeg", look=Look(0.5)), default)
    said = xmp.parse_xmp(read_jpeg((tmp_path / "a.jpg").read_bytes()).xmp)
    told = {
        name: xmp.value_of(said, f"{xmp.XTDM}{name}")
        for name in ("Source", "SourceSHA256", "Demosaic", "NetworkSHA256")
    }
    weights = asset("weights/fast.safetensors")
    assert told == {
        "Source": "made.RAF",
        "SourceSHA256": hashlib.sha256(raf.read_bytes()).hexdigest(),
        "Demosaic": "fast",
        "NetworkSHA256": hashlib.sha256(weights.read_bytes()).hexdigest(),
    }
    assert json.loads(xmp.value_of(said, f"{xmp.XTDM}Settings"))["exposure_ev"] == 0.5


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
    darker = tiff(raf, target, replace(with_sidecar, asked={"exposure_ev": -1.0}))[0]
    assert np.array_equal(darker, tiff(raf, target, replace(options, look=replace(look, exposure_ev=-1.0)))[0])


def test_a_sidecar_that_cannot_be_read_fails_its_file(raf: Path, tmp_path: Path) -> None:
    raf.with_name("made.RAF.xtdm.json").write_text("{")
    with pytest.raises(BadSidecar, match="damaged"):
        convert(raf, tmp_path / "a.tif", ConvertOptions("tiff", "bilinear", sidecar=True), None)
    assert not (tmp_path / "a.tif").exists()
    convert(raf, tmp_path / "a.tif", ConvertOptions("tiff", "bilinear"), None)


def test_lens_crop_and_turns_reach_every_picture(tmp_path: Path) -> None:
    write_camera_raf(tmp_path / "a.RAF", textured(600, 900), "X-T4", iso=160, lens=BARREL, noisy=False, orientation=6)
    plain, _ = tiff(tmp_path / "a.RAF", tmp_path / "a.tif", ConvertOptions("tiff", "bilinear", look=Look(-2)))
    uncorrected = {"exposure_ev": -2.0, "lens_distortion": 0.0, "lens_aberration": 0.0, "lens_vignetting": 0.0}
    bare, _ = tiff(tmp_path / "a.RAF", tmp_path / "a.tif", ConvertOptions("tiff", "bilinear", asked=uncorrected))
    assert plain.shape == bare.shape == (900, 600, 3)
    corner, middle = np.s_[:60, :60], np.s_[430:470, 280:320]
    assert plain[corner].mean() > bare[corner].mean() * 1.01
    assert plain[middle].mean() == pytest.approx(bare[middle].mean(), rel=0.01)
    cropped = ConvertOptions("tiff", "bilinear", asked={**uncorrected, "flip": True}, crop=(0.5, 0.0, 0.5, 0.25))
    assert np.array_equal(tiff(tmp_path / "a.RAF", tmp_path / "a.tif", cropped)[0], bare[:225, 299::-1])
    angled = ConvertOptions("tiff", "bilinear", straighten=5.0)
    height, width, _ = tiff(tmp_path / "a.RAF", tmp_path / "a.tif", angled)[0].shape
    assert 0.8 < height / 900 < 0.99
    assert width / height == pytest.approx(600 / 900, rel=0.01)


def test_bright_corners_are_balanced_like_the_middle(tmp_path: Path) -> None:
    """Vignetting's gain lifts them beyond where the sensor clips: they are no less to be tinted."""
    lens = replace(PINCUSHION, distortion=(), red=(), blue=())
    flat = np.full((600, 606, 3), 1.1, np.float32)
    write_camera_raf(tmp_path / "a.RAF", flat, "X-T4", iso=160, lens=lens, noisy=False)
    look = Look(-2.0, white_balance=(3.0, 1.0, 1.2))
    picture, _ = tiff(tmp_path / "a.RAF", tmp_path / "a.tif", ConvertOptions("tiff", "bilinear", look=look))
    corner, middle = picture[4:20, 4:20].mean(axis=(0, 1)), picture[290:310, 290:310].mean(axis=(0, 1))
    assert corner == pytest.approx(middle, rel=0.02)
    assert corner[0] > 1.3 * corner[2]


def test_a_linear_tiff_lies_as_the_sensor_unless_asked(tmp_path: Path) -> None:
    write_camera_raf(tmp_path / "a.RAF", textured(600, 606), "X-T4", iso=160, lens=BARREL, aspect="1:1")
    write_look(tmp_path / "a.RAF", Look(crop=(0.0, 0.0, 0.5, 0.5), straighten=3.0))
    options = ConvertOptions("linear-tiff", "bilinear", sidecar=True)
    plain, _ = tiff(tmp_path / "a.RAF", tmp_path / "a.tif", options)
    assert plain.shape == (600, 606, 3)
    corrected, _ = tiff(tmp_path / "a.RAF", tmp_path / "a.tif", replace(options, asked={"lens_distortion": 1.0}))
    assert corrected.shape == plain.shape
    assert not np.array_equal(corrected, plain)
    convert(tmp_path / "a.RAF", tmp_path / "a.dng", ConvertOptions("dng", "bilinear", sidecar=True), None)
    assert verify(tmp_path / "a.dng").split(",")[1] == " 288×285"


def test_a_lens_that_is_known_from_elsewhere_is_told(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lens = LensTables(vignetting=LensCurve(426.0, (0.0, 0.5, 1.0), (100.0, 80.0, 50.0)), source="lensfun")
    dark = {"exposure_ev": -2.0}
    plain, notes = tiff(raf, tmp_path / "a.tif", ConvertOptions("tiff", "bilinear", asked=dark))
    assert not any("lensfun" in note for note in notes)
    monkeypatch.setattr("xtdm_core.raw.reader.find_lens", lambda *_: lens)
    corrected, notes = tiff(raf, tmp_path / "a.tif", ConvertOptions("tiff", "bilinear", asked=dark))
    assert any("what lensfun knows" in note for note in notes)
    assert corrected[:20, :20].mean() > 1.2 * plain[:20, :20].mean()


@pytest.mark.parametrize("name", ["a.avif", "a.jpg", "a.tif"])
def test_a_look_up_table_reaches_every_picture_and_hlg_says_what_it_is(raf: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "grey.cube"
    path.write_text(cube(2, lambda rgb: rgb.mean(axis=-1, keepdims=True).repeat(3, axis=-1)))
    options = ConvertOptions(choose_format(Path(name), None), "bilinear", asked={"lut": str(path)})
    result = convert(raf, tmp_path / name, options, None)
    assert verify(tmp_path / name)
    if name == "a.avif":
        assert "display-referred" in result.description
        assert (
            "scene-referred" in convert(raf, tmp_path / "b.avif", ConvertOptions("avif", "bilinear"), None).description
        )
    else:
        codes = imagecodecs.imread(tmp_path / name).astype(int)
        assert np.ptp(codes, axis=-1).max() <= codes.max() // 100


def test_a_table_that_is_gone_fails_its_file(raf: Path, tmp_path: Path) -> None:
    write_look(raf, Look(lut=str(tmp_path / "gone.cube")))
    with pytest.raises(BadLut, match="no such file"):
        convert(raf, tmp_path / "a.tif", ConvertOptions("tiff", "bilinear", sidecar=True), None)
    assert not (tmp_path / "a.tif").exists()


def test_a_table_that_is_not_the_one_that_was_chosen_is_told(raf: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.cube"
    path.write_text(cube(2, lambda rgb: rgb))
    write_look(raf, Look(lut=str(path), lut_digest=lut_digest(path)))
    options = ConvertOptions("tiff", "bilinear", sidecar=True, overwrite=True)
    assert not any("has changed" in note for note in convert(raf, tmp_path / "a.tif", options).notes)
    path.write_text(cube(2, lambda rgb: rgb * 0.5))
    assert any("a.cube has changed" in note for note in convert(raf, tmp_path / "a.tif", options).notes)
    chosen = replace(options, asked={"lut": str(path), "lut_digest": ""})
    assert not any("has changed" in note for note in convert(raf, tmp_path / "a.tif", chosen).notes)


def test_local_contrast_is_in_every_developed_picture_and_in_no_other(raf: Path, tmp_path: Path) -> None:
    def codes(name: str, strength: float) -> np.ndarray:
        look = Look(local_contrast=strength)
        options = ConvertOptions(choose_format(Path(name), None), "bilinear", look=look, overwrite=True)
        convert(raf, tmp_path / name, options)
        return imagecodecs.imread(tmp_path / name).astype(int)

    plain, strong = codes("a.tif", 0.0), codes("a.tif", 1.0)
    assert np.abs(strong - plain).max() > 1000
    assert strong.mean() == pytest.approx(plain.mean(), rel=0.05)
    for name in ("a.avif", "a.jpg"):
        assert (codes(name, 0.0) != codes(name, 1.0)).any()
    linear = {}
    for strength in (0.0, 1.0):
        options = ConvertOptions("linear-tiff", "bilinear", look=Look(local_contrast=strength), overwrite=True)
        convert(raf, tmp_path / "linear.tif", options)
        linear[strength] = imagecodecs.imread(tmp_path / "linear.tif")
    assert np.array_equal(linear[0.0], linear[1.0])
