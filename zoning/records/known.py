"""Records as the database knows them: the newest version of each, and other numbers they go by."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

import pandas as pd
import pyarrow as pa

from geodata.errors import NotFoundError
from geodata.records.record_ids import normal_id, normal_ids
from geodata.store import Reads

_NEWEST: Final = {
    "cases": """
select distinct on (case_id) * from case_version
where recorded_at <= $1 or batch = $2 order by case_id, version desc
""",
    "newcomers": """
select distinct on (newcomer_id) * from newcomer_version
where recorded_at <= $1 or batch = $2 order by newcomer_id, version desc
""",
    "places": """
select distinct on (place_id) * from place_version
where recorded_at <= $1 or batch = $2 order by place_id, version desc
""",
    "indicators": """
select distinct on (indicator_id) * from indicator_version
where recorded_at <= $1 or batch = $2 order by indicator_id, version desc
""",
}
_KEYS: Final = {
    "cases": "select distinct case_id as key from case_version",
    "newcomers": "select distinct newcomer_id as key from newcomer_version",
    "places": "select distinct place_id as key from place_version",
    "indicators": "select distinct indicator_id as key from indicator_version",
}
_ALIASES: Final = "select alias, record from record_alias where kind = $1"
_EVER: Final = datetime.max  # noqa: DTZ901  (the tables keep UTC without a zone)
_MOST_NAMED: Final = 5


def newest_versions(
    reads: Reads, kind: str, *, known_at: datetime | None = None, batch: str | None = None
) -> pa.Table:
    """The newest version of every record of a kind, withdrawn ones too.

    Parameters
    ----------
    known_at
        As known at that moment (UTC, without a zone); now where not given.
    batch
        Versions that this batch brought count whenever they came.
    """
    return reads.read(_NEWEST[kind], known_at or _EVER, batch or "")


def aliases(reads: Reads, kind: str) -> dict[str, str]:
    """Keys of records by the other numbers that they go by, in their normal form."""
    found = reads.read(_ALIASES, kind)
    return dict(zip(found["alias"].to_pylist(), found["record"].to_pylist(), strict=True))


def keys_by_number(keys: Sequence[str]) -> "pd.Series[str]":
    """Keys by their normal form; of several keys of one form the first."""
    forms = pd.Index(normal_ids(pa.array(keys, pa.string())).to_pylist(), dtype=object)
    found = pd.Series(list(keys), index=forms, dtype=object)
    return found[~found.index.duplicated()]


def known_keys(reads: Reads, kind: str, ids: Sequence[str]) -> list[str]:
    """Keys of the records that some ids name, however they are written; of no record none."""
    found = _found(reads, kind, ids)
    return list(dict.fromkeys(key for key in found.values() if key is not None))


def find_keys(reads: Reads, kind: str, ids: Sequence[str]) -> list[str]:
    """The same.

    Raises
    ------
    NotFoundError
        ``no-record``, with the ids that name no record.
    """
    found = _found(reads, kind, ids)
    missing = [text for text, key in found.items() if key is None]
    if missing:
        raise no_record(kind, missing)
    return list(dict.fromkeys(key for key in found.values() if key is not None))


def _found(reads: Reads, kind: str, ids: Sequence[str]) -> dict[str, str | None]:
    """Key of each id, None where it names no record."""
    known = sorted(reads.read(_KEYS[kind])["key"].to_pylist())
    exact, by_number = set(known), keys_by_number(known)
    also = aliases(reads, kind)

    def key_of(text: str) -> str | None:
        form = normal_id(text)
        return text if text in exact else by_number.get(form, also.get(form))

    return {text: key_of(text) for text in ids}


def no_record(kind: str, ids: Sequence[str]) -> NotFoundError:
    """The error for ids that name no record."""
    # A NIK may have been typed by mistake; none is said again.
    named = [text if sum(map(str.isdigit, text)) < 16 else "..." for text in ids[:_MOST_NAMED]]
    return NotFoundError(
        "no-record",
        f"{len(ids)} of the ids name no record of {kind}: {', '.join(named)}"
        f"{', ...' if len(ids) > _MOST_NAMED else ''}. Look ids up with "
        "`mikrozonasi records list`; nothing was changed.",
        indonesian=f"{len(ids)} id tidak menunjuk catatan {kind}: "
        f"{', '.join(named)}{', ...' if len(ids) > _MOST_NAMED else ''}. Cari id dengan "
        "`mikrozonasi records list`; tidak ada yang diubah.",
    )
