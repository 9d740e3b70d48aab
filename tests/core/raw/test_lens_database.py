"""Lenses that the file says nothing of, where lensfun is installed."""

import numpy as np
import pytest

from xtdm_core.develop.lens import lens_correction
from xtdm_core.frame import CaptureInfo
from xtdm_core.raw import lens_database
from xtdm_core.raw.lens_database import find_lens, is_there

_REAL = lens_database._database
ZOOM = CaptureInfo("FUJIFILM", "X-T4", "XF18-55mmF2.8-4 R LM OIS", 1 / 250, 4.0, 400, 18.0)


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("lensfunpy")
    monkeypatch.setattr(lens_database, "_database", _REAL)


def test_without_the_package_no_lens_is_found() -> None:
    assert not is_there()
    assert find_lens(ZOOM, 4160, 6240) is None


@pytest.mark.usefixtures("installed")
def test_a_known_lens_has_its_models_errors() -> None:
    import lensfunpy

    tables = find_lens(ZOOM, 4160, 6240)
    assert tables is not None
    assert tables.source == "lensfun"
    lens = lens_correction(tables, 4160, 6240)
    assert lens is not None
    database = lensfunpy.Database()
    camera = database.find_cameras("Fujifilm", "X-T4")[0]
    model = database.find_lenses(camera, None, ZOOM.lens)[0]
    own = lensfunpy.Modifier(model, camera.crop_factor, 6240, 4160)
    own.initialize(18.0, 4.0, 10.0)
    scale = 1.6 * np.hypot(4160, 6240) / 2 / lens.reach  # by which the frame is filled
    middle = np.array([6239, 4159]) / 2
    for share in (0.2, 0.55, 0.9):
        asked = middle * (1 + share)
        spots = own.apply_subpixel_geometry_distortion(*asked, 1, 1)[0, 0]
        square = np.array([((share * middle / scale) ** 2).sum()])
        for channel in range(3):
            ratio = float(lens.at(lens.ratio[channel], square)[0])
            assert middle + share * middle / scale * ratio == pytest.approx(spots[channel], abs=0.25)


@pytest.mark.usefixtures("installed")
@pytest.mark.parametrize("name", ["", "XF999mmF1 R", "XF18-55mm", "35mm"])
def test_a_lens_of_another_name_is_none(name: str) -> None:
    assert find_lens(CaptureInfo("FUJIFILM", "X-T4", name, focal_mm=18.0), 4160, 6240) is None


@pytest.mark.usefixtures("installed")
def test_a_new_camera_uses_the_lens_all_the_same() -> None:
    new = CaptureInfo("FUJIFILM", "X-T99", ZOOM.lens, focal_mm=55.0)
    tables = find_lens(new, 4160, 6240)
    assert tables is not None
    assert tables.distortion is not None
    assert tables.vignetting is not None
    assert tables.distortion.values[-1] - tables.distortion.values[0] > 1  # pincushion at the long end
    assert 20 < tables.vignetting.values[-1] < 90
