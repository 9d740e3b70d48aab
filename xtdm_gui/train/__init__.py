"""The training panel: runs and data sets."""
