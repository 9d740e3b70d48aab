"""What is in a file: its facts, and the 6x6 grid in its pixels."""
