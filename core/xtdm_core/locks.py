"""Locks on open files that other processes, containers and machines see, and that end with their holder.

They lie on one byte far beyond any file's end: shares of Windows enforce locks, and the content must stay writable.
"""

from __future__ import annotations

import errno
import os
import struct
import sys

_FAR = 1 << 60
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


def try_lock(descriptor: int) -> bool | None:
    """Take the lock of an open, writable file without waiting; closing the descriptor gives it back.

    Returns False while somebody else holds it, None where the file system knows no locks.
    """
    try:
        _lock(descriptor)
    except OSError as error:
        return False if error.errno in _TAKEN else None
    return True


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        import msvcrt

        os.lseek(descriptor, _FAR, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

elif sys.platform == "linux":

    def _lock(descriptor: int) -> None:
        import fcntl

        # A lock of the open file description: closing the same file elsewhere in this process does not give it back.
        # struct flock on 64 bits: type, whence, start, length, process.
        request = struct.pack("hhqqi4x", fcntl.F_WRLCK, os.SEEK_SET, _FAR, 1, 0)
        fcntl.fcntl(descriptor, fcntl.F_OFD_SETLK, request)

else:

    def _lock(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
