"""The develop panel: the look of a picture."""
