"""Columns are compared row by row; a missing value neither differs nor agrees."""

import pyarrow as pa
import pytest

from geodata.ledger.comparing import agree, combined_array, differs, is_null

KNOWN = pa.array([None, 1, None, 1, 1])
NEW = pa.array([None, None, 1, 1, 2])


@pytest.mark.parametrize("chunked", [False, True])
def test_values_differ_or_agree_only_if_both_are_there(
    chunked: bool,  # noqa: FBT001
) -> None:
    known, new = (
        pa.chunked_array([column[:2], column[2:]]) if chunked else column for column in (KNOWN, NEW)
    )
    assert differs(known, new).tolist() == [False, False, False, False, True]
    assert agree(known, new).tolist() == [False, False, False, True, False]
    assert is_null(known).tolist() == [True, False, True, False, False]
    assert combined_array(known).equals(KNOWN)
