"""Full disks for tests: a real small file system (needs root), or a limit on file sizes.

`files_at_most` limits the size of every file of this process: the system then raises EFBIG, where
a full disk raises ENOSPC. The limit needs no rights. `small_disk` mounts a small file system with a
real ENOSPC; mounting needs root.
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
    """Limit the size in bytes of files that this process writes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@contextmanager
def small_disk(folder: Path, kilobytes: int, owner: str | None = None) -> Iterator[Path]:
    """A small file system; skips the test if this user may not mount one."""
    folder.mkdir()
    options = f"size={kilobytes}k" + (f",uid={owner},mode=700" if owner else "")
    mount = subprocess.run(
        ["/bin/mount", "-t", "tmpfs", "-o", options, "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if mount.returncode:
        pytest.skip("no small file system: only root can mount one, and not in every container")
    try:
        yield folder
    finally:
        subprocess.run(["/bin/umount", "--lazy", folder], check=True)


def fill_disk(folder: Path, *, leave: int) -> Path:
    """Fill a file system, except for some bytes, with a file that the caller deletes."""
    filler = folder / "filler"
    with filler.open("wb") as file:
        status = os.statvfs(folder)
        file.write(bytes(max(status.f_bavail * status.f_frsize - leave, 0)))
    return filler
