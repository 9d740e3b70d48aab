"""Checkpoints in all spellings load to the same network; whatever is wrong is refused with a sentence."""

import json
import subprocess
import sys
from collections import OrderedDict
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from tests.core.models.test_unet import randomised
from xtdm_core.assets import asset
from xtdm_core.errors import BadOption, BadWeights, WriteFailed
from xtdm_core.models import ModelSpec, build_network
from xtdm_core.models.checkpoints import Checkpoint, find_weights, load_checkpoint, save_checkpoint, states_noise

MOSAIC = torch.rand(1, 1, 48, 96, generator=torch.Generator().manual_seed(0))


def output(net: torch.nn.Module) -> torch.Tensor:
    with torch.inference_mode():
        return net(MOSAIC)


def respelt(state: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """The same network as the widespread U-Net code names it."""
    blocks = {"enc1.block": "inc.double_conv", "out_conv": "outc.conv"}
    for i, name in enumerate(("enc2", "enc3", "enc4", "bottleneck"), 1):
        blocks[f"{name}.conv.block"] = f"down{i}.maxpool_conv.1.double_conv"
    for i, name in enumerate(("dec4", "dec3", "dec2", "dec1"), 1):
        blocks[f"{name}.up"] = f"up{i}.up"
        blocks[f"{name}.conv.block"] = f"up{i}.conv.double_conv"
    out = OrderedDict()
    for name, value in state.items():
        old = next(block for block in blocks if name.startswith(block + "."))
        out[blocks[old] + name.removeprefix(old)] = value
    return out


SPELLINGS = {
    "bare": lambda s: s,
    "under model": lambda s: {"model": s, "base_width": 8, "cfa_type": "xtrans", "epoch": 7},
    "under state_dict": lambda s: {"state_dict": s},
    "inc/down/up/outc": respelt,
    "under model_state_dict": lambda s: {"model_state_dict": s},
    "distributed": lambda s: {f"module.{k}": v for k, v in s.items()},
    "compiled and distributed": lambda s: {f"_orig_mod.module.{k}": s[k] for k in sorted(s)},
    "sorted names": lambda s: dict(sorted(s.items())),
    "without counters": lambda s: {k: v for k, v in s.items() if not k.endswith("num_batches_tracked")},
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_all_spellings_give_the_same_output(tmp_path: Path, spelling: str) -> None:
    net = randomised(8)
    torch.save(SPELLINGS[spelling](net.state_dict()), tmp_path / "a.pt")
    loaded = load_checkpoint(tmp_path / "a.pt")
    assert torch.equal(output(loaded.net), output(net))
    assert loaded.spec == ModelSpec("unet", {"base_width": 8, "cfa_residual": False}, "none")
    assert len(loaded.notes) == 2


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float64])
def test_other_precisions_become_float32(tmp_path: Path, dtype: torch.dtype) -> None:
    net = randomised(4).to(dtype)
    torch.save(net.state_dict(), tmp_path / "a.pt")
    loaded = load_checkpoint(tmp_path / "a.pt").net
    assert {p.dtype for p in loaded.parameters()} == {torch.float32}
    assert torch.equal(output(loaded), output(net.float()))


def test_facts_beside_the_weights_are_kept(tmp_path: Path) -> None:
    torch.save({"model": randomised(4).state_dict(), "epoch": 7, "cfa_type": "xtrans"}, tmp_path / "a.pt")
    assert load_checkpoint(tmp_path / "a.pt").record == {"epoch": 7, "cfa_type": "xtrans"}


def test_width_32_is_taken_to_have_a_residual_and_it_is_said(tmp_path: Path) -> None:
    net = randomised(32, residual=True)
    torch.save(net.state_dict(), tmp_path / "a.pt")
    loaded = load_checkpoint(tmp_path / "a.pt")
    assert loaded.spec.options == {"base_width": 32, "cfa_residual": True}
    assert any("residual" in note for note in loaded.notes)
    assert torch.equal(output(loaded.net), output(net))


def test_what_the_file_does_not_say_can_be_given(tmp_path: Path) -> None:
    torch.save(randomised(4).state_dict(), tmp_path / "a.pt")
    loaded = load_checkpoint(tmp_path / "a.pt", input_wb="as-shot", cfa_residual=True)
    assert loaded.spec == ModelSpec("unet", {"base_width": 4, "cfa_residual": True}, "as-shot")
    assert loaded.notes == ()


def test_what_lies_beside_the_weights_is_believed_unless_the_caller_objects(tmp_path: Path) -> None:
    facts = {"cfa_residual": True, "input_wb": "as-shot"}
    torch.save({"model": randomised(4).state_dict(), **facts}, tmp_path / "a.pt")
    loaded = load_checkpoint(tmp_path / "a.pt")
    assert loaded.spec == ModelSpec("unet", {"base_width": 4, "cfa_residual": True}, "as-shot")
    assert loaded.notes == ()
    objected = load_checkpoint(tmp_path / "a.pt", input_wb="none")
    assert objected.spec.input_wb == "none"
    assert len(objected.notes) == 1


