"""The profiles that an AVIF promises in its first box, made true."""

from __future__ import annotations

# Brand -> the highest AV1 profile and level index that it allows (AV1 Image File Format 1.1, section 8): Baseline is
# Main at level 5.1, Advanced is High at level 6.0, which ends at 35.7 megapixels.
_PROMISES = {b"MA1B": (0, 13), b"MA1A": (1, 16)}


def with_true_brands(avif: bytes) -> bytes:
    """Take the brands out of an AVIF whose limits its picture exceeds; libavif promises them without looking.

    They are replaced by the general brand "avif", so that nothing moves. Expects a single picture.
    """
    size = int.from_bytes(avif[:4], "big")
    at = avif.index(b"av1C") + 5  # behind the marker and version of AV1CodecConfigurationRecord
    profile, level = avif[at] >> 5, avif[at] & 31
    head = avif[:16]
    for start in range(16, size, 4):
        brand = avif[start : start + 4]
        highest = _PROMISES.get(brand, (profile, level))
        head += brand if profile <= highest[0] and level <= highest[1] else b"avif"
    return head + avif[size:]
