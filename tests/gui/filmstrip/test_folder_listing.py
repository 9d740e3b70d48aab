"""What is in a folder: photographs, whatever lies between them."""

from pathlib import Path

from xtdm_gui.filmstrip.folder_listing import _is_file, list_folder


def test_companions_of_a_mac_are_no_photographs(tmp_path: Path) -> None:
    for name in ("._DSCF7.RAF", "DSCF7.RAF", ".hidden.dng", "b.DNG", "notes.txt"):
        (tmp_path / name).touch()
    assert list_folder(tmp_path).names == ["b.DNG", "DSCF7.RAF"]
    assert list_folder(tmp_path, also="._DSCF7.RAF").names == ["._DSCF7.RAF", "b.DNG", "DSCF7.RAF"]


def test_a_link_into_a_closed_folder_does_not_block_the_rest() -> None:
    class Closed:
        name = "link.RAF"

        def is_file(self) -> bool:
            raise PermissionError(13, "Permission denied")

    assert _is_file(Closed())


def test_linear_dngs_of_this_program_are_left_out_unless_asked_for(tmp_path: Path) -> None:
    # A TIFF whose one tag is Software.
    own = b"II*\0\x08\0\0\0" + b"\x01\0" + b"\x31\x01\x02\0\x0b\0\0\0\x1a\0\0\0" + bytes(4) + b"XTDM 1.2.3\0"
    (tmp_path / "own.dng").write_bytes(own)
    (tmp_path / "other.dng").write_bytes(own.replace(b"XTDM", b"Else"))
    assert list_folder(tmp_path).names == ["other.dng"]
    assert list_folder(tmp_path, also="own.dng").names == ["other.dng", "own.dng"]
