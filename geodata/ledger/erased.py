"""Erased persons: their data in versions of records replaced, their keys kept as keyed marks.

The keyed mark of a record's key (tombstone) keeps an old file from bringing the record back. Where
an erased record lies, and in which house, is decided in `zoning.records.erasing`.
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
_FORGET_ALIASES: Final = "delete from record_alias where kind = $1 and record = any($2)"
_RENAME: Final = (
    "update case_version set double_of = $1 where double_of = $2",
    "update double_decision set first_id = $1 where first_id = $2",
    "update double_decision set second_id = $1 where second_id = $2",
    "update double_decision set stands = $1 where stands = $2",
)
_REJECTED: Final = "update rejected set record = '{}' where position($1 in record) > 0"
_BURY: Final = """
insert into erased (kind, tombstone, recorded_at)
select kind, tombstone, recorded_at from stage order by kind, tombstone
on conflict (kind, tombstone) do nothing
"""
_BURIED: Final = "select tombstone from erased where kind = $1"
_NOTE: Final = "insert into audit values ($1, $2, 'erase', 'a person', $3)"
_MADE_KEY: Final = re.compile(r"[0-9a-f]{32}")


def erasable_kinds() -> tuple[str, ...]:
    """Kinds whose records are of persons, in the order in which they are erased."""
    return tuple(kind.name for kind in KINDS.values() if kind.erasing is not None)


def _sql(kind: str) -> ErasingStatements:
    sql = KINDS[kind].erasing
    if sql is None:
        raise ValueError(kind)
    return sql


def persons_of(reads: Reads, pseudonyms: Sequence[str], keys: Sequence[str]) -> list[str]:
    """Pseudonyms of persons: those given, and the NIK of the records with these keys."""
    persons = set(pseudonyms)
    for kind in erasable_kinds() if keys else ():
        persons |= set(reads.read(_sql(kind).persons_of_keys, list(keys))["nik"].to_pylist())
    return sorted(persons)


def versions_of(reads: Reads, kind: str, persons: Sequence[str], keys: Sequence[str]) -> pa.Table:
    """Every version of the records of persons, and of the records with these keys."""
    sql, named = _sql(kind), set(keys)
    if persons:
        named |= set(reads.read(sql.keys_of_persons, list(persons))["key"].to_pylist())
    return reads.read(sql.versions, sorted(named))


def erase_versions(
    work: Transaction,
    kind: str,
    versions: pa.Table,
    left: Mapping[str, pa.Array],
    secret: Pseudonymiser,
) -> None:
    """Replace versions of records by what may stay of them; their old keys do not come back.

    Parameters
    ----------
    versions
        As `versions_of`.
    left
        What stays beside dates and status: ``rt, rw, kelurahan, kecamatan, lon, lat, house``.
    """
    old = versions[KINDS[kind].key].to_pylist()
    new = _new_keys(old)
    columns = {
        "old_key": pa.array(old),
        "new_key": pa.array(new),
        "version": versions["version"],
        "digest": pa.array([f"erased-{uuid4().hex}" for _ in old]),
    }
    work.append(_sql(kind).replace, pa.table(columns | dict(left)))
    also = work.read(_ALIASES, kind, sorted(set(old)))["alias"].to_pylist()
    _bury(work, kind, sorted({*old, *also}), secret)
    _follow(work, kind, dict(zip(old, new, strict=True)))


def finish_erasing(work: Transaction, persons: Sequence[str], who: str, versions: int) -> None:
    """Empty the rejected rows of persons, and note in the audit how many versions were erased."""
    for person in persons:
        work.execute(_REJECTED, person)
    work.execute(_NOTE, work.moment, who, versions)


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


def _follow(work: Transaction, kind: str, renamed: Mapping[str, str]) -> None:
    """Let nothing that speaks of the erased records name them by their old keys."""
    work.execute(_FORGET_ALIASES, kind, sorted(renamed))
    if not KINDS[kind].episodes:
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
