"""What a server does so that memory that is free goes back to the system.

The C library keeps an arena for each thread and hands out what lies in it only to that thread; a
server with forty threads would hold forty times what one request needs. Elsewhere than with glibc
nothing is done.
"""

import ctypes
from threading import Thread
from time import sleep
from typing import Final

import pyarrow as pa

_ARENA_MAX: Final = -8
_MMAP_THRESHOLD: Final = -3
_TRIM_THRESHOLD: Final = -1
"""Numbers of settings, as glibc's malloc.h has them."""
_ARENAS: Final = 2
_LARGE: Final = 1 << 20
"""Bytes from which a block is the system's own, and goes back to it when it is freed."""
_SPARE: Final = 16 << 20
_EVERY: Final = 30.0
"""Seconds."""


def give_back_memory() -> None:
    """Set up this process; call it before other threads begin."""
    try:
        libc = ctypes.CDLL(None)
        settings = libc.mallopt
        trim = libc.malloc_trim
    except (AttributeError, OSError):  # not glibc
        return
    settings(_ARENA_MAX, _ARENAS)
    settings(_MMAP_THRESHOLD, _LARGE)
    settings(_TRIM_THRESHOLD, _SPARE)
    Thread(target=_trim, args=(trim,), name="memory", daemon=True).start()


def _trim(trim: "ctypes._NamedFuncPointer") -> None:
    while True:
        sleep(_EVERY)
        pa.default_memory_pool().release_unused()
        trim(0)
