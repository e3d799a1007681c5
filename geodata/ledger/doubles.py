"""Doubles: two records of one case, and the decisions of officials on them.

Records of one person within the days of one episode (`geodata.ledger.matching.reinfection`) are one
case. Where two lists give the case two numbers, both records are kept, and the record that was
known first is counted. An official decides which record is counted, or that the records are two
cases. A decision adds a version to the records and names the decider. Every later version keeps
the decision.
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
_MAX_NAME_CHARACTERS: Final = 80


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
        Ids of its doubles. They are kept, and not counted while the record `stands` is counted.
    by
        Who decides: an office, or initials.

    Returns
    -------
    int
        Number of records that get a new version.

    Raises
    ------
    NotFoundError
        ``no-record``.
    InputError
        ``not-one-person`` if the records do not have the same NIK; ``one-record`` if the ids name
        only one record; ``no-decider``.
    """
    return _decide(store, [stands, *others], stands, by, pseudonymiser)


def decide_two_cases(
    store: Store, ids: Sequence[str], *, by: str, pseudonymiser: Pseudonymiser | None = None
) -> int:
    """Decide that each record is a case; see `decide_one_case`."""
    return _decide(store, list(ids), None, by, pseudonymiser)


def _decide(
    store: Store,
    ids: list[str],
    stands: str | None,
    decider: str,
    pseudonymiser: Pseudonymiser | None,
) -> int:
    name = decider.strip()
    if not name or len(name) > _MAX_NAME_CHARACTERS or any(map(str.isdigit, name)):
        raise InputError(
            "no-decider",
            f"Write with --by who decides: an office or initials, at most {_MAX_NAME_CHARACTERS} "
            "characters and no numbers.",
            indonesian="Tulis siapa yang memutuskan dengan --by: kantor atau inisial, paling "
            f"banyak {_MAX_NAME_CHARACTERS} karakter dan tanpa angka.",
        )
    secret = pseudonymiser or open_pseudonymiser(store)
    with store.transaction() as work:
        keys = find_keys(work, CASES.name, ids)
        if len(keys) < 2:
            raise InputError(
                "one-record",
                "These ids name only one record. Name two records or more.",
                indonesian="Id ini menunjuk satu catatan saja. Sebutkan dua catatan atau lebih.",
            )
        counted = None if stands is None else find_keys(work, CASES.name, [stands])[0]
        newest = newest_versions(work, CASES.name)
        rows = newest.filter(pa.array([key in set(keys) for key in newest["case_id"].to_pylist()]))
        niks = set(rows["nik"].to_pylist())
        if len(niks) > 1 or None in niks:
            raise InputError(
                "not-one-person",
                "These records are not known to be of one person: their NIK differ, or a record "
                "has no NIK. See `mikrozonasi records duplicates`. If a record was entered twice, "
                "withdraw one of the two with `mikrozonasi records withdraw`.",
                indonesian="Tidak diketahui bahwa catatan ini milik satu orang: NIK-nya "
                "berbeda, atau ada catatan tanpa NIK. Lihat `mikrozonasi records duplicates`. "
                "Jika sebuah catatan dimasukkan dua kali, tarik salah satunya dengan "
                "`mikrozonasi records withdraw`.",
            )
        _add_decisions(work, keys, counted, name)
        return _append_decided(work, rows, counted, secret)


def _append_decided(
    work: Transaction, rows: pa.Table, stands: str | None, secret: Pseudonymiser
) -> int:
    """Append a version of each record with the record that is counted in its place."""
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


def _add_decisions(
    work: Transaction, keys: Sequence[str], stands: str | None, decider: str
) -> None:
    sorted_keys = sorted(keys)
    pairs = [
        (first, second)
        for position, first in enumerate(sorted_keys)
        for second in sorted_keys[position + 1 :]
    ]
    rows = [
        {
            "first_id": first,
            "second_id": second,
            "stands": stands,
            "decided_at": work.moment,
            "decided_by": decider,
        }
        for first, second in pairs
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
    """Group number of each record that shares an episode of a person with another record."""
    episodes = Episodes(limit)
    columns = ("case_id", "nik", "status", *CASES.dates)
    rows = known.select(list(columns)).to_pylist()
    first_days = [_first_day(row) for row in rows]
    group_of: dict[str, int] = {}
    sizes: dict[int, int] = {}
    order = sorted(
        range(len(rows)),
        key=lambda row_number: (
            first_days[row_number] is None,
            first_days[row_number],
            rows[row_number]["case_id"],
        ),
    )
    for row_number in order:
        row, day = rows[row_number], first_days[row_number]
        is_case = row["status"] in CASE_STATUS
        episode = (
            None if day is None else episodes.find(row["nik"], day, is_case=is_case, until=None)
        )
        key = row["case_id"]
        if episode is None:
            episodes.add(row["nik"], Episode(key, day, is_case, numbered=True, counted_key=key))
            group_of[key] = len(sizes)
            sizes[len(sizes)] = 1
        else:
            group_of[key] = group_of[episode.key]
            sizes[group_of[key]] += 1
    return {key: group for key, group in group_of.items() if sizes[group] > 1}


def _first_day(row: dict[str, Any]) -> int | None:
    day = next((row[name] for name in CASES.dates if row[name] is not None), None)
    return None if day is None else day_number(day)


def double_decisions(reads: Reads) -> dict[tuple[str, str], str | None]:
    """The newest decision on each pair of keys: the key that is counted, or None for two cases."""
    return {
        (row["first_id"], row["second_id"]): row["stands"]
        for row in reads.read(_DECISIONS).to_pylist()
    }
