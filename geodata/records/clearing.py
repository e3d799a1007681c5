"""Cells that clear a known value: a clearing word, or an empty cell with ``replace``.

By default an empty cell keeps the known value. ``(kosong)``, ``(hapus)`` or ``(clear)`` in a cell
clears the value. With ``replace``, an empty cell clears the value too, if the file has the column.
"""

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.kinds import Kind
from geodata.records.parsing.cells import map_distinct, mask, valid
from geodata.records.parsing.coded_values import parse_word
from geodata.records.parsing.findings import Mask

CLEARING_WORDS: Final = ("kosong", "dikosongkan", "hapus", "clear", "empty")
"""Written in brackets, so that no value can equal them."""
_CLEARING_WORD: Final = rf"(?i)^\(\s*(?:{'|'.join(CLEARING_WORDS)})\s*\)$"
_FORMS_NEVER_CLEARED: Final = ("person", "id")
"""Forms of fields without a value that can be cleared."""


def cleared_fields(
    texts_by_field: dict[str, pa.Array], kind: Kind, *, present: Collection[str], replace: bool
) -> pa.Array:
    """Fields that each row clears, joined by commas; null if it clears none.

    Parameters
    ----------
    texts_by_field
        Text of every field; changed here: cells with a clearing word become null.
    present
        Fields for which the file has a column.
    replace
        Whether an empty cell of such a column clears the value.
    """
    masks: dict[str, Mask] = {}
    for field in kind.fields:
        if (
            field.form in _FORMS_NEVER_CLEARED
            or field.name in kind.required
            or (
                texts_by_field[field.name].null_count == len(texts_by_field[field.name])
                and not (replace and field.name in present)
            )
        ):
            continue
        texts = texts_by_field[field.name]
        cleared = mask(pc.match_substring_regex(texts, _CLEARING_WORD))
        if cleared.any():
            texts_by_field[field.name] = texts = pc.if_else(pa.array(cleared), None, texts)
        if replace and field.name in present:
            cleared = ~valid(texts)
        if field.name == "outcome":
            cleared = cleared | _has_no_outcome(texts)
        masks[field.name] = cleared
    return join_names(masks, len(texts_by_field[kind.key]))


def cleared_rows(records: pa.Table, field: str) -> Mask:
    """Rows of checked records that clear a field."""
    return contains_name(records["cleared"], field)


def contains_name(column: pa.ChunkedArray, name: str) -> Mask:
    """Rows whose text, made by `join_names`, contains a name."""
    if column.null_count == len(column):
        return np.zeros(len(column), dtype=bool)
    return mask(pc.match_substring_regex(column, f"(^|,){name}(,|$)"))


def join_names(masks: Mapping[str, Mask], n: int) -> pa.Array:
    """Names of the masks that are true in each row, joined by commas; null if none is."""
    texts = np.full(n, None, dtype=object)
    for name, rows in masks.items():
        for row in np.flatnonzero(rows):
            texts[row] = name if texts[row] is None else f"{texts[row]},{name}"
    return pa.array(texts, pa.string())


def _has_no_outcome(texts: pa.Array) -> Mask:
    """Rows with a word for "no outcome yet", which clears a known outcome."""

    def has_no_outcome(text: str) -> bool:
        return (
            parse_word("outcome", text) == "none" and parse_word("status_in_outcome", text) is None
        )

    return mask(map_distinct(texts, has_no_outcome, pa.bool_()))
