"""Checkpoints: our own (safetensors with metadata), and the .pt files of the U-Net in its three spellings."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from xtdm_core.errors import BadOption, BadWeights
from xtdm_core.models import ModelSpec, build

if TYPE_CHECKING:
    from torch import Tensor, nn

    State = dict[str, Tensor]

FORMAT = "xtdm-1"
_WRAPPERS = ("model", "state_dict", "model_state_dict")
_PREFIXES = ("module.", "_orig_mod.")


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded network in evaluation mode on the CPU.

    halo    pixels a tile must see around what it writes; None where the file does not say
    record  how the weights were made
    notes   what had to be assumed, in sentences for the user
    """

    net: nn.Module
    spec: ModelSpec
    halo: int | None
    record: Mapping[str, object]
    notes: tuple[str, ...] = ()


def save_checkpoint(
    path: Path, net: nn.Module, spec: ModelSpec, record: Mapping[str, object], halo: int | None = None
) -> None:
    """Writes weights and everything needed to use them as safetensors, whole or not at all."""
    from safetensors.torch import save

    metadata = {
        "format": FORMAT,
        "architecture": spec.architecture,
        "options": json.dumps(dict(spec.options)),
        "input_wb": spec.input_wb,
        "halo": json.dumps(halo),
        "record": json.dumps(dict(record)),
    }
    tensors = {name: value.detach().cpu().contiguous() for name, value in net.state_dict().items()}
    partial = path.with_name(path.name + ".part")
    partial.write_bytes(save(tensors, metadata))
    partial.replace(path)


def load_checkpoint(path: Path, input_wb: str | None = None, cfa_residual: bool | None = None) -> Checkpoint:
    """Loads a checkpoint of any known kind.

    input_wb, cfa_residual  what a foreign file does not say; given for one of ours, they win and a note says so.
    Raises BadWeights: not a checkpoint, damaged, of an unknown network, or not safe to load.
    """
    if not path.is_file():
        raise BadWeights(path, "there is no such file: give a .safetensors or .pt checkpoint")
    if path.suffix.lower() == ".safetensors":
        return _load_own(path, input_wb)
    return _load_foreign(path, input_wb, cfa_residual)


def _load_own(path: Path, input_wb: str | None) -> Checkpoint:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, OSError) as error:
        raise BadWeights(path, f"is not a readable safetensors file ({error}): fetch it again") from error
    if metadata.get("format") != FORMAT:
        raise BadWeights(path, "is not a checkpoint of this program: use one that xtdm train wrote")
    try:
        spec = ModelSpec(metadata["architecture"], json.loads(metadata["options"]), metadata["input_wb"])
        halo, record = json.loads(metadata["halo"]), json.loads(metadata["record"])
    except (KeyError, ValueError) as error:
        raise BadWeights(path, "has damaged metadata: fetch it again") from error
    notes: tuple[str, ...] = ()
    if input_wb is not None and input_wb != spec.input_wb:
        notes = (f"{path.name} says its input is balanced {spec.input_wb!r}; as you ask, {input_wb!r} is used",)
        spec = replace(spec, input_wb=input_wb)
    return Checkpoint(_filled(path, spec, state), spec, halo, record, notes)


def _load_foreign(path: Path, input_wb: str | None, cfa_residual: bool | None) -> Checkpoint:
    content = _unpickle(path)
    state, beside = _state_dict(path, content)
    state = _reference_names(path, _without_prefixes(state))
    width = int(state["enc1.block.0.weight"].shape[0])
    notes = []
    if input_wb is None:
        input_wb = "none"
        notes.append(f"{path.name} does not say how its mosaics were balanced: not at all is assumed (--input-wb)")
    if cfa_residual is None:
        # The first checkpoints have base width 64 and no residual, the later ones width 32 and one.
        cfa_residual = width == 32
        how = "with" if cfa_residual else "without"
        notes.append(f"{path.name} does not say whether it has a CFA residual: {how} is assumed for width {width}")
    spec = ModelSpec("unet", {"base_width": width, "cfa_residual": cfa_residual}, input_wb)
    return Checkpoint(_filled(path, spec, state), spec, None, beside, tuple(notes))


