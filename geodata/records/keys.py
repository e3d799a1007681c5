"""What names a record for good, and whether two rows say the same.

A record's key is the one its file gives. Where the file gives none it is made, keyed so that it
tells nothing, from the NIK and the day of the episode (confirmation, else specimen, onset,
report; arrival for newcomers); without a NIK from the name, address fields and that day; without
a name from all that says where, that day, and a count: two rows that say the same of nobody in
particular are two people, and the same two when the file comes again. A row whose own key has
sixteen digits gets a pseudonym for it: it may be a NIK. What is no person is named by what it is:
a place by its kind, name and kelurahan, an indicator by its name, area and day.
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

_PLACE: Final = ("address", "rt", "rw", "kelurahan", "kecamatan")
_PARTED: Final = "\x1f"
_NOTHING: Final = "\x00"
_NOT_A_LETTER: Final = r"[^\p{L}\p{N}]+"


def digests(columns: Mapping[str, pa.Array], names: Sequence[str]) -> pa.Array:
    """Digest of what each row says in the named columns: 32 hexadecimal digits."""
    rows = _joined(*(columns[name] for name in names))
    found = [hashlib.sha256(row.encode()).hexdigest()[:32] for row in rows.to_pylist()]
    return pa.array(found, type=pa.string())


def content_digests(columns: Mapping[str, pa.Array], kind: Kind) -> pa.Array:
    """Digest of what a correction of each record is told by."""
    return digests(_content(columns), [field.name for field in kind.kept])


def contents(columns: Mapping[str, pa.Array], kind: Kind, *also: str) -> pa.Array:
    """The same as text, with other columns behind it: equal where rows say the same."""
    said = _content(columns)
    return _joined(*(said[name] for name in [*(field.name for field in kind.kept), *also]))


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
        Typed columns; ``nik`` already a pseudonym.
    persons
        Names as they came, null where there is none.
    """
    own = _guarded_ids(columns[kind.key], pseudonymiser)
    rows = pa.table({**columns, "person": persons})
    if kind.named_by:
        return pc.coalesce(own, _by_own_name(rows, kind))
    lacking, has_nik, has_name = ~valid(own), valid(columns["nik"]), valid(persons)
    keys = np.array(own.to_pylist(), dtype=object)
    for chosen, way in (
        (lacking & has_nik, _by_nik),
        (lacking & ~has_nik & has_name, _by_name),
        (lacking & ~has_nik & ~has_name, _by_place),
    ):
        if chosen.any():
            texts = way(rows.filter(pa.array(chosen)), kind)
            keys[chosen] = pseudonymiser.column("person", texts).to_pylist()
    return pa.array(keys, type=pa.string())


def _content(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """What a correction is told by: that somebody lives elsewhere too, and nothing derived.

    Said in the kelurahan's place, so that the digest of every resident is what it was.
    """
    if "non_resident" not in columns:
        return dict(columns)
    said = pc.binary_join_element_wise(pc.fill_null(columns["kelurahan"], ""), "elsewhere", " ")
    place = pc.if_else(columns["non_resident"], said, columns["kelurahan"])
    return {**columns, "kelurahan": place}


def _by_own_name(rows: pa.Table, kind: Kind) -> pa.Array:
    """Keys of what is no person: there is nothing to hide."""
    return digests({"name": _joined(*(_folded(rows[name]) for name in kind.named_by))}, ["name"])


def _by_nik(rows: pa.Table, kind: Kind) -> pa.Array:
    return _joined("nik", rows["nik"], _day(rows, kind))


def _by_name(rows: pa.Table, kind: Kind) -> pa.Array:
    where = [_folded(rows[name]) for name in _PLACE]
    return _joined("name", _folded(rows["person"]), *where, _day(rows, kind))


def _by_place(rows: pa.Table, kind: Kind) -> pa.Array:
    where = [_folded(rows[name]) for name in _PLACE]
    keys = _joined("place", rows["kk"], rows["lon"], rows["lat"], *where, _day(rows, kind))
    columns = {name: rows[name].combine_chunks() for name in rows.column_names}
    return _counted(keys, content_digests(columns, kind))


def _day(rows: pa.Table, kind: Kind) -> pa.ChunkedArray:
    return pc.coalesce(*(rows[name] for name in kind.dates))


def _guarded_ids(ids: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    normal = normal_ids(ids)
    long = has_long_number(normal)
    if not long.any():
        return ids
    digits = pc.replace_substring_regex(pc.if_else(pa.array(long), normal, None), r"\D", "")
    return pc.coalesce(pseudonymiser.column("nik", digits), ids)


def _counted(keys: pa.Array, content: pa.Array) -> pa.Array:
    """Keys with the count of each among its equals, in the order of what the rows say."""
    frame = pd.DataFrame({"key": keys.to_pylist(), "content": content.to_pylist()})
    ordered = frame.sort_values(["key", "content"], kind="stable")
    counts = ordered.groupby("key").cumcount().sort_index().to_numpy(dtype=np.int64)
    return _joined(keys, pa.array(counts))


def _folded(texts: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.replace_substring_regex(pc.utf8_lower(texts.cast(pa.string())), _NOT_A_LETTER, "")


def _joined(*columns: pa.Array | pa.ChunkedArray | str) -> pa.Array:
    texts = [
        column if isinstance(column, str) else pc.fill_null(column.cast(pa.string()), _NOTHING)
        for column in columns
    ]
    joined = pc.binary_join_element_wise(*texts, _PARTED)
    return joined.combine_chunks() if isinstance(joined, pa.ChunkedArray) else joined


def person_pseudonyms(persons: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    """Pseudonym of each name, whatever its capitals, spaces and points; null without a name."""
    if persons.null_count == len(persons):
        return pa.nulls(len(persons), pa.string())
    folded = _folded(persons)
    return pseudonymiser.column("name", pc.if_else(pc.equal(folded, ""), None, folded))


def repeated(keys: pa.Array, content: pa.Array) -> "pd.DataFrame":
    """Rows of one file that say the same of one record.

    Returns
    -------
    DataFrame
        ``(n,)`` rows with ``taken`` (the last of its equals), ``count`` of its equals and
        ``position`` (row of the one that is taken).
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
