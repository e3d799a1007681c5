"""Messages between a reading process and its parent: a header in JSON, and bytes.

Nothing is pickled: a process under the control of a hostile file can send numbers and text, but
no code.
"""

import json
import struct
from typing import Any, BinaryIO, Final, NamedTuple

import numpy as np
import pyarrow as pa

import geodata.errors
from geodata.errors import MikrozonasiError
from geodata.records.layout.record_extraction import ExtractedRecords
from geodata.tables import Sheet

_LENGTHS: Final = struct.Struct(">IQ")
_ERRORS: Final = {
    name: kind
    for name, kind in vars(geodata.errors).items()
    if isinstance(kind, type) and issubclass(kind, MikrozonasiError)
}
OUT_OF_MEMORY: Final = 3
"""Exit status of a reading process that has no memory left for an answer."""
_ROWS: Final = "rows"
_MISALIGNED: Final = "misaligned"
Header = dict[str, Any]


class Message(NamedTuple):
    """A message of the parent or of the reading process."""

    header: Header
    content: bytes | bytearray | memoryview


def send(stream: BinaryIO, header: Header, content: bytes | bytearray | memoryview = b"") -> None:
    """Write one message."""
    encoded_header = json.dumps(header).encode()
    stream.write(_LENGTHS.pack(len(encoded_header), len(content)))
    stream.write(encoded_header)
    stream.write(content)
    stream.flush()


def receive(stream: BinaryIO, max_bytes: int | None = None) -> Message | None:
    """Read one message; None if the other side has ended or the message is too long.

    Parameters
    ----------
    max_bytes
        Largest length of a message; None for no limit.
    """
    lengths = _read_exactly(stream, _LENGTHS.size)
    if lengths is None:
        return None
    header_length, content_length = _LENGTHS.unpack(lengths)
    if max_bytes is not None and header_length + content_length > max_bytes:
        return None
    header, body = _read_exactly(stream, header_length), _read_exactly(stream, content_length)
    return None if header is None or body is None else Message(json.loads(header), body)


def error_header(error: MikrozonasiError) -> Header:
    """An error of ours as a header."""
    return {
        "error": type(error).__name__,
        "code": error.code,
        "message": error.message,
        "indonesian": error.indonesian,
    }


def parse_error(header: Header) -> MikrozonasiError:
    """The error in a header."""
    kind = _ERRORS.get(header["error"], MikrozonasiError)
    return kind(header["code"], header["message"], indonesian=header["indonesian"])


def records_message(records: ExtractedRecords) -> Message:
    """The records of a file as a message, without the source, which the parent has."""
    sheet = records.sheet
    table = pa.Table.from_arrays(
        [*sheet.cells.columns, pa.array(sheet.rows), pa.array(sheet.misaligned)],
        names=[*(f"c{k}" for k in range(sheet.cells.num_columns)), _ROWS, _MISALIGNED],
    )
    buffer = pa.BufferOutputStream()
    with pa.ipc.new_stream(buffer, table.schema) as stream:
        stream.write_table(table)
    header = {
        "headings": sheet.cells.column_names,
        "name": sheet.name,
        "faults": sorted(sheet.faults.items()),
        "left_out": records.left_out,
    }
    return Message(header, memoryview(buffer.getvalue()))


def parse_records(message: Message) -> ExtractedRecords:
    """The records in a message.

    Raises
    ------
    pa.ArrowInvalid, ValueError, KeyError
        If the message is malformed.
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
    return ExtractedRecords(sheet, {str(k): int(v) for k, v in header["left_out"].items()}, None)


def _read_exactly(stream: BinaryIO, length: int) -> bytes | None:
    content = stream.read(length)
    return content if len(content) == length else None
