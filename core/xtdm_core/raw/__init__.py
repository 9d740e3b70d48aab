"""A raw file -> ``RawFrame``, and what else raw files tell."""
