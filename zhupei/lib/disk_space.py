"""Was it that the disk is full? The operating system and each database say so in their own way."""

import errno
import sqlite3

_POSTGRESQL_DISK_FULL = "53100"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT)
# The second: the first connection after a quiet moment could not make its shared-memory file as large
# as it has to be.
_SQLITE_FULL = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE)


def is_used_up(error: BaseException | None) -> bool:
    """``error``, or what led to it, is that something could not be written for want of room."""
    while error is not None:
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return True
        if getattr(error, "sqlite_errorcode", None) in _SQLITE_FULL:
            return True
        if getattr(error, "sqlstate", None) == _POSTGRESQL_DISK_FULL:
            return True
        error = error.__cause__ or error.__context__
    return False
