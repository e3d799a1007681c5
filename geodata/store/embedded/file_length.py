"""Check whether the file of an embedded database is as long as DuckDB wrote it.

DuckDB reads the blocks of a file when it needs them. A truncated file (an interrupted copy, a
damaged disk) opens without an error and answers queries until a query needs a missing block.

A file begins with three headers of 4096 bytes: one of DuckDB, then two of the database. Of these
two, the header with the higher iteration is in force. The header has the number of blocks and the
beginning of the list of free blocks. Free blocks at the end may be missing in the file. If the
layout is unknown (another version, an encrypted file), the file counts as complete, and DuckDB
reports any problem.
"""

import fcntl
import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple

_HEADER: Final = 4096
_BLOCKS_BEGIN: Final = 3 * _HEADER
_MAGIC: Final = (8, b"DUCK")
"""Offset and text, after a checksum; then 8 bytes of a version and 32 bytes of flags."""
_FLAG_BYTES: Final = slice(20, 52)
_DATABASE_HEADER: Final = struct.Struct("<8x6Q")
"""After a checksum: iteration, beginning, free list, blocks, bytes of a block, rows of a vector."""
_NUMBER: Final = struct.Struct("<Q")
_NO_POINTER: Final = (1 << 64) - 1
_BLOCK: Final = (1 << 56) - 1
"""The bits of a pointer with the number of the block; the higher bits are the part of the block."""
_BLOCK_SIZES: Final = frozenset(1 << n for n in range(14, 19))
_VECTOR_ROWS: Final = 2048
_PARTS_OF_A_BLOCK: Final = 64
"""Parts of a block of a list; each part begins with a pointer to the next part."""


class _Header(NamedTuple):
    iteration: int
    beginning: int
    free_list: int
    blocks: int
    block_size: int
    rows: int


def is_truncated(path: Path) -> bool:
    """Whether the file lacks blocks that the database uses.

    False if this is unknown, for instance while another process has the file open.
    """
    # Closing any descriptor of a file releases the lock that DuckDB has on it in this process.
    if _is_open_here(path):
        return False
    with suppress(OSError, OverflowError, struct.error), path.open("rb", buffering=0) as file:
        # Without the lock, another process may change the file between the two reads.
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        expected = _expected_size(file)
        return expected is not None and os.fstat(file.fileno()).st_size < expected
    return False


def _is_open_here(path: Path) -> bool:
    with suppress(OSError):
        file_stat = path.stat()
        for descriptor in Path("/dev/fd").iterdir():
            with suppress(OSError):
                if os.path.samestat(os.fstat(int(descriptor.name)), file_stat):
                    return True
    return False


def _expected_size(file: BinaryIO) -> int | None:
    """Bytes that the file must have; None if the layout is unknown."""
    head = file.read(_BLOCKS_BEGIN)
    if (
        len(head) < _BLOCKS_BEGIN
        or not head.startswith(_MAGIC[1], _MAGIC[0])
        or any(head[_FLAG_BYTES])
    ):
        return None
    header = max(
        _Header(*_DATABASE_HEADER.unpack_from(head, offset)) for offset in (_HEADER, 2 * _HEADER)
    )
    if header.block_size not in _BLOCK_SIZES or header.rows != _VECTOR_ROWS:
        return None
    free_blocks = _free_blocks(file, header)
    if free_blocks is None:
        return None
    used = header.blocks
    while used and used - 1 in free_blocks:
        used -= 1
    return _BLOCKS_BEGIN + used * header.block_size


def _free_blocks(file: BinaryIO, header: _Header) -> frozenset[int] | None:
    """The free blocks; None if their list is invalid."""
    if header.free_list == _NO_POINTER:
        return frozenset()
    parts = _list_parts(file, header)
    content = next(parts)
    (length,) = _NUMBER.unpack_from(content)
    size = _NUMBER.size * (1 + length)
    if length > header.blocks or size > os.fstat(file.fileno()).st_size:
        return None
    for part in parts:
        if len(content) >= size:
            break
        content += part
    numbers = struct.unpack_from(f"<{length}Q", content, _NUMBER.size)
    return frozenset(numbers) if all(number < header.blocks for number in numbers) else None


def _list_parts(file: BinaryIO, header: _Header) -> Iterator[bytes]:
    """The parts of the list of free blocks, in order."""
    # Each block begins with a checksum; a part holds whole numbers.
    length = (header.block_size - _NUMBER.size) // _PARTS_OF_A_BLOCK // _NUMBER.size * _NUMBER.size
    pointer = header.free_list
    while pointer != _NO_POINTER:
        block, part = pointer & _BLOCK, pointer >> _BLOCK.bit_length()
        file.seek(_BLOCKS_BEGIN + block * header.block_size + _NUMBER.size + part * length)
        content = file.read(length)
        (pointer,) = _NUMBER.unpack_from(content)
        yield content[_NUMBER.size :]