def _unpickle(path: Path) -> object:
    import torch

    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        reason = "holds more than weights, which may be harmful code, and is refused: save only its state dict"
        raise BadWeights(path, reason) from error
    except Exception as error:  # a damaged file makes torch raise whatever comes first
        raise BadWeights(path, "is not a readable .pt checkpoint: fetch it again") from error


def _state_dict(path: Path, content: object) -> tuple[State, dict[str, object]]:
    """(the state dict, plain facts that lie beside it)."""
    import torch

    if not isinstance(content, dict):
        raise BadWeights(path, "holds no state dict: give a checkpoint of the U-Net")
    for wrapper in _WRAPPERS:
        if isinstance(content.get(wrapper), dict):
            beside: dict[str, object] = {k: v for k, v in content.items() if isinstance(v, (str, int, float, bool))}
            return content[wrapper], beside
    if not content or not all(isinstance(value, torch.Tensor) for value in content.values()):
        raise BadWeights(path, "holds no state dict: give a checkpoint of the U-Net")
    return content, {}


def _without_prefixes(state: State) -> State:
    for prefix in _PREFIXES:
        if all(name.startswith(prefix) for name in state):
            state = {name.removeprefix(prefix): value for name, value in state.items()}
    return state


def _reference_names(path: Path, state: State) -> State:
    """The state under the names of ``UNet``, whatever its spelling: the same network by order and shape.

    Other spellings (inc, down1, up1, outc …) list the same layers in the same order, so the tensors are renamed one
    by one; a tensor whose shape does not fit shows that it is another network.
    """
    state = {name: value for name, value in state.items() if not name.endswith("num_batches_tracked")}
    first = next(iter(state.values()), None)
    if first is None or first.ndim != 4 or first.shape[1] != 4:
        raise BadWeights(path, "is of no network that this program knows: give a checkpoint of the U-Net")
    reference = build(ModelSpec("unet", {"base_width": int(first.shape[0])})).state_dict()
    names = [name for name in reference if not name.endswith("num_batches_tracked")]
    if set(names) == set(state):
        return state
    if len(names) != len(state):
        raise BadWeights(path, f"has {len(state)} tensors where the U-Net has {len(names)}: it is another network")
    for name, (given, value) in zip(names, state.items(), strict=True):
        if reference[name].shape != value.shape:
            shapes = f"{list(value.shape)} where the U-Net has {list(reference[name].shape)}"
            raise BadWeights(path, f"is another network: its tensor {given} is {shapes}")
    return dict(zip(names, state.values(), strict=True))


def _filled(path: Path, spec: ModelSpec, state: State) -> nn.Module:
    """The network of ``spec`` with the weights ``state``."""
    try:
        net = build(spec)
    except BadOption as error:
        raise BadWeights(path, f"is of a network that this version cannot build ({error})") from error
    state = {name: value.float() if value.is_floating_point() else value for name, value in state.items()}
    missing, surplus = net.state_dict().keys() - state.keys(), state.keys() - net.state_dict().keys()
    missing = {name for name in missing if not name.endswith("num_batches_tracked")}
    for names, what in ((missing, "lacks"), (surplus, "has a surplus tensor")):
        if names:
            raise BadWeights(path, f"does not fit its network: it {what} {min(names)}")
    broken = next((name for name, value in state.items() if not value.isfinite().all()), None)
    if broken:
        raise BadWeights(path, f"is damaged: {broken} holds values that are not finite")
    try:
        net.load_state_dict(state, strict=False)
    except RuntimeError as error:
        detail = str(error).splitlines()[-1].strip()
        raise BadWeights(path, f"does not fit its network: {detail}") from error
    return net.eval()
