"""Compression: the accepted encodings, and gzip in pieces."""

import gzip
from collections.abc import Iterator
from itertools import pairwise

import pytest
from fastapi import Request
from hypothesis import given
from hypothesis import strategies as st

from api.http.compression import accepted_encodings, gzip_pieces

ALL = {"br", "gzip", "zstd"}


@pytest.mark.parametrize(
    ("lines", "encodings"),
    [
        ([], set()),
        (["gzip"], {"gzip"}),
        (["gzip, deflate, br, zstd"], ALL),
        (["gzip", "br"], {"gzip", "br"}),
        (["zstd;q=1.0", "deflate", "gzip;q=0.5"], {"gzip", "zstd"}),
        (["identity"], set()),
    ],
)
def test_the_accepted_encodings_are_those_of_the_client_and_the_server(
    lines: list[str], encodings: set[str]
) -> None:
    headers = [(b"accept-encoding", line.encode()) for line in lines]
    assert accepted_encodings(Request({"type": "http", "headers": headers})) == encodings


@given(st.lists(st.binary(max_size=200)))
def test_the_pieces_are_one_gzip_file_with_the_same_bytes(pieces: list[bytes]) -> None:
    compressed = list(gzip_pieces(pieces))
    assert gzip.decompress(b"".join(compressed)) == b"".join(pieces)
    assert all(compressed)


def test_compressed_bytes_come_before_the_last_piece_is_made() -> None:
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(100):
            made.append(number)
            # Incompressible: the digits of powers of three.
            yield (3 ** (20_000 + number)).to_bytes(5000, "big")

    counts = [len(made) for _ in gzip_pieces(pieces())]
    assert counts[0] < 50
    assert all(first <= second for first, second in pairwise(counts))
