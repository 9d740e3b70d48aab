"""The made raw file of the engine's tests, for the package's."""

from tests.core.conftest import raf

__all__ = ["raf"]
