"""Photographs as training material: the trace score on made pictures, and the builder."""

import json
import logging
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from xtdm_core.datasets.cfa_trace import trace_limit, trace_score
from xtdm_core.datasets.fractals import fbm
from xtdm_core.datasets.manifest import MANIFEST
from xtdm_core.datasets.photos import build_photos, reduce_photo
from xtdm_core.develop.color import srgb_decode, srgb_encode
from xtdm_core.errors import BadOption
from xtdm_core.images import area_average
from xtdm_core.xtrans import CANONICAL, mosaic

BAYER = np.tile(np.uint8([[0, 1], [1, 2]]), (3, 3))


def scene(height: int, width: int, seed: int = 0) -> np.ndarray:
    """Linear RGB f32 with detail at every scale and colour, and no period: Perlin noise under fine noise."""
    rng = np.random.default_rng(seed)
    base = np.stack([fbm(rng, max(height, width))[:height, :width] for _ in range(3)], -1)
    fine = rng.normal(0, 0.06, (height, width, 1)) + rng.normal(0, 0.02, (height, width, 3))
    return np.clip(0.4 + 0.2 * base + fine, 0, 1).astype(np.float32)


def enlarged(rgb: np.ndarray) -> np.ndarray:
    """Each pixel twice as wide and high: halved, it is as it was, with all of its trace."""
    return rgb.repeat(2, axis=0).repeat(2, axis=1)


