"""Messages between a reading process and its parent: a header in JSON, and bytes.

Nothing is pickled: a process that a hostile file took over can send numbers and text, no code.
"""

import json
import struct
from typing import Any, BinaryIO, Final, NamedTuple

import numpy as np
import pyarrow as pa

import geodata.errors
from geodata.errors import MikrozonasiError
from geodata.records.layout.arranging import Arranged
from geodata.tables import Sheet

_LENGTHS: Final = struct.Struct(">IQ")
_ERRORS: Final = {
    name: kind
    for name, kind in vars(geodata.errors).items()
    if isinstance(kind, type) and issubclass(kind, MikrozonasiError)
}
OUT_OF_MEMORY: Final = 3
"""Status with which a reading process ends that has no memory left to say so."""
_ROWS: Final = "rows"
_MISALIGNED: Final = "misaligned"
Header = dict[str, Any]


class Message(NamedTuple):
    """What one side sends."""

    header: Header
    content: bytes | bytearray | memoryview


def send(stream: BinaryIO, header: Header, content: bytes | bytearray | memoryview = b"") -> None:
    """Write one message."""
    head = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(head), len(content)))
    stream.write(head)
    stream.write(content)
    stream.flush()


def receive(stream: BinaryIO, most: int | None = None) -> Message | None:
    """Read one message; None where the other side has ended, or says more than `most` bytes."""
    lengths = _exactly(stream, _LENGTHS.size)
    if lengths is None:
        return None
    head_length, content_length = _LENGTHS.unpack(lengths)
    if most is not None and head_length + content_length > most:
        return None
    head, content = _exactly(stream, head_length), _exactly(stream, content_length)
    return None if head is None or content is None else Message(json.loads(head), content)


def error_header(error: MikrozonasiError) -> Header:
    """An error of ours as a header."""
    return {
        "error": type(error).__name__,
        "code": error.code,
        "message": error.message,
        "indonesian": error.indonesian,
    }


def error_of(header: Header) -> MikrozonasiError:
    """The error that a header says."""
    kind = _ERRORS.get(header["error"], MikrozonasiError)
    return kind(header["code"], header["message"], indonesian=header["indonesian"])


def arranged_message(arranged: Arranged) -> Message:
    """The records of a file as a message; its source is known to who asked."""
    sheet = arranged.sheet
    table = pa.Table.from_arrays(
        [*sheet.cells.columns, pa.array(sheet.rows), pa.array(sheet.misaligned)],
        names=[*(f"c{k}" for k in range(sheet.cells.num_columns)), _ROWS, _MISALIGNED],
    )
    written = pa.BufferOutputStream()
    with pa.ipc.new_stream(written, table.schema) as stream:
        stream.write_table(table)
    header = {
        "headings": sheet.cells.column_names,
        "name": sheet.name,
        "faults": sorted(sheet.faults.items()),
        "left_out": arranged.left_out,
    }
    return Message(header, memoryview(written.getvalue()))


def arranged_of(message: Message) -> Arranged:
    """The records that a message holds.

    Raises
    ------
    pa.ArrowInvalid, ValueError, KeyError
        Where it holds none that are in order.
    """
    header = message.header
    table = pa.ipc.open_stream(pa.py_buffer(message.content)).read_all()
    table.validate(full=True)
    rows, misaligned = table.column(_ROWS), table.column(_MISALIGNED)
    cells = table.drop_columns([_ROWS, _MISALIGNED]).rename_columns(header["headings"])
    sheet = Sheet(
        cells.cast(pa.schema([(name, pa.string()) for name in header["headings"]])),
        np.asarray(rows.to_numpy(), dtype=np.int64),
        np.asarray(misaligned.to_numpy(), dtype=bool),
        str(header["name"]),
        {int(row): str(code) for row, code in header["faults"]},
    )
    return Arranged(sheet, {str(k): int(v) for k, v in header["left_out"].items()}, None)


def _exactly(stream: BinaryIO, length: int) -> bytes | None:
    content = stream.read(length)
    return content if len(content) == length else None
