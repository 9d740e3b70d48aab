"""The command line as a user meets it: words, exit status, files."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from imagecodecs import tiff_decode
from PIL import Image

from tests.core.conftest import replace_tag, textured
from tests.core.export.rich import RICH, rational, write_rich_raf
from xtdm_core.cli import main
from xtdm_core.culling.rating import Flag, Rating, write_rating
from xtdm_core.develop.sidecar import write_look
from xtdm_core.develop.tone import Look
from xtdm_core.errors import NO_ACCESS, SHORT_OF_MEMORY
from xtdm_core.export.exif import Exif, parse_exif
from xtdm_core.jpeg_segments import APP1, EXIF_NAME, find_payload
from xtdm_core.simulation.camera import SensorModel, simulate_frame, write_raf


def run(*words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)}
    return subprocess.run(
        [sys.executable, "-m", "xtdm_core", *words], capture_output=True, text=True, cwd=cwd, env=env, check=False
    )


def called(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    """The exit status of ``xtdm words`` in this process."""
    monkeypatch.setattr(sys, "argv", ["xtdm", *words])
    try:
        main()
    except SystemExit as stop:
        return int(stop.code or 0)
    return 0


def test_odd_exif_is_kept_without_a_word(tmp_path: Path) -> None:
    """Pillow warns of a resolution that is two numbers."""
    odd = Exif({**RICH.main, 282: rational(72, 1, 72, 1)}, RICH.shot, RICH.gps, RICH.interop)
    write_rich_raf(tmp_path / "a.RAF", odd.to_bytes())
    done = run("convert", str(tmp_path / "a.RAF"), "--format", "jpeg", "--demosaic", "bilinear")
    assert (done.returncode, done.stderr) == (0, "")
    assert parse_exif(find_payload((tmp_path / "a.jpg").read_bytes(), APP1, EXIF_NAME)).main[282] == odd.main[282]


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys; from xtdm_core.cli import commands\n"
        "try: commands.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted({'torch', 'rawpy', 'numpy', 'PIL', 'rich'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "convert" in done.stdout


def test_good_files_convert_and_bad_ones_are_listed(raf: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    data = raf.read_bytes()
    (folder / "deep" / "good.RAF").write_bytes(data)
    (folder / "half.RAF").write_bytes(data[: len(data) // 2])
    (folder / "empty.RAF").touch()
    (folder / "bayer.RAF").write_bytes(replace_tag(data, 0x131, 0x7777))
    Image.new("RGB", (64, 64)).save(folder / "picture.jpg")
    (folder / "picture.jpg").rename(folder / "renamed.RAF")
    done = run("convert", str(folder), "-o", str(tmp_path / "out"), "--format", "tiff", "--demosaic", "bilinear")
    assert done.returncode == 1
    assert [str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*.*")] == ["deep/good.tif"]
    lines = done.stderr.splitlines()
    assert lines[0] == "xtdm: 1 written, 4 failed:"
    assert len(lines) == 5
    assert all(name in done.stderr for name in ("half.RAF", "empty.RAF", "bayer.RAF", "renamed.RAF"))
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("content", [b"", b"hello", b"FUJIFILMCCD-RAW 0201FF129502"])
def test_a_bad_file_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.RAF").write_bytes(content)
    done = run("convert", "a.RAF", cwd=tmp_path)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""
    assert [p.name for p in tmp_path.iterdir()] == ["a.RAF"]


def test_json_lines(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["convert", str(raf), "-o", str(tmp_path), "--format", "tiff", "--json"]
    assert called(monkeypatch, *words) == 0
    events = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert events[-1]["event"] == "written"
    assert events[-1]["bytes"] == (tmp_path / "made.tif").stat().st_size
    assert {"reading", "demosaicing", "writing"} <= {event.get("stage") for event in events}
    assert called(monkeypatch, *words) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["event"] == "failed"


def test_pictures_that_are_there_are_skipped_in_folders(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "made.tif").write_text("mine")
    words = ["convert", str(raf.parent), "-o", str(tmp_path), "--format", "tiff", "--demosaic", "bilinear"]
    assert called(monkeypatch, *words) == 0
    assert "skipped" in capsys.readouterr().out
    assert (tmp_path / "made.tif").read_text() == "mine"
    assert called(monkeypatch, *words, "--overwrite") == 0
    assert (tmp_path / "made.tif").read_bytes()[:2] == b"II"


def test_files_are_chosen_by_their_stars(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, rating in (("four", Rating(4)), ("two", Rating(2)), ("out", Rating(5, Flag.REJECTED))):
        file = raf.with_name(f"{name}.RAF")
        file.write_bytes(raf.read_bytes())
        write_rating(file, rating)
    words = ["convert", str(raf.parent), "-o", str(tmp_path / "chosen"), "--format", "tiff", "--demosaic", "bilinear"]
    assert called(monkeypatch, *words, "--stars", "5") == 1
    assert "no file has 5 stars or more" in capsys.readouterr().err
    assert called(monkeypatch, *words, "--stars", "3") == 0
    assert [path.name for path in (tmp_path / "chosen").iterdir()] == ["four.tif"]
    assert called(monkeypatch, *words, "--stars", "0") == 0
    assert {path.stem for path in (tmp_path / "chosen").iterdir()} == {"four", "two", raf.stem}


def test_the_summary_tells_of_every_file(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in ("a.RAF", "b.RAF"):
        (raf.parent / name).write_bytes(raf.read_bytes())
    words = ["convert", str(raf.parent), "-o", str(tmp_path), "--format", "tiff", "--demosaic", "bilinear"]
    (tmp_path / "a.tif").touch()
    assert called(monkeypatch, *words) == 0
    assert capsys.readouterr().err == "xtdm: 2 written, 1 skipped\n"
    (tmp_path / "b.tif").unlink()
    (raf.parent / "broken.RAF").touch()
    assert called(monkeypatch, *words) == 1
    assert capsys.readouterr().err.splitlines()[0] == "xtdm: 1 written, 2 skipped, 1 failed:"


def test_the_file_name_says_what_is_written(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["convert", str(raf), "--demosaic", "bilinear", "-o"]
    assert called(monkeypatch, *words, str(tmp_path / "x.tif")) == 0
    assert (tmp_path / "x.tif").read_bytes()[:2] == b"II"
    for more in (("x.png",), ("y.tif", "--format", "avif")):
        assert called(monkeypatch, *words, str(tmp_path / more[0]), *more[1:]) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1
        assert not (tmp_path / more[0]).exists()


def test_verify_tells_whole_files_from_damaged_ones(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, damaged = tmp_path / "x.jpg", tmp_path / "y.jpg"
    assert called(monkeypatch, "convert", str(raf), "--demosaic", "bilinear", "-o", str(whole)) == 0
    damaged.write_bytes(whole.read_bytes()[:-100])
    capsys.readouterr()
    assert called(monkeypatch, "verify", str(whole)) == 0
    assert capsys.readouterr().out.startswith(f"{whole}  whole: JPEG, 612×606, 8 bits")
    assert called(monkeypatch, "verify", str(damaged), str(whole)) == 1
    said = capsys.readouterr()
    assert said.err.startswith(f"xtdm: {damaged}: is damaged")
    assert str(whole) in said.out
    assert called(monkeypatch, "verify", "--json", str(whole)) == 0
    assert json.loads(capsys.readouterr().out)["event"] == "whole"


def test_a_folder_without_raw_files_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert called(monkeypatch, "convert", str(tmp_path), "--demosaic", "vng") == 1
    assert "no RAF or DNG files" in capsys.readouterr().err


def test_info(raf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    assert called(monkeypatch, "info", str(raf), "--json") == 0
    facts = json.loads(capsys.readouterr().out)
    assert facts["model"] == "X-T1"
    assert facts["dynamic_range"] == "DR100"
    assert facts["cfa_phase"] == {"row": 2, "column": 2}
    assert called(monkeypatch, "info", str(raf)) == 0
    assert "DR100" in capsys.readouterr().out


def test_info_of_several_files_goes_on_past_a_broken_one(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    half = tmp_path / "half.RAF"
    half.write_bytes(raf.read_bytes()[:1000])
    assert called(monkeypatch, "info", str(half), str(raf), str(raf)) == 1
    out, err = capsys.readouterr()
    assert out.startswith("file")
    assert [block.splitlines()[0].split()[-1] for block in out.split("\n\n")] == [str(raf)] * 2
    assert len(err.splitlines()) == 1
    assert err.startswith(f"xtdm: {half}: is incomplete")
    assert called(monkeypatch, "info", str(raf), str(half), "--json") == 1
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert good["file"] == str(raf)
    assert (bad["event"], bad["source"]) == ("failed", str(half))


@pytest.mark.parametrize(
    ("command", "work"), [("info", "inspection.file_info.describe"), ("verify", "export.verify.verify")]
)
def test_a_lack_of_memory_for_one_file_is_told_of_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str, work: str
) -> None:
    def short(_: Path) -> None:
        raise MemoryError

    monkeypatch.setattr(f"xtdm_core.{work}", short)
    assert called(monkeypatch, command, "a.RAF", "b.RAF") == 1
    assert capsys.readouterr().err == "".join(f"xtdm: {name}: {SHORT_OF_MEMORY}\n" for name in ("a.RAF", "b.RAF"))


def test_info_of_a_folder(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    deep = tmp_path / "tree" / "deep"
    deep.mkdir(parents=True)
    for name in ("a.RAF", "b.raf", "c.jpg"):
        (deep / name).write_bytes(raf.read_bytes())
    assert called(monkeypatch, "info", str(tmp_path / "tree"), "--json") == 0
    assert [json.loads(line)["file"] for line in capsys.readouterr().out.splitlines()] == [
        str(deep / "a.RAF"),
        str(deep / "b.raf"),
    ]
    (tmp_path / "empty").mkdir()
    assert called(monkeypatch, "info", str(tmp_path / "empty")) == 1
    assert "no RAF or DNG files in" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["convert", "info", "sharpness", "evaluate"])
def test_a_folder_that_may_not_be_read_is_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    monkeypatch.setattr(os, "access", lambda path, _mode: Path(path) != tmp_path)  # root may read everything
    assert called(monkeypatch, command, str(tmp_path)) == 1
    assert capsys.readouterr().err == f"xtdm: {tmp_path}: {NO_ACCESS}\n"


def test_a_file_that_may_not_be_read_is_left_out_with_a_sentence(
    raf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = raf.with_name("secret.RAF")
    secret.touch()
    read = Path.read_bytes

    def guarded(path: Path) -> bytes:
        if path == secret:
            raise PermissionError(13, "Permission denied", str(path))
        return read(path)

    monkeypatch.setattr(Path, "read_bytes", guarded)
    assert called(monkeypatch, "info", str(secret), str(raf)) == 1
    out, err = capsys.readouterr()
    assert err == f"xtdm: {secret}: {NO_ACCESS}\n"
    assert str(raf) in out


def test_what_the_system_refuses_unforeseen_is_told_alike(
    raf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied", "/secret/x.tif")

    monkeypatch.setattr("xtdm_core.export.formats.choose_format", refuse)
    assert called(monkeypatch, "convert", str(raf)) == 1
    assert capsys.readouterr().err == f"xtdm: /secret/x.tif: {NO_ACCESS}\n"


def test_compare_writes_a_png(raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert called(monkeypatch, "compare", str(raf), "-o", str(tmp_path / "c.png")) == 0
    with Image.open(tmp_path / "c.png") as image:
        assert image.format == "PNG"
        assert image.width > 1000
    assert called(monkeypatch, "compare", str(raf), "-o", str(tmp_path / "c.png")) == 1


def test_compare_without_a_name_writes_beside_the_raw_file_or_into_a_folder(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for words, folder in (((), raf.parent), (("-o", str(tmp_path / "out")), tmp_path / "out")):
        assert called(monkeypatch, "compare", str(raf), *words) == 0
        assert (folder / "made_compare.png").stat().st_size > 1000
        assert capsys.readouterr().out.startswith(f"{folder / 'made_compare.png'}  ")


@pytest.mark.parametrize(("mode", "bias"), [("100", -0.72), ("400", -2.72)])
def test_simulate_and_read_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str, bias: float) -> None:
    from xtdm_core.raw.reader import read_raw

    Image.new("RGB", (300, 200), (118, 118, 118)).save(tmp_path / "grey.png")
    words = ["simulate", str(tmp_path / "grey.png"), "-o", str(tmp_path / "g.RAF"), "--dynamic-range", mode]
    assert called(monkeypatch, *words, "--orientation", "8", "--phase", "4") == 0
    frame = read_raw(tmp_path / "g.RAF")
    assert (frame.exposure_bias, frame.orientation) == (bias, 8)
    assert frame.mosaic.shape == (600, 600)
    # Grey 118 is 0.1812 in linear light, wherever the mode puts it in the file.
    green = frame.mosaic[:6, :6][frame.cfa == 1].mean()
    assert (float(green) - 1024) / (16383 - 1024) == pytest.approx(0.1812 * 2**bias, rel=0.01)


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there is no such file: give a .safetensors or .pt checkpoint, or one of fast, quality"),
        (b"hello", "is not a readable .pt checkpoint"),
    ],
)
def test_weights_that_are_none_are_a_sentence(
    raf: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    content: bytes | None,
    sentence: str,
) -> None:
    weights = tmp_path / "NOSUCH.pt"
    if content is not None:
        weights.write_bytes(content)
    assert called(monkeypatch, "convert", str(raf), "--weights", str(weights)) == 1
    told = capsys.readouterr().err
    assert told.startswith(f"xtdm: {weights}: {sentence}")
    assert len(told.splitlines()) == 1
    assert [p.name for p in raf.parent.iterdir() if p.suffix == ".avif"] == []


@pytest.mark.parametrize("words", [("convert", "--demosaic", "bilinear"), ("compare",)])
def test_a_picture_that_is_there_already_is_a_sentence(
    raf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    target = raf.with_name("made.avif" if words[0] == "convert" else "made_compare.png")
    target.write_text("mine")
    assert called(monkeypatch, words[0], str(raf), *words[1:]) == 1
    told = capsys.readouterr().err
    assert told == f"xtdm: {target}: already exists: choose another name or allow overwriting (--overwrite)\n"
    assert target.read_text() == "mine"


def test_a_device_that_is_not_there_is_a_sentence(
    raf: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import torch

    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    assert called(monkeypatch, "convert", str(raf), "--device", "cuda") == 1
    assert "no cuda device" in capsys.readouterr().err
    assert not list(raf.parent.glob("*.avif"))


def test_write_raf_is_what_the_cli_reads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_raf(tmp_path / "a.RAF", simulate_frame(textured(600, 606), SensorModel()))
    assert called(monkeypatch, "convert", str(tmp_path / "a.RAF"), "--demosaic", "dht", "--format", "tiff") == 0
    assert (tmp_path / "a.tif").exists()


def test_settings_beside_the_raw_file_are_used_unless_told_otherwise(
    raf: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write_look(raf, Look(2.0))
    brightness = {}
    for name, words in {"used": (), "off": ("--no-sidecar",), "outranked": ("--exposure", "0")}.items():
        target = tmp_path / f"{name}.tif"
        command = ("convert", str(raf), "-o", str(target), "--format", "tiff", "--demosaic", "bilinear")
        assert called(monkeypatch, *command, *words) == 0
        assert ("note: developed with the settings of" in capsys.readouterr().out) == (name != "off")
        brightness[name] = tiff_decode(target.read_bytes()).tobytes()
    assert brightness["off"] == brightness["outranked"] != brightness["used"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("--denoise", "2"), "0<=x<=1.5"),
        (("--grain", "-1"), "0<=x<=1"),
        (("--denoise", "auto", "--demosaic", "vng"), "only the network removes noise"),
    ],
)
def test_denoising_that_cannot_be_is_a_sentence(
    raf: Path,
    words: tuple[str, ...],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert called(monkeypatch, "convert", str(raf), "-o", str(tmp_path / "x.avif"), *words) != 0
    assert sentence in capsys.readouterr().err
    assert not (tmp_path / "x.avif").exists()


@pytest.mark.parametrize(
    "words",
    [
        ("convert", "a.RAF", "--exposure", "nan"),
        ("convert", "a.RAF", "--exposure", "1e308"),
        ("convert", "a.RAF", "--exposure", "-inf"),
        ("simulate", "a.png", "-o", "a.RAF", "--noise", "nan", "0"),
        ("simulate", "a.png", "-o", "a.RAF", "--noise", "1e-4", "-1"),
        ("train", "pictures", "-o", "run", "--learning-rate", "nan"),
    ],
)
def test_numbers_that_are_none_are_refused(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    assert called(monkeypatch, *words) == 2
    assert "Invalid value" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not UTF-8 exist on Linux only")
@pytest.mark.parametrize("command", [("info",), ("convert", "--format", "tiff", "--demosaic", "bilinear")])
@pytest.mark.parametrize("json_", [(), ("--json",)])
def test_odd_names_are_printed_and_do_nothing_to_the_terminal(
    raf: Path, command: tuple[str, ...], json_: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = raf.rename(raf.with_name("a\x1b[2J\udcfc.RAF"))
    half = raf.with_name("b\x9b\udcfe.RAF")
    half.write_bytes(odd.read_bytes()[:5000])
    monkeypatch.setenv("PYTHONIOENCODING", "utf-8:strict")  # as in most locales
    done = run(*command, *json_, str(raf.parent))
    assert done.returncode == 1  # the other one is incomplete
    assert "Traceback" not in done.stderr
    assert not set("\x1b\x9b") & set(done.stdout + done.stderr)
    if json_:
        lines = [json.loads(line) for line in done.stdout.splitlines()]
        sources = {line.get("source") or line.get("file") for line in lines} - {None}
        assert sources == {str(odd), str(half)}
    else:
        assert "a\\x1b[2J\\xfc" in done.stdout
        assert "b\\x9b\\xfe.RAF: is incomplete" in done.stderr
