"""Erasing a person: their data goes, from every version of every record; the counts stay.

What remains of a record are its dates, its status, its RT and a random mark of its house, so that
every run and every past moment says what it said. Where it lay becomes a point of the RT, the same
for everyone there. A keyed mark of the record's key keeps an old file from bringing it back.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import pyarrow as pa

from geodata.addresses import decisions
from geodata.boundaries import load_boundaries
from geodata.houses import HouseReader
from geodata.ledger.erased import (
    erasable_kinds,
    erase_versions,
    finish_erasing,
    persons_of,
    versions_of,
)
from geodata.ledger.matching.record_numbers import known_keys, no_record
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import KINDS
from geodata.store import Store, Transaction
from zoning.placing.placements import Placer
from zoning.records.coarsening import coarsened
from zoning.records.erased_houses import mark_houses

_VERSIONS: Final = "select distinct boundaries from boundary_version order by boundaries"


class Erased(NamedTuple):
    """What was erased."""

    records: int
    versions: int
    moved: int
    """Versions that lie elsewhere on some boundaries now: none, unless their fields name an RT
    that other boundaries have elsewhere."""


def erase_persons(
    store: Store,
    secret: Pseudonymiser,
    *,
    niks: Sequence[str] = (),
    ids: Sequence[str] = (),
    who: str,
) -> Erased:
    """Erase persons: all versions of all their records, or nothing.

    Parameters
    ----------
    niks
        Sixteen digits each.
    ids
        Keys of records; whoever they are of, all their records are meant.
    who
        By whose hand; kept in the audit with the moment and the number of versions.

    Raises
    ------
    NotFoundError
        ``no-record`` if one of the ids names no record.
    """
    with store.transaction() as work:
        keys = {kind: _keys(work, kind, ids) for kind in erasable_kinds()}
        missing = [text for text in ids if not any(text in found for found in keys.values())]
        if missing:
            raise no_record("cases or newcomers", missing)
        named = sorted({key for found in keys.values() for key in found.values()})
        persons = persons_of(work, [secret.nik(nik) for nik in niks], named)
        done = [_erase(work, kind, persons, named, secret) for kind in erasable_kinds()]
        whole = Erased(*(sum(each) for each in zip(*done, strict=True)))
        finish_erasing(work, persons, who, whole.versions)
    return whole


def _keys(work: Transaction, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """Keys of the records of a kind by the ids that name them; ids of others are left out."""
    return {text: key for text in ids for key in known_keys(work, kind, [text])}


def _erase(
    work: Transaction, kind: str, persons: list[str], ids: list[str], secret: Pseudonymiser
) -> Erased:
    rows = versions_of(work, kind, persons, ids)
    if rows.num_rows == 0:
        return Erased(0, 0, 0)
    loaded = work.read(_VERSIONS)["boundaries"].to_pylist()
    decided = decisions(work)
    prefer = work.settings.prefer
    placers = [
        Placer(load_boundaries(work, each), prefer=prefer, decisions=decided) for each in loaded
    ]
    houses = pa.nulls(rows.num_rows, pa.string())
    if KINDS[kind].episodes:
        houses = mark_houses(work, rows, HouseReader.of(*(each.boundaries for each in placers)))
    place, moved = coarsened(rows, placers)
    erase_versions(work, kind, rows, place | {"house": houses}, secret)
    return Erased(len(set(rows[KINDS[kind].key].to_pylist())), rows.num_rows, moved)
