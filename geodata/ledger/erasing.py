"""Erase persons: replace their data in the versions of records, and keep a tombstone of each key.

A tombstone is the keyed hash of a record's key. The tombstone keeps an old file from adding the
record again. `zoning.records.erasing` decides the RT and the house of an erased record.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Final
from uuid import uuid4

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import KINDS
from geodata.records.kinds import ErasingStatements
from geodata.records.record_ids import normal_ids
from geodata.store import Reads, Transaction

_ALIASES: Final = "select alias from record_alias where kind = $1 and record = any($2) order by 1"
_DELETE_ALIASES: Final = "delete from record_alias where kind = $1 and record = any($2)"
_RENAME_KEY: Final = (
    "update case_version set double_of = $1 where double_of = $2",
    "update double_decision set first_id = $1 where first_id = $2",
    "update double_decision set second_id = $1 where second_id = $2",
    "update double_decision set stands = $1 where stands = $2",
)
_REJECTED: Final = "update rejected set record = '{}' where position($1 in record) > 0"
_ADD_TOMBSTONES: Final = """
insert into erased (kind, tombstone, recorded_at)
select kind, tombstone, recorded_at from stage order by kind, tombstone
on conflict (kind, tombstone) do nothing
"""
_TOMBSTONES: Final = "select tombstone from erased where kind = $1"
_ADD_AUDIT_LINE: Final = "insert into audit values ($1, $2, 'erase', 'a person', $3)"
_COMPUTED_KEY: Final = re.compile(r"[0-9a-f]{32}")


def erasable_kinds() -> tuple[str, ...]:
    """Kinds of records of persons, in the order of erasing."""
    return tuple(kind.name for kind in KINDS.values() if kind.erasing is not None)


def _erasing_statements(kind: str) -> ErasingStatements:
    sql = KINDS[kind].erasing
    if sql is None:
        raise ValueError(kind)
    return sql


def find_persons(reads: Reads, pseudonyms: Sequence[str], keys: Sequence[str]) -> list[str]:
    """The pseudonyms, and the NIK of the records with these keys (pseudonyms too)."""
    persons = set(pseudonyms)
    for kind in erasable_kinds() if keys else ():
        persons |= set(
            reads.read(_erasing_statements(kind).persons_of_keys, list(keys))["nik"].to_pylist()
        )
    return sorted(persons)


def find_versions(reads: Reads, kind: str, persons: Sequence[str], keys: Sequence[str]) -> pa.Table:
    """Every version of the records of these persons and of the records with these keys."""
    sql, record_keys = _erasing_statements(kind), set(keys)
    if persons:
        record_keys |= set(reads.read(sql.keys_of_persons, list(persons))["key"].to_pylist())
    return reads.read(sql.versions, sorted(record_keys))


def erase_versions(
    work: Transaction,
    kind: str,
    versions: pa.Table,
    remaining: Mapping[str, pa.Array],
    secret: Pseudonymiser,
) -> None:
    """Replace versions of records by the data that may stay, and add tombstones of their old keys.

    Parameters
    ----------
    versions
        As `find_versions`.
    remaining
        The columns that stay besides dates and status: ``rt, rw, kelurahan, kecamatan, lon, lat,
        house``.
    """
    old_keys = versions[KINDS[kind].key].to_pylist()
    new_keys = _new_keys(old_keys)
    columns = {
        "old_key": pa.array(old_keys),
        "new_key": pa.array(new_keys),
        "version": versions["version"],
        "digest": pa.array([f"erased-{uuid4().hex}" for _ in old_keys]),
    }
    work.append(_erasing_statements(kind).replace, pa.table(columns | dict(remaining)))
    aliases = work.read(_ALIASES, kind, sorted(set(old_keys)))["alias"].to_pylist()
    _add_tombstones(work, kind, sorted({*old_keys, *aliases}), secret)
    _rename_references(work, kind, dict(zip(old_keys, new_keys, strict=True)))


def finish_erasing(work: Transaction, persons: Sequence[str], who: str, versions: int) -> None:
    """Empty the rejected rows of persons, and add an audit line with the number of versions."""
    for person in persons:
        work.execute(_REJECTED, person)
    work.execute(_ADD_AUDIT_LINE, work.moment, who, versions)


def without_erased(
    reads: Reads, kind: str, records: pa.Table, secret: Pseudonymiser
) -> tuple[pa.Table, int]:
    """Records of a file without erased persons, and the number of rows left out."""
    tombstones = reads.read(_TOMBSTONES, kind)["tombstone"].to_pylist()
    if not tombstones:
        return records, 0
    keys = records[KINDS[kind].key]
    erased = np.isin(_tombstones(secret, kind, keys.to_pylist()), tombstones)
    erased |= np.isin(_tombstones(secret, kind, normal_ids(keys).to_pylist()), tombstones)
    erased = pa.array(erased)
    rows = int(pc.sum(records.filter(erased)["count"]).as_py() or 0)
    return records.filter(pc.invert(erased)), rows


def _rename_references(work: Transaction, kind: str, new_key_of: Mapping[str, str]) -> None:
    """Replace the old keys of erased records in all references to them."""
    work.execute(_DELETE_ALIASES, kind, sorted(new_key_of))
    if not KINDS[kind].episodes:
        return
    for old_key, new_key in new_key_of.items():
        if old_key != new_key:
            for sql in _RENAME_KEY:
                work.execute(sql, new_key, old_key)


def _new_keys(keys: Sequence[str]) -> list[str]:
    """New keys: a key that was computed from a person becomes random; a city's own number stays."""
    random_keys = {
        key: f"erased-{uuid4().hex}" for key in set(keys) if _COMPUTED_KEY.fullmatch(key)
    }
    return [random_keys.get(key, key) for key in keys]


def _add_tombstones(
    work: Transaction, kind: str, keys: Sequence[str], secret: Pseudonymiser
) -> None:
    rows = pd.DataFrame({"tombstone": _tombstones(secret, kind, keys)})
    rows["kind"], rows["recorded_at"] = kind, pd.Timestamp(work.moment).as_unit("us")
    work.append(_ADD_TOMBSTONES, pa.Table.from_pandas(rows, preserve_index=False))


def _tombstones(secret: Pseudonymiser, kind: str, keys: Sequence[str]) -> list[str]:
    texts = pa.array([f"{kind} {key}" for key in keys], pa.string())
    tombstones: list[str] = secret.column("erased", texts).to_pylist()
    return tombstones
