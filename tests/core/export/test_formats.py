"""Which format a file name stands for."""

from pathlib import Path

import pytest

from xtdm_core.batch import plan_jobs
from xtdm_core.errors import BadOption
from xtdm_core.export.formats import choose_format


@pytest.mark.parametrize(
    ("name", "asked", "chosen"),
    [
        ("a.avif", None, "avif"),
        ("a.tif", None, "tiff"),
        ("a.TIFF", None, "tiff"),
        ("a.tif", "linear-tiff", "linear-tiff"),
        ("a.jpg", None, "jpeg"),
        ("a.JPEG", None, "jpeg"),
        ("a.dng", None, "dng"),
        ("a.avif", "sdr-avif", "sdr-avif"),
        ("v1.2", None, "avif"),
        ("v1.2", "tiff", "tiff"),
    ],
)
def test_the_ending_of_a_file_name_chooses_the_format(
    tmp_path: Path, name: str, asked: str | None, chosen: str
) -> None:
    assert choose_format(tmp_path / name, asked) == chosen


@pytest.mark.parametrize(
    ("name", "asked", "sentence"),
    [
        ("a.tif", "avif", "the format avif does not end in .tif"),
        ("a.avif", "linear-tiff", "the format linear-tiff does not end in .avif"),
        *((f"a{ending}", None, f"{ending} files are not written") for ending in (".jpe", ".png", ".jxl", ".heic")),
        ("a.jpg", "dng", "the format dng does not end in .jpg"),
        ("a.webp", "avif", ".webp files are not written"),
    ],
)
def test_an_ending_that_is_not_written_is_refused(tmp_path: Path, name: str, asked: str | None, sentence: str) -> None:
    with pytest.raises(BadOption, match=sentence):
        choose_format(tmp_path / name, asked)


@pytest.mark.parametrize("name", ["2024.tif", "2024.jpg"])
def test_a_folder_that_exists_is_one_whatever_its_ending(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert choose_format(tmp_path / name, None) == "avif"
    (job,) = plan_jobs([tmp_path / "a.RAF"], tmp_path / name, "avif")
    assert job.target == tmp_path / name / "a.avif"
