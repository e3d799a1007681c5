"""Erasing a person: removes the person's data from every version of every record; counts stay.

A record keeps its dates, its status, its RT and a random mark of its house, so that every run and
every past moment stay the same. Its location becomes a point of the RT, the same for all records of
the RT. A keyed digest of the record's key prevents that an old file adds the record again.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import pyarrow as pa

from geodata.addresses import read_decisions
from geodata.boundaries import load_boundaries
from geodata.houses import HouseReader
from geodata.ledger.erasing import (
    erasable_kinds,
    erase_versions,
    find_persons,
    find_versions,
    finish_erasing,
)
from geodata.ledger.matching.record_numbers import known_keys, unknown_records_error
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import KINDS
from geodata.store import Store, Transaction
from zoning.placing.placements import Placer
from zoning.records.coarsening import coarse_locations
from zoning.records.erased_houses import mark_houses

_VERSIONS: Final = "select distinct boundaries from boundary_version order by boundaries"


class Erased(NamedTuple):
    """Numbers of erased records and versions."""

    records: int
    versions: int
    moved: int
    """Versions that are now in another RT in some version of the boundaries. This happens only if
    their fields name an RT that another version of the boundaries has in another area."""


def erase_persons(
    store: Store,
    secret: Pseudonymiser,
    *,
    niks: Sequence[str] = (),
    ids: Sequence[str] = (),
    who: str,
) -> Erased:
    """Erase persons: all versions of all their records, in one transaction.

    Parameters
    ----------
    niks
        NIK of the persons, sixteen digits each.
    ids
        Keys of records; all records of the same persons are erased.
    who
        Who erases; stored in the audit log with the moment and the number of versions.

    Raises
    ------
    NotFoundError
        ``no-record`` if an id names no record.
    """
    with store.transaction() as work:
        keys_by_kind = {kind: _keys_by_id(work, kind, ids) for kind in erasable_kinds()}
        missing = [text for text in ids if not any(text in k for k in keys_by_kind.values())]
        if missing:
            raise unknown_records_error("cases or newcomers", missing)
        keys = sorted({key for keys_by_id in keys_by_kind.values() for key in keys_by_id.values()})
        persons = find_persons(work, [secret.nik(nik) for nik in niks], keys)
        erased = [_erase_kind(work, kind, persons, keys, secret) for kind in erasable_kinds()]
        total = Erased(*(sum(counts) for counts in zip(*erased, strict=True)))
        finish_erasing(work, persons, who, total.versions)
    return total


def _keys_by_id(work: Transaction, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """Keys of the records of a kind by id; ids of other kinds are omitted."""
    return {text: key for text in ids for key in known_keys(work, kind, [text])}


def _erase_kind(
    work: Transaction, kind: str, persons: list[str], keys: list[str], secret: Pseudonymiser
) -> Erased:
    rows = find_versions(work, kind, persons, keys)
    if rows.num_rows == 0:
        return Erased(0, 0, 0)
    versions = work.read(_VERSIONS)["boundaries"].to_pylist()
    address_decisions = read_decisions(work)
    prefer = work.settings.prefer
    placers = [
        Placer(load_boundaries(work, version), prefer=prefer, decisions=address_decisions)
        for version in versions
    ]
    houses = pa.nulls(rows.num_rows, pa.string())
    if KINDS[kind].episodes:
        reader = HouseReader.of(*(placer.boundaries for placer in placers))
        houses = mark_houses(work, rows, reader)
    locations, moved = coarse_locations(rows, placers)
    erase_versions(work, kind, rows, locations | {"house": houses}, secret)
    return Erased(len(set(rows[KINDS[kind].key].to_pylist())), rows.num_rows, moved)