def bilinear(rgb: np.ndarray, cfa: np.ndarray) -> np.ndarray:
    """What a camera makes of a scene: mosaiced, then each colour the weighted mean of its samples around."""
    height, width = rgb.shape[:2]
    pattern = np.tile(cfa, (-(-height // 6), -(-width // 6)))[:height, :width]
    kernel = (1, 2, 1) if cfa is BAYER else (1, 2, 3, 2, 1)
    seen, out = mosaic(rgb, cfa), np.empty_like(rgb)

    def spread(values: np.ndarray) -> np.ndarray:
        reach = len(kernel) // 2
        padded = np.pad(values, reach, mode="reflect")
        rows = sum(k * padded[i : i + height] for i, k in enumerate(kernel))
        return sum(k * rows[:, i : i + width] for i, k in enumerate(kernel))

    for colour in range(3):
        own = (pattern == colour).astype(np.float32)
        out[..., colour] = np.where(pattern == colour, seen, spread(seen * own) / spread(own))
    return out


def encoded(lin_rgb: np.ndarray) -> np.ndarray:
    return np.rint(srgb_encode(lin_rgb) * 255).astype(np.float32) / 255


def jpeg(srgb: np.ndarray, quality: int) -> np.ndarray:
    file = BytesIO()
    Image.fromarray(np.rint(srgb * 255).astype(np.uint8)).save(file, format="JPEG", quality=quality)
    with Image.open(file) as image:
        return np.asarray(image, dtype=np.float32) / 255


@pytest.mark.parametrize("cfa", [CANONICAL, np.roll(CANONICAL, (2, 1), (0, 1)), BAYER])
def test_demosaiced_pictures_score_clearly_higher_until_reduced(cfa: np.ndarray) -> None:
    for seed in range(2):
        clean = scene(800, 700, seed)
        camera = bilinear(clean, BAYER if np.array_equal(cfa, BAYER) else cfa)
        before, never = trace_score(encoded(camera)), trace_score(encoded(clean))
        assert never < trace_limit(clean)
        assert before > 0.1
        assert before > 5 * never
        assert trace_score(jpeg(encoded(camera), 92)) > 2 * trace_limit(camera)
        halved = trace_score(encoded(area_average(camera, 2)))
        assert halved < before / 3
        assert trace_score(encoded(area_average(camera, 3))) < before / 5


def test_jpeg_blocks_and_stripes_are_no_trace() -> None:
    clean = encoded(scene(800, 700))
    for quality in (92, 60):
        assert trace_score(jpeg(clean, quality)) < trace_limit(clean)
    # A fence of the right period in one corner is content: elsewhere nothing repeats.
    fence = clean.copy()
    fence[:200, :200] *= np.where(np.arange(200) % 3 < 1, 0.7, 1)[:, None].astype(np.float32)
    assert trace_score(fence) < trace_score(encoded(bilinear(scene(800, 700), CANONICAL))) / 2


def test_flat_pictures_have_no_trace_and_small_ones_cannot_be_measured() -> None:
    assert trace_score(np.full((200, 200, 3), 0.5, np.float32)) == 0
    with pytest.raises(ValueError, match="two windows"):
        trace_score(np.zeros((100, 100, 3), np.float32))
    with pytest.raises(ValueError, match="two windows"):
        trace_limit(np.zeros((20, 900, 3), np.float32))


def save(path: Path, lin_rgb: np.ndarray, **options: object) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.rint(srgb_encode(lin_rgb) * 255).astype(np.uint8)).save(path, **options)
    return path


@pytest.fixture
def album(tmp_path: Path) -> Path:
    folder = tmp_path / "album"
    save(folder / "clean.png", scene(420, 600))
    save(folder / "2024" / "camera.jpg", enlarged(bilinear(scene(600, 630, 1), CANONICAL)), quality=98, subsampling=0)
    save(folder / "2024" / "clean.avif", scene(300, 300, 2))
    save(folder / "2024_clean.tif", scene(300, 310, 3))
    save(folder / "tiny.png", scene(300, 239, 4))
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff and no more")
    return folder


def test_photographs_are_reduced_until_the_trace_is_gone(album: Path, tmp_path: Path) -> None:
    target = tmp_path / "set"
    outcome = build_photos(album, target)
    assert (outcome.written, outcome.skipped) == (4, 0)
    assert [name for name, _ in outcome.failed] == ["broken.jpg"]
    assert [(name, "too small" in reason) for name, reason in outcome.left_out] == [("tiny.png", True)]
    names = {path.name for path in target.iterdir()}
    assert names == {MANIFEST, "clean.png", "2024_camera.png", "2024_clean.png", "2024_clean_2.png"}
    items = json.loads((target / MANIFEST).read_text())["items"]
    assert items["clean.png"]["factor"] == 2
    assert items["2024/camera.jpg"]["factor"] > 2
    assert all(item["trace_gone"] for item in items.values())
    assert items["2024/camera.jpg"]["trace_before"] > 5 * items["2024/camera.jpg"]["trace_after"]
    with Image.open(target / "clean.png") as image:
        assert (image.mode, image.size) == ("RGB", (300, 210))
        codes = np.asarray(image, dtype=np.float32)
    with Image.open(album / "clean.png") as image:
        truth = area_average(srgb_decode(np.asarray(image, dtype=np.float32) / 255), 2)
    assert np.abs(codes - srgb_encode(truth) * 255).max() <= 0.51
    again = build_photos(album, target)
    assert (again.written, again.skipped, len(again.failed), len(again.left_out)) == (0, 4, 1, 1)


def test_what_remains_of_a_trace_is_told(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    save(tmp_path / "in" / "camera.png", bilinear(scene(600, 600), CANONICAL))
    with caplog.at_level(logging.WARNING):
        build_photos(tmp_path / "in", tmp_path / "native", "1")
    assert "keep the trace" in caplog.text
    with Image.open(tmp_path / "native" / "camera.png") as image:
        assert image.size == (600, 600)
    caplog.clear()
    save(tmp_path / "large" / "camera.png", enlarged(bilinear(scene(400, 400), CANONICAL)))
    with caplog.at_level(logging.WARNING):
        build_photos(tmp_path / "large", tmp_path / "halved", "2")
    assert "1 of the pictures still repeat" in caplog.text


def test_factors_and_folders_that_make_no_sense(album: Path, tmp_path: Path) -> None:
    for factor in ("0", "-2", "half", "1.5"):
        with pytest.raises(BadOption, match="makes no sense"):
            build_photos(album, tmp_path / "set", factor)
    for inside in (album, album / "out"):
        with pytest.raises(BadOption, match="lies inside"):
            build_photos(album, inside)
    with pytest.raises(BadOption, match="not a folder"):
        build_photos(tmp_path / "none", tmp_path / "set")
    assert not (tmp_path / "set").exists()


def test_pictures_with_room_for_one_factor_only_take_it(tmp_path: Path) -> None:
    path = save(tmp_path / "a.png", bilinear(scene(250, 260), CANONICAL))
    reduced, facts = reduce_photo(path, "auto")
    assert reduced.shape == (125, 130, 3)
    assert facts["factor"] == 2
