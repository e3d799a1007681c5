"""What this process holds: files and sockets below a folder, and threads of ours."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import Final


def files_held(folder: Path) -> set[str]:
    """Names of the files below a folder that this process has open."""
    found = set()
    for descriptor in Path("/proc/self/fd").iterdir():
        with suppress(OSError):  # the one that lists them
            target = descriptor.readlink()
            if target.is_relative_to(folder.resolve()):
                found.add(target.name)
    return found


_FOR_GOOD: Final = frozenset({"memory"})
"""Threads that a process has until it ends: what gives memory back."""


def threads_running() -> set[str]:
    """Names of the threads of this process, but those that libraries keep for good."""
    return {each.name for each in threading.enumerate()} - _FOR_GOOD
