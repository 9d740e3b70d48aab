"""ExifTool's view of each format beside its view of the raw file: nothing lost but what conversion changes."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.core.export.rich import RICH, with_thumbnail, write_rich_raf
from xtdm_core.choices import SUFFIX
from xtdm_core.conversion import ConvertOptions, convert

EXIFTOOL = shutil.which("exiftool") or ""
pytestmark = pytest.mark.skipif(not EXIFTOOL, reason="needs the program exiftool")

GROUPS = ("IFD0", "ExifIFD", "GPS", "InteropIFD", "FujiFilm")
# What conversion replaces, and what told of the preview alone.
CHANGED = {
    *("IFD0:Orientation", "IFD0:Software", "IFD0:ModifyDate", "IFD0:Rating", "ExifIFD:OffsetTime"),
    *("ExifIFD:ExifImageWidth", "ExifIFD:ExifImageHeight", "ExifIFD:ColorSpace"),
}
DROPPED = {"IFD0:YCbCrPositioning", "ExifIFD:CompressedBitsPerPixel"}


def tags(path: Path) -> dict[str, str]:
    done = subprocess.run([EXIFTOOL, "-j", "-G1", "-a", "-struct", path], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)[0]


@pytest.fixture(scope="module")
def rich(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("rich") / "rich.RAF"
    write_rich_raf(path, with_thumbnail(RICH), orientation=6)
    rights = "<rdf:Alt><rdf:li xml:lang='x-default'>All mine</rdf:li></rdf:Alt>"
    path.with_name("rich.xmp").write_text(
        "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>"
        "<rdf:Description rdf:about='' xmlns:xmp='http://ns.adobe.com/xap/1.0/' xmp:Rating='5' xmp:Label='Red'"
        " xmlns:dc='http://purl.org/dc/elements/1.1/' xmlns:crs='http://ns.adobe.com/camera-raw-settings/1.0/'"
        f" crs:Exposure2012='+1'><dc:rights>{rights}</dc:rights><dc:subject><rdf:Bag><rdf:li>bird</rdf:li></rdf:Bag>"
        "</dc:subject></rdf:Description></rdf:RDF></x:xmpmeta>"
    )
    return path


@pytest.mark.parametrize("format_name", SUFFIX)
def test_nothing_is_lost(rich: Path, tmp_path: Path, format_name: str) -> None:
    before_sidecar = rich.with_name("rich.xmp").read_bytes()
    target = tmp_path / f"a{SUFFIX[format_name]}"
    convert(rich, target, ConvertOptions(format_name, "bilinear"), None)
    before, after = tags(rich), tags(target)
    expected = {tag: value for tag, value in before.items() if tag.startswith(GROUPS) and tag not in CHANGED | DROPPED}
    expected["IFD0:Copyright"] = "All mine"
    is_srgb = format_name in ("tiff", "sdr-avif")
    if not is_srgb:
        expected = {tag: value for tag, value in expected.items() if not tag.startswith("InteropIFD")}
    if format_name == "linear-tiff":
        del expected["IFD0:ImageDescription"]
    assert {tag: value for tag, value in expected.items() if after.get(tag) != value} == {}
    assert len([tag for tag in expected if tag.startswith("FujiFilm")]) == 3
    assert after["IFD0:Rating"] == after["XMP-xmp:Rating"] == 5
    assert after["ExifIFD:ColorSpace"] == ("sRGB" if is_srgb else "Uncalibrated")
    assert (after["XMP-xmp:Label"], after["XMP-dc:Subject"], after["XMP-dc:Rights"]) == ("Red", ["bird"], "All mine")
    assert after["XMP-xmpMM:DerivedFrom"] == {"FilePath": "rich.RAF"}
    assert not {tag for tag in after if tag.startswith(("XMP-crs", "IFD1", "XMP-exif"))}
    assert rich.with_name("rich.xmp").read_bytes() == before_sidecar


@pytest.mark.parametrize("format_name", SUFFIX)
def test_the_file_is_valid(rich: Path, tmp_path: Path, format_name: str) -> None:
    target = tmp_path / f"a{SUFFIX[format_name]}"
    convert(rich, target, ConvertOptions(format_name, "bilinear"), None)
    done = subprocess.run(
        [EXIFTOOL, "-validate", "-warning", "-error", "-a", target], capture_output=True, text=True, check=False
    )
    # The photograph's own tags; Deflate and ISO 21496-1 are newer than the program's tables.
    allowed = (
        "0x4746 Rating",
        "ASCII",
        "not allowed in TIFF",
        "FlashpixVersion",
        "0x0103 Compression",
        "GPSProcessingMethod",
        "Unknown APP2",
    )
    lines = [line for line in done.stdout.splitlines() if line.startswith(("Warning", "Error"))]
    assert [line for line in lines if not any(word in line for word in allowed)] == []
