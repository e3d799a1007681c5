"""Returns freed memory of a server process to the system.

glibc has a memory arena for each thread and reuses freed memory only in the same arena. A server
with forty threads would hold forty times the memory of one request. With another C library this
module does nothing.
"""

import ctypes
from threading import Thread
from time import sleep
from typing import Final

import pyarrow as pa

_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
_TRIM_THRESHOLD: Final = -1
"""Parameters of ``mallopt`` in ``malloc.h`` of glibc."""
_ARENAS: Final = 2
_MMAP_BYTES: Final = 1 << 20
"""glibc maps a block of this size or more separately, and unmaps it when it is freed."""
_TRIM_BYTES: Final = 16 << 20
_TRIM_SECONDS: Final = 30.0


def return_freed_memory() -> None:
    """Set the limits of malloc and start a thread that trims; call before other threads start."""
    try:
        libc = ctypes.CDLL(None)
        mallopt = libc.mallopt
        malloc_trim = libc.malloc_trim
    except (AttributeError, OSError):  # not glibc
        return
    mallopt(_ARENA_MAX, _ARENAS)
    mallopt(_MMAP_THRESHOLD, _MMAP_BYTES)
    mallopt(_TRIM_THRESHOLD, _TRIM_BYTES)
    Thread(target=_trim_forever, args=(malloc_trim,), name="memory", daemon=True).start()


def _trim_forever(malloc_trim: "ctypes._NamedFuncPointer") -> None:
    while True:
        sleep(_TRIM_SECONDS)
        pa.default_memory_pool().release_unused()
        malloc_trim(0)
