"""``python -m xtdm_gui`` is ``xtdm-gui``."""

from xtdm_gui.app import main

if __name__ == "__main__":
    main()
