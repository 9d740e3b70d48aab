"""All icons come from one SVG."""

from pathlib import Path

import pytest
from PIL import Image

from tests.packaging.loading import load
from xtdm_core.assets import asset
from xtdm_gui.display_check import missing_libraries

if missing_libraries():
    pytest.skip(missing_libraries(), allow_module_level=True)


def test_each_size_is_drawn_from_the_svg(tmp_path: Path) -> None:
    module = load("render_icons")
    written = module.render(asset("icons/xtdm.svg"), tmp_path)
    assert sorted(written) == sorted(module.SIZES)
    for size, path in written.items():
        assert path == tmp_path / f"{size}x{size}/apps/xtdm.png"
        with Image.open(path) as picture:
            assert (picture.size, picture.mode) == ((size, size), "RGBA")
            corner, centre = picture.getpixel((0, 0)), picture.getpixel((size // 2, size // 2))
        assert corner[3] < 128  # the frame's corners are round
        assert min(centre) > 200  # the white cross


def test_what_is_no_svg_is_refused(tmp_path: Path) -> None:
    (tmp_path / "broken.svg").write_text("<svg")
    with pytest.raises(ValueError, match="no SVG"):
        load("render_icons").render(tmp_path / "broken.svg", tmp_path)
