"""From an aligned mosaic to camera RGB: networks, LibRaw, and the tiles they work in."""
