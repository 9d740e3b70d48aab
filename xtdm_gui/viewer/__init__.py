"""The viewer: two panes on one picture."""
