"""Checkpoints: our own (safetensors with metadata), and the .pt files of the U-Net in their several spellings."""

from __future__ import annotations

import json
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from xtdm_core.assets import shipped_networks
from xtdm_core.choices import MosaicBalance
from xtdm_core.errors import BadOption, BadWeights
from xtdm_core.files import atomic_write
from xtdm_core.models import ModelSpec, build_network

if TYPE_CHECKING:
    from torch import Tensor, nn

    State = dict[str, Tensor]

Fact = TypeVar("Fact", str, bool)

FORMAT = "xtdm-1"
_OWN_SUFFIX = ".safetensors"
_WB = "input white balance (--input-wb)"
_WRAPPERS = ("model", "state_dict", "model_state_dict")
_PREFIXES = ("module.", "_orig_mod.")
_LARGEST_HALO = 1024  # px; the U-Net sees 96
_COUNTER = "num_batches_tracked"  # matters to training alone, and not every file keeps it


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A loaded network in evaluation mode on the CPU.

    halo    pixels a tile must see around what it writes; None where the file does not say
    record  how the weights were made
    notes   what had to be assumed or overruled, in sentences for the user
    states_balance  whether the file says how its mosaics are balanced, and that is what ``spec`` has
    """

    net: nn.Module
    spec: ModelSpec
    halo: int | None
    record: Mapping[str, object]
    notes: tuple[str, ...] = ()
    states_balance: bool = True


def find_weights(name: str | Path) -> Path:
    """The file of a shipped network called ``name``, such as "fast", else the path itself."""
    return shipped_networks().get(str(name), Path(name))


def states_noise(path: Path) -> bool:
    """Check from a checkpoint's header, without loading it, whether its network takes noise.

    False too where there is no such header: what the file is instead shows when it is loaded.
    """
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="numpy") as file:
            spec, _, _ = _metadata(path, file.metadata() or {})
    except (SafetensorError, OSError, BadWeights):
        return False
    return bool(spec.options.get("noise", False))


def save_checkpoint(
    path: Path, net: nn.Module, spec: ModelSpec, record: Mapping[str, object], halo: int | None = None
) -> None:
    """Writes weights and everything needed to use them as safetensors, whole or not at all. Raises WriteFailed."""
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
    content = save(tensors, metadata)
    with atomic_write(path, overwrite=True) as partial:
        partial.write_bytes(content)


def load_checkpoint(path: Path, input_wb: str | None = None, cfa_residual: bool | None = None) -> Checkpoint:
    """Loads a checkpoint of any known kind.

    input_wb, cfa_residual  what foreign files seldom say; where a file says otherwise, they win and a note says so.
    Raises BadWeights: not a checkpoint, damaged, of an unknown network, or not safe to load. Raises BadOption: an
    unknown ``input_wb``, or ``cfa_residual`` for a network that has none.
    """
    if input_wb is not None and input_wb not in list(MosaicBalance):
        raise BadOption(f"there is no input white balance {input_wb!r}: choose one of {', '.join(MosaicBalance)}")
    if not path.is_file():
        shipped = ", ".join(shipped_networks())
        raise BadWeights(path, f"there is no such file: give a .safetensors or .pt checkpoint, or one of {shipped}")
    if path.suffix.lower() == _OWN_SUFFIX:
        return _load_own(path, input_wb, cfa_residual)
    return _load_foreign(path, input_wb, cfa_residual)


def _load_own(path: Path, input_wb: str | None, cfa_residual: bool | None) -> Checkpoint:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as file:
            metadata = file.metadata() or {}
            state = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, OSError) as error:
        raise BadWeights(path, f"is not a readable safetensors file ({error}): fetch it again") from error
    if metadata.get("format") != FORMAT:
        raise BadWeights(path, "is not a checkpoint of this program: use one that xtdm train wrote")
    said, halo, record = _metadata(path, metadata)
    options, notes = dict(said.options), list[str]()
    wb = _settled(path, _WB, said.input_wb, input_wb, said.input_wb, notes)
    if cfa_residual is not None:
        if said.architecture != "unet":
            raise BadOption(f"{path.name} holds no U-Net: only a U-Net can have a CFA residual")
        stated = bool(options.get("cfa_residual", False))
        options["cfa_residual"] = _settled(path, "CFA residual", stated, cfa_residual, stated, notes)
    spec = ModelSpec(said.architecture, options, wb)
    return Checkpoint(_filled(path, spec, state), spec, halo, record, tuple(notes), wb == said.input_wb)


def _metadata(path: Path, metadata: Mapping[str, str]) -> tuple[ModelSpec, int | None, dict[str, object]]:
    """(spec, halo, record) as the file states them."""
    try:
        spec = ModelSpec(metadata["architecture"], json.loads(metadata["options"]), metadata["input_wb"])
        halo, record = json.loads(metadata["halo"]), json.loads(metadata["record"])
    except (KeyError, ValueError, RecursionError) as error:
        raise BadWeights(path, "has damaged metadata: fetch it again") from error
    halo_fits = halo is None or (type(halo) is int and 0 <= halo <= _LARGEST_HALO)
    if not (halo_fits and type(spec.options) is dict and type(record) is dict and spec.input_wb in list(MosaicBalance)):
        raise BadWeights(path, "has damaged metadata: fetch it again")
    return spec, halo, record


def _load_foreign(path: Path, input_wb: str | None, cfa_residual: bool | None) -> Checkpoint:
    state, beside = _state_dict(path, _unpickle(path))
    state = _reference_names(path, _without_prefixes(state))
    width = int(state["enc1.block.0.weight"].shape[0])
    wb, residual = beside.get("input_wb"), beside.get("cfa_residual")
    said_wb = wb if isinstance(wb, str) and wb in list(MosaicBalance) else None
    said_residual = residual if isinstance(residual, bool) else None
    notes: list[str] = []
    # The first checkpoints have base width 64 and no residual, the later ones width 32 and one.
    options: dict[str, int | bool] = {
        "base_width": width,
        "cfa_residual": _settled(path, "CFA residual", said_residual, cfa_residual, width == 32, notes),
    }
    spec = ModelSpec("unet", options, _settled(path, _WB, said_wb, input_wb, str(MosaicBalance.NONE), notes))
    return Checkpoint(_filled(path, spec, state), spec, None, beside, tuple(notes), spec.input_wb == said_wb)


def _settled(path: Path, what: str, said: Fact | None, asked: Fact | None, assumed: Fact, notes: list[str]) -> Fact:
    """``asked``, else what the file ``said``, else ``assumed``; notes what the user should know of it."""
    if asked is not None:
        if said is not None and said != asked:
            notes.append(f"{path.name} states its {what} as {_word(said)}; as you ask, {_word(asked)} is used")
        return asked
    if said is not None:
        return said
    notes.append(f"{path.name} does not state its {what}: {_word(assumed)} is assumed")
    return assumed


def _word(fact: str | bool) -> str:
    return fact if isinstance(fact, str) else "on" if fact else "off"


def _unpickle(path: Path) -> object:
    import torch

    try:
        return torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        reason = (
            "holds something other than weights, which may be harmful code, and is refused: save only its state dict"
        )
        raise BadWeights(path, reason) from error
    except Exception as error:  # a damaged file makes torch raise whatever comes first
        raise BadWeights(path, "is not a readable .pt checkpoint: fetch it again") from error


def _state_dict(path: Path, content: object) -> tuple[State, dict[str, object]]:
    """(the state dict, plain facts that lie beside it)."""
    import torch

    beside: dict[str, object] = {}
    if isinstance(content, dict):
        wrapper = next((name for name in _WRAPPERS if isinstance(content.get(name), dict)), None)
        if wrapper:
            beside = {k: v for k, v in content.items() if isinstance(k, str) and isinstance(v, (str, int, float))}
            content = content[wrapper]
    if not isinstance(content, dict) or not content:
        raise BadWeights(path, "holds no state dict: give a checkpoint of the U-Net")
    for name, value in content.items():
        if not isinstance(name, str) or not isinstance(value, torch.Tensor):
            raise BadWeights(path, f"holds no state dict ({name} is not a tensor): give a checkpoint of the U-Net")
    return content, beside


def _without_prefixes(state: State) -> State:
    while prefix := next((p for p in _PREFIXES if all(name.startswith(p) for name in state)), None):
        state = {name.removeprefix(prefix): value for name, value in state.items()}
    return state


def _reference_names(path: Path, state: State) -> State:
    """The state under the names of ``UNet``, whatever its spelling.

    Other spellings (inc, down1, up1, outc ...) list the same layers in the same order, so the tensors are renamed one
    by one; a shape or a last name (weight, running_mean ...) that does not fit shows that it is another network.
    They are taken for the same network, which concatenates the upsampled features first and then the skip: shapes
    cannot tell the other order, and nothing is re-ordered.
    """
    state = {name: value for name, value in state.items() if not name.endswith(_COUNTER)}
    named = "enc1.block.0.weight" in state
    first = state["enc1.block.0.weight"] if named else next(iter(state.values()), None)
    if first is None or first.ndim != 4 or first.shape[0] < 1 or first.shape[1] != 4:
        raise BadWeights(path, "is not of a network that this program knows: give a checkpoint of the U-Net")
    if named:
        return state
    reference = _blueprint(path, ModelSpec("unet", {"base_width": int(first.shape[0])}))
    for (name, wanted), (given, value) in zip(reference.items(), state.items(), strict=False):
        if value.shape != wanted.shape or given.rpartition(".")[2] != name.rpartition(".")[2]:
            shapes = f"{list(value.shape)} where the U-Net has {name} {list(wanted.shape)}"
            raise BadWeights(path, f"is another network: its tensor {given} is {shapes}")
    if len(state) != len(reference):
        odd = [*state][len(reference) :] or [*reference][len(state) :]
        what = "has a surplus tensor" if len(state) > len(reference) else "lacks"
        raise BadWeights(path, f"does not fit its network: it {what} {odd[0]}")
    return dict(zip(reference, state.values(), strict=True))


def _blueprint(path: Path, spec: ModelSpec) -> State:
    """Names and shapes of the tensors of ``spec``, without their memory: a false size in a file costs nothing."""
    import torch

    try:
        with torch.device("meta"):
            state = build_network(spec).state_dict()
    except (BadOption, RuntimeError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise BadWeights(path, f"is of a network that this version cannot build ({reason})") from error
    return {name: value for name, value in state.items() if not name.endswith(_COUNTER)}


def _filled(path: Path, spec: ModelSpec, state: State) -> nn.Module:
    """The network of ``spec`` with the weights ``state``, as f32."""
    state = {name: value for name, value in state.items() if not name.endswith(_COUNTER)}
    # Building a network as large as damaged options ask for may take all memory.
    largest = max([len(state), *(side for value in state.values() for side in value.shape)], default=0)
    if any(type(option) is int and option > largest for option in spec.options.values()):
        raise BadWeights(path, "does not fit its network: that would be larger than the file")
    reference = _blueprint(path, spec)
    for names, others, what in ((reference, state, "lacks"), (state, reference, "has a surplus tensor")):
        odd = next((name for name in names if name not in others), None)
        if odd:
            raise BadWeights(path, f"does not fit its network: it {what} {odd}")
    for name, wanted in reference.items():
        state[name] = _sound(path, name, state[name], wanted)
    net = build_network(spec)
    net.load_state_dict(state, strict=False)  # lacks the counters alone
    return net.eval()


def _sound(path: Path, name: str, value: Tensor, wanted: Tensor) -> Tensor:
    """One tensor as f32, when it is what the network wants."""
    import torch

    if value.shape != wanted.shape:
        shapes = f"{list(value.shape)} where its network has {list(wanted.shape)}"
        raise BadWeights(path, f"does not fit its network: {name} is {shapes}")
    if value.is_meta or value.layout != torch.strided or not value.is_floating_point():
        raise BadWeights(path, f"does not fit its network: {name} holds no plain floating-point numbers")
    value = value.float()
    if not value.isfinite().all():
        raise BadWeights(path, f"is damaged: {name} holds values that are not finite")
    return value
