"""What the packaged ``xtdm-gui`` runs; its ``main`` calls ``freeze_support``."""

from xtdm_gui.app import main

if __name__ == "__main__":
    main()
