"""What is loaded, computed and kept for the panes."""
