"""Rejected rows as a table that a person can read, mend and load again."""

import json
from typing import Final

import pandas as pd
import pyarrow as pa

from geodata.language import Bilingual, Language
from geodata.ledger.dismissing import dismissed_rows, rejected_rows, row_id
from geodata.ledger.mending import MENDS
from geodata.records import KINDS
from geodata.records.rejects import told_reasons
from geodata.store import Store

_FIRST: Final = ("row_id", "kind", "source", "row", "recorded_at", "reasons", MENDS)


def rejected_frame(
    store: Store, kind: str | None = None, *, language: Language = "en"
) -> pd.DataFrame:
    """Rejected rows that are neither mended nor dismissed, oldest first.

    Parameters
    ----------
    kind
        ``cases`` or ``newcomers``; both where not given.
    language
        Of the sentences in ``reasons``.

    Returns
    -------
    DataFrame
        ``row_id`` by which a row is dismissed, ``kind``, ``source`` (the file), ``row`` in it,
        ``recorded_at`` (UTC), ``reasons`` as text, ``mends`` by which the mended row is known
        again when it is loaded, then the row's own columns as they were written; NIK and KK as
        pseudonyms that may be loaded again.
    """
    return _frame(rejected_rows(store, kind), kind, language)


def dismissed_frame(
    store: Store, kind: str | None = None, *, language: Language = "en"
) -> pd.DataFrame:
    """Rejected rows that were closed, oldest first; ``closed`` says why. See `rejected_frame`."""
    kept = dismissed_rows(store, kind)
    frame = _frame(kept.drop_columns(["reason"]), kind, language)
    frame.insert(_FIRST.index("reasons"), "closed", kept["reason"].to_pylist())
    return frame


def _frame(kept: pa.Table, kind: str | None, language: Language) -> pd.DataFrame:
    first = kept.drop_columns(["reasons", "record"]).to_pandas()
    first = first.rename(columns={"row_number": "row", "digest": MENDS})
    first["row_id"] = [row_id(digest) for digest in kept["digest"].to_pylist()]
    pairs = zip(kept["reasons"].to_pylist(), kept["record"].to_pylist(), strict=True)
    first["reasons"] = [_told(reasons, record, language) for reasons, record in pairs]
    there = set(kept["kind"].to_pylist()) if kind is None else {kind}
    kinds = [one for one in KINDS.values() if one.name in there or not there]
    own = dict.fromkeys(f.name for k in kinds for f in k.fields if f.form != "person")
    records = [json.loads(text) for text in kept["record"].to_pylist()]
    columns = {name: [record.get(name) for record in records] for name in own}
    rest = pd.DataFrame(columns, index=first.index, dtype=object)
    whole: pd.DataFrame = pd.concat([first[list(_FIRST)], rest], axis=1)
    return whole


def _told(reasons: str, record: str, language: Language) -> str:
    row = Bilingual("baris", "row").text(language)
    return " ".join(
        f"{reason['field'] or row}: {reason['code']}. {reason['message']}"
        for reason in told_reasons(reasons, record, language=language)
    )
