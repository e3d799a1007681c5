"""Rejected rows as a table that a person can read, mend and load again."""

import json
from typing import Final

import pandas as pd
import pyarrow as pa

from geodata.language import Bilingual, Language
from geodata.ledger.dismissing import dismissed_rows, rejected_rows, row_id
from geodata.ledger.mending import MENDS_COLUMN
from geodata.records import KINDS
from geodata.records.rejects import readable_reasons
from geodata.store import Store

_FIRST_COLUMNS: Final = ("row_id", "kind", "source", "row", "recorded_at", "reasons", MENDS_COLUMN)


def rejected_frame(
    store: Store, kind: str | None = None, *, language: Language = "en"
) -> pd.DataFrame:
    """Rejected rows that are neither mended nor dismissed, oldest first.

    Parameters
    ----------
    kind
        For instance ``cases``; None means every kind.
    language
        Language of the sentences in ``reasons``.

    Returns
    -------
    DataFrame
        ``row_id`` (to dismiss the row), ``kind``, ``source`` (the file), ``row`` (line of the
        file), ``recorded_at`` (UTC), ``reasons`` as text, ``mends`` (links the mended row to this
        row when the list is loaded again), then the row's own columns as they were written. NIK
        and KK are pseudonyms that may be loaded again.
    """
    return _frame(rejected_rows(store, kind), kind, language)


def dismissed_frame(
    store: Store, kind: str | None = None, *, language: Language = "en"
) -> pd.DataFrame:
    """Dismissed rejected rows, oldest first; ``closed`` is the reason. See `rejected_frame`."""
    rows = dismissed_rows(store, kind)
    frame = _frame(rows.drop_columns(["reason"]), kind, language)
    frame.insert(_FIRST_COLUMNS.index("reasons"), "closed", rows["reason"].to_pylist())
    return frame


def _frame(rows: pa.Table, kind: str | None, language: Language) -> pd.DataFrame:
    frame = rows.drop_columns(["reasons", "record"]).to_pandas()
    frame = frame.rename(columns={"row_number": "row", "digest": MENDS_COLUMN})
    frame["row_id"] = [row_id(digest) for digest in rows["digest"].to_pylist()]
    pairs = zip(rows["reasons"].to_pylist(), rows["record"].to_pylist(), strict=True)
    frame["reasons"] = [_reasons_text(reasons, record, language) for reasons, record in pairs]
    kinds_of_rows = set(rows["kind"].to_pylist()) if kind is None else {kind}
    kinds = [
        record_kind
        for record_kind in KINDS.values()
        if record_kind.name in kinds_of_rows or not kinds_of_rows
    ]
    field_names = dict.fromkeys(
        field.name
        for record_kind in kinds
        for field in record_kind.fields
        if field.form != "person"
    )
    records = [json.loads(text) for text in rows["record"].to_pylist()]
    columns = {name: [record.get(name) for record in records] for name in field_names}
    field_values = pd.DataFrame(columns, index=frame.index, dtype=object)
    table: pd.DataFrame = pd.concat([frame[list(_FIRST_COLUMNS)], field_values], axis=1)
    return table


def _reasons_text(reasons: str, record: str, language: Language) -> str:
    row_word = Bilingual("baris", "row").text(language)
    return " ".join(
        f"{reason['field'] or row_word}: {reason['code']}. {reason['message']}"
        for reason in readable_reasons(reasons, record, language=language)
    )
