"""The filmstrip: the files of a folder."""
