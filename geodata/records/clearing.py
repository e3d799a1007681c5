"""Cells that clear a value on purpose: a written word, or an empty cell where the file replaces.

An empty cell says nothing: what is known stays. ``(kosong)``, ``(hapus)`` or ``(clear)`` in a cell
clears the value. With ``replace`` an empty cell of a column that the file has clears it too.
"""

from collections.abc import Collection, Mapping
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.kinds import Kind
from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.coded_values import read_word
from geodata.records.parsing.findings import Mask

WORDS: Final = ("kosong", "dikosongkan", "hapus", "clear", "empty")
"""In brackets, so that none of them is taken for a value."""
_WORD: Final = rf"(?i)^\(\s*(?:{'|'.join(WORDS)})\s*\)$"
_NEVER: Final = ("person", "id")
"""Forms of fields that hold no value to clear."""


def cleared_fields(
    raw: dict[str, pa.Array], kind: Kind, *, present: Collection[str], replace: bool
) -> pa.Array:
    """Fields that each row clears, joined by commas; null where it clears none.

    Parameters
    ----------
    raw
        Text of every field; cells with a word that clears become null.
    present
        Fields of which the file has a column.
    replace
        Whether an empty cell of such a column clears too.
    """
    masks: dict[str, Mask] = {}
    for field in kind.fields:
        if (
            field.form in _NEVER
            or field.name in kind.always
            or (
                raw[field.name].null_count == len(raw[field.name])
                and not (replace and field.name in present)
            )
        ):
            continue
        texts = raw[field.name]
        hit = mask(pc.match_substring_regex(texts, _WORD))
        if hit.any():
            raw[field.name] = texts = pc.if_else(pa.array(hit), None, texts)
        if replace and field.name in present:
            hit = ~valid(texts)
        if field.name == "outcome":
            hit = hit | _still_ill(texts)
        masks[field.name] = hit
    return joined_names(masks, len(raw[kind.key]))


def clears(records: pa.Table, field: str) -> Mask:
    """Rows of checked records that clear a field."""
    return lists_name(records["cleared"], field)


def lists_name(column: pa.ChunkedArray, name: str) -> Mask:
    """Rows in which a name is one of those that `joined_names` joined."""
    if column.null_count == len(column):
        return np.zeros(len(column), dtype=bool)
    return mask(pc.match_substring_regex(column, f"(^|,){name}(,|$)"))


def joined_names(masks: Mapping[str, Mask], n: int) -> pa.Array:
    """Names of the masks that hit each row, joined by commas; null where none does."""
    texts = np.full(n, None, dtype=object)
    for name, hit in masks.items():
        for row in np.flatnonzero(hit):
            texts[row] = name if texts[row] is None else f"{texts[row]},{name}"
    return pa.array(texts, pa.string())


def _still_ill(texts: pa.Array) -> Mask:
    """Rows that say in a word that there is no outcome yet: an outcome known before was wrong."""
    encoded = texts.dictionary_encode()
    said = [
        read_word("outcome", text) == "none" and read_word("status_in_outcome", text) is None
        for text in encoded.dictionary.to_pylist()
    ]
    return mask(pa.array(said, pa.bool_()).take(encoded.indices))
