"""The pages of a Parquet file are bounded by a check of their headers."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.store.backups.parquet_pages import ForeignParquetError, check_footer, check_pages

TEXTS = pa.table({"a": [f"text {k}" for k in range(100)] * 3})


@contextmanager
def parquet_file(rows: pa.Table, **options: Any) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        pq.write_table(rows, file, **({"compression": "zstd"} | options))
        file.flush()
        yield file


def check(file: IO[bytes]) -> None:
    check_footer(file)
    check_pages(file, pq.read_metadata(file))


@given(
    st.lists(st.tuples(st.text(), st.integers(-(2**63), 2**63 - 1), st.none() | st.binary())),
    st.sampled_from(["1.0", "2.0"]),
    st.booleans(),
    st.integers(1, 200),
)
def test_files_of_this_program_pass(
    rows: list[tuple[str, int, bytes | None]], pages: str, dictionary: object, group: int
) -> None:
    texts, numbers, content = zip(*rows, strict=True) if rows else ((), (), ())
    column_types = pa.schema([("a", pa.string()), ("b", pa.int64()), ("c", pa.binary())])
    columns = pa.table([list(texts), list(numbers), list(content)], schema=column_types)
    with parquet_file(
        columns, data_page_version=pages, use_dictionary=dictionary, row_group_size=group
    ) as file:
        check_footer(file)
        if rows:
            check_pages(file, pq.read_metadata(file))


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_another_encoding_is_rejected(encoding: str) -> None:
    options = {"use_dictionary": False, "column_encoding": {"a": encoding}}
    with (
        parquet_file(TEXTS, **options) as file,
        pytest.raises(ForeignParquetError, match="encoding"),
    ):
        check(file)


def test_another_compression_is_rejected() -> None:
    with parquet_file(TEXTS, compression="brotli") as file, pytest.raises(ForeignParquetError):
        check(file)


@pytest.mark.parametrize(
    ("offset", "byte", "fault"),
    [
        (4, 0x1B, "header"),  # the first field has an unknown type
        (5, 0x08, "kind"),  # a page of kind 4
        (5, 0x00, "encoding"),  # no nested header of the page type
    ],
)
def test_a_changed_page_header_is_rejected(offset: int, byte: int, fault: str) -> None:
    with parquet_file(TEXTS) as file:
        metadata = pq.read_metadata(file)
        file.seek(offset)
        file.write(bytes([byte]))
        file.flush()
        with pytest.raises(ForeignParquetError, match=fault):
            check_pages(file, metadata)


def test_a_dictionary_with_more_values_than_bytes_is_rejected() -> None:
    with parquet_file(TEXTS) as file:
        metadata = pq.read_metadata(file)
        file.seek(4)
        head = bytearray(file.read(40))
        offset = head.index(b"\x4c\x15\xc8\x01") + 2  # field 7, its field 1: 100 values
        head[offset : offset + 2] = b"\xfe\x7f"  # 8191
        file.seek(4)
        file.write(head)
        file.flush()
        with pytest.raises(ForeignParquetError, match="dictionary"):
            check_pages(file, metadata)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1\xff\xff\xff\xffPAR1", b"x" * 100])
def test_a_file_without_a_valid_footer_is_rejected(content: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        with pytest.raises(ForeignParquetError):
            check_footer(file)
