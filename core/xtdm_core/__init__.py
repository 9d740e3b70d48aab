"""The engine of XTDM: from a Fujifilm X-Trans raw file to a finished picture. No Qt in it.

The public API is what ``__all__`` names; docs/api.md describes it. Each name is loaded on first use, so that
``import xtdm_core`` takes no time. Type checkers read ``__init__.pyi``.
"""

from importlib import import_module

__version__ = "0.1.0"

_ERRORS = (
    *(
        "XtdmError",
        "FileProblem",
        "UnsupportedRaw",
        "BadSidecar",
        "BadImage",
        "BadLut",
        "BadPreset",
        "BadWeights",
        "WriteFailed",
        "TargetExists",
    ),
    *("OutOfMemory", "DeviceUnavailable", "RemoteUnavailable", "BadOption", "TrainingStopped"),
)
_MODULES = {
    "raw.reader": ("read_raw",),
    "raw.noise": ("estimate_noise",),
    "frame": ("RawFrame", "AlignedMosaic", "CaptureInfo", "Noise"),
    "demosaicing.network": ("Demosaicer", "Denoising", "load_network"),
    "demosaicing.pipeline": ("demosaic",),
    "develop.tone": ("Look",),
    "develop.color": ("to_rec2020",),
    "develop.render": ("render_hlg", "render_srgb"),
    "conversion": ("ConvertOptions", "convert"),
    "choices": ("Chroma", "DemosaicMethod", "Format", "MetadataPolicy"),
    "progress": ("Cancelled", "Progress", "Stage"),
    "errors": _ERRORS,
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}
__all__ = ["__version__", *_MODULE_OF]


def __getattr__(name: str) -> object:
    """Load a public name on first use (PEP 562)."""
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
