"""What the camera says of a shot."""
