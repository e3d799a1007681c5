"""Erasing a person: their data goes, from every version of every record; the counts stay.

What remains of a record are its dates, its status, its RT and a random mark of its house, so that
every run and every past moment says what it said. Where it lay becomes a point of the RT, the same
for everyone there. A keyed mark of the record's key keeps an old file from bringing it back.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.addresses import decisions
from geodata.boundaries import load_boundaries
from geodata.houses import HouseReader
from geodata.identity import Pseudonymiser
from geodata.records import KINDS
from geodata.records.record_ids import normal_ids
from geodata.store import Reads, Store, Transaction
from zoning.placing.placements import Placer
from zoning.records.coarsening import coarsened
from zoning.records.erased_houses import mark_houses
from zoning.records.known import known_keys, no_record

_IDS: Final = {
    "cases": "select distinct case_id as key from case_version where nik = any($1) order by 1",
    "newcomers": "select distinct newcomer_id as key from newcomer_version where nik = any($1) "
    "order by 1",
}
_NIKS: Final = {
    "cases": "select distinct nik from case_version where case_id = any($1) and nik is not null",
    "newcomers": "select distinct nik from newcomer_version where newcomer_id = any($1) "
    "and nik is not null",
}
_ROWS: Final = {
    "cases": "select * from case_version where case_id = any($1) order by case_id, version",
    "newcomers": "select * from newcomer_version where newcomer_id = any($1) "
    "order by newcomer_id, version",
}
_ERASE: Final = {
    "cases": """
update case_version as v set case_id = stage.new_key, digest = stage.digest, nik = null,
    kk = null, address = null, rt = stage.rt, rw = stage.rw, kelurahan = stage.kelurahan,
    kecamatan = stage.kecamatan, lon = stage.lon, lat = stage.lat, point_reading = null,
    house = stage.house, person = null
from stage where v.case_id = stage.old_key and v.version = stage.version
""",
    "newcomers": """
update newcomer_version as v set newcomer_id = stage.new_key, digest = stage.digest, nik = null,
    kk = null, address = null, rt = stage.rt, rw = stage.rw, kelurahan = stage.kelurahan,
    kecamatan = stage.kecamatan, lon = stage.lon, lat = stage.lat, point_reading = null,
    origin = null, person = null
