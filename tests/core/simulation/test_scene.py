"""The sample scene, and the sample RAF made of it."""

from pathlib import Path

import numpy as np
import pytest

from xtdm_core.assets import asset
from xtdm_core.demosaic.network import Demosaicer
from xtdm_core.develop.color import to_rec2020
from xtdm_core.develop.hlg import DIFFUSE_WHITE_E, oetf, quantise
from xtdm_core.develop.tone import HLG_KNEE, Look, render_hlg
from xtdm_core.raw.reader import embedded_preview, read_raw
from xtdm_core.simulation.scene import GREY_PATCHES, HEIGHT, WIDTH, render_scene
from xtdm_core.simulation.write import write_sample
from xtdm_core.xtrans import align


@pytest.fixture(scope="module")
def scene() -> np.ndarray:
    return render_scene()


def test_the_same_every_time(scene: np.ndarray) -> None:
    assert scene.shape == (HEIGHT, WIDTH, 3)
    assert np.array_equal(scene, render_scene())


def test_values_are_light(scene: np.ndarray) -> None:
    assert np.isfinite(scene).all()
    assert scene.min() >= 0
    assert 2 <= np.log2(scene.max()) <= 3


def test_patches_are_flat_and_exact(scene: np.ndarray) -> None:
    assert len(GREY_PATCHES) == 14
    for patch in GREY_PATCHES:
        assert min(patch.height, patch.width) >= 40
        box = scene[patch.top : patch.top + patch.height, patch.left : patch.left + patch.width]
        assert np.allclose(box, patch.e / DIFFUSE_WHITE_E, rtol=1e-6, atol=0)


def test_the_shipped_raf_is_small() -> None:
    assert asset("sample.RAF").stat().st_size <= 4_000_000
    assert len(embedded_preview(asset("sample.RAF"))) > 50_000


def test_the_shipped_raf_is_this_scene(tmp_path: Path) -> None:
    write_sample(tmp_path / "now.RAF")
    now, shipped = read_raw(tmp_path / "now.RAF"), read_raw(asset("sample.RAF"))
    assert shipped.exposure_bias == now.exposure_bias == -2.72
    assert np.array_equal(shipped.cfa, now.cfa)
    # Other versions of NumPy and FreeType round some edges differently.
    off = np.abs(shipped.mosaic.astype(int) - now.mosaic.astype(int)) > 32
    assert off.mean() < 0.002


def test_grey_patches_of_the_sample_lie_on_the_oetf() -> None:
    frame = read_raw(asset("sample.RAF"))
    cam_rgb = Demosaicer.load(device="cpu")(align(frame))
    codes = quantise(oetf(render_hlg(to_rec2020(cam_rgb, frame), Look()))).astype(int)
    last = 0
    for patch in GREY_PATCHES:
        rows = slice(patch.top + 30, patch.top + patch.height - 30)
        box = codes[rows, patch.left + 30 : patch.left + patch.width - 30]
        expected = float(oetf(np.float32([patch.e]))[0]) * 1023
        print(f"E {patch.e:.4f}: codes {box.min()}..{box.max()}, OETF {expected:.1f}")
        if patch.e <= HLG_KNEE:
            assert np.abs(box - expected).max() <= 2
        assert box.mean() > last
        assert box.max() <= 1023
        last = box.mean()
