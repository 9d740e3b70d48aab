"""Two methods against each other: equal ones do not differ, statistics are exact, sheets show where."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.core.conftest import textured
from xtdm_core.assets import asset
from xtdm_core.demosaic.methods import Method, find_methods
from xtdm_core.develop.color import srgb_encode
from xtdm_core.errors import BadOption, FileProblem
from xtdm_core.evaluation.ab import Comparison, better, difference_of, expand_inputs, run_ab, sheet_paths, write_sheets
from xtdm_core.evaluation.ground_truth import Marks


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "a.png"
    Image.fromarray((srgb_encode(textured(150, 170)) * 255).round().astype(np.uint8)).save(path)
    return path


def compared(first: Method, second: Method, *paths: Path) -> list[Comparison]:
    results = list(run_ab(first, second, paths))
    kept = [result for result in results if isinstance(result, Comparison)]
    assert len(kept) == len(paths)
    return kept


def test_a_copy_of_a_network_does_not_differ(tmp_path: Path, picture: Path, raf: Path) -> None:
    shutil.copy(asset("weights/fast.safetensors"), tmp_path / "copy.safetensors")
    first, second = find_methods(["fast", tmp_path / "copy.safetensors"], "cpu")
    for one in compared(first, second, picture, raf):
        assert (one.difference.rms_codes, one.difference.p999_codes, one.difference.max_codes) == (0, 0, 0)
        assert one.entry.places == ()
        if one.marks:
            assert one.marks[0] == one.marks[1]
            assert set(better(*one.marks).values()) == {0}


def test_truth_is_known_of_pictures_only(picture: Path, raf: Path) -> None:
    of_picture, of_raf = compared(*find_methods(["markesteijn3", "bilinear"]), picture, raf)
    assert of_picture.marks is not None
    assert better(*of_picture.marks)["psnr_db"] == -1
    assert [len(panels) for _, _, panels in of_picture.entry.places] == [4] * len(of_picture.entry.places)
    assert of_raf.marks is None
    assert [len(panels) for _, _, panels in of_raf.entry.places] == [3] * 4


def test_better_is_more_psnr_and_ssim_and_less_grid() -> None:
    assert better(Marks(30, 0.9, 0.5), Marks(31, 0.8, 0.4)) == {"psnr_db": 1, "ssim": -1, "grid_codes": 1}


def test_the_difference_is_exact() -> None:
    rng = np.random.default_rng(0)
    first = rng.integers(0, 60000, (1100, 40, 3)).astype(np.uint16)
    second = first + rng.integers(0, 2, first.shape).astype(np.uint16) * np.uint16(257)
    second[1030, 7, 2] = first[1030, 7, 2] + 257 * 20
    steps = np.abs(second.astype(float) - first) / 257
    seen = difference_of(first, second, border=12)
    assert seen.rms_codes == pytest.approx(np.sqrt(np.mean(steps**2)))
    assert (seen.p999_codes, seen.max_codes) == (1, 20)
    assert (seen.row, seen.column) == (1042, 19)
    assert difference_of(second, first, border=12) == seen


def test_the_sheet_shows_where_the_two_differ(tmp_path: Path, picture: Path) -> None:
    first, second = find_methods(["markesteijn3", "bilinear"])
    results = compared(first, second, *[picture] * 5)
    paths = write_sheets([one.entry for one in results], first, second, tmp_path / "out", overwrite=False)
    assert paths == sheet_paths(5, first, second, tmp_path / "out")
    assert [path.name for path in paths] == ["ab_markesteijn3_bilinear_1.png", "ab_markesteijn3_bilinear_2.png"]
    entry = results[0].entry
    top, left, (truth, _, _, difference) = entry.places[0]
    with Image.open(picture) as image:
        assert np.abs(np.asarray(image)[top : top + 72, left : left + 72].astype(int) - truth).max() <= 1
    assert difference.std() > 5
    with Image.open(paths[1]) as page:
        shown = np.asarray(page)
    # The first panel lies below the title and its own label, each pixel as 4x4.
    assert np.array_equal(shown[60 : 60 + 288 : 4, 16 : 16 + 288 : 4], truth)


def test_folders_stand_for_raws_or_else_pictures(tmp_path: Path, raf: Path, picture: Path) -> None:
    (tmp_path / "both" / "deep").mkdir(parents=True)
    shutil.copy(raf, tmp_path / "both" / "deep" / "x.RAF")
    shutil.copy(picture, tmp_path / "both" / "x.png")
    (tmp_path / "pictures").mkdir()
    shutil.copy(picture, tmp_path / "pictures" / "y.png")
    (tmp_path / "empty").mkdir()
    inputs = [tmp_path / "both", tmp_path / "pictures", picture]
    assert [path.name for path in expand_inputs(inputs)] == ["x.RAF", "y.png", "a.png"]
    with pytest.raises(BadOption, match="no pictures"):
        expand_inputs([tmp_path / "empty"])


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path, picture: Path) -> None:
    (tmp_path / "bad.RAF").write_bytes(b"FUJIFILM")
    first, second = find_methods(["vng", "bilinear"])
    bad, good = run_ab(first, second, [tmp_path / "bad.RAF", picture])
    assert isinstance(bad, FileProblem)
    assert isinstance(good, Comparison)
