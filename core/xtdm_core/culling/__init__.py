"""Ratings of raw files, kept where other programs read them, and the files that belong to a raw file."""
