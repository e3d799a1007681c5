"""Whether the file of an embedded database is as long as DuckDB wrote it.

DuckDB reads the blocks of a file when it needs them. A file that was cut (a copy that stopped, a
disk that lost its end) opens, and answers from what is left, until somebody asks for the rest.

A file begins with three headers of 4096 bytes: one of DuckDB, then two of the database in turns, of
which the one with the higher count is in force. It says how many blocks there are and where the
list of those that are free begins; free blocks at the end need not be in the file. Where anything
is not as we know it (another version, an encrypted file), nothing is said: DuckDB will.
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
"""After a checksum; then 8 bytes of a version and 32 of flags."""
_FLAGS: Final = slice(20, 52)
_DATABASE: Final = struct.Struct("<8x6Q")
"""After a checksum: count, beginning, free list, blocks, bytes of a block, rows of a vector."""
_NUMBER: Final = struct.Struct("<Q")
_NOWHERE: Final = (1 << 64) - 1
_BLOCK: Final = (1 << 56) - 1
"""Of a pointer: the bits of the block; those above say which part of it."""
_SIZES: Final = frozenset(1 << n for n in range(14, 19))
_ROWS: Final = 2048
_PARTS: Final = 64
"""A block of the lists is in so many parts, each with a pointer to the next before it."""


class _Header(NamedTuple):
    turn: int
    beginning: int
    free_list: int
    blocks: int
    block_size: int
    rows: int


def is_cut(path: Path) -> bool:
    """Whether a file lacks blocks that the database in it uses.

    False where it cannot be told, as while another process has the file.
    """
    # The end of any descriptor of a file gives up the lock that DuckDB has on it in this process.
    if _is_open_here(path):
        return False
    with suppress(OSError, OverflowError, struct.error), path.open("rb", buffering=0) as file:
        # While another process has it, the file may change between the header and its length.
        fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        wanted = _wanted(file)
        return wanted is not None and os.fstat(file.fileno()).st_size < wanted
    return False


def _is_open_here(path: Path) -> bool:
    with suppress(OSError):
        wanted = path.stat()
        for descriptor in Path("/dev/fd").iterdir():
            with suppress(OSError):
                if os.path.samestat(os.fstat(int(descriptor.name)), wanted):
                    return True
    return False


def _wanted(file: BinaryIO) -> int | None:
    """Bytes that a file must have; None where its layout is not the one we know."""
    head = file.read(_BLOCKS_BEGIN)
    if len(head) < _BLOCKS_BEGIN or not head.startswith(_MAGIC[1], _MAGIC[0]) or any(head[_FLAGS]):
        return None
    header = max(_Header(*_DATABASE.unpack_from(head, place)) for place in (_HEADER, 2 * _HEADER))
    if header.block_size not in _SIZES or header.rows != _ROWS:
        return None
    free = _free_blocks(file, header)
    if free is None:
        return None
    used = header.blocks
    while used and used - 1 in free:
        used -= 1
    return _BLOCKS_BEGIN + used * header.block_size


def _free_blocks(file: BinaryIO, header: _Header) -> frozenset[int] | None:
    """The blocks that nothing is in; None where what should be the list is none."""
    if header.free_list == _NOWHERE:
        return frozenset()
    parts = _parts(file, header)
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


def _parts(file: BinaryIO, header: _Header) -> Iterator[bytes]:
    """The parts of a list, from the one that the header names."""
    # Each block begins with a checksum; parts are of whole numbers.
    length = (header.block_size - _NUMBER.size) // _PARTS // _NUMBER.size * _NUMBER.size
    pointer = header.free_list
    while pointer != _NOWHERE:
        block, part = pointer & _BLOCK, pointer >> _BLOCK.bit_length()
        file.seek(_BLOCKS_BEGIN + block * header.block_size + _NUMBER.size + part * length)
        content = file.read(length)
        (pointer,) = _NUMBER.unpack_from(content)
        yield content[_NUMBER.size :]
