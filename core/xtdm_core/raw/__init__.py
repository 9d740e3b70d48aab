"""Raw files, from finding them to a RawFrame."""
