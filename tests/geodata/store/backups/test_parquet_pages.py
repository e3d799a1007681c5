"""Pages of a Parquet file are bounded by what their own headers say."""

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
def written(rows: pa.Table, **how: Any) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        pq.write_table(rows, file, **({"compression": "zstd"} | how))
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
def test_whatever_we_write_passes(
    rows: list[tuple[str, int, bytes | None]], pages: str, dictionary: object, group: int
) -> None:
    texts, numbers, content = zip(*rows, strict=True) if rows else ((), (), ())
    kinds = pa.schema([("a", pa.string()), ("b", pa.int64()), ("c", pa.binary())])
    columns = pa.table([list(texts), list(numbers), list(content)], schema=kinds)
    with written(
        columns, data_page_version=pages, use_dictionary=dictionary, row_group_size=group
    ) as file:
        check_footer(file)
        if rows:
            check_pages(file, pq.read_metadata(file))


@pytest.mark.parametrize("encoding", ["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY"])
def test_an_encoding_that_is_not_ours_is_refused(encoding: str) -> None:
    how = {"use_dictionary": False, "column_encoding": {"a": encoding}}
    with written(TEXTS, **how) as file, pytest.raises(ForeignParquetError, match="encoding"):
        check(file)


def test_another_compression_is_refused() -> None:
    with written(TEXTS, compression="brotli") as file, pytest.raises(ForeignParquetError):
        check(file)


@pytest.mark.parametrize(
    ("at", "byte", "fault"),
    [
        (4, 0x1B, "header"),  # the first field has no kind that a header has
        (5, 0x08, "kind"),  # a page of kind 4
        (5, 0x00, "encoding"),  # no structure of that kind of page
    ],
)
def test_a_header_that_says_something_else_is_refused(at: int, byte: int, fault: str) -> None:
    with written(TEXTS) as file:
        metadata = pq.read_metadata(file)
        file.seek(at)
        file.write(bytes([byte]))
        file.flush()
        with pytest.raises(ForeignParquetError, match=fault):
            check_pages(file, metadata)


def test_a_dictionary_of_more_values_than_it_has_room_for_is_refused() -> None:
    with written(TEXTS) as file:
        metadata = pq.read_metadata(file)
        file.seek(4)
        head = bytearray(file.read(40))
        at = head.index(b"\x4c\x15\xc8\x01") + 2  # field 7, a structure; its field 1: 100 values
        head[at : at + 2] = b"\xfe\x7f"  # 8191
        file.seek(4)
        file.write(head)
        file.flush()
        with pytest.raises(ForeignParquetError, match="dictionary"):
            check_pages(file, metadata)


@pytest.mark.parametrize("content", [b"", b"PAR1", b"PAR1\xff\xff\xff\xffPAR1", b"x" * 100])
def test_what_has_no_footer_is_refused(content: bytes) -> None:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        with pytest.raises(ForeignParquetError):
            check_footer(file)
