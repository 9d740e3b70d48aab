"""Look-up tables: both dialects, both kinds of files, damage, and tetrahedra."""

from collections.abc import Callable
from pathlib import Path

import imagecodecs
import numpy as np
import pytest

from xtdm_core.develop.lut import load_lut, lut_digest, parse_cube
from xtdm_core.errors import BadLut

Transform = Callable[[np.ndarray], np.ndarray]
COLOURS = np.random.default_rng(0).random((3, 2000), np.float32)


def grid(size: int) -> np.ndarray:
    """All colours [n^3, 3] of a table, red fastest."""
    steps = np.linspace(0, 1, size)
    blue, green, red = np.meshgrid(steps, steps, steps, indexing="ij")
    return np.stack([red, green, blue], -1).reshape(-1, 3)


def cube(size: int, transform: Transform, head: str = "") -> str:
    rows = transform(grid(size))
    return f"{head}LUT_3D_SIZE {size}\n" + "\n".join(" ".join(f"{v:.7g}" for v in row) for row in rows) + "\n"


def mixed(rgb: np.ndarray) -> np.ndarray:
    return rgb @ np.array([[0.7, 0.1, 0.0], [0.2, 0.8, 0.3], [0.1, 0.1, 0.7]])


def curved(rgb: np.ndarray) -> np.ndarray:
    return mixed(rgb) ** 0.7 * 1.2 - 0.05


def apply(text: str, colours: np.ndarray) -> np.ndarray:
    return parse_cube(Path("a.cube"), text).apply(colours)


def test_a_linear_table_is_exact() -> None:
    assert np.allclose(apply(cube(5, mixed), COLOURS), mixed(COLOURS.T).T, atol=1e-6)


def test_a_curved_one_is_close_and_goes_beyond_0_and_1() -> None:
    out = apply(cube(33, curved), COLOURS)
    assert np.abs(out - curved(COLOURS.T).T).max() < 0.01
    assert out.max() > 1


def test_greys_stay_neutral_where_the_diagonal_is() -> None:
    def look(rgb: np.ndarray) -> np.ndarray:  # strong colours, but none on the diagonal
        mean = rgb.mean(axis=-1, keepdims=True)
        return mean**0.8 + 1.8 * (rgb - mean)

    greys = np.repeat(np.linspace(0, 1, 500, dtype=np.float32)[None], 3, axis=0)
    assert np.ptp(apply(cube(9, look), greys), axis=0).max() < 1e-6


def test_colours_outside_the_domain_are_those_of_its_border() -> None:
    text = cube(5, mixed, "DOMAIN_MIN 0 0 0\nDOMAIN_MAX 2 2 2\n")
    assert np.allclose(apply(text, 2 * COLOURS), mixed(COLOURS.T).T, atol=1e-6)
    assert np.allclose(
        apply(cube(5, mixed), np.float32([[7], [-1], [0.5]])), mixed(np.array([[1, 0, 0.5]])).T, atol=1e-6
    )


def test_the_other_dialect_has_a_curve_first_tabs_comments_and_a_byte_order_mark(tmp_path: Path) -> None:
    curve = "\n".join(f"{x**2:.7g}\t{x**2:.7g}\t{x:.7g}" for x in np.linspace(0, 2, 201) / 2)
    head = 'TITLE "a b"\r\n# comment\r\nLUT_1D_SIZE 201\r\nLUT_1D_INPUT_RANGE 0 2\r\n'
    rows = "\n".join(" ".join(map(str, row)) for row in mixed(grid(3)))
    (tmp_path / "a.cube").write_text(f"{head}lut_3d_size\t3\n\n{curve}\n{rows}\n", encoding="utf-8-sig")
    shaped = np.stack([COLOURS[0] ** 2, COLOURS[1] ** 2, COLOURS[2]])
    out = load_lut(tmp_path / "a.cube").apply(2 * COLOURS)
    assert np.allclose(out, mixed(shaped.T).T, atol=1e-3)


def test_a_curve_alone_is_a_table() -> None:
    text = "LUT_1D_SIZE 101\n" + "\n".join(f"{x**2} {x} {1.5 * x}" for x in np.linspace(0, 1, 101))
    out = apply(text, COLOURS)
    assert np.allclose(out, [COLOURS[0] ** 2, COLOURS[1], 1.5 * COLOURS[2]], atol=1e-3)


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_a_hald_clut_is_a_table(tmp_path: Path, dtype: type) -> None:
    most = np.iinfo(dtype).max
    rows = np.rint(np.clip(mixed(grid(16)), 0, 1) * most).astype(dtype).reshape(64, 64, 3)
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(rows))
    lut = load_lut(tmp_path / "a.png")
    assert lut.size == 16
    assert np.allclose(lut.apply(COLOURS), mixed(COLOURS.T).T, atol=1.5 / most)


GOOD = cube(2, mixed)
BAD = {
    "nothing": "",
    "no size": "1 2 3\n",
    "short": GOOD.rsplit("\n", 2)[0],
    "words": GOOD.replace("0.7", "red", 1),
    "not finite": GOOD.replace("0.7", "nan", 1),
    "too large": "LUT_3D_SIZE 300\n",
    "half a size": "LUT_3D_SIZE 2.5\n",
    "domain": "DOMAIN_MIN 1 1 1\n" + GOOD,
    "half a domain": "DOMAIN_MAX 1\n" + GOOD,
}


@pytest.mark.parametrize("kind", BAD)
def test_what_is_no_table_is_refused_in_a_sentence(tmp_path: Path, kind: str) -> None:
    (tmp_path / "a.cube").write_text(BAD[kind])
    with pytest.raises(BadLut) as caught:
        load_lut(tmp_path / "a.cube")
    assert caught.value.path == tmp_path / "a.cube"
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(("shape", "dtype"), [((64, 60, 3), "uint8"), ((65, 65, 3), "uint8"), ((64, 64), "uint8")])
def test_other_pictures_are_no_tables(tmp_path: Path, shape: tuple[int, ...], dtype: str) -> None:
    (tmp_path / "a.png").write_bytes(imagecodecs.png_encode(np.zeros(shape, dtype)))
    with pytest.raises(BadLut, match="HaldCLUT"):
        load_lut(tmp_path / "a.png")
    (tmp_path / "b.png").write_bytes(b"no picture")
    with pytest.raises(BadLut, match="neither"):
        load_lut(tmp_path / "b.png")
    with pytest.raises(BadLut, match="no such file"):
        load_lut(tmp_path / "c.cube")


def test_a_changed_file_is_read_anew(tmp_path: Path) -> None:
    path = tmp_path / "a.cube"
    path.write_text(GOOD)
    first = load_lut(path)
    assert load_lut(path) is first
    path.write_text(cube(3, mixed))
    assert load_lut(path).size == 3


def test_a_file_is_known_again_by_its_digest(tmp_path: Path) -> None:
    one, other = tmp_path / "a.cube", tmp_path / "b.cube"
    for path in (one, other):
        path.write_text(cube(2, mixed))
    assert lut_digest(one) == lut_digest(other)
    other.write_text(cube(2, curved))
    assert lut_digest(one) != lut_digest(other)
    other.unlink()
    with pytest.raises(BadLut, match="no such file"):
        lut_digest(other)
