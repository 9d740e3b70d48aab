"""The window of XTDM: PySide6. It imports ``xtdm_core``, never torch, rawpy or the networks."""
