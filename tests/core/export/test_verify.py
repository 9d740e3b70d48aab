"""Finished pictures checked afresh."""

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.core.export.rich import RICH, with_thumbnail, write_rich_raf
from xtdm_core.choices import SUFFIX
from xtdm_core.conversion import ConvertOptions, convert
from xtdm_core.errors import BadImage
from xtdm_core.export.verify import verify

SAID = {
    "avif": "AVIF, 606×612, 10 bits, HLG, BT.2020 (9/18/9, full range), Exif, XMP",
    "sdr-avif": "AVIF, 606×612, 10 bits, sRGB (1/13/6, full range), Exif, XMP",
    "jpeg": "JPEG, 606×612, 8 bits, Display P3, gain map, Exif, XMP",
    "tiff": "TIFF, 606×612, 16 bits, sRGB profile, Exif, XMP",
    "dng": "DNG, 606×612, 16 bits, linear raw camera RGB, preview, Exif, XMP",
    "linear-tiff": "TIFF, 612×606, 32 bits, linear camera RGB, Exif, XMP",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("written")
    write_rich_raf(folder / "a.RAF", with_thumbnail(RICH))
    for name, suffix in SUFFIX.items():
        convert(folder / "a.RAF", folder / f"a{suffix}", ConvertOptions(name, "bilinear"), None)
    return folder


@pytest.mark.parametrize("name", SUFFIX)
def test_what_a_whole_file_holds(folder: Path, name: str) -> None:
    assert verify(folder / f"a{SUFFIX[name]}") == SAID[name]


@pytest.mark.parametrize("name", SUFFIX)
@pytest.mark.parametrize("part", [0.001, 0.1, 0.5, 0.99])
def test_a_file_cut_short_is_damaged(folder: Path, tmp_path: Path, name: str, part: float) -> None:
    data = (folder / f"a{SUFFIX[name]}").read_bytes()
    path = tmp_path / f"a{SUFFIX[name]}"
    path.write_bytes(data[: int(len(data) * part)])
    with pytest.raises(BadImage, match=r"is damaged|neither"):
        verify(path)


@pytest.mark.parametrize("name", SUFFIX)
def test_one_changed_bit_of_the_picture_is_damage(folder: Path, tmp_path: Path, name: str) -> None:
    data = bytearray((folder / f"a{SUFFIX[name]}").read_bytes())
    data[len(data) // 2] ^= 4
    path = tmp_path / f"a{SUFFIX[name]}"
    path.write_bytes(data)
    with pytest.raises(BadImage, match="is damaged"):
        verify(path)


@pytest.mark.skipif(not shutil.which("exiftool"), reason="needs the program exiftool")
@pytest.mark.parametrize("name", [name for name in SUFFIX if name != "jpeg"])  # it cannot move a gain map
def test_other_programs_may_change_the_metadata(folder: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / f"a{SUFFIX[name]}"
    shutil.copy(folder / path.name, path)
    command = [shutil.which("exiftool"), "-q", "-overwrite_original", "-XMP-xmp:Rating=1", "-Artist=Another", path]
    subprocess.run(command, check=True)
    assert verify(path) == SAID[name]


@pytest.mark.parametrize("content", [b"", b"hello", b"\x89PNG\r\n"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.tif").write_bytes(content)
    with pytest.raises(BadImage, match="is neither"):
        verify(tmp_path / "a.tif")


def test_a_missing_file_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(BadImage, match="No such file"):
        verify(tmp_path / "a.tif")
