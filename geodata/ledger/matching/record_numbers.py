"""Records found by their numbers, however a number is written, and by other numbers they go by."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import pyarrow as pa

from geodata.errors import NotFoundError
from geodata.records import KINDS
from geodata.records.record_ids import normal_id, normal_ids
from geodata.store import Reads

_ALIASES: Final = "select alias, record from record_alias where kind = $1"
_MOST_NAMED: Final = 5


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
    known = sorted(reads.read(KINDS[kind].sql.keys)["key"].to_pylist())
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
