"""Open files and sockets of this process below a folder, and its threads."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import Final


def open_files(folder: Path) -> set[str]:
    """Names of the files below a folder that this process has open."""
    names = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the descriptor of the listing itself
            target = descriptor.readlink()
            if target.is_relative_to(folder.resolve()):
                names.add(target.name)
    return names


_PERMANENT_THREADS: Final = frozenset({"memory"})
"""Threads that run until the process ends: the thread that returns memory."""


def running_threads() -> set[str]:
    """Names of the threads of this process, except permanent threads."""
    return {thread.name for thread in threading.enumerate()} - _PERMANENT_THREADS
