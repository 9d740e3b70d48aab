"""The window's child process: orders in, pictures and words out."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from xtdm_core.convert import ConvertOptions
from xtdm_core.develop.tone import Look
from xtdm_core.worker import Order, target_of

BILINEAR = ConvertOptions("tiff", "bilinear", look=Look(0.5))


@pytest.fixture
def order(raf: Path, tmp_path: Path) -> Order:
    return Order(raf, tmp_path / "out", "made", "number", BILINEAR)


def test_an_order_survives_its_line(order: Order) -> None:
    full = replace(order, weights=Path("/x y/ü.pt"), device="cpu", options=replace(BILINEAR, tile_side=288, quality=7))
    assert "\n" not in full.to_json()
    assert Order.from_json(full.to_json()) == full
    assert Order.from_json(order.to_json()) == order


def test_a_taken_name_is_numbered_skipped_or_replaced(order: Order) -> None:
    first = order.folder / "made.tif"
    assert target_of(order) == (first, True)
    order.folder.mkdir()
    first.touch()
    assert target_of(order) == (order.folder / "made-2.tif", True)
    (order.folder / "made-2.tif").touch()
    assert target_of(order) == (order.folder / "made-3.tif", True)
    assert target_of(replace(order, conflict="skip")) == (first, False)
    assert target_of(replace(order, conflict="overwrite")) == (first, True)


def test_the_day_of_the_shot_can_be_part_of_the_name(order: Order) -> None:
    assert target_of(replace(order, name="{date} made"))[0].name == "2026-01-02 made.tif"


def test_one_child_carries_out_many_orders(order: Order, tmp_path: Path) -> None:
    broken = tmp_path / "broken.RAF"
    broken.write_bytes(b"no raw file")
    network = replace(order, name="network", options=ConvertOptions("avif", tile_side=192), device="cpu")
    orders = [
        order,
        replace(order, conflict="skip"),
        replace(order, source=broken, name="broken"),
        replace(order, device="cuda", weights=tmp_path / "none.pt", options=replace(BILINEAR, demosaic="neural")),
        replace(order, conflict="overwrite"),
        network,
        network,
    ]
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    command = [sys.executable, "-m", "xtdm_core", "worker"]
    done = subprocess.run(
        command, input="".join(f"{o.to_json()}\n" for o in orders), capture_output=True, text=True, check=True, env=env
    )
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    words = [line for line in lines if line["event"] != "progress"]
    assert [line["event"] for line in words] == [
        "written",
        "skipped",
        "failed",
        "failed",
        "written",
        "written",
        "written",
    ]
    assert words[2]["reason"].startswith("is neither a RAF nor a DNG file")
    assert "Traceback" in words[2]["details"]
    assert [Path(words[i]["path"]).name for i in (0, 1, 4, 5, 6)] == [
        "made.tif",
        "made.tif",
        "made.tif",
        "network.avif",
        "network-2.avif",
    ]
    assert sum(line.get("stage") == "loading the network" for line in lines) == 2  # none.pt, and once for two files
    assert max(line["total"] for line in lines if line.get("stage") == "demosaicing") >= 16  # small tiles
    assert sorted(p.name for p in order.folder.iterdir()) == ["made.tif", "network-2.avif", "network.avif"]
