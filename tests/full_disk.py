"""Disks without room, made for a test: real ones, which take root, and a limit that needs none.

`files_at_most` lets no file of this process grow beyond some bytes: the system then refuses as it
does on a full disk, with EFBIG instead of ENOSPC, and anybody may ask for it. `small_disk` is a
file system of some size of its own, where ENOSPC is real; mounting takes root.
"""

import os
import resource
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """Let no file of this process be written beyond some bytes."""
    before, highest = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, highest))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (before, highest))


@contextmanager
def small_disk(folder: Path, kilobytes: int, owner: str | None = None) -> Iterator[Path]:
    """A file system of its own, of some size; a skip where this user may not mount one."""
    folder.mkdir()
    options = f"size={kilobytes}k" + (f",uid={owner},mode=700" if owner else "")
    mounted = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if mounted.returncode:
        pytest.skip("no small file system: only root may mount one, and not in every container")
    try:
        yield folder
    finally:
        subprocess.run(["/bin/umount", "--lazy", folder], check=True)


def fill(folder: Path, *, leave: int) -> Path:
    """Take all room of a file system but some bytes, until the file is deleted."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        room = os.statvfs(folder)
        file.write(bytes(max(room.f_bavail * room.f_frsize - leave, 0)))
    return filler
