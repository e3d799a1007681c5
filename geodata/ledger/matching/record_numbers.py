"""Find records by their numbers in any spelling, and by further numbers (aliases)."""

from collections.abc import Sequence
from typing import Final

import pandas as pd
import pyarrow as pa

from geodata.errors import NotFoundError
from geodata.records import KINDS
from geodata.records.record_ids import normal_id, normal_ids
from geodata.store import Reads

_ALIASES: Final = "select alias, record from record_alias where kind = $1"
_MAX_LISTED: Final = 5


def read_aliases(reads: Reads, kind: str) -> dict[str, str]:
    """Keys of records by their aliases; an alias is in normal form."""
    rows = reads.read(_ALIASES, kind)
    return dict(zip(rows["alias"].to_pylist(), rows["record"].to_pylist(), strict=True))


def keys_by_number(keys: Sequence[str]) -> "pd.Series[str]":
    """Keys by their normal form; the first key where several have the same form."""
    forms = pd.Index(normal_ids(pa.array(keys)).to_pylist(), dtype=object)
    keys_of_forms = pd.Series(list(keys), index=forms, dtype=object)
    return keys_of_forms[~keys_of_forms.index.duplicated()]


def known_keys(reads: Reads, kind: str, ids: Sequence[str]) -> list[str]:
    """Keys of the records that the ids name, in any spelling; unknown ids are left out."""
    keys_of_ids = _keys_by_text(reads, kind, ids)
    return list(dict.fromkeys(key for key in keys_of_ids.values() if key is not None))


def find_keys(reads: Reads, kind: str, ids: Sequence[str]) -> list[str]:
    """Keys of the records that the ids name, in any spelling.

    Raises
    ------
    NotFoundError
        ``no-record``, with the ids that name no record.
    """
    keys_of_ids = _keys_by_text(reads, kind, ids)
    missing = [text for text, key in keys_of_ids.items() if key is None]
    if missing:
        raise unknown_records_error(kind, missing)
    return list(dict.fromkeys(key for key in keys_of_ids.values() if key is not None))


def _keys_by_text(reads: Reads, kind: str, ids: Sequence[str]) -> dict[str, str | None]:
    """Key of each id; None if the id names no record."""
    stored_keys = sorted(reads.read(KINDS[kind].sql.keys)["key"].to_pylist())
    exact, by_number = set(stored_keys), keys_by_number(stored_keys)
    aliases = read_aliases(reads, kind)

    def key_of(text: str) -> str | None:
        normal_form = normal_id(text)
        return text if text in exact else by_number.get(normal_form, aliases.get(normal_form))

    return {text: key_of(text) for text in ids}


def unknown_records_error(kind: str, ids: Sequence[str]) -> NotFoundError:
    """The error for ids that name no record."""
    # A user may type a NIK by mistake; the sentence must not repeat the NIK.
    shown_ids = [text if sum(map(str.isdigit, text)) < 16 else "..." for text in ids[:_MAX_LISTED]]
    return NotFoundError(
        "no-record",
        f"{len(ids)} of the ids name no record of {kind}: {', '.join(shown_ids)}"
        f"{', ...' if len(ids) > _MAX_LISTED else ''}. Nothing was changed. Look the ids up with "
        "`mikrozonasi records list`.",
        indonesian=f"{len(ids)} id tidak menunjuk catatan {kind}: "
        f"{', '.join(shown_ids)}{', ...' if len(ids) > _MAX_LISTED else ''}. Tidak ada yang "
        "diubah. Cari id dengan `mikrozonasi records list`.",
    )
