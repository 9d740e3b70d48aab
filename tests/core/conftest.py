"""Made raw files that several tests share."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PIL import ExifTags, Image

from xtdm_core.frame import CaptureInfo
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf

Tag = tuple[str, int, object]
INFO = CaptureInfo("FUJIFILM", "X-T1", "XF35mmF1.4 R", 1 / 250, 5.6, 400, 35.0, "2026:01:02 03:04:05")


def textured(height: int = 606, width: int = 612, seed: int = 0) -> np.ndarray:
    """Camera RGB f32 [H, W, 3]: smooth colours with detail on top, between 0 and 1."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:height, :width] / 40
    base = np.stack([np.sin(x + 1), np.sin(y), np.sin(x + y)], -1) * 0.2 + 0.5
    return np.clip(base + rng.normal(0, 0.05, (height, width, 1)), 0.01, 0.99).astype(np.float32)


def libraw_repeats(first: np.ndarray, second: np.ndarray) -> bool:
    """Whether two runs of LibRaw agree as far as they ever do: its threads race at its tiles' borders."""
    return first.shape == second.shape and float(np.mean(first != second)) < 0.02


@pytest.fixture
def raf(tmp_path: Path) -> Path:
    """An ordinary simulated RAF."""
    path = tmp_path / "made.RAF"
    write_raf(path, simulate_frame(textured(), SensorModel(info=INFO)))
    return path


def replace_tag(data: bytes, tag: int, new_tag: int) -> bytes:
    """A RAF in which one directory record has another tag number."""
    at, size = struct.unpack_from(">2I", data, 92)
    directory = data[at : at + size]
    position = directory.index(struct.pack(">H", tag), 4)
    return data[: at + position] + struct.pack(">H", new_tag) + data[at + position + 2 :]


def add_record(data: bytes, tag: int, content: bytes) -> bytes:
    """A RAF with one more directory record."""
    at, size = struct.unpack_from(">2I", data, 92)
    directory = data[at : at + size]
    count = struct.unpack_from(">I", directory)[0] + 1
    record = struct.pack(">2H", tag, len(content)) + content
    return _spliced(data, 92, struct.pack(">I", count) + directory[4:] + record)


def with_maker_note(data: bytes, numbers: dict[int, int]) -> bytes:
    """A RAF whose Exif has a MakerNote of Fujifilm's with these 16-bit numbers."""
    note = b"FUJIFILM" + struct.pack("<IH", 12, len(numbers))
    note += b"".join(struct.pack("<2HIHH", tag, 3, 1, value, 0) for tag, value in sorted(numbers.items())) + bytes(4)
    return with_exif(data, {ExifTags.Base.MakerNote: note})


def with_exif(data: bytes, tags: dict[int, object]) -> bytes:
    """A RAF with more tags in the Exif directory of its JPEG."""
    at, size = struct.unpack_from(">2I", data, 84)
    with Image.open(io.BytesIO(data[at : at + size])) as image:
        exif = image.getexif()
        exif.get_ifd(ExifTags.IFD.Exif).update(tags)
        jpeg = io.BytesIO()
        image.save(jpeg, format="JPEG", quality=90)
    segment = exif.tobytes()  # right after the start, where LibRaw looks for the maker
    exif_segment = b"\xff\xe1" + struct.pack(">H", len(segment) + 2) + segment
    return _spliced(data, 84, jpeg.getvalue()[:2] + exif_segment + jpeg.getvalue()[2:])


def _spliced(data: bytes, entry: int, part: bytes) -> bytes:
    """A RAF with another part, at the end of the file; ``entry`` is where its header has the old one's place."""
    out = bytearray(data + bytes(-len(data) % 16) + part)
    struct.pack_into(">2I", out, entry, len(out) - len(part), len(part))
    return bytes(out)


def write_dng(
    path: Path,
    pattern: np.ndarray,
    make: str = "FUJIFILM",
    photometric: int = 32803,
    area: tuple[int, int, int, int] = (0, 0, 66, 72),
    blacks: np.ndarray | None = None,
    changed: dict[int, Tag | None] | None = None,
    compression: str | None = None,
    tile: tuple[int, int] | None = None,
) -> None:
    """An uncompressed DNG of 66x72 px; ``changed`` puts (type, count, value) in place of tags, None leaves one out."""
    levels = np.array([[1024]]) if blacks is None else blacks
    rows, cols = pattern.shape
    shape = (66, 72, 3) if photometric == 34892 else (66, 72)
    raw = np.random.default_rng(0).integers(1100, 16000, shape).astype(np.uint16)
    matrix = (8458, -2451, -855, -4597, 12447, 2407, -1475, 2482, 6526)
    rationals = tuple(v for value in matrix for v in (value, 10000))
    extra = [
        (271, "s", 0, make, True),
        (272, "s", 0, "X-T1", True),
        (33421, "H", 2, (rows, cols), True),
        (33422, "B", pattern.size, bytes(pattern.astype(np.uint8).ravel()), True),
        (50706, "B", 4, bytes([1, 4, 0, 0]), True),
        (50708, "s", 0, f"{make} X-T1", True),
        (50713, "H", 2, levels.shape, True),
        (50714, "I", levels.size, tuple(levels.ravel().tolist()), True),
        (50717, "I", 1, 16383, True),
        (50721, "2i", 9, rationals, True),
        (50728, "2I", 3, (1000, 1950, 1, 1, 1000, 1650), True),
        (50730, "2i", 1, (72, 100), True),
        (50778, "H", 1, 21, True),
        (50829, "I", 4, area, True),
    ]
    changed = changed or {}
    extra = [tag for tag in extra if tag[0] not in changed]
    extra += [(code, *tag, True) for code, tag in changed.items() if tag is not None]
    how = {"compression": compression, "tile": tile}
    tifffile.imwrite(path, raw, photometric=photometric, metadata=None, extratags=extra, **how)
