"""Files of blobs: a reader gets the written bytes or an error, whatever happens to the file."""

import os
import signal
import subprocess
import sys
import textwrap
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoning.tiles.artifact_cache import ArtifactCache, NotPreparedError
from zoning.tiles.blob_file import BlobFile, DamagedError, write_blobs

BLOBS = [(3, b"three" * 50), (5, b""), (1 << 40, bytes(range(256)) * 30)]


def file_bytes(blobs: list[tuple[int, bytes]]) -> bytes:
    file = BytesIO()
    write_blobs(file, blobs)
    return file.getvalue()


WHOLE = file_bytes(BLOBS)


def read_all(path: Path) -> dict[int, bytes | None]:
    blob_file = BlobFile(path)
    return {key: blob_file.read(key) for key in [*blob_file, 4, -1, 1 << 41]}


@given(st.dictionaries(st.integers(0, 1 << 62), st.binary(max_size=300), max_size=12))
def test_written_blobs_are_read_back(tmp_path_factory: pytest.TempPathFactory, blobs: Any) -> None:
    path = tmp_path_factory.mktemp("blobs") / "file"
    path.write_bytes(file_bytes(sorted(blobs.items())))
    blob_file = BlobFile(path)
    assert {key: blob_file.read(key) for key in blob_file} == blobs
    assert len(blob_file) == len(blobs)
    assert all(blob_file.read(key) is None for key in (-1, 1 << 62 | 1) if key not in blobs)


@pytest.mark.parametrize("size", [0, 1, 19, 20, 40, len(WHOLE) // 2, len(WHOLE) - 1])
def test_a_file_cut_short_is_not_read(tmp_path: Path, size: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(WHOLE[:size])
    with pytest.raises(DamagedError):
        BlobFile(path)


def assert_original_or_damaged(blob_file: BlobFile) -> None:
    """Each blob is the written one, or an error."""
    for key, blob in BLOBS:
        with suppress(DamagedError):
            assert blob_file.read(key) == blob


@given(st.data())
def test_overwritten_bytes_are_detected_and_never_returned(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("blobs") / "file"
    path.write_bytes(WHOLE)
    opened_before = BlobFile(path)
    offset = data.draw(st.integers(0, len(WHOLE) - 1))
    new_bytes = data.draw(st.binary(min_size=1, max_size=40))
    damaged = bytearray(WHOLE)
    damaged[offset : offset + len(new_bytes)] = new_bytes
    with path.open("r+b") as file:  # overwrite in place, like `cp`
        file.write(damaged)
        file.truncate(len(damaged))
    assert_original_or_damaged(opened_before)
    with suppress(DamagedError):
        assert_original_or_damaged(BlobFile(path))
    if bytes(damaged[: len(WHOLE)]) != WHOLE:
        with pytest.raises(DamagedError):
            BlobFile(path).check()


def test_the_descriptor_is_closed_with_the_last_reference(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(WHOLE)
    blob_file = BlobFile(path)
    descriptor = blob_file._file
    assert os.fstat(descriptor)
    del blob_file
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_a_damaged_file_is_removed_but_not_its_replacement(
    tmp_path: Path,
) -> None:
    artifacts = ArtifactCache(tmp_path, "b1", "vector")
    artifacts.write(9, BLOBS)
    assert artifacts.read(9, 3) == BLOBS[0][1]
    path = artifacts.path(9)
    path.write_bytes(b"\0" * len(WHOLE))
    with pytest.raises(NotPreparedError):
        artifacts.read(9, 3)
    assert not path.exists()
    artifacts.write(9, BLOBS)
    assert artifacts.read(9, 3) == BLOBS[0][1]
    other = ArtifactCache(tmp_path, "b1", "vector")
    other.write(9, BLOBS)  # replaces the file; ours is still open
    assert artifacts.read(9, 3) == BLOBS[0][1]
    path.unlink()
    assert artifacts.read(9, 3) == BLOBS[0][1]


CHILD = """
    import os, sys
    from pathlib import Path
    from zoning.tiles.artifact_cache import NotPreparedError, ArtifactCache
    artifacts = ArtifactCache(Path(sys.argv[1]), "b1", "vector")
    artifacts.read(9, 3)
    path, size = artifacts.path(9), int(sys.argv[2])
    descriptor = os.open(path, os.O_RDWR)
    os.ftruncate(descriptor, size)
    sizes = []
    for key in (3, 5, 1 << 40):
        try:
            sizes.append(len(artifacts.read(9, key)))
        except NotPreparedError:
            sizes.append("no")
    print(*sizes)
"""


@pytest.mark.parametrize("size", [0, 1, 100, 4096, len(WHOLE) - 1])
def test_truncating_an_open_file_does_not_kill_the_process(tmp_path: Path, size: int) -> None:
    ArtifactCache(tmp_path, "b1", "vector").write(9, BLOBS)
    command = [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path), str(size)]
    child = subprocess.run(command, capture_output=True, text=True, check=False)
    assert child.returncode not in {-signal.SIGBUS, -signal.SIGSEGV}
    assert child.returncode == 0, child.stderr
    first, *_ = child.stdout.split()
    assert first == ("250" if size >= 250 else "no")
