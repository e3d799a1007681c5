"""Which known record each row of a file is: by its number, or by the person and the days.

A number is compared in its normal form (`geodata.records.record_ids`). Two numbers that differ by
leading zeros are one record where the person is the same. A case without a known number is the
known case of the same NIK within the days of one episode (`geodata.ledger.matching.episodes`).
"""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.calendar import NO_DAY, day_numbers
from geodata.ledger.comparing import array_of
from geodata.ledger.matching.episodes import CASE_STATUS, Episode, Episodes
from geodata.ledger.matching.record_numbers import keys_by_number
from geodata.records import Kind
from geodata.records.record_ids import normal_ids, without_zeros

Keys = NDArray[np.object_]
_Whose = tuple[str | None, str | None]
_MADE_KEY: Final = r"^[0-9a-f]{32}$|^erased-"


class Numbered(NamedTuple):
    """Keys of rows by their numbers.

    Attributes
    ----------
    keys
        Object ``(n,)``: key of the known record where the number names one; else the number as
        it was first written in the file, or the key that was made.
    alike
        A row's number, and the known number from which it differs by leading zeros alone.
    """

    keys: Keys
    alike: list[tuple[str, str]]


class Matched(NamedTuple):
    """Which record each of ``n`` rows is.

    Attributes
    ----------
    keys
        Object ``(n,)``.
    by_person
        bool ``(n,)``: found by NIK and day.
    double_of
        Object ``(n,)``: of a new record, the known case of the same person; else None.
    aliases
        Numbers in their normal form, and keys that were made, with the known records that they
        name from now on.
    """

    keys: Keys
    by_person: NDArray[np.bool_]
    double_of: Keys
    aliases: dict[str, str]


def by_number(rows: pa.Table, known: pa.Table, kind: Kind, aliases: Mapping[str, str]) -> Numbered:
    """Find records by their numbers.

    Parameters
    ----------
    rows
        As `geodata.records.Checked.accepted`, in the order of the file.
    known
        As `geodata.ledger.current.newest_versions`.
    aliases
        As `geodata.ledger.current.aliases`.
    """
    keys = np.array(rows[kind.key].to_pylist(), dtype=object)
    known_keys = np.array(known[kind.key].to_pylist(), dtype=object)
    gone = np.asarray(_withdrawn(known))
    standing = pd.Index(known_keys[~gone], dtype=object)
    new = standing.get_indexer(pd.Index(keys, dtype=object)) < 0
    rest = np.flatnonzero(rows["numbered"].to_numpy() & new)
    if len(rest) == 0:
        return Numbered(keys, [])
    forms = _forms(keys[rest])
    # Of two records of one number, from before numbers had a normal form, one that stands.
    numbers = keys_by_number([*known_keys[~gone], *known_keys[gone]])
    found = numbers.reindex(forms).to_numpy(dtype=object)
    also = pd.Series(dict(aliases), dtype=object).reindex(forms).to_numpy(dtype=object)
    found = np.where(pd.isna(found), also, found)
    hit = ~pd.isna(found)
    keys[rest[hit]] = found[hit]
    rest, forms = rest[~hit], forms[~hit]
    # As it is first written in this file, however later rows write it.
    keys[rest] = pd.Series(keys[rest]).groupby(forms, sort=False).transform("first").to_numpy()
    return Numbered(keys, _join_by_zeros(rows, known, kind, keys, rest))


def by_person(rows: pa.Table, known: pa.Table, kind: Kind, keys: Keys, *, limit: int) -> Matched:
    """Find the known case of a person for rows whose key names no known record.

    Parameters
    ----------
    keys
        As `by_number` gives them.
    limit
        Days of one episode.
    """
    matched = Matched(keys.copy(), np.zeros(len(keys), bool), np.full(len(keys), None), {})
    if not kind.episodes:
        return matched
    known_keys = pd.Index(known[kind.key].to_pylist(), dtype=object)
    niks = pd.Series(rows["nik"].to_pylist(), dtype=object)
    new = known_keys.get_indexer(pd.Index(keys, dtype=object)) < 0
    own = _own_keys(keys, niks, known_keys, known)
    asked = (new | pd.Index(keys, dtype=object).isin(own)) & niks.notna().to_numpy()
    wanted = pa.array(sorted(set(niks[asked])), pa.string())
    there = known.filter(pc.is_in(array_of(known["nik"]), wanted))
    several = pd.Series(matched.keys[asked]).groupby(niks[asked].to_numpy()).nunique()
    likely = set(several[several > 1].index) | set(there["nik"].to_pylist())
    at = np.flatnonzero(asked & niks.isin(likely).to_numpy())
    if len(at):
        people = _episodes(there, kind, limit)
        _follow(rows.take(pa.array(at)), at, people, kind, matched, own)
    return matched


def _own_keys(
    keys: Keys, niks: "pd.Series[str]", known_keys: "pd.Index[str]", known: pa.Table
) -> frozenset[str]:
    """Keys of records that are there without a NIK before the first row with a NIK comes.

    Such a record is known already, or its first row in the file has no NIK.
    """
    without = np.asarray(pc.and_not(pc.is_null(array_of(known["nik"])), _withdrawn(known)))
    first = niks.isna().groupby(keys, sort=False).first()
    unknown = known_keys.get_indexer(first.index) < 0
    return frozenset(known_keys[without]) | frozenset(first.index[first.to_numpy() & unknown])


def _withdrawn(known: pa.Table) -> pa.Array:
    return pc.fill_null(array_of(known["withdrawn"]), fill_value=False)


