"""The main window: where the parts meet."""
