"""Doubles: two records of one case, and what a person decides on them.

The same person within the days of one episode (`geodata.ledger.matching.reinfection`) is one case.
Where two lists give the case two numbers, both records are kept, and the record that was known
first is counted. A person decides which record stands, or that they are two cases. A decision is a
version of the records, kept with who decided; every later version keeps the decision.
"""

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import uuid4

import pyarrow as pa

from geodata.calendar import day_number
from geodata.errors import InputError
from geodata.ledger.appending import add_batch, add_versions
from geodata.ledger.current import newest_versions
from geodata.ledger.matching.episodes import CASE_STATUS, Episode, Episodes
from geodata.ledger.matching.record_numbers import find_keys
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.records import CASES
from geodata.store import Reads, Store, Transaction

SOURCE: Final = "decision"
_DECISIONS: Final = """
select first_id, second_id, stands from double_decision as newest
where decided_at = (select max(decided_at) from double_decision
                    where first_id = newest.first_id and second_id = newest.second_id)
order by first_id, second_id
"""
_ADD_DECISIONS: Final = """
insert into double_decision (first_id, second_id, stands, decided_at, decided_by)
select first_id, second_id, stands, decided_at, decided_by from stage order by first_id, second_id
"""
_LONGEST_NAME: Final = 80


def decide_one_case(
    store: Store,
    stands: str,
    others: Sequence[str],
    *,
    by: str,
    pseudonymiser: Pseudonymiser | None = None,
) -> int:
    """Decide that records are one case, and which of them is counted.

    Parameters
    ----------
    stands
        Id of the record that is counted.
    others
        Ids of its doubles: kept, and not counted while it is.
    by
        Who decides: an office, or initials.

    Returns
    -------
    int
        How many records have a new version by it.

    Raises
    ------
    NotFoundError
        ``no-record``.
    InputError
        ``not-one-person`` where the records are not of one NIK; ``one-record`` where the ids
        name one record; ``no-decider``.
    """
    return _decide(store, [stands, *others], stands, by, pseudonymiser)


def decide_two_cases(
    store: Store, ids: Sequence[str], *, by: str, pseudonymiser: Pseudonymiser | None = None
) -> int:
    """Decide that records are cases of their own; see `decide_one_case`."""
    return _decide(store, list(ids), None, by, pseudonymiser)


def _decide(
    store: Store,
    ids: list[str],
    stands: str | None,
    by: str,
    pseudonymiser: Pseudonymiser | None,
) -> int:
    decider = by.strip()
    if not decider or len(decider) > _LONGEST_NAME or any(map(str.isdigit, decider)):
        raise InputError(
            "no-decider",
            f"Say with --by who decides: an office or initials, at most {_LONGEST_NAME} letters "
            "and no numbers.",
            indonesian="Sebutkan siapa yang memutuskan dengan --by: kantor atau inisial, paling "
            f"banyak {_LONGEST_NAME} karakter dan tanpa angka.",
        )
    secret = pseudonymiser or open_pseudonymiser(store)
    with store.transaction() as work:
        keys = find_keys(work, CASES.name, ids)
        if len(keys) < 2:
            raise InputError(
                "one-record",
                "These ids name one record. Name two or more.",
                indonesian="Id ini menunjuk satu catatan. Sebutkan dua atau lebih.",
            )
        counted = None if stands is None else find_keys(work, CASES.name, [stands])[0]
        newest = newest_versions(work, CASES.name)
        rows = newest.filter(pa.array([key in set(keys) for key in newest["case_id"].to_pylist()]))
        niks = set(rows["nik"].to_pylist())
        if len(niks) > 1 or None in niks:
            raise InputError(
                "not-one-person",
                "These records are not known to be of one person: their NIK differ, or one has "
                "none. See `mikrozonasi records duplicates`; withdraw a record that was entered "
                "twice with `records withdraw`.",
                indonesian="Tidak diketahui bahwa catatan ini milik satu orang: NIK-nya "
                "berbeda, atau ada yang tanpa NIK. Lihat `mikrozonasi records duplicates`; "
                "tarik catatan yang dimasukkan dua kali dengan `records withdraw`.",
            )
        _note(work, keys, counted, decider)
        return _append_decided(work, rows, counted, secret)


def _append_decided(
    work: Transaction, rows: pa.Table, stands: str | None, secret: Pseudonymiser
) -> int:
    """The same records as next versions, each with the record that is counted in its place."""
    changed = [
        row | {"double_of": None if row["case_id"] == stands else stands}
        for row in rows.to_pylist()
        if row["double_of"] != (None if row["case_id"] == stands else stands)
    ]
    if not changed:
        return 0
    batch = f"{SOURCE}-{uuid4().hex}"
    summary = {"decided": len(changed), "secret_check": secret.check_value()}
    add_batch(work, batch, CASES.name, SOURCE, json.dumps(summary, sort_keys=True))
    for row in changed:
        row |= {"version": row["version"] + 1, "batch": batch, "recorded_at": work.moment}
    table = pa.Table.from_pylist(changed, schema=rows.schema)
    add_versions(work, CASES.name, table.sort_by("case_id"))
    return len(changed)


def _note(work: Transaction, keys: Sequence[str], stands: str | None, by: str) -> None:
    ordered = sorted(keys)
    pairs = [(one, other) for k, one in enumerate(ordered) for other in ordered[k + 1 :]]
    rows = [
        {
            "first_id": one,
            "second_id": other,
            "stands": stands,
            "decided_at": work.moment,
            "decided_by": by,
        }
        for one, other in pairs
    ]
    schema = pa.schema(
        [
            ("first_id", pa.string()),
            ("second_id", pa.string()),
            ("stands", pa.string()),
            ("decided_at", pa.timestamp("us")),
            ("decided_by", pa.string()),
        ]
    )
    work.append(_ADD_DECISIONS, pa.Table.from_pylist(rows, schema=schema))


def episode_groups(known: pa.Table, limit: int) -> dict[str, int]:
    """Number of the group of each record that shares an episode of a person with another one."""
    people = Episodes(limit)
    columns = ("case_id", "nik", "status", *CASES.dates)
    rows = known.select(list(columns)).to_pylist()
    firsts = [_first_day(row) for row in rows]
    group_of: dict[str, int] = {}
    sizes: dict[int, int] = {}
    order = sorted(
        range(len(rows)), key=lambda k: (firsts[k] is None, firsts[k], rows[k]["case_id"])
    )
    for k in order:
        row, day = rows[k], firsts[k]
        is_case = row["status"] in CASE_STATUS
        found = None if day is None else people.find(row["nik"], day, is_case=is_case, until=None)
        key = row["case_id"]
        if found is None:
            people.add(row["nik"], Episode(key, day, is_case, numbered=True, stands=key))
            group_of[key] = len(sizes)
            sizes[len(sizes)] = 1
        else:
            group_of[key] = group_of[found.key]
            sizes[group_of[key]] += 1
    return {key: group for key, group in group_of.items() if sizes[group] > 1}


def _first_day(row: dict[str, Any]) -> int | None:
    day = next((row[name] for name in CASES.dates if row[name] is not None), None)
    return None if day is None else day_number(day)


def double_decisions(reads: Reads) -> dict[tuple[str, str], str | None]:
    """The newest decision on each pair of records: the keys, and which of them stands."""
    return {
        (row["first_id"], row["second_id"]): row["stands"]
        for row in reads.read(_DECISIONS).to_pylist()
    }
