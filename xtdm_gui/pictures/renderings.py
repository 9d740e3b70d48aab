"""What a pane can show of a raw file, under the name of what really runs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from xtdm_core.assets import DEFAULT_NETWORK, shipped_networks
from xtdm_core.demosaic.libraw import true_name

# In the order of the menu; "dht" is what many ask for.
ALGORITHMS = ("markesteijn3", "markesteijn1", "vng", "bilinear", "dht")
translate = QCoreApplication.translate
_BEST = "best"  # weights of a run
_TITLES = {
    "markesteijn3": "3-pass Markesteijn",
    "markesteijn1": "1-pass Markesteijn",
    "vng": "VNG",
    "bilinear": "bilinear",
}


class SourceKind(StrEnum):
    """Who makes the picture: the camera, LibRaw or a network."""

    PREVIEW = "preview"
    LIBRAW = "libraw"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class Source:
    """One way to a picture: ``name`` is LibRaw's algorithm as asked for, or the path of a network's checkpoint."""

    kind: SourceKind
    name: str = ""

    @staticmethod
    def preview() -> Source:
        """The JPEG that the camera put into the file."""
        return Source(SourceKind.PREVIEW)

    @staticmethod
    def libraw(algorithm: str) -> Source:
        """LibRaw, asked for ``algorithm``, a name that ``libraw.true_name`` knows."""
        return Source(SourceKind.LIBRAW, algorithm)

    @staticmethod
    def network(weights: Path | None = None) -> Source:
        """A checkpoint; without one, the network that is shipped."""
        return Source(SourceKind.NETWORK, str(weights or shipped_networks()[DEFAULT_NETWORK]))

    def label(self) -> str:
        """What it is, for the user: LibRaw runs other algorithms than it is asked for, and that is told."""
        if self.kind == SourceKind.PREVIEW:
            return translate("sources", "Embedded JPEG")
        if self.kind == SourceKind.NETWORK:
            path = Path(self.name)
            # Every run's weights have the same name.
            name = f"{path.parent.name}/{path.stem}" if path.stem == _BEST else path.stem
            return translate("sources", "Network {0}").format(name)
        real = true_name(self.name)
        title = f"LibRaw {_TITLES[real]}"
        if real == self.name:
            return title
        return translate("sources", "{0} (asked for as {1})").format(title, self.name.upper())

    def result_key(self) -> tuple[str, str, int]:
        """Equal for sources that give the same pixels: aliases are one, a changed checkpoint is another."""
        if self.kind == SourceKind.LIBRAW:
            return self.kind, true_name(self.name), 0
        return self.kind, self.name, _stamp(Path(self.name)) if self.kind == SourceKind.NETWORK else 0


def shipped_sources() -> list[Source]:
    """List the networks that come with the program, the default one first."""
    return [Source.network(path) for path in shipped_networks().values()]


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # it is told when the checkpoint is loaded
