"""Checkpoints in all spellings load to the same network; whatever is wrong is refused with a sentence."""

from collections import OrderedDict
from pathlib import Path

import pytest
import torch

from tests.core.models.test_unet import randomised
from xtdm_core.errors import BadWeights
from xtdm_core.models import ModelSpec, build
from xtdm_core.models.checkpoints import Checkpoint, load_checkpoint, save_checkpoint

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
    "distributed": lambda s: {f"module.{k}": v for k, v in s.items()},
    "half precision": lambda s: {k: v.half().float() if v.is_floating_point() else v for k, v in s.items()},
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_all_spellings_give_the_same_output(tmp_path: Path, spelling: str) -> None:
    net = randomised(8)
    if spelling == "half precision":
        net = net.half().float()
    torch.save(SPELLINGS[spelling](net.state_dict()), tmp_path / "a.pt")
    loaded = load_checkpoint(tmp_path / "a.pt")
    assert torch.equal(output(loaded.net), output(net))
    assert loaded.spec == ModelSpec("unet", {"base_width": 8, "cfa_residual": False}, "none")
    assert len(loaded.notes) == 2


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


def own(tmp_path: Path) -> tuple[Path, torch.nn.Module]:
    spec = ModelSpec("packed", {"width": 8, "blocks": 1})
    net = build(spec).eval()
    torch.nn.init.normal_(net.tail.weight)
    save_checkpoint(tmp_path / "a.safetensors", net, spec, {"step": 3}, halo=12)
    return tmp_path / "a.safetensors", net


def test_own_format_round_trip(tmp_path: Path) -> None:
    path, net = own(tmp_path)
    loaded = load_checkpoint(path)
    assert torch.equal(output(loaded.net), output(net))
    assert (loaded.halo, loaded.record, loaded.notes) == (12, {"step": 3}, ())
    assert loaded.spec.input_wb == "as-shot"
    assert not list(tmp_path.glob("*.part"))


def test_an_argument_wins_over_metadata_and_it_is_said(tmp_path: Path) -> None:
    loaded = load_checkpoint(own(tmp_path)[0], input_wb="none")
    assert loaded.spec.input_wb == "none"
    assert len(loaded.notes) == 1


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
    (tmp_path / "junk.pt").write_bytes(b"junk")
    assert refusal(tmp_path / "junk.pt")
    assert "no such file" in refusal(tmp_path / "none.pt")
    torch.save([1, 2], tmp_path / "list.pt")
    assert "state dict" in refusal(tmp_path / "list.pt")
    torch.save({"a": torch.zeros(3)}, tmp_path / "other.pt")
    assert "no network" in refusal(tmp_path / "other.pt")


def test_wrong_tensors_are_named(tmp_path: Path) -> None:
    state = dict(randomised(4).state_dict())
    broken = {**state, "dec1.conv.block.0.weight": torch.full_like(state["dec1.conv.block.0.weight"], torch.nan)}
    torch.save(broken, tmp_path / "nan.pt")
    assert "dec1.conv.block.0.weight" in refusal(tmp_path / "nan.pt")
    fewer = {k: v for k, v in state.items() if k != "out_conv.bias"}
    torch.save(fewer, tmp_path / "fewer.pt")
    assert "tensors" in refusal(tmp_path / "fewer.pt")


def test_an_unknown_architecture_is_named(tmp_path: Path) -> None:
    net = build(ModelSpec("packed", {"width": 8, "blocks": 1}))
    save_checkpoint(tmp_path / "a.safetensors", net, ModelSpec("hologram"), {})
    assert "hologram" in refusal(tmp_path / "a.safetensors")
