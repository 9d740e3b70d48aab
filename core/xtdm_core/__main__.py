"""``python -m xtdm_core`` is ``xtdm``."""

from xtdm_core.cli import main

if __name__ == "__main__":
    main()
