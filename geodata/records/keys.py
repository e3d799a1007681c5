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

from geodata.identity import Pseudonymiser
from geodata.records.cells import has_long_number, valid
from geodata.records.kinds import Kind

_PLACE: Final = ("address", "rt", "rw", "kelurahan", "kecamatan")
_PARTED: Final = "\x1f"
_NOTHING: Final = "\x00"
_NOT_A_LETTER: Final = r"[^\p{L}\p{N}]+"


def digests(columns: Mapping[str, pa.Array], names: Sequence[str]) -> pa.Array:
    """Digest of what each row says in the named columns: 32 hexadecimal digits."""
    rows = _joined(*(columns[name] for name in names))
    found = [hashlib.sha256(row.encode()).hexdigest()[:32] for row in rows.to_pylist()]
    return pa.array(found, type=pa.string())


def record_keys(
    columns: Mapping[str, pa.Array],
    persons: pa.Array,
    content: pa.Array,
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
    content
        `digests` of the rows: settles the count of rows nobody in particular is named in.
    """
    own = _guarded_ids(columns[kind.key], pseudonymiser)
    rows = pa.table({**columns, "person": persons, "content": content})
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
    return _counted(keys, rows["content"])


def _day(rows: pa.Table, kind: Kind) -> pa.ChunkedArray:
    return pc.coalesce(*(rows[name] for name in kind.dates))


def _guarded_ids(ids: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    long = has_long_number(ids)
    if not long.any():
        return ids
    digits = pc.replace_substring_regex(pc.if_else(pa.array(long), ids, None), r"\D", "")
    return pc.coalesce(pseudonymiser.column("nik", digits), ids)


def _counted(keys: pa.Array, content: pa.ChunkedArray) -> pa.Array:
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


def repeated(keys: pa.Array, content: pa.Array) -> "pd.DataFrame":
    """Rows of one file that share a key.

    Returns
    -------
    DataFrame
        ``(n,)`` rows with ``taken`` (the last row of its key: a later row corrects an earlier),
        ``same`` (says what the taken one says) and ``count`` (rows of the key that say so).
    """
    frame = pd.DataFrame({"key": keys.to_pylist(), "content": content.to_pylist()})
    groups = frame.groupby("key", sort=False)
    frame["same"] = frame["content"] == groups["content"].transform("last")
    frame["taken"] = ~frame["key"].duplicated(keep="last")
    frame["count"] = frame.groupby("key", sort=False)["same"].transform("sum")
    return frame[["taken", "same", "count"]]
