"""Files of parts: what is read is what was written, whatever is done to the file meanwhile."""

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

from zoning.tiles.artifact_cache import NotPreparedError, Shelf
from zoning.tiles.parts import DamagedError, Parts, write_parts

PARTS = [(3, b"three" * 50), (5, b""), (1 << 40, bytes(range(256)) * 30)]


def written(parts: list[tuple[int, bytes]]) -> bytes:
    file = BytesIO()
    write_parts(file, parts)
    return file.getvalue()


WHOLE = written(PARTS)


def read_all(path: Path) -> dict[int, bytes | None]:
    parts = Parts(path)
    return {key: parts.read(key) for key in [*parts, 4, -1, 1 << 41]}


@given(st.dictionaries(st.integers(0, 1 << 62), st.binary(max_size=300), max_size=12))
def test_what_was_written_is_read(tmp_path_factory: pytest.TempPathFactory, parts: Any) -> None:
    path = tmp_path_factory.mktemp("parts") / "file"
    path.write_bytes(written(sorted(parts.items())))
    found = Parts(path)
    assert {key: found.read(key) for key in found} == parts
    assert len(found) == len(parts)
    assert all(found.read(key) is None for key in (-1, 1 << 62 | 1) if key not in parts)


@pytest.mark.parametrize("left", [0, 1, 19, 20, 40, len(WHOLE) // 2, len(WHOLE) - 1])
def test_a_file_cut_short_is_not_read(tmp_path: Path, left: int) -> None:
    path = tmp_path / "file"
    path.write_bytes(WHOLE[:left])
    with pytest.raises(DamagedError):
        Parts(path)


def assert_sound(found: Parts) -> None:
    """What is read is what was written, or nothing."""
    for key, part in PARTS:
        with suppress(DamagedError):
            assert found.read(key) == part


@given(st.data())
def test_bytes_overwritten_anywhere_are_noticed_and_never_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    path = tmp_path_factory.mktemp("parts") / "file"
    path.write_bytes(WHOLE)
    open_before = Parts(path)
    at = data.draw(st.integers(0, len(WHOLE) - 1))
    new = data.draw(st.binary(min_size=1, max_size=40))
    damaged = bytearray(WHOLE)
    damaged[at : at + len(new)] = new
    with path.open("r+b") as file:  # the same file, as `cp` and a careless editor do
        file.write(damaged)
        file.truncate(len(damaged))
    assert_sound(open_before)
    with suppress(DamagedError):
        assert_sound(Parts(path))
    if bytes(damaged[: len(WHOLE)]) != WHOLE:
        with pytest.raises(DamagedError):
            Parts(path).check()


def test_the_descriptor_is_closed_when_nobody_reads_any_more(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(WHOLE)
    found = Parts(path)
    descriptor = found._file
    assert os.fstat(descriptor)
    del found
    with pytest.raises(OSError, match="Bad file descriptor"):
        os.fstat(descriptor)


def test_a_file_that_is_damaged_is_removed_once_and_one_that_took_its_place_stays(
    tmp_path: Path,
) -> None:
    shelf = Shelf(tmp_path, "b1", "vector")
    shelf.write(9, PARTS)
    assert shelf.read(9, 3) == PARTS[0][1]
    path = shelf.path(9)
    path.write_bytes(b"\0" * len(WHOLE))
    with pytest.raises(NotPreparedError):
        shelf.read(9, 3)
    assert not path.exists()
    shelf.write(9, PARTS)
    assert shelf.read(9, 3) == PARTS[0][1]
    other = Shelf(tmp_path, "b1", "vector")
    other.write(9, PARTS)  # a new file in its place, ours is open still
    assert shelf.read(9, 3) == PARTS[0][1]
    path.unlink()
    assert shelf.read(9, 3) == PARTS[0][1]


CHILD = """
    import os, sys
    from pathlib import Path
    from zoning.tiles.artifact_cache import NotPreparedError, Shelf
    shelf = Shelf(Path(sys.argv[1]), "b1", "vector")
    shelf.read(9, 3)
    path, size = shelf.path(9), int(sys.argv[2])
    descriptor = os.open(path, os.O_RDWR)
    os.ftruncate(descriptor, size)
    found = []
    for key in (3, 5, 1 << 40):
        try:
            found.append(len(shelf.read(9, key)))
        except NotPreparedError:
            found.append("no")
    print(*found)
"""


@pytest.mark.parametrize("size", [0, 1, 100, 4096, len(WHOLE) - 1])
def test_a_file_that_is_truncated_while_it_is_open_ends_no_process(
    tmp_path: Path, size: int
) -> None:
    Shelf(tmp_path, "b1", "vector").write(9, PARTS)
    asked = [sys.executable, "-c", textwrap.dedent(CHILD), str(tmp_path), str(size)]
    child = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert child.returncode not in {-signal.SIGBUS, -signal.SIGSEGV}
    assert child.returncode == 0, child.stderr
    first, *_ = child.stdout.split()
    assert first == ("250" if size >= 250 else "no")
