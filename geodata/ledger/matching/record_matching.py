"""Find the known record of each row of a file: by the number, or by the person and the days.

Numbers are compared in their normal form (`geodata.records.record_ids`). Two numbers that differ
only by leading zeros are one record if the person is the same. A case without a known number is the
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
from geodata.ledger.comparing import combined_array
from geodata.ledger.matching.episodes import CASE_STATUS, Episode, Episodes
from geodata.ledger.matching.record_numbers import keys_by_number
from geodata.records import Kind
from geodata.records.record_ids import normal_ids, without_leading_zeros

Keys = NDArray[np.object_]
_Person = tuple[str | None, str | None]
_COMPUTED_OR_ERASED_KEY: Final = r"^[0-9a-f]{32}$|^erased-"


class NumberMatches(NamedTuple):
    """Keys of rows by their numbers.

    Attributes
    ----------
    keys
        Object ``(n,)``: key of the known record if the number names one; else the number as the
        file writes it first, or the computed key.
    numbers_alike
        Numbers of rows and known numbers that differ only by leading zeros.
    """

    keys: Keys
    numbers_alike: list[tuple[str, str]]


class RecordMatches(NamedTuple):
    """The records of ``n`` rows.

    Attributes
    ----------
    keys
        Object ``(n,)``: key of the record.
    by_person
        bool ``(n,)``: whether the record was found by NIK and day.
    double_of
        Object ``(n,)``: for a new record, the known case of the same person; else None.
    aliases
        New aliases: numbers in normal form, or computed keys, with the keys of their known
        records.
    """

    keys: Keys
    by_person: NDArray[np.bool_]
    double_of: Keys
    aliases: dict[str, str]


def match_by_number(
    rows: pa.Table, known: pa.Table, kind: Kind, aliases: Mapping[str, str]
) -> NumberMatches:
    """Find records by their numbers.

    Parameters
    ----------
    rows
        As `geodata.records.CheckedSheet.accepted`, in the order of the file.
    known
        As `geodata.ledger.current.newest_versions`.
    aliases
        As `geodata.ledger.matching.record_numbers.read_aliases`.
    """
    keys = np.array(rows[kind.key].to_pylist(), dtype=object)
    known_keys = np.array(known[kind.key].to_pylist(), dtype=object)
    is_withdrawn = np.asarray(_withdrawn(known))
    known_index = pd.Index(known_keys[~is_withdrawn], dtype=object)
    new = known_index.get_indexer(pd.Index(keys, dtype=object)) < 0
    unmatched = np.flatnonzero(rows["numbered"].to_numpy() & new)
    if len(unmatched) == 0:
        return NumberMatches(keys, [])
    forms = _normal_forms(keys[unmatched])
    # Older databases may have two records of one number: the record that is not withdrawn counts.
    numbers = keys_by_number([*known_keys[~is_withdrawn], *known_keys[is_withdrawn]])
    matches = numbers.reindex(forms).to_numpy(dtype=object)
    alias_matches = pd.Series(dict(aliases), dtype=object).reindex(forms).to_numpy(dtype=object)
    matches = np.where(pd.isna(matches), alias_matches, matches)
    is_matched = ~pd.isna(matches)
    keys[unmatched[is_matched]] = matches[is_matched]
    unmatched, forms = unmatched[~is_matched], forms[~is_matched]
    # The first spelling in the file is the key of all rows with this number.
    keys[unmatched] = (
        pd.Series(keys[unmatched]).groupby(forms, sort=False).transform("first").to_numpy()
    )
    return NumberMatches(keys, _join_similar_numbers(rows, known, kind, keys, unmatched))


def match_by_person(
    rows: pa.Table, known: pa.Table, kind: Kind, keys: Keys, *, limit: int
) -> RecordMatches:
    """Find the known case of the person for rows whose key names no known record.

    Parameters
    ----------
    keys
        Keys from `match_by_number`.
    limit
        Days of one episode.
    """
    matches = RecordMatches(keys.copy(), np.zeros(len(keys), bool), np.full(len(keys), None), {})
    if not kind.episodes:
        return matches
    known_keys = pd.Index(known[kind.key].to_pylist(), dtype=object)
    niks = pd.Series(rows["nik"].to_pylist(), dtype=object)
    new = known_keys.get_indexer(pd.Index(keys, dtype=object)) < 0
    without_nik = _keys_without_nik(keys, niks, known_keys, known)
    may_match = (new | pd.Index(keys, dtype=object).isin(without_nik)) & niks.notna().to_numpy()
    nik_values = pa.array(sorted(set(niks[may_match])), pa.string())
    known_of_persons = known.filter(pc.is_in(combined_array(known["nik"]), nik_values))
    keys_per_nik = pd.Series(matches.keys[may_match]).groupby(niks[may_match].to_numpy()).nunique()
    candidate_niks = set(keys_per_nik[keys_per_nik > 1].index) | set(
        known_of_persons["nik"].to_pylist()
    )
    positions = np.flatnonzero(may_match & niks.isin(candidate_niks).to_numpy())
    if len(positions):
        episodes = _episodes(known_of_persons, kind, limit)
        _match_episodes(
            rows.take(pa.array(positions)), positions, episodes, kind, matches, without_nik
        )
    return matches


def _keys_without_nik(
    keys: Keys, niks: "pd.Series[str]", known_keys: "pd.Index[str]", known: pa.Table
) -> frozenset[str]:
    """Keys of records that exist without a NIK before their first row with a NIK.

    Such a record is known, or its first row in the file has no NIK.
    """
    no_nik = np.asarray(pc.and_not(pc.is_null(combined_array(known["nik"])), _withdrawn(known)))
    first_without_nik = niks.isna().groupby(keys, sort=False).first()
    unknown = known_keys.get_indexer(first_without_nik.index) < 0
    return frozenset(known_keys[no_nik]) | frozenset(
        first_without_nik.index[first_without_nik.to_numpy() & unknown]
    )


def _withdrawn(known: pa.Table) -> pa.Array:
    return pc.fill_null(combined_array(known["withdrawn"]), fill_value=False)


def _match_episodes(
    rows: pa.Table,
    positions: NDArray[np.intp],
    episodes: Episodes,
    kind: Kind,
    matches: RecordMatches,
    without_nik: frozenset[str],
) -> None:
    """Set the record of each row by the episodes of its person, in the order of the file.

    `without_nik` has the keys of records that exist before their first row with a NIK.
    """
    results: dict[str, tuple[str, str | None]] = {}
    columns = zip(
        positions,
        rows["nik"].to_pylist(),
        _first_days(rows, kind),
        _days(rows["outcome_on"]),
        rows["status"].to_pylist(),
        rows["numbered"].to_pylist(),
        strict=True,
    )
    for row, nik, day, outcome_day, status, numbered in columns:
        key = matches.keys[row]
        if key not in results:
            is_case = status in CASE_STATUS
            episode = None
            if key not in without_nik:
                episode = episodes.find(nik, day, is_case=is_case, until=outcome_day)
            if episode is None or (numbered and episode.numbered):
                counted_key = key if episode is None else episode.counted_key
                episodes.add(nik, Episode(key, day, is_case, numbered, counted_key))
                results[key] = (key, None if episode is None else episode.counted_key)
            else:
                results[key] = (episode.key, None)
                matches.aliases[_normal_forms([key])[0]] = episode.key
        matches.by_person[row] = results[key][0] != key
        matches.keys[row], matches.double_of[row] = results[key]


def _episodes(known: pa.Table, kind: Kind, limit: int) -> Episodes:
    episodes = Episodes(limit)
    computed = pc.match_substring_regex(known[kind.key], _COMPUTED_OR_ERASED_KEY).to_pylist()
    rows = zip(
        known.select([kind.key, "nik", "status", "double_of", "withdrawn"]).to_pylist(),
        _first_days(known, kind),
        computed,
        strict=True,
    )
    for row, day, is_computed in rows:
        if not row["withdrawn"]:
            key = row[kind.key]
            is_case = row["status"] in CASE_STATUS
            counted_key = row["double_of"] or key
            episodes.add(row["nik"], Episode(key, day, is_case, not is_computed, counted_key))
    return episodes


def _join_similar_numbers(
    rows: pa.Table, known: pa.Table, kind: Kind, keys: Keys, unmatched: NDArray[np.intp]
) -> list[tuple[str, str]]:
    """Join numbers that differ only by leading zeros if the person is the same."""
    known_keys = np.array(known[kind.key].to_pylist(), dtype=object)
    # A pandas index hashes the texts; NumPy would compare every pair of texts.
    known_forms = pd.Index(_forms_without_zeros(known_keys), dtype=object)
    forms = pd.Index(_forms_without_zeros(keys[unmatched]), dtype=object)
    has_several = pd.Series(keys[unmatched]).groupby(forms).transform("nunique").to_numpy() > 1
    candidates = np.flatnonzero(has_several | forms.isin(known_forms))
    if len(candidates) == 0:
        return []
    records: dict[str, _SimilarNumbers] = defaultdict(_SimilarNumbers)
    known_candidates = np.flatnonzero(known_forms.isin(forms[candidates]))
    for key, form, person in zip(
        known_keys[known_candidates],
        known_forms[known_candidates],
        _persons(known.take(pa.array(known_candidates))),
        strict=True,
    ):
        records[form].add(key, person)
    similar: list[tuple[str, str]] = []
    joined_keys: dict[str, str] = {}
    rows_to_join = unmatched[candidates]
    for row, form, person in zip(
        rows_to_join, forms[candidates], _persons(rows.take(pa.array(rows_to_join))), strict=True
    ):
        key = keys[row]
        if key not in joined_keys:
            same_key = records[form].first_key_of(person)
            if same_key is None:
                first_key = records[form].first_key
                similar += [] if first_key in {None, key} else [(key, first_key)]
                records[form].add(key, person)
            joined_keys[key] = key if same_key is None else same_key
        keys[row] = joined_keys[key]
    return similar


class _SimilarNumbers:
    """Keys of records whose numbers are equal without leading zeros, by person.

    Two records are of the same person if the NIK is the same, or, if one of them has no NIK, the
    name.
    """

    def __init__(self) -> None:
        self._keys: list[str] = []
        self._by_nik: dict[str, int] = {}
        self._by_name: dict[str, int] = {}
        self._by_name_alone: dict[str, int] = {}

    @property
    def first_key(self) -> str | None:
        """The key that was added first."""
        return self._keys[0] if self._keys else None

    def add(self, key: str, person: _Person) -> None:
        """Add a record; the first record of a person stays the answer."""
        nik, name = person
        position = len(self._keys)
        self._keys.append(key)
        if nik:
            self._by_nik.setdefault(nik, position)
        if name is not None:
            self._by_name.setdefault(name, position)
            if not nik:
                self._by_name_alone.setdefault(name, position)

    def first_key_of(self, person: _Person) -> str | None:
        """The key that was added first for a person."""
        nik, name = person
        positions = []
        if name is not None:
            positions.append((self._by_name_alone if nik else self._by_name).get(name))
        if nik:
            positions.append(self._by_nik.get(nik))
        known_positions = [position for position in positions if position is not None]
        return self._keys[min(known_positions)] if known_positions else None


def _persons(rows: pa.Table) -> list[_Person]:
    if "nik" not in rows.column_names:
        return [(None, None)] * rows.num_rows
    return list(zip(rows["nik"].to_pylist(), rows["person"].to_pylist(), strict=True))


def _normal_forms(keys: Any) -> Keys:  # noqa: ANN401  (a list or an array of texts)
    return np.array(normal_ids(pa.array(list(keys))).to_pylist(), dtype=object)


def _forms_without_zeros(keys: Keys) -> list[str]:
    forms: list[str] = without_leading_zeros(pa.array(_normal_forms(keys), pa.string())).to_pylist()
    return forms


def _first_days(rows: pa.Table, kind: Kind) -> list[int | None]:
    return _days(pc.coalesce(*(rows[name] for name in kind.dates)))


def _days(dates: pa.ChunkedArray) -> list[int | None]:
    return [None if day == NO_DAY else int(day) for day in day_numbers(dates)]
