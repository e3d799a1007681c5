"""Cases as the engine counts them: RT, house, first and last day.

What is a case's house, and how long it is active, is decided here and nowhere else.
"""

from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.calendar import NO_DAY, day_numbers
from geodata.houses import HouseAddress, HouseReader
from geodata.text.rt_rw import mentions, pairs
from zoning.counting.house_groups import Clue, HouseGroups, group_into_houses
from zoning.counting.houses import CaseTable
from zoning.placing.placements import ELSEWHERE, Placement, Placer

DAYS_AFTER_SPECIMEN: Final = 10
"""Days in isolation without symptoms (KMK 413/2020), counted from the specimen."""
DAYS_AFTER_ONSET: Final = 13
"""The same with symptoms: ten days from onset and three without symptoms."""


class PlacedCases(NamedTuple):
    """Confirmed cases, and the row in ``boundaries.areas`` of the smallest area known of each.

    The row after the last is everywhere else: of who lives in another city.
    """

    table: CaseTable
    area: NDArray[np.int32]

    @property
    def nbytes(self) -> int:
        """Memory, in bytes."""
        columns = [column for column in self.table if column is not None]
        return sum(column.nbytes for column in columns) + self.area.nbytes


def confirmed_rows(cases: pa.Table) -> NDArray[np.intp]:
    """Rows of the confirmed cases among all: those of `case_table`, in its order."""
    confirmed = pc.and_(pc.equal(cases["status"], "confirmed"), pc.is_valid(cases["confirmed_on"]))
    return np.flatnonzero(confirmed.to_numpy(zero_copy_only=False))


def case_table(
    cases: pa.Table, placement: Placement, reader: HouseReader, *, by_rt: bool = False
) -> CaseTable:
    """Confirmed cases as the engine takes them.

    Parameters
    ----------
    cases
        As `current_cases` gives them.
    placement
        Of these very rows.
    reader
        Reads the houses of addresses.
    by_rt
        Whether zones are larger than an RT, so that house numbers start again within a zone.

    Returns
    -------
    CaseTable
        One row for each of `confirmed_rows`. ``rt`` is `Placement.rt`. ``house`` is what family
        cards and addresses connect within the RT, see `zoning.counting.house_groups`; -1 where
        there is neither a card nor an address with a house number. ``house_at_least`` is None
        where there is no doubt about any house. ``until`` is the day of recovery
        or death, else the day isolation ends by rule: 13 days after onset, or without symptoms
        10 after the specimen (after confirmation where there is none), but not before the day
        after confirmation.
    """
    rows = confirmed_rows(cases)
    chosen = cases.take(pa.array(rows))
    rt = placement.rt[rows]
    groups = house_groups(chosen, rt, reader, by_rt=by_rt)
    doubtful = not np.array_equal(groups.house, groups.house_at_least)
    return CaseTable(
        rt,
        groups.house,
        day_numbers(chosen["confirmed_on"]),
        _until(chosen),
        groups.house_at_least if doubtful else None,
    )


def placed_cases(cases: pa.Table, boundaries: Boundaries, placer: Placer) -> PlacedCases:
    """Confirmed cases with what the engine counts of them, and where they lie.

    Parameters
    ----------
    cases
        As `current_cases` gives them.
    placer
        Of these boundaries.
    """
    placement = placer.place(cases)
    codes = placement.area[confirmed_rows(cases)]
    area = pd.Index(boundaries.areas["code"]).get_indexer(pd.Index(codes, dtype="str"))
    area[codes == ELSEWHERE] = len(boundaries.areas)
    by_rt = boundaries.smallest_zone != "rt"
    table = case_table(cases, placement, placer.houses, by_rt=by_rt)
    return PlacedCases(table, area.astype(np.int32))


def _wards(cases: pa.Table, zone: NDArray[np.int32]) -> NDArray[np.int32]:
    """A number for each RT that cases name within their zone; -1 stays.

    `No 5` of RT 1 and `No 5` of RT 2 are two houses of one RW. Cases that name no RT are apart.
    """
    numbers = cases["rt"].to_pylist()
    texts = cases["address"].to_pylist()
    named = [
        _rt_named(text) if number is None else number
        for number, text in zip(numbers, texts, strict=True)
    ]
    ward, _ = pd.factorize(pd.MultiIndex.from_arrays([zone, pd.Series(named).fillna(0)]))
    return np.where(zone < 0, zone, ward).astype(np.int32)


def _rt_named(address: str | None) -> int | None:
    """The RT that an address names, where it names one."""
    named = {rt for rt, _ in pairs(mentions((address or "").casefold())) if rt is not None}
    return named.pop() if len(named) == 1 else None


def _until(cases: pa.Table) -> NDArray[np.int32]:
    names = "confirmed_on", "onset_on", "specimen_on", "outcome_on"
    day, onset, specimen, ended = (day_numbers(cases[name]) for name in names)
    sampled = np.where(specimen == NO_DAY, day, specimen)
    closed = np.where(onset == NO_DAY, sampled + DAYS_AFTER_SPECIMEN, onset + DAYS_AFTER_ONSET)
    by_rule = np.maximum(closed, day + 1)
    has_outcome = cases["outcome"].is_valid().to_numpy() & (ended != NO_DAY)
    return np.where(has_outcome, np.maximum(ended, day), by_rule).astype(np.int32)


def house_groups(
    cases: pa.Table, rt: NDArray[np.int32], reader: HouseReader, *, by_rt: bool = False
) -> HouseGroups:
    """Houses of cases; those of erased persons are known by their marks alone.

    Parameters
    ----------
    cases
        ``kk``, ``address`` and, where persons were erased, ``house`` (text); null where not known.
    rt
        Row number of the RT of each, -1 unplaced; shape ``(n,)``.
    reader
        Reads the houses of addresses.
    by_rt
        As in `case_table`.
    """
    addresses = read_houses(cases["address"], reader)
    cards = cases["kk"].to_pylist()
    has_marks = "house" in cases.column_names
    marks = cases["house"].to_pylist() if has_marks else [None] * len(cards)
    clues = [Clue.of(*each) for each in zip(addresses, cards, marks, strict=True)]
    return group_into_houses(_wards(cases, rt) if by_rt else rt, clues)


def read_houses(addresses: pa.ChunkedArray, reader: HouseReader) -> list[HouseAddress | None]:
    """The house each address names, None where it names none; each distinct text is read once."""
    encoded = addresses.combine_chunks().dictionary_encode()
    houses = [reader.read(text) for text in encoded.dictionary.to_pylist()]
    return [None if row is None else houses[row] for row in encoded.indices.to_pylist()]
