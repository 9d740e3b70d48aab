"""How PyInstaller collects torch, in place of the general recipe, which takes all of it and each source file twice.

XTDM trains and computes without TorchScript and torch.compile, so that imports tell what is needed. Sources are needed
only of modules that are read when they are loaded: settings (torch/utils/_config_module.py) and overloads
(torch/_jit_internal.py).
"""

import re
from pathlib import Path

from PyInstaller.utils.hooks import PY_DYLIB_PATTERNS, collect_dynamic_libs, collect_submodules, get_package_paths

_PACKAGE = Path(get_package_paths("torch")[1])
_FOR_TESTS = ("test", "aoti_custom_ops", "backend_with_compiler")
_READ = re.compile(r"install_config_module\(sys\.mod|@(torch\.(jit|_jit_internal)\.)?_overload|_overload as overload")

module_collection_mode = "pyc"
warn_on_missing_hiddenimports = False
datas = [
    (str(path), str(Path("torch") / path.parent.relative_to(_PACKAGE)))
    for path in _PACKAGE.rglob("*.py")
    if "testing" not in path.parts and _READ.search(path.read_text(encoding="utf-8"))
]
hiddenimports = [*collect_submodules("torch._dynamo.polyfills"), "torch.onnx.operators"]  # loaded by name
binaries = [
    (source, folder)
    for source, folder in collect_dynamic_libs("torch", search_patterns=[*PY_DYLIB_PATTERNS, "*.so.*"])
    if Path(folder).name == "lib" and not any(word in Path(source).name for word in _FOR_TESTS)
]
# torch refuses to load without it.
binaries += [(str(path), "torch/bin") for path in _PACKAGE.glob("bin/torch_shm_manager")]
# Links to the libraries from another folder confuse torch about where they are.
bindepend_symlink_suppression = ["**/torch/lib/*.so*"]
