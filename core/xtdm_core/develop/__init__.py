"""From camera RGB to a picture: highlights, colour, tone, and the look that a sidecar keeps."""
