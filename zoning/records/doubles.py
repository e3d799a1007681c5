"""Doubles: two records of one case, which of them is counted, and what a person decides on it.

The same person within the days of one episode (`zoning.records.reinfection`) is one case. Where two
lists give it two numbers, both records are kept, and the one that was known first is counted. A
person decides which of them stands, or that they are two cases. A decision is a version of the
records, kept with who decided; it outlasts every new version.
"""

import json
from collections.abc import Sequence
from typing import Final, Literal
from uuid import uuid4

import pandas as pd
import pyarrow as pa

from geodata.addresses import decisions
from geodata.errors import InputError
from geodata.identity import Pseudonymiser, open_pseudonymiser
from geodata.records import KINDS
from geodata.records.row_rules import days_of
from geodata.store import Reads, Store, Transaction
from zoning.counting.cases import current_cases
from zoning.placing.record_boundaries import RecordGround
from zoning.records.appending import add_batch
from zoning.records.episodes import CASE_STATUS, Episode, Episodes
from zoning.records.known import find_keys, newest_versions

SOURCE: Final = "decision"
Which = Literal["undecided", "all"]
COLUMNS: Final = (
    "group",
    "case_id",
    "counted",
    "decided",
    "status",
    "confirmed_on",
    "outcome",
    "area",
    "placed",
    "source",
)
_CASES: Final = KINDS["cases"]
_SOURCES: Final = """
select v.case_id, b.source from case_version v join batch b on b.batch = v.batch
where v.version = 1
"""
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
_ADD: Final = "insert into case_version select * from stage order by case_id, version"
_LONGEST_NAME: Final = 80


def double_cases(store: Store, ground: RecordGround, which: Which = "undecided") -> pd.DataFrame:
    """Records that may be one case of one person, listed together.

    Parameters
    ----------
    which
        Groups in which a pair is undecided, or all.

    Returns
    -------
    DataFrame
        `COLUMNS`, by ``group``: a number for each episode of a person; ``counted`` whether the
        record is a case of its own in counts; ``decided`` whether every pair of the group is;
        ``area`` and ``placed`` as in a line list; ``source``, the file a record first came in.
    """
    with store.snapshot() as moment:
        known = newest_versions(moment, "cases")
        known = known.filter(_standing_with_nik(known))
        counted = set(current_cases(moment)["case_id"].to_pylist())
        decided = dict(_decisions(moment))
        sources = moment.read(_SOURCES)
        groups = _groups(known, moment.settings.reinfection_days)
        placer = ground.placer.deciding(decisions(moment))
    rows = known.filter(pa.array([key in groups for key in known["case_id"].to_pylist()]))
    frame: pd.DataFrame = rows.to_pandas()
    placement = placer.place(rows)
    frame["area"], frame["placed"] = placement.area, placement.how
    frame["group"] = frame["case_id"].map(groups)
    frame["counted"] = frame["case_id"].isin(counted)
    known_sources = dict(
        zip(sources["case_id"].to_pylist(), sources["source"].to_pylist(), strict=True)
    )
    frame["source"] = frame["case_id"].map(known_sources)
    members = frame.groupby("group")["case_id"].agg(list).to_dict()
    settled = {group: _all_decided(ids, decided) for group, ids in members.items()}
    frame["decided"] = frame["group"].map(settled).astype(bool)
    if which == "undecided":
        frame = frame[~frame["decided"]]
    ordered = frame.sort_values(["group", "case_id"]).reset_index(drop=True)
    ordered["group"] = ordered.groupby("group", sort=True).ngroup() + 1
    return ordered[list(COLUMNS)]


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
        )
    secret = pseudonymiser or open_pseudonymiser(store)
    with store.transaction() as work:
        keys = find_keys(work, "cases", ids)
        if len(keys) < 2:
            raise InputError("one-record", "These ids name one record. Name two or more.")
        counted = None if stands is None else find_keys(work, "cases", [stands])[0]
        newest = newest_versions(work, "cases")
        rows = newest.filter(pa.array([key in set(keys) for key in newest["case_id"].to_pylist()]))
        niks = set(rows["nik"].to_pylist())
        if len(niks) > 1 or None in niks:
            raise InputError(
                "not-one-person",
                "These records are not known to be of one person: their NIK differ, or one has "
                "none. See `mikrozonasi records duplicates`; withdraw a record that was entered "
                "twice with `records withdraw`.",
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
    add_batch(work, batch, "cases", SOURCE, json.dumps(summary, sort_keys=True))
    for row in changed:
        row |= {"version": row["version"] + 1, "batch": batch, "recorded_at": work.moment}
    table = pa.Table.from_pylist(changed, schema=rows.schema)
    work.append(_ADD, table.sort_by("case_id"))
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


def _standing_with_nik(known: pa.Table) -> pa.Array:
    gone = known["withdrawn"].to_pylist()
    niks = known["nik"].to_pylist()
    return pa.array([nik is not None and not out for nik, out in zip(niks, gone, strict=True)])


def _groups(known: pa.Table, limit: int) -> dict[str, int]:
    """Number of the group of each record that shares an episode of a person with another one."""
    people = Episodes(limit)
    columns = ("case_id", "nik", "status", *_CASES.dates)
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


def _first_day(row: dict[str, object]) -> int | None:
    day = next((row[name] for name in _CASES.dates if row[name] is not None), None)
    return None if day is None else int(days_of(pa.array([day], pa.date32()))[0])


def _decisions(reads: Reads) -> list[tuple[tuple[str, str], str | None]]:
    return [
        ((row["first_id"], row["second_id"]), row["stands"])
        for row in reads.read(_DECISIONS).to_pylist()
    ]


def _all_decided(ids: Sequence[str], decided: dict[tuple[str, str], str | None]) -> bool:
    ordered = sorted(ids)
    return all(
        (one, other) in decided for k, one in enumerate(ordered) for other in ordered[k + 1 :]
    )
