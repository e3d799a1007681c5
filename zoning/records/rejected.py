"""Rows that were turned away, as a table one can read, mend and hand in again."""

import json
from typing import Final

import pandas as pd

from geodata.records import KINDS
from geodata.store import Store
from zoning.records.keeping import rejected_rows
from zoning.records.mending import MENDS

_FIRST: Final = ("kind", "source", "row", "recorded_at", "reasons", MENDS)


def rejected_frame(store: Store, kind: str | None = None) -> pd.DataFrame:
    """Rejected rows that are not mended yet, oldest first.

    Parameters
    ----------
    kind
        ``cases`` or ``newcomers``; both where not given.

    Returns
    -------
    DataFrame
        ``kind``, ``source`` (the file), ``row`` in it, ``recorded_at`` (UTC), ``reasons`` as
        text, ``mends`` by which the mended row is known again when it is loaded, then the row's
        own columns as they were written; NIK and KK as pseudonyms that may be loaded again.
    """
    kept = rejected_rows(store, kind)
    first = kept.drop_columns(["reasons", "record"]).to_pandas()
    first = first.rename(columns={"row_number": "row", "digest": MENDS})
    first["reasons"] = [_told(text) for text in kept["reasons"].to_pylist()]
    there = set(kept["kind"].to_pylist()) if kind is None else {kind}
    kinds = [one for one in KINDS.values() if one.name in there or not there]
    own = dict.fromkeys(f.name for k in kinds for f in k.fields if f.form != "person")
    records = [json.loads(text) for text in kept["record"].to_pylist()]
    columns = {name: [record.get(name) for record in records] for name in own}
    rest = pd.DataFrame(columns, index=first.index, dtype=object)
    whole: pd.DataFrame = pd.concat([first[list(_FIRST)], rest], axis=1)
    return whole


def _told(reasons: str) -> str:
    return " ".join(
        f"{reason['field'] or 'row'}: {reason['code']}. {reason['message']}"
        for reason in json.loads(reasons)
    )
