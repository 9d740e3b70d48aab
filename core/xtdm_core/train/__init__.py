"""The trainer: one loop, read top-down in ``trainer``."""
