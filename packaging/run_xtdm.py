"""What the packaged ``xtdm`` runs."""

import multiprocessing

from xtdm_core.cli import main

if __name__ == "__main__":
    multiprocessing.freeze_support()  # ``xtdm bench`` starts this program again for each measurement
    main()
