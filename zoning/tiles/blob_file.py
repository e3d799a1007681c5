"""A file of many blobs, each with a checksum: read blob by blob, never memory-mapped.

A blob is copied out of the file, and the copy is checked. If another program truncates or
overwrites the open file, the reader gets an error, never a wrong blob or a signal (SIGBUS).

The blobs come first. After them come an index in Arrow's stream format (``key``, ``offset``,
``size`` and ``sum`` of each blob) and the tail: size and checksum (CRC-32) of the index, `_MAGIC`.
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
    """The file of blobs has changed since writing."""


class BlobFile:
    """The blobs of one file by key. Safe for many threads.

    Raises
    ------
    OSError
        If the file does not exist or is not readable.
    DamagedError
        If the index is damaged.
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
        """The blob of a key; None for an unknown key.

        Raises
        ------
        DamagedError
            If the blob is damaged.
        """
        row = int(np.searchsorted(self._keys, key))
        if row == len(self._keys) or self._keys[row] != key:
            return None
        return self._read_checked(
            int(self._offsets[row]), int(self._sizes[row]), int(self._sums[row])
        )

    def check(self) -> None:
        """Read every blob once.

        Raises
        ------
        DamagedError
            If a blob is damaged.
        """
        for key in self:
            self.read(key)

    def _read_index(self, size: int) -> pa.Table:
        try:
            tail = os.pread(self._file, _TAIL.size, max(size - _TAIL.size, 0))
            index_size, checksum, magic = _TAIL.unpack(tail)
            if magic != _MAGIC or index_size > min(size, _LARGEST_INDEX):
                raise DamagedError
            index_bytes = self._read_checked(size - _TAIL.size - index_size, index_size, checksum)
            return pa.ipc.open_stream(index_bytes).read_all().cast(_INDEX)
        except (OSError, ValueError, struct.error, pa.ArrowException):
            raise DamagedError from None

    def _read_checked(self, offset: int, size: int, checksum: int) -> bytes:
        try:
            blob = os.pread(self._file, size, offset)
        except OSError:  # the disk fails
            raise DamagedError from None
        if len(blob) != size or isal_zlib.crc32(blob) != checksum:
            raise DamagedError
        return blob


def write_blobs(file: IO[bytes], blobs: Iterable[tuple[int, bytes]]) -> None:
    """Write blobs with their keys, which must ascend."""
    keys, sizes, sums = [], [], []
    for key, blob in blobs:
        file.write(blob)
        keys.append(key)
        sizes.append(len(blob))
        sums.append(int(isal_zlib.crc32(blob)))
    ends = np.cumsum([0, *sizes], dtype=np.int64)
    columns: list[NDArray[np.generic] | list[int]] = [keys, ends[:-1], sizes, sums]
    index = pa.table(
        [
            pa.array(column, arrow_type)
            for column, arrow_type in zip(columns, _INDEX.types, strict=True)
        ],
        _INDEX,
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, _INDEX) as stream:
        stream.write_table(index)
    index_bytes = sink.getvalue().to_pybytes()
    file.write(index_bytes)
    file.write(_TAIL.pack(len(index_bytes), int(isal_zlib.crc32(index_bytes)), _MAGIC))
