"""Keys of records, and digests of their content.

The key of a record is its number in the file. Without a number, the key is a keyed hash, which
discloses nothing, of the first of these that the row has:

- NIK and day of the episode (confirmation, else specimen, onset, report; arrival for newcomers);
- name, address fields and that day;
- family card, coordinates, address fields, that day, and an occurrence number. Equal rows without
  a name are different people, and get the same keys when the file is loaded again.

A number of sixteen digits may be a NIK, so its pseudonym is the key. A place or an indicator has a
natural key: kind, name and kelurahan of a place; name, area and day of an indicator.
"""

import hashlib
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records.kinds import Kind
from geodata.records.parsing.cells import has_long_number, valid
from geodata.records.record_ids import normal_ids

_ADDRESS_FIELDS: Final = ("address", "rt", "rw", "kelurahan", "kecamatan")
_SEPARATOR: Final = "\x1f"
_NULL_MARK: Final = "\x00"
_PUNCTUATION: Final = r"[^\p{L}\p{N}]+"


def digests(columns: Mapping[str, pa.Array], names: Sequence[str]) -> pa.Array:
    """Digest of the named columns of each row: 32 hexadecimal digits."""
    rows = _joined(*(columns[name] for name in names))
    hexadecimal = [hashlib.sha256(row.encode()).hexdigest()[:32] for row in rows.to_pylist()]
    return pa.array(hexadecimal, type=pa.string())


def content_digests(columns: Mapping[str, pa.Array], kind: Kind) -> pa.Array:
    """Digest of the content of each record: a new digest means a correction."""
    return digests(_compared_columns(columns), [field.name for field in kind.stored_fields])


def content_texts(columns: Mapping[str, pa.Array], kind: Kind, *extra: str) -> pa.Array:
    """Content of each record as text, with extra columns; equal for equal rows."""
    compared = _compared_columns(columns)
    return _joined(
        *(compared[name] for name in [*(field.name for field in kind.stored_fields), *extra])
    )


def record_keys(
    columns: Mapping[str, pa.Array],
    persons: pa.Array,
    kind: Kind,
    pseudonymiser: Pseudonymiser,
) -> pa.Array:
    """Key of every row, never null; see the module.

    Parameters
    ----------
    columns
        Typed columns; ``nik`` is a pseudonym.
    persons
        Names in clear text, null for no name.
    """
    file_keys = _pseudonymised_ids(columns[kind.key], pseudonymiser)
    rows = pa.table({**columns, "person": persons})
    if kind.natural_key:
        return pc.coalesce(file_keys, _natural_keys(rows, kind))
    without_key, has_nik, has_name = ~valid(file_keys), valid(columns["nik"]), valid(persons)
    keys = np.array(file_keys.to_pylist(), dtype=object)
    for selected, make_texts in (
        (without_key & has_nik, _keys_from_nik),
        (without_key & ~has_nik & has_name, _keys_from_name),
        (without_key & ~has_nik & ~has_name, _keys_from_place),
    ):
        if selected.any():
            texts = make_texts(rows.filter(pa.array(selected)), kind)
            keys[selected] = pseudonymiser.column("person", texts).to_pylist()
    return pa.array(keys, type=pa.string())


def _compared_columns(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """Columns whose change is a correction: no derived column but ``non_resident``.

    ``non_resident`` is written into the kelurahan, so that digests of residents do not change.
    """
    if "non_resident" not in columns:
        return dict(columns)
    marked = pc.binary_join_element_wise(pc.fill_null(columns["kelurahan"], ""), "elsewhere", " ")
    kelurahan = pc.if_else(columns["non_resident"], marked, columns["kelurahan"])
    return {**columns, "kelurahan": kelurahan}


def _natural_keys(rows: pa.Table, kind: Kind) -> pa.Array:
    """Keys of places and indicators: a plain hash, since they are not personal data."""
    return digests({"name": _joined(*(_folded(rows[name]) for name in kind.natural_key))}, ["name"])


def _keys_from_nik(rows: pa.Table, kind: Kind) -> pa.Array:
    return _joined("nik", rows["nik"], _episode_day(rows, kind))


def _keys_from_name(rows: pa.Table, kind: Kind) -> pa.Array:
    address = [_folded(rows[name]) for name in _ADDRESS_FIELDS]
    return _joined("name", _folded(rows["person"]), *address, _episode_day(rows, kind))


def _keys_from_place(rows: pa.Table, kind: Kind) -> pa.Array:
    address = [_folded(rows[name]) for name in _ADDRESS_FIELDS]
    keys = _joined(
        "place", rows["kk"], rows["lon"], rows["lat"], *address, _episode_day(rows, kind)
    )
    columns = {name: rows[name].combine_chunks() for name in rows.column_names}
    return _with_occurrence(keys, content_digests(columns, kind))


def _episode_day(rows: pa.Table, kind: Kind) -> pa.ChunkedArray:
    return pc.coalesce(*(rows[name] for name in kind.dates))


def _pseudonymised_ids(ids: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    normal_forms = normal_ids(ids)
    is_long = has_long_number(normal_forms)
    if not is_long.any():
        return ids
    digits = pc.replace_substring_regex(
        pc.if_else(pa.array(is_long), normal_forms, None), r"\D", ""
    )
    return pc.coalesce(pseudonymiser.column("nik", digits), ids)


def _with_occurrence(keys: pa.Array, content: pa.Array) -> pa.Array:
    """Keys with an occurrence number among equal keys, in the order of the content."""
    frame = pd.DataFrame({"key": keys.to_pylist(), "content": content.to_pylist()})
    ordered = frame.sort_values(["key", "content"], kind="stable")
    counts = ordered.groupby("key").cumcount().sort_index().to_numpy(dtype=np.int64)
    return _joined(keys, pa.array(counts))


def _folded(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring_regex(pc.utf8_lower(texts.cast(pa.string())), _PUNCTUATION, "")


def _joined(*columns: pa.Array | pa.ChunkedArray | str) -> pa.Array:
    texts = [
        column if isinstance(column, str) else pc.fill_null(column.cast(pa.string()), _NULL_MARK)
        for column in columns
    ]
    joined = pc.binary_join_element_wise(*texts, _SEPARATOR)
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def person_pseudonyms(persons: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    """Pseudonym of each name, ignoring case, spaces and punctuation; null without a name."""
    if persons.null_count == len(persons):
        return pa.nulls(len(persons), pa.string())
    folded = _folded(persons)
    return pseudonymiser.column("name", pc.if_else(pc.equal(folded, ""), None, folded))


def group_duplicates(keys: pa.Array, content: pa.Array) -> "pd.DataFrame":
    """Group equal rows of one record in a file; the last row of a group is used.

    Returns
    -------
    DataFrame
        For each of ``n`` rows: ``taken`` (whether it is the last of its group), ``count`` (rows
        of its group) and ``position`` (last row of its group).
    """
    frame = pd.DataFrame({"key": keys.to_pylist(), "content": content.to_pylist()})
    number = frame.groupby(["key", "content"], sort=False).ngroup().to_numpy()
    count = np.bincount(number, minlength=1)
    last = np.zeros(len(count), dtype=np.int64)
    last[number] = np.arange(len(number))
    frame["position"] = last[number]
    frame["taken"] = frame["position"] == np.arange(len(frame))
    frame["count"] = count[number]
    return frame[["taken", "count", "position"]]
