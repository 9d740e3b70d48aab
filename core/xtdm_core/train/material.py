"""What a run trains on: pictures from folders and drawn ones, a part of each set aside."""

from __future__ import annotations

import zipfile
import zlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xtdm_core.datasets.patterns import KINDS
from xtdm_core.datasets.readers import read_raws_folder, read_torture_folder
from xtdm_core.datasets.shapes import synthetic_images
from xtdm_core.datasets.torture import torture_sample
from xtdm_core.develop.color import srgb_decode
from xtdm_core.errors import BadOption
from xtdm_core.files import atomic_write
from xtdm_core.frame import F32, U8
from xtdm_core.images import list_images, read_srgb8
from xtdm_core.progress import Progress, Report, Stage
from xtdm_core.train.config import TrainConfig
from xtdm_core.train.patches import F16, TrainingSource

_SHAPES = 600
_TORTURE = 650  # 50 of each kind
_TORTURE_SIDE = 192
_DRAWN = "torture.npz"
# What the largest raws hold after white balance is far below; half floats end at 65504.
_LARGEST = 60_000.0


@dataclass(frozen=True, slots=True)
class Material:
    """sources to train on, and the pictures set aside, by the same names; the first judges checkpoints."""

    training: list[TrainingSource]
    held_out: list[TrainingSource]


def load_material(config: TrainConfig, report: Report) -> Material:
    """Reads and draws everything that the settings name.

    Raws have the photographs' share too where there are none. Beside an original that is rehearsed the user's own
    material has the share that rehearsal leaves. Raises BadOption, BadImage.
    """
    tuning, shares = config.fine_tuning, config.shares
    drawn = [_torture(config, report), _shapes(config)]
    own = []
    if config.photos is not None:
        own.append(_photographs("photos", shares.photos, config.photos, report))
    if config.raws is not None:
        share = shares.raws + (shares.photos if config.photos is None else 0)
        own.append(_raws(share, config.raws, report))
    if tuning.original is not None:
        drawn.insert(0, _photographs("original", shares.photos, tuning.original, report))
    if not own and tuning.start is None:
        raise BadOption("there is nothing to train on: give a folder of photographs, or --raws")
    if tuning.original is not None and own:
        own, drawn = _scaled(own, 1 - tuning.rehearsal), _scaled(drawn, tuning.rehearsal)
    # What the network must not forget judges it first.
    sources = [*drawn[: tuning.original is not None], *own, *drawn[tuning.original is not None :]]
    return _split([source for source in sources if source.share > 0 and source.pictures], config)


def _scaled(sources: list[TrainingSource], total: float) -> list[TrainingSource]:
    own = sum(source.share for source in sources)
    return [replace(source, share=source.share * total / own) for source in sources] if own else sources


def _split(sources: list[TrainingSource], config: TrainConfig) -> Material:
    """Sets aside every so-many-th picture; shapes, and sources of a single picture, are for training only."""
    training, held_out = [], []
    for source in sources:
        big = [i for i, picture in enumerate(source.pictures) if min(picture.shape[:2]) >= config.patch]
        if not big:
            raise BadOption(f"no picture of the {source.name} is as large as a patch of {config.patch} px")
        aside = big[:: config.held_out] if len(big) > 1 and source.name != "shapes" else []
        training.append(_chosen(source, [i for i in big if i not in set(aside)]))
        if aside:
            held_out.append(_chosen(source, aside))
    if not held_out:
        raise BadOption("there are too few pictures to set one aside for judging: give two or more")
    return Material(training, held_out)


def _chosen(source: TrainingSource, index: list[int]) -> TrainingSource:
    gains = None if source.gains is None else source.gains[index]
    names = [source.names[i] for i in index] if source.names else ()
    return replace(source, pictures=[source.pictures[i] for i in index], gains=gains, names=names)


def _photographs(name: str, share: float, folder: Path, report: Report) -> TrainingSource:
    paths = list_images(folder)
    pictures = []
    for i, path in enumerate(paths):
        report(Progress(Stage.READING_PHOTOS, i, len(paths)))
        pictures.append(_linear(read_srgb8(path)))
    return TrainingSource(name, share, pictures, names=[path.name for path in paths])


def _raws(share: float, folder: Path, report: Report) -> TrainingSource:
    truths = read_raws_folder(folder, report)
    pictures = [_half(truth.cam_rgb * truth.wb.astype(np.float32)) for truth in truths]
    gains = np.stack([truth.wb for truth in truths]).astype(np.float32)
    return TrainingSource("raws", share, pictures, gains, [truth.source for truth in truths])


def _torture(config: TrainConfig, report: Report) -> TrainingSource:
    if config.shares.torture <= 0:
        return TrainingSource("torture", 0, [])
    if config.torture is not None:
        samples = read_torture_folder(config.torture, report)
        kinds, pictures = [sample.kind for sample in samples], [_half(sample.rgb) for sample in samples]
    else:
        pictures, kinds = _drawn_before(config) or _draw(config, report)
    return TrainingSource("torture", config.shares.torture, pictures, names=[KINDS[kind] for kind in kinds])


def _draw(config: TrainConfig, report: Report) -> tuple[list[F16], list[int]]:
    """Torture patterns and their kinds; they are kept beside the run's state, because drawing takes long."""
    kinds, pictures = [], []
    for i in range(_TORTURE):
        report(Progress(Stage.DRAWING_PATTERNS, i, _TORTURE))
        kind, rgb = torture_sample(config.seed, i, _TORTURE_SIDE)
        kinds.append(kind)
        pictures.append(_half(rgb))
    with atomic_write(config.out / _DRAWN, overwrite=True) as partial, partial.open("wb") as file:
        np.savez_compressed(file, rgb=np.stack(pictures), kinds=np.array(kinds), seed=np.array(config.seed))
    return pictures, kinds


def _drawn_before(config: TrainConfig) -> tuple[list[F16], list[int]] | None:
    """The same where this run has drawn them already, None where it has not, or others. Raises BadOption."""
    path = config.out / _DRAWN
    try:
        with path.open("rb") as file, np.load(file) as drawn:
            kinds = drawn["kinds"].tolist()
            if int(drawn["seed"]) == config.seed and len(kinds) == _TORTURE:
                return list(drawn["rgb"]), kinds
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise BadOption(f"{path} holds no patterns of a training: move it away or choose another folder") from error
    return None


def _shapes(config: TrainConfig) -> TrainingSource:
    if config.shares.shapes <= 0:
        return TrainingSource("shapes", 0, [])
    return TrainingSource("shapes", config.shares.shapes, [_linear(i) for i in synthetic_images(_SHAPES, config.seed)])


_LINEAR: F16 = srgb_decode(np.arange(256, dtype=np.float32) / 255).astype(np.float16)


def _linear(codes: U8) -> F16:
    return _LINEAR[codes]


def _half(linear: F32) -> F16:
    return np.clip(linear, -_LARGEST, _LARGEST).astype(np.float16)
