"""The inspector: the 6x6 grid of a picture."""
