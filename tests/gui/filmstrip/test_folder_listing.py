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
