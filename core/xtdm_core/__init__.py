"""The engine of XTDM: from a Fujifilm X-Trans raw file to a finished picture. No Qt in it."""

__version__ = "0.1.0"
