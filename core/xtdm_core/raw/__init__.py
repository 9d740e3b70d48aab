"""What raw files say."""