from stage where v.newcomer_id = stage.old_key and v.version = stage.version
""",
}
_ALIASES: Final = "select alias from record_alias where kind = $1 and record = any($2) order by 1"
_FORGET_ALIASES: Final = "delete from record_alias where kind = $1 and record = any($2)"
_RENAME: Final = (
    "update case_version set double_of = $1 where double_of = $2",
    "update double_decision set first_id = $1 where first_id = $2",
    "update double_decision set second_id = $1 where second_id = $2",
    "update double_decision set stands = $1 where stands = $2",
)
_VERSIONS: Final = "select distinct boundaries from boundary_version order by boundaries"
_REJECTED: Final = "update rejected set record = '{}' where position($1 in record) > 0"
_BURY: Final = """
insert into erased (kind, tombstone, recorded_at)
select kind, tombstone, recorded_at from stage order by kind, tombstone
on conflict (kind, tombstone) do nothing
"""
_BURIED: Final = "select tombstone from erased where kind = $1"
_NOTE: Final = "insert into audit values ($1, $2, 'erase', 'a person', $3)"
_MADE_KEY: Final = re.compile(r"[0-9a-f]{32}")


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
        keys = {kind: _keys(work, kind, ids) for kind in _IDS}
        missing = [text for text in ids if not any(text in found for found in keys.values())]
        if missing:
            raise no_record("cases or newcomers", missing)
        named = sorted({key for found in keys.values() for key in found.values()})
        persons = _persons(work, [secret.nik(nik) for nik in niks], named)
        done = [_erase(work, kind, persons, named, secret) for kind in KINDS if kind in _IDS]
        for person in persons:
            work.execute(_REJECTED, person)
        whole = Erased(*(sum(each) for each in zip(*done, strict=True)))
        work.execute(_NOTE, work.moment, who, whole.versions)
    return whole


def _keys(work: Transaction, kind: str, ids: Sequence[str]) -> dict[str, str]:
    """Keys of the records of a kind by the ids that name them; ids of others are left out."""
    return {text: key for text in ids for key in known_keys(work, kind, [text])}


def without_erased(
    reads: Reads, kind: str, records: pa.Table, secret: Pseudonymiser
) -> tuple[pa.Table, int]:
    """Records of a file without those of erased persons, and how many rows these were."""
    buried = reads.read(_BURIED, kind)["tombstone"].to_pylist()
    if not buried:
        return records, 0
    keys = records[KINDS[kind].key]
    gone = np.isin(_tombstones(secret, kind, keys.to_pylist()), buried)
    gone |= np.isin(_tombstones(secret, kind, normal_ids(keys).to_pylist()), buried)
    gone = pa.array(gone)
    rows = int(pc.sum(records.filter(gone)["count"]).as_py() or 0)
    return records.filter(pc.invert(gone)), rows


def _persons(work: Transaction, pseudonyms: Sequence[str], ids: Sequence[str]) -> list[str]:
    found = set(pseudonyms)
    for sql in _NIKS.values():
        found |= set(work.read(sql, list(ids))["nik"].to_pylist()) if ids else set()
    return sorted(found)


def _erase(
    work: Transaction, kind: str, persons: list[str], ids: list[str], secret: Pseudonymiser
) -> Erased:
    keys = set(work.read(_IDS[kind], persons)["key"].to_pylist()) if persons else set()
    rows = work.read(_ROWS[kind], sorted(keys | set(ids)))
    if rows.num_rows == 0:
        return Erased(0, 0, 0)
    versions = work.read(_VERSIONS)["boundaries"].to_pylist()
    decided = decisions(work)
    prefer = work.settings.prefer
    placers = [
        Placer(load_boundaries(work, one), prefer=prefer, decisions=decided) for one in versions
    ]
    houses = pa.nulls(rows.num_rows, pa.string())
    if kind == "cases":
        houses = mark_houses(work, rows, HouseReader.of(*(one.boundaries for one in placers)))
    place, moved = coarsened(rows, placers)
    old = rows[KINDS[kind].key].to_pylist()
    new = _new_keys(old)
    columns = {
        "old_key": pa.array(old),
        "new_key": pa.array(new),
        "version": rows["version"],
        "digest": pa.array([f"erased-{uuid4().hex}" for _ in old]),
        "house": houses,
    }
    work.append(_ERASE[kind], pa.table(columns | place))
    also = work.read(_ALIASES, kind, sorted(set(old)))["alias"].to_pylist()
    _bury(work, kind, sorted({*old, *also}), secret)
    _follow(work, kind, dict(zip(old, new, strict=True)))
    return Erased(len(set(old)), len(old), moved)


def _follow(work: Transaction, kind: str, renamed: Mapping[str, str]) -> None:
    """Let nothing that speaks of the erased records name them by their old keys."""
    work.execute(_FORGET_ALIASES, kind, sorted(renamed))
    if kind != "cases":
        return
    for old, new in renamed.items():
        if old != new:
            for sql in _RENAME:
                work.execute(sql, new, old)


def _new_keys(keys: Sequence[str]) -> list[str]:
    """Keys that were made of a person become random; a city's own numbers stay."""
    fresh = {key: f"erased-{uuid4().hex}" for key in set(keys) if _MADE_KEY.fullmatch(key)}
    return [fresh.get(key, key) for key in keys]


def _bury(work: Transaction, kind: str, keys: Sequence[str], secret: Pseudonymiser) -> None:
    rows = pd.DataFrame({"tombstone": _tombstones(secret, kind, keys)})
    rows["kind"], rows["recorded_at"] = kind, pd.Timestamp(work.moment).as_unit("us")
    work.append(_BURY, pa.Table.from_pandas(rows, preserve_index=False))


def _tombstones(secret: Pseudonymiser, kind: str, keys: Sequence[str]) -> list[str]:
    texts = pa.array([f"{kind} {key}" for key in keys], pa.string())
    found: list[str] = secret.column("erased", texts).to_pylist()
    return found