def own(tmp_path: Path) -> tuple[Path, torch.nn.Module]:
    spec = ModelSpec("packed", {"width": 8, "blocks": 1})
    net = build_network(spec).eval()
    torch.nn.init.normal_(net.tail.weight)
    save_checkpoint(tmp_path / "a.safetensors", net, spec, {"step": 3}, halo=12)
    return tmp_path / "a.safetensors", net


def test_own_format_round_trip(tmp_path: Path) -> None:
    path, net = own(tmp_path)
    loaded = load_checkpoint(path)
    assert torch.equal(output(loaded.net), output(net))
    assert (loaded.halo, loaded.record, loaded.notes) == (12, {"step": 3}, ())
    assert loaded.spec.input_wb == "as-shot"
    assert [p.name for p in tmp_path.iterdir()] == ["a.safetensors"]


def test_an_argument_wins_over_metadata_and_it_is_said(tmp_path: Path) -> None:
    loaded = load_checkpoint(own(tmp_path)[0], input_wb="none")
    assert loaded.spec.input_wb == "none"
    assert len(loaded.notes) == 1


def test_a_residual_asked_for_wins_over_metadata_and_it_is_said(tmp_path: Path) -> None:
    net, path = randomised(4), tmp_path / "a.safetensors"
    save_checkpoint(path, net, ModelSpec("unet", {"base_width": 4}, "none"), {})
    assert load_checkpoint(path, cfa_residual=False).notes == ()
    loaded = load_checkpoint(path, cfa_residual=True)
    assert len(loaded.notes) == 1
    assert torch.equal(output(loaded.net), output(net) + MOSAIC)


def test_arguments_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    path, _ = own(tmp_path)
    with pytest.raises(BadOption, match="banana"):
        load_checkpoint(path, input_wb="banana")
    with pytest.raises(BadOption, match="residual"):
        load_checkpoint(path, cfa_residual=True)


def test_a_failed_save_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path, net = own(tmp_path)
    with pytest.raises(TypeError):
        save_checkpoint(path, net, ModelSpec("packed"), {"not json": object()})
    assert load_checkpoint(path).record == {"step": 3}
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteFailed):
        save_checkpoint(tmp_path / "folder", net, ModelSpec("packed"), {})
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a.safetensors", "folder"]


class Malicious:
    def __init__(self, target: Path) -> None:
        self.target = target

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return Path.touch, (self.target,)


def refusal(path: Path) -> str:
    with pytest.raises(BadWeights) as caught:
        load: Checkpoint = load_checkpoint(path)
        print(load)
    assert "\n" not in str(caught.value)
    return caught.value.reason


def test_a_malicious_pickle_is_refused_and_does_not_run(tmp_path: Path) -> None:
    torch.save({"model": randomised(4).state_dict(), "x": Malicious(tmp_path / "owned")}, tmp_path / "a.pt")
    assert "harmful" in refusal(tmp_path / "a.pt")
    assert not (tmp_path / "owned").exists()
    # The same file does run where safety is switched off, so the test would notice.
    torch.load(tmp_path / "a.pt", weights_only=False)
    assert (tmp_path / "owned").exists()


