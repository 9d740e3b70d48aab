"""What can be seen in a raw file."""
