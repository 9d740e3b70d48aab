"""Torture patterns: reproducible one by one, contrasting, whole on disk, and read back."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from xtdm_core.datasets.fractals import fbm, julia_escape
from xtdm_core.datasets.manifest import MANIFEST
from xtdm_core.datasets.patterns import KINDS, MIN_CONTRAST, contrasting_colours, torture_image
from xtdm_core.datasets.readers import read_torture_folder
from xtdm_core.datasets.torture import build_torture, torture_sample
from xtdm_core.errors import BadImage, BadOption, WriteFailed
from xtdm_core.images import area_average
from xtdm_core.progress import Cancelled, Progress
from xtdm_core.xtrans import CANONICAL, mosaic

LUMINANCE = np.float32([0.2126, 0.7152, 0.0722])


def test_area_average_is_the_mean_of_blocks() -> None:
    image = np.random.default_rng(0).random((14, 11, 3), dtype=np.float32)
    expected = image[:12, :8].reshape(3, 4, 2, 4, 3).mean((1, 3))
    assert np.allclose(area_average(image, 4), expected, atol=1e-6)
    assert np.array_equal(area_average(image[..., 0], 1), image[..., 0])


@pytest.mark.parametrize("kind", range(len(KINDS)))
def test_every_pattern_has_linear_values_and_contrast(kind: int) -> None:
    seen = []
    for seed in range(6):
        rgb = torture_image(kind, seed, 60)
        assert rgb.shape == (60, 60, 3)
        assert rgb.dtype == np.float32
        assert 0 <= rgb.min() <= rgb.max() <= 1
        assert np.array_equal(rgb, torture_image(kind, seed, 60))
        seen.append(np.ptp(rgb @ LUMINANCE))
    # Detail finer than a pixel averages away in part, so the guarantee holds for the colours, not for every pixel.
    assert np.median(seen) >= MIN_CONTRAST * 0.7
    assert not np.array_equal(torture_image(kind, 0, 60), torture_image(kind, 1, 60))


def test_unknown_patterns_are_refused() -> None:
    with pytest.raises(BadOption, match="0 to 12"):
        torture_image(13, 0, 60)
    assert len(KINDS) == 13


def test_neighbouring_colours_differ_in_luminance() -> None:
    colours = contrasting_colours(np.random.default_rng(3), 2000)
    assert np.abs(np.diff(colours @ LUMINANCE)).min() >= MIN_CONTRAST
    assert colours.min() >= 0
    assert colours.max() <= 1
    saturation = 1 - colours.min(1) / colours.max(1)
    assert 0.15 < (saturation < 0.25).mean() < 0.4  # greys are among them, but most are colours


def test_whole_pixel_stripes_have_edges_between_pixels() -> None:
    """About half of the stripes are exact: their pixels have one of two colours only."""
    two = [len(np.unique(torture_image(0, seed, 48).reshape(-1, 3), axis=0)) == 2 for seed in range(40)]
    assert 10 <= sum(two) <= 30


def test_perlin_noise_is_continuous_and_around_zero() -> None:
    noise = fbm(np.random.default_rng(0), 256)
    assert np.abs(np.diff(noise, axis=0)).max() < 0.3 * np.ptp(noise)
    assert np.abs(noise.mean()) < 0.2 * np.ptp(noise)


def test_julia_sets_have_an_inside_or_a_boundary() -> None:
    for seed in range(8):
        escape = julia_escape(np.random.default_rng(seed), 64, zoomed=seed % 2 == 0)
        assert escape.min() >= 0
        assert escape.max() <= 64
        assert np.ptp(escape) > 2


def test_samples_depend_on_seed_and_number_only(tmp_path: Path) -> None:
    build_torture(tmp_path / "a", 15, 48, 7)
    build_torture(tmp_path / "b", 3, 48, 7)
    first = build_torture(tmp_path / "b", 15, 48, 7)
    assert (first.written, first.skipped) == (12, 3)
    for a, b in zip(read_torture_folder(tmp_path / "a"), read_torture_folder(tmp_path / "b"), strict=True):
        assert np.array_equal(a.rgb, b.rgb)
        assert a.kind == b.kind
    kind, rgb = torture_sample(7, 14, 48)
    sample = read_torture_folder(tmp_path / "a")[14]
    assert sample.kind == kind == 1
    assert np.allclose(sample.rgb, rgb, rtol=2**-11, atol=1e-6)
    with np.load(tmp_path / "a" / "torture_000014.npz") as file:
        assert np.array_equal(file["cfa"], mosaic(sample.rgb).astype(np.float16))
        assert np.array_equal(file["pattern"], CANONICAL)
        assert (int(file["seed"]), int(file["index"])) == (7, 14)


def test_a_stopped_run_goes_on_and_repairs_what_was_damaged(tmp_path: Path) -> None:
    def stop(progress: Progress) -> None:
        if progress.done == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        build_torture(tmp_path, 5, 48, 1, stop)
    manifest = json.loads((tmp_path / MANIFEST).read_text())
    assert list(manifest["items"]) == ["0", "1"]
    assert manifest["settings"] == {"seed": 1, "size": 48}
    (tmp_path / "torture_000000.npz").write_bytes(b"short")
    (tmp_path / ".torture_000002.npz.999999999.xtdm-part").touch()
    outcome = build_torture(tmp_path, 5, 48, 1)
    assert (outcome.written, outcome.skipped) == (4, 1)
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {MANIFEST, *(f"torture_{i:06}.npz" for i in range(5))}


def test_a_folder_holds_one_way_of_making(tmp_path: Path) -> None:
    build_torture(tmp_path, 1, 48, 1)
    with pytest.raises(BadOption, match="seed 1, not 2"):
        build_torture(tmp_path, 1, 48, 2)
    (tmp_path / MANIFEST).write_text("{}")
    with pytest.raises(BadOption, match="damaged"):
        build_torture(tmp_path, 1, 48, 1)
    (tmp_path / "file").touch()
    with pytest.raises(WriteFailed, match="a file, not a folder"):
        build_torture(tmp_path / "file", 1, 48, 1)
    for size in (50, 12):
        with pytest.raises(BadOption, match="multiple of 6"):
            build_torture(tmp_path / "other", 1, size, 1)
    with pytest.raises(BadOption, match="negative"):
        build_torture(tmp_path / "other", 1, 48, -1)


def test_damaged_samples_are_named(tmp_path: Path) -> None:
    with pytest.raises(BadOption, match="not a folder"):
        read_torture_folder(tmp_path / "none")
    with pytest.raises(BadOption, match="holds no"):
        read_torture_folder(tmp_path)
    (tmp_path / "torture_000000.npz").write_bytes(b"PK\3\4 and no more")
    with pytest.raises(BadImage, match="make it again"):
        read_torture_folder(tmp_path)


def test_reading_loads_no_decoder() -> None:
    code = (
        "import sys, xtdm_core.datasets.readers\n"
        "print(sorted({'rawpy', 'imagecodecs', 'tifffile', 'PIL', 'torch'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
