"""What is computed next: what is looked at before the rest, each cell once."""

import numpy as np

from xtdm_core.demosaic.tile_schedule import CELL, Cells, clear_of
from xtdm_core.demosaic.tiles import Box

HEIGHT, WIDTH = 9 * CELL + 10, 12 * CELL - 50


def run(cells: Cells, wanted: Box, allowed: np.ndarray | None = None) -> list[Box]:
    boxes = []
    while (box := cells.following(wanted, allowed)) is not None:
        boxes.append(box)
        cells.mark(box)
    return boxes


def test_every_pixel_is_written_once() -> None:
    cells = Cells(HEIGHT, WIDTH)
    written = np.zeros((HEIGHT, WIDTH), int)
    for box in run(cells, Box(500, 700, 900, 1400)):
        written[box.slices] += 1
    assert (written == 1).all()
    assert cells.complete
    assert cells.share == 1


def test_the_middle_of_what_is_looked_at_comes_first_in_a_small_box_and_the_rest_behind() -> None:
    wanted = Box(4 * CELL, 4 * CELL, 8 * CELL, 8 * CELL)
    cells = Cells(HEIGHT, WIDTH)
    boxes = run(cells, wanted)
    assert (boxes[0].height, boxes[0].width) == (CELL, CELL)
    assert 5 * CELL <= boxes[0].top <= 6 * CELL
    inside = [wanted.top <= b.top and b.bottom <= wanted.bottom and wanted.left <= b.left for b in boxes]
    looked_at = inside.index(False)
    seen = Cells(HEIGHT, WIDTH)
    for box in boxes[:looked_at]:
        seen.mark(box)
    assert seen.covers(wanted)
    assert max(b.height for b in boxes[looked_at:]) == 4 * CELL


def test_looking_elsewhere_changes_what_comes_next() -> None:
    cells = Cells(HEIGHT, WIDTH)
    cells.mark(cells.following(Box(0, 0, 400, 400)) or Box(0, 0, 0, 0))
    elsewhere = Box(8 * CELL, 10 * CELL, 9 * CELL, 11 * CELL)
    assert cells.following(elsewhere) == elsewhere


def test_cells_that_see_flagged_pixels_wait() -> None:
    flags = np.zeros((HEIGHT, WIDTH), bool)
    flags[3 * CELL + 5, 2 * CELL] = True
    clear = clear_of(flags)
    assert clear.shape == Cells(HEIGHT, WIDTH).done.shape
    assert np.argwhere(~clear).tolist() == [[r, c] for r in (2, 3, 4) for c in (1, 2, 3)]
    cells = Cells(HEIGHT, WIDTH)
    run(cells, Box(0, 0, HEIGHT, WIDTH), clear)
    assert np.array_equal(cells.done, clear)
    assert not cells.covers(Box(3 * CELL, 0, 3 * CELL + 1, WIDTH))
    assert cells.covers(Box(-50, -50, CELL, CELL))


def test_nothing_wanted_still_gets_everything_done() -> None:
    cells = Cells(HEIGHT, WIDTH)
    run(cells, Box(0, 0, 0, 0))
    assert cells.complete
