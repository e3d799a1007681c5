"""A file of many parts, each with its own checksum: read part by part, never mapped.

A part is copied out of the file and its copy is checked, so that a file which another program
truncates or overwrites while it is open gives an error and never a wrong part or a signal.

The parts come first. Behind them stand a table in Arrow's stream format (``key``, ``offset``,
``size``, ``sum`` of each part) and the tail: size and checksum of that table, and `_MAGIC`.
"""

import os
import struct
import weakref
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Final

import numpy as np
import pyarrow as pa
from isal import isal_zlib
from numpy.typing import NDArray

_MAGIC: Final = b"mz-parts"
_TAIL: Final = struct.Struct("<QI8s")
_LARGEST_INDEX: Final = 1 << 30
_INDEX: Final = pa.schema(
    {"key": pa.int64(), "offset": pa.int64(), "size": pa.int64(), "sum": pa.uint32()}
)


class DamagedError(Exception):
    """A file of parts is not as it was written."""


class Parts:
    """Parts of one file by their keys. Safe for many threads.

    Raises
    ------
    OSError
        If the file is not there or may not be read.
    DamagedError
        If its index is not as it was written.
    """

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        weakref.finalize(self, os.close, self._file)
        self.inode = os.fstat(self._file).st_ino
        index = self._read_index(os.fstat(self._file).st_size)
        columns = (index[name].to_numpy() for name in _INDEX.names)
        self._keys, self._offsets, self._sizes, self._sums = columns

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[int]:
        """All keys, ascending."""
        return iter(self._keys.tolist())

    def read(self, key: int) -> bytes | None:
        """The part of a key; None where there is none.

        Raises
        ------
        DamagedError
            If it is not as it was written.
        """
        row = int(np.searchsorted(self._keys, key))
        if row == len(self._keys) or self._keys[row] != key:
            return None
        return self._checked(int(self._offsets[row]), int(self._sizes[row]), int(self._sums[row]))

    def check(self) -> None:
        """Read every part once.

        Raises
        ------
        DamagedError
            If one is not as it was written.
        """
        for key in self:
            self.read(key)

    def _read_index(self, size: int) -> pa.Table:
        try:
            tail = os.pread(self._file, _TAIL.size, max(size - _TAIL.size, 0))
            length, checksum, magic = _TAIL.unpack(tail)
            if magic != _MAGIC or length > min(size, _LARGEST_INDEX):
                raise DamagedError
            held = self._checked(size - _TAIL.size - length, length, checksum)
            return pa.ipc.open_stream(held).read_all().cast(_INDEX)
        except (OSError, ValueError, struct.error, pa.ArrowException):
            raise DamagedError from None

    def _checked(self, offset: int, size: int, checksum: int) -> bytes:
        try:
            held = os.pread(self._file, size, offset)
        except OSError:  # the disk itself fails
            raise DamagedError from None
        if len(held) != size or isal_zlib.crc32(held) != checksum:
            raise DamagedError
        return held


def write_parts(file: IO[bytes], parts: Iterable[tuple[int, bytes]]) -> None:
    """Write parts with their keys, which ascend."""
    keys, sizes, sums = [], [], []
    for key, part in parts:
        file.write(part)
        keys.append(key)
        sizes.append(len(part))
        sums.append(int(isal_zlib.crc32(part)))
    ends = np.cumsum([0, *sizes], dtype=np.int64)
    columns: list[NDArray[np.generic] | list[int]] = [keys, ends[:-1], sizes, sums]
    index = pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, _INDEX.types, strict=True)], _INDEX
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _INDEX) as stream:
        stream.write_table(index)
    held = sink.getvalue().to_pybytes()
    file.write(held)
    file.write(_TAIL.pack(len(held), int(isal_zlib.crc32(held)), _MAGIC))
