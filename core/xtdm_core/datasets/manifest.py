"""What every dataset builder shares: the loop over its items, and the manifest from which a second run continues."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from xtdm_core import __version__
from xtdm_core.errors import BadImage, BadOption, FileProblem, UnsupportedRaw, WriteFailed
from xtdm_core.files import atomic_write, sweep_orphans, writing_failed
from xtdm_core.progress import Progress, Report, Stage

MANIFEST = "manifest.json"
_FORMAT = 1
# After a kill, what was made since the last save is made again; a save of thousands of items takes a while itself.
_SAVE_INTERVAL_S = 3.0


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to make: its own name, and a stamp that changes when its source does."""

    name: str
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class Made:
    """What was made of an item: files relative to the dataset's folder, and facts for the manifest."""

    files: tuple[str, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


class LeftOut(FileProblem):
    """A source that is sound but of no use to the dataset, such as a picture that is too small."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a run ended: counts, and (name, reason) of the sources that failed or were left out."""

    manifest: Path
    written: int
    skipped: int
    failed: tuple[tuple[str, str], ...]
    left_out: tuple[tuple[str, str], ...]


class Manifest:
    """The JSON file beside a dataset: what was made of what, with which settings.

    ``items`` maps an item's name to its stamp, its files with their sizes in bytes, and its facts; ``lists`` are files
    about all of them. No other file is ever replaced. What a run is about to write is noted in a second file, which
    lasts until the run ends well: after a kill those files are known, too.
    """

    def __init__(self, path: Path, kind: str, source: str, settings: Mapping[str, Any]) -> None:
        """Reads ``path`` where it exists and writes it again, so that a folder that refuses is noticed at once.

        kind, source, settings  must be those of the existing manifest: one folder, one way of making
        Raises BadOption, WriteFailed.
        """
        self.path, self.folder = path, path.parent
        self._head = {"kind": kind, "source": source, "settings": json.loads(json.dumps(settings))}
        old = _read(path)
        if old is not None:
            _refuse_other(path, old, self._head)
        self.items: dict[str, dict[str, Any]] = dict(old["items"]) if old else {}
        self.lists: list[str] = list(old.get("lists", ())) if old else []
        self.failed: dict[str, str] = {}
        self.left_out: dict[str, str] = {}
        self._saved_at = 0.0
        self._begun = path.with_name(f"{path.name}.begun")
        files = [name for entry in self.items.values() for name in entry["files"]]
        self._own = {*files, *self.lists, *_read_begun(self._begun)}
        for folder in {self.folder, *((self.folder / name).parent for name in files)}:
            sweep_orphans(folder)
        self.save()

    def is_done(self, item: Item) -> bool:
        """Whether the item was made of the same source, and its files still are as they were written."""
        entry = self.items.get(item.name)
        return (
            entry is not None
            and entry["stamp"] == item.stamp
            and all(_size(self.folder / name) == size for name, size in entry["files"].items())
        )

    def stems(self) -> dict[str, str]:
        """For each item made, its first file's name without suffix."""
        first = {name: next(iter(entry["files"]), "") for name, entry in self.items.items()}
        return {name: str(PurePosixPath(file).with_suffix("")) for name, file in first.items()}

    def begin(self, *names: str) -> None:
        """Note files, relative to the folder, that are about to be written.

        Raises WriteFailed where there is one that this dataset has not made.
        """
        for name in names:
            if name not in self._own and (self.folder / name).exists():
                reason = "is not a file of this dataset: move it away or choose another folder"
                raise WriteFailed(self.folder / name, reason)
        self._own.update(names)
        try:
            with self._begun.open("ab") as file:
                file.write(json.dumps(names).encode() + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise writing_failed(self._begun, error) from error

    def finish(self) -> None:
        """Save the file at the end of a run, which leaves nothing begun. Raises WriteFailed."""
        self.save()
        self._begun.unlink(missing_ok=True)

    def record(self, item: Item, made: Made) -> None:
        """Record a made item; now and then the file is saved."""
        files = {name: _size(self.folder / name) for name in made.files}
        self.items[item.name] = {"stamp": item.stamp, "files": files, **made.facts}
        if time.monotonic() - self._saved_at > _SAVE_INTERVAL_S:
            self.save()

    def save(self) -> None:
        """Writes the file, whole or not at all. Raises WriteFailed."""
        content = {
            "format": _FORMAT,
            "program": f"xtdm {__version__}",
            **self._head,
            "items": self.items,
            "lists": self.lists,
            "failed": self.failed,
            "left_out": self.left_out,
        }
        with atomic_write(self.path, overwrite=True) as partial:
            text = json.dumps(content, indent=1, ensure_ascii=False)
            # Names of files need not be UTF-8.
            partial.write_text(text + "\n", encoding="utf-8", errors="surrogateescape")
        self._saved_at = time.monotonic()


def build_dataset(
    manifest: Manifest, stage: Stage, items: Sequence[Item], make: Callable[[Item], Made], report: Report
) -> Outcome:
    """Makes every item that is not done yet; what cannot be read is listed and does not stop the rest.

    Whatever else goes wrong (a full disk, a lost connection, a cancel) ends the run; the manifest is saved first.
    """
    written = skipped = 0
    try:
        for i, item in enumerate(items):
            report(Progress(stage, i, len(items)))
            if manifest.is_done(item):
                skipped += 1
                continue
            try:
                manifest.record(item, make(item))
                written += 1
            except LeftOut as error:
                manifest.left_out[item.name] = error.reason
            except (UnsupportedRaw, BadImage) as error:
                manifest.failed[item.name] = error.reason
    except BaseException:
        manifest.save()
        raise
    manifest.finish()
    report(Progress(stage, len(items), len(items)))
    failed, left_out = tuple(manifest.failed.items()), tuple(manifest.left_out.items())
    return Outcome(manifest.path, written, skipped, failed, left_out)


def _read(path: Path) -> dict[str, Any] | None:
    """The content of a manifest, None where there is none."""
    try:
        content = json.loads(path.read_text(encoding="utf-8", errors="surrogateescape"))
        entries = content["items"].values()
        sound = content["format"] == _FORMAT and all({"stamp", "files"} <= entry.keys() for entry in entries)
        names = [name for entry in entries for name in entry["files"]] + list(content.get("lists", ()))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise BadOption(f"{path} is damaged, or not from this program: move it away or choose another folder")
    for name in names:
        if not _stays_inside(name):
            raise BadOption(f"{path} names a file outside of its folder ({name}): move it away")
    return content


def _stays_inside(name: object) -> bool:
    if not isinstance(name, str):
        return False
    parts = name.replace("\\", "/").split("/")
    return not {"", ".", ".."}.intersection(parts) and ":" not in parts[0] and "\0" not in name


def _read_begun(path: Path) -> set[str]:
    """Files that a run was about to write when it ended; a line that was cut off is of a file that was not begun."""
    names: set[str] = set()
    try:
        lines = path.read_bytes().splitlines()
    except OSError:
        return names
    for line in lines:
        with suppress(ValueError, TypeError):
            names.update(name for name in json.loads(line) if _stays_inside(name))
    return names


def _refuse_other(path: Path, old: Mapping[str, Any], head: Mapping[str, Any]) -> None:
    """Raises BadOption where an existing dataset was made differently."""
    if old.get("kind") != head["kind"]:
        raise BadOption(f"{path.parent} holds a dataset of another kind ({old.get('kind')}): choose another folder")
    was, now = old.get("settings", {}), head["settings"]
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name):
            what = f"{name.replace('_', ' ')} {was.get(name)}, not {now.get(name)}"
            raise BadOption(f"{path.parent} holds a dataset made with {what}: choose another folder")
    if old.get("source") != head["source"]:
        raise BadOption(
            f"{path.parent} holds a dataset made from {old.get('source')}: choose another folder, or, if the "
            f'photographs have moved, change "source" in its {path.name}'
        )


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
