"""The window's child process: orders in, pictures and words out."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.conftest import textured
from xtdm_core.batch import TargetNames
from xtdm_core.conversion import ConvertOptions
from xtdm_core.develop.tone import Look
from xtdm_core.errors import BadOption, WriteFailed
from xtdm_core.frame import CaptureInfo
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf
from xtdm_core.worker import ConversionRequest, job_of, serve

BILINEAR = ConvertOptions("tiff", "bilinear", look=Look(0.5))


def target_of(order: ConversionRequest) -> Path:
    return job_of(order, TargetNames()).target


@pytest.fixture(autouse=True)
def as_nice_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.nice", lambda _: None)


@pytest.fixture
def order(raf: Path, tmp_path: Path) -> ConversionRequest:
    return ConversionRequest(raf, tmp_path / "out", "made", "number", BILINEAR)


def test_an_order_survives_its_line(order: ConversionRequest) -> None:
    look = Look(0.5, (2.0, 1.0, 1.5), 0.3, denoise=0.7, grain=0.4)
    options = replace(BILINEAR, tile_side=288, quality=7, look=look)
    full = replace(order, weights=Path("/x y/ü.pt"), device="cpu", options=options)
    assert "\n" not in full.to_json()
    assert ConversionRequest.from_json(full.to_json()) == full
    assert ConversionRequest.from_json(order.to_json()) == order


def test_a_taken_name_is_numbered_skipped_or_replaced(order: ConversionRequest) -> None:
    first = order.folder / "made.tif"
    assert target_of(order) == first
    order.folder.mkdir()
    first.touch()
    assert target_of(order) == order.folder / "made-2.tif"
    (order.folder / "made-2.tif").touch()
    assert target_of(order) == order.folder / "made-3.tif"
    assert target_of(replace(order, conflict="skip")) == first
    assert target_of(replace(order, conflict="overwrite")) == first


def test_the_day_of_the_shot_can_be_part_of_the_name(order: ConversionRequest) -> None:
    assert target_of(replace(order, name="{date} made")).name == "2026-01-02 made.tif"


@pytest.mark.parametrize(
    "told", ["../../x", "/etc/2026", "    :  :     ", "0000:00:00 00:00:00", "2026:02:30", "2026:1:2"]
)
def test_a_day_that_never_was_is_that_of_the_file(order: ConversionRequest, tmp_path: Path, told: str) -> None:
    info = CaptureInfo("FUJIFILM", "X-T1", taken_at=told)
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(600, 600), SensorModel(info=info)))
    os.utime(tmp_path / "a.RAF", (1e9, 1e9))
    assert target_of(replace(order, source=tmp_path / "a.RAF", name="{date}")) == order.folder / "2001-09-09.tif"


@pytest.mark.parametrize("name", ["../up", "/etc/x", "a/b", ""])
def test_a_name_does_not_lead_out_of_the_folder(order: ConversionRequest, name: str) -> None:
    with pytest.raises(BadOption, match="not a file name"):
        target_of(replace(order, name=name))


def test_an_order_that_was_begun_before_is_not_carried_out_twice(order: ConversionRequest) -> None:
    said: list[dict[str, object]] = []
    cold = replace(order, options=replace(BILINEAR, look=Look(1.5)))
    again = [replace(one, resume=True) for one in (order, cold)]
    serve((o.to_json() for o in (order, order, *again, again[1])), lambda _: None, said.append)
    names = [Path(str(words["path"])).name for words in said]
    assert names == ["made.tif", "made-2.tif", "made.tif", "made-3.tif", "made-3.tif"]
    assert {words["event"] for words in said} == {"written"}


def test_pictures_of_other_files_are_not_replaced_and_anything_raised_is_told(
    order: ConversionRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "card" / order.source.name
    other.parent.mkdir()
    other.write_bytes(order.source.read_bytes())
    os.utime(other, (1e9, 1e9))
    said: list[dict[str, object]] = []
    orders = [replace(order, conflict="overwrite", source=source) for source in (order.source, other, order.source)]
    serve((o.to_json() for o in orders), lambda _: None, said.append)
    serve([orders[1].to_json()], lambda _: None, said.append)  # the next day
    assert [Path(str(words["path"])).name for words in said] == ["made.tif", "made-2.tif", "made.tif", "made-2.tif"]

    def broken(*_: object) -> None:
        raise ZeroDivisionError("float division by zero")

    monkeypatch.setattr("xtdm_core.batch_run.develop", broken)
    serve([orders[0].to_json()] * 2, lambda _: None, said.append)
    assert [words["event"] for words in said[-2:]] == ["failed", "failed"]
    assert "ZeroDivisionError: float division by zero" in str(said[-1]["reason"])
    assert "Traceback" in str(said[-1]["details"])

    def closed(*_: object) -> None:
        raise WriteFailed(order.folder, "you may not write there")

    monkeypatch.setattr("xtdm_core.batch_run.develop", closed)
    serve([orders[0].to_json()], lambda _: None, said.append)
    assert said[-1] == {"event": "failed", "reason": f"you may not write there ({order.folder})", "details": ""}


def test_one_child_carries_out_many_orders(order: ConversionRequest, tmp_path: Path) -> None:
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
    assert words[2]["details"] == ""
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