def test_damaged_and_foreign_files_are_refused(tmp_path: Path) -> None:
    path, _ = own(tmp_path)
    (tmp_path / "cut.safetensors").write_bytes(path.read_bytes()[:-50])
    assert "safetensors" in refusal(tmp_path / "cut.safetensors")
    torch.save(randomised(4).state_dict(), tmp_path / "whole.pt")
    (tmp_path / "cut.pt").write_bytes((tmp_path / "whole.pt").read_bytes()[:-2000])
    assert "not a readable" in refusal(tmp_path / "cut.pt")
    (tmp_path / "junk.pt").write_bytes(b"junk")
    assert "not a readable" in refusal(tmp_path / "junk.pt")
    (tmp_path / "page.pt").write_bytes(b"<html>not found</html>")
    assert "other than weights" in refusal(tmp_path / "page.pt")
    assert "no such file" in refusal(tmp_path / "none.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    assert "state dict" in refusal(tmp_path / "list.pt")
    torch.save({"model": {"a": 1}}, tmp_path / "numbers.pt")
    assert "state dict (a is" in refusal(tmp_path / "numbers.pt")
    torch.save({1: torch.zeros(3)}, tmp_path / "numbered.pt")
    assert "state dict (1 is" in refusal(tmp_path / "numbered.pt")
    torch.save({"a": torch.zeros(3)}, tmp_path / "other.pt")
    assert "no network" in refusal(tmp_path / "other.pt")


LAST, WIDE = "out_conv.bias", "dec1.conv.block.0.weight"
WRONG = {
    "not finite": ({WIDE: torch.full((4, 8, 3, 3), torch.nan)}, "not finite"),
    "too large for f32": ({LAST: torch.full((3,), 1e300, dtype=torch.float64)}, "not finite"),
    "not numbers": ({LAST: torch.zeros(3, dtype=torch.int32)}, "floating-point"),
    "sparse": ({LAST: torch.zeros(3).to_sparse()}, "floating-point"),
    "no storage": ({LAST: torch.zeros(3, device="meta")}, "floating-point"),
    "another shape": ({WIDE: torch.zeros(4, 7, 3, 3)}, r"\[4, 7, 3, 3\] where its network has \[4, 8, 3, 3\]"),
    "surplus": ({"extra.weight": torch.zeros(1)}, "surplus"),
    "missing": ({LAST: None}, "lacks"),
}


@pytest.mark.parametrize("fault", WRONG)
def test_wrong_tensors_are_named(tmp_path: Path, fault: str) -> None:
    change, message = WRONG[fault]
    state = {k: v for k, v in {**randomised(4).state_dict(), **change}.items() if v is not None}
    torch.save(state, tmp_path / "a.pt")
    with pytest.raises(BadWeights, match=message) as caught:
        load_checkpoint(tmp_path / "a.pt")
    assert next(iter(change)) in caught.value.reason


def test_wrong_tensors_of_the_other_spelling_are_named(tmp_path: Path) -> None:
    path, state = tmp_path / "a.pt", respelt(randomised(4).state_dict())
    torch.save({k: v for k, v in state.items() if k != "outc.conv.bias"}, path)
    assert refusal(path).endswith("lacks out_conv.bias")
    torch.save({**state, "extra.weight": torch.zeros(1)}, path)
    assert refusal(path).endswith("surplus tensor extra.weight")
    torch.save({k: v for k, v in state.items() if k != "up1.up.weight"}, path)
    assert "tensor up1.up.bias is [32]" in refusal(path)
    # Scale and shift in the other order have the same shapes, but not the same names.
    norm = {k: v for k, v in state.items() if k.startswith("inc.double_conv.1.")}
    head = {"inc.double_conv.0.weight": state["inc.double_conv.0.weight"], **dict(reversed(norm.items()))}
    torch.save({**head, **state}, path)
    assert "inc.double_conv.1" in refusal(path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("options", "[1]"),
        ("options", "{"),
        ("input_wb", "banana"),
        ("halo", '"12"'),
        ("halo", "-1"),
        ("record", "[]"),
        ("options", json.dumps({"width": -1})),
        ("options", json.dumps({"width": 2**20})),
        ("options", json.dumps({"width": 8, "blocks": 10**7})),
        ("options", json.dumps({"depth": 3})),
        ("options", "[" * 10**5),
        ("halo", "20000"),
        ("format", "pt"),
    ],
)
def test_false_metadata_is_refused(tmp_path: Path, key: str, value: str) -> None:
    path, _ = own(tmp_path)
    honest = {
        "format": "xtdm-1",
        "architecture": "packed",
        "options": json.dumps({"width": 8, "blocks": 1}),
        "input_wb": "as-shot",
        "halo": "null",
        "record": "{}",
    }
    state = load_file(path)
    save_file(state, path, honest)
    assert load_checkpoint(path).halo is None
    save_file(state, path, {**honest, key: value})
    assert refusal(path)


def test_an_unknown_architecture_is_named(tmp_path: Path) -> None:
    net = build_network(ModelSpec("packed", {"width": 8, "blocks": 1}))
    save_checkpoint(tmp_path / "a.safetensors", net, ModelSpec("hologram"), {})
    assert "hologram" in refusal(tmp_path / "a.safetensors")


def test_shipped_networks_are_found_by_name_and_files_by_path(tmp_path: Path) -> None:
    assert find_weights("fast") == asset("weights/fast.safetensors")
    assert find_weights(tmp_path / "mine.pt") == tmp_path / "mine.pt"
    assert find_weights("slow") == Path("slow")


@pytest.mark.parametrize("noise", [True, False])
def test_the_header_states_whether_noise_is_taken(tmp_path: Path, noise: bool) -> None:
    spec = ModelSpec("packed", {"width": 8, "blocks": 1, "noise": noise})
    save_checkpoint(tmp_path / "a.safetensors", build_network(spec), spec, {})
    assert states_noise(tmp_path / "a.safetensors") is noise


def test_what_is_no_checkpoint_of_ours_states_no_noise(tmp_path: Path) -> None:
    torch.save(randomised(8).state_dict(), tmp_path / "a.pt")
    (tmp_path / "b.safetensors").write_bytes(b"nothing")
    save_file({"x": torch.zeros(1)}, tmp_path / "c.safetensors", {"options": '{"noise": true}'})
    for name in ("a.pt", "b.safetensors", "c.safetensors", "none.safetensors"):
        assert not states_noise(tmp_path / name)


def test_loading_needs_no_compiler() -> None:
    # torch._dynamo, which torch loads to fill tensors without memory, takes as long as torch itself.
    load = "from xtdm_core import load_network; load_network(device='cpu')"
    code = f"import sys; {load}; print('torch._dynamo' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