def _follow(
    rows: pa.Table,
    at: NDArray[np.intp],
    people: Episodes,
    kind: Kind,
    matched: Matched,
    own: frozenset[str],
) -> None:
    """Give each row, in the order of the file, the record of its person's episode.

    Keys in `own` are records before their first row with a NIK comes.
    """
    done: dict[str, tuple[str, str | None]] = {}
    columns = zip(
        at,
        rows["nik"].to_pylist(),
        _first_days(rows, kind),
        _days(rows["outcome_on"]),
        rows["status"].to_pylist(),
        rows["numbered"].to_pylist(),
        strict=True,
    )
    for row, nik, day, until, status, numbered in columns:
        key = matched.keys[row]
        if key not in done:
            is_case = status in CASE_STATUS
            found = None
            if key not in own:
                found = people.find(nik, day, is_case=is_case, until=until)
            if found is None or (numbered and found.numbered):
                stands = key if found is None else found.stands
                people.add(nik, Episode(key, day, is_case, numbered, stands))
                done[key] = (key, None if found is None else found.stands)
            else:
                done[key] = (found.key, None)
                matched.aliases[_forms([key])[0]] = found.key
        matched.by_person[row] = done[key][0] != key
        matched.keys[row], matched.double_of[row] = done[key]


def _episodes(known: pa.Table, kind: Kind, limit: int) -> Episodes:
    people = Episodes(limit)
    made = pc.match_substring_regex(known[kind.key], _MADE_KEY).to_pylist()
    rows = zip(
        known.select([kind.key, "nik", "status", "double_of", "withdrawn"]).to_pylist(),
        _first_days(known, kind),
        made,
        strict=True,
    )
    for row, day, is_made in rows:
        if not row["withdrawn"]:
            key = row[kind.key]
            is_case = row["status"] in CASE_STATUS
            stands = row["double_of"] or key
            people.add(row["nik"], Episode(key, day, is_case, not is_made, stands))
    return people


def _join_by_zeros(
    rows: pa.Table, known: pa.Table, kind: Kind, keys: Keys, rest: NDArray[np.intp]
) -> list[tuple[str, str]]:
    """Take numbers that differ by leading zeros for one where the person is the same."""
    known_keys = np.array(known[kind.key].to_pylist(), dtype=object)
    # An index looks texts up; NumPy compares each text with every other one.
    known_loose = pd.Index(_loose(known_keys), dtype=object)
    loose = pd.Index(_loose(keys[rest]), dtype=object)
    several = pd.Series(keys[rest]).groupby(loose).transform("nunique").to_numpy() > 1
    likely = np.flatnonzero(several | loose.isin(known_loose))
    if len(likely) == 0:
        return []
    records: dict[str, _Alike] = defaultdict(_Alike)
    near = np.flatnonzero(known_loose.isin(loose[likely]))
    for key, form, person in zip(
        known_keys[near], known_loose[near], _persons(known.take(pa.array(near))), strict=True
    ):
        records[form].add(key, person)
    alike: list[tuple[str, str]] = []
    joined: dict[str, str] = {}
    chosen = rest[likely]
    for row, form, person in zip(
        chosen, loose[likely], _persons(rows.take(pa.array(chosen))), strict=True
    ):
        key = keys[row]
        if key not in joined:
            same = records[form].of(person)
            if same is None:
                first = records[form].first
                alike += [] if first in {None, key} else [(key, first)]
                records[form].add(key, person)
            joined[key] = key if same is None else same
        keys[row] = joined[key]
    return alike


class _Alike:
    """Keys of records whose numbers are one without leading zeros, by the persons they are of.

    The same person has the same NIK, or where one of the two has none the same name.
    """

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._by_nik: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self._by_name_alone: dict[str, int] = {}

    @property
    def first(self) -> str | None:
        """The key that was added first."""
        return self._keys[0] if self._keys else None

    def add(self, key: str, person: _Whose) -> None:
        """Add a record; the first of a person stays the one that is found."""
        nik, name = person
        at = len(self._keys)
        self._keys.append(key)
        if nik:
            self._by_nik.setdefault(nik, at)
        if name is not None:
            self._by_name.setdefault(name, at)
            if not nik:
                self._by_name_alone.setdefault(name, at)

    def of(self, person: _Whose) -> str | None:
        """The key that was first added of a person."""
        nik, name = person
        found = []
        if name is not None:
            found.append((self._by_name_alone if nik else self._by_name).get(name))
        if nik:
            found.append(self._by_nik.get(nik))
        there = [at for at in found if at is not None]
        return self._keys[min(there)] if there else None


def _persons(rows: pa.Table) -> list[_Whose]:
    if "nik" not in rows.column_names:
        return [(None, None)] * rows.num_rows
    return list(zip(rows["nik"].to_pylist(), rows["person"].to_pylist(), strict=True))


def _forms(keys: Any) -> Keys:  # noqa: ANN401  (a list or an array of texts)
    return np.array(normal_ids(pa.array(list(keys), pa.string())).to_pylist(), dtype=object)


def _loose(keys: Keys) -> list[str]:
    found: list[str] = without_zeros(pa.array(_forms(keys), pa.string())).to_pylist()
    return found


def _first_days(rows: pa.Table, kind: Kind) -> list[int | None]:
    return _days(pc.coalesce(*(rows[name] for name in kind.dates)))


def _days(dates: pa.ChunkedArray) -> list[int | None]:
    return [None if day == NO_DAY else int(day) for day in day_numbers(dates)]
