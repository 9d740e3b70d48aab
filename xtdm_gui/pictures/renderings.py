"""What a pane can show of a raw file, under the name of what really runs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from xtdm_core.assets import DEFAULT_NETWORK, shipped_networks
from xtdm_core.choices import DemosaicMethod
from xtdm_core.demosaicing.libraw import ALGORITHMS, resolve_algorithm
from xtdm_core.demosaicing.network import Denoising, takes_noise
from xtdm_gui.formatting import number

# In the order of the menu; DHT is what many ask for.
LIBRAW_CHOICES = (*ALGORITHMS, str(DemosaicMethod.DHT))
translate = QCoreApplication.translate
_BEST = "best"  # weights of a run
_TITLES: dict[str, str] = {
    DemosaicMethod.MARKESTEIJN3: "3-pass Markesteijn",
    DemosaicMethod.MARKESTEIJN1: "1-pass Markesteijn",
    DemosaicMethod.VNG: "VNG",
    DemosaicMethod.BILINEAR: "bilinear",
}


class SourceKind(StrEnum):
    """Who makes the picture: the camera, LibRaw or a network."""

    PREVIEW = "preview"
    LIBRAW = "libraw"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class RenderingSource:
    """One way to a picture: ``name`` is LibRaw's algorithm as asked for, or the path of a network's checkpoint.

    denoising  what a network that takes noise does about it; None for all others
    """

    kind: SourceKind
    name: str = ""
    denoising: Denoising | None = None

    @staticmethod
    def preview() -> RenderingSource:
        """The JPEG that the camera put into the file."""
        return RenderingSource(SourceKind.PREVIEW)

    @staticmethod
    def libraw(algorithm: str) -> RenderingSource:
        """LibRaw, asked for ``algorithm``, a name that ``libraw.resolve_algorithm`` knows."""
        return RenderingSource(SourceKind.LIBRAW, str(algorithm))

    @staticmethod
    def network(weights: Path | None = None) -> RenderingSource:
        """A checkpoint; without one, the network that is shipped."""
        return RenderingSource(SourceKind.NETWORK, str(weights or shipped_networks()[DEFAULT_NETWORK]))

    @property
    def choice(self) -> RenderingSource:
        """The same whatever a picture's settings are."""
        return replace(self, denoising=None)

    def denoised(self, denoising: Denoising) -> RenderingSource:
        """The same with a picture's settings, as far as they make a difference."""
        if self.kind != SourceKind.NETWORK or not takes_noise(Path(self.name)):
            return self.choice
        return replace(self, denoising=denoising if denoising.strength else Denoising(0.0))

    def label(self) -> str:
        """What it is, for the user: LibRaw runs other algorithms than it is asked for, and the text says so."""
        if self.kind == SourceKind.PREVIEW:
            return translate("sources", "Embedded JPEG")
        if self.kind == SourceKind.NETWORK:
            path = Path(self.name)
            # Every run's weights have the same name.
            name = f"{path.parent.name}/{path.stem}" if path.stem == _BEST else path.stem
            return self._denoise_words().format(name)
        real = resolve_algorithm(self.name)
        title = f"LibRaw {_TITLES[real]}"
        if real == self.name:
            return title
        return translate("sources", "{0} (asked for as {1})").format(title, self.name.upper())

    def _denoise_words(self) -> str:
        """A network's label, with a field for its name."""
        if self.denoising is None:
            return translate("sources", "Network {0}")
        strength = self.denoising.strength
        if strength == 0:
            return translate("sources", "Network {0}, denoise off")
        digits = 1 if round(100 * strength) % 10 == 0 else 2
        return translate("sources", "Network {0}, denoise {1}").format("{0}", number(strength, digits))

    def result_key(self) -> tuple[str, str, int, Denoising | None]:
        """Equal for sources that give the same pixels: aliases are one, a changed checkpoint is another."""
        if self.kind == SourceKind.LIBRAW:
            return self.kind, resolve_algorithm(self.name), 0, None
        stamp = _stamp(Path(self.name)) if self.kind == SourceKind.NETWORK else 0
        return self.kind, self.name, stamp, self.denoising


def shipped_sources() -> list[RenderingSource]:
    """List the networks that come with the program, the default one first."""
    return [RenderingSource.network(path) for path in shipped_networks().values()]


def _stamp(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0  # it is told when the checkpoint is loaded
