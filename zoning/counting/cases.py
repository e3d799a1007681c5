"""Cases as the engine counts them: RT, house, first and last day.

Only this module decides which house a case has and how long a case is active.
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
from geodata.text.rt_rw import combine_mentions, find_mentions
from zoning.counting.house_groups import Clue, HouseGroups, group_into_houses
from zoning.counting.houses import CaseTable
from zoning.placing.placements import ELSEWHERE, Placement, Placer

DAYS_AFTER_SPECIMEN: Final = 10
"""Days in isolation without symptoms (KMK 413/2020), counted from the specimen."""
DAYS_AFTER_ONSET: Final = 13
"""Days in isolation with symptoms, counted from onset: ten days, then three without symptoms."""


class PlacedCases(NamedTuple):
    """Confirmed cases, and the row in ``boundaries.areas`` of the smallest known area of each.

    The row after the last row means outside the city.
    """

    table: CaseTable
    area: NDArray[np.int32]

    @property
    def nbytes(self) -> int:
        """Memory, in bytes."""
        columns = [column for column in self.table if column is not None]
        return sum(column.nbytes for column in columns) + self.area.nbytes


def confirmed_rows(cases: pa.Table) -> NDArray[np.intp]:
    """Rows of the confirmed cases among all cases, in the order of `case_table`."""
    confirmed = pc.and_(pc.equal(cases["status"], "confirmed"), pc.is_valid(cases["confirmed_on"]))
    return np.flatnonzero(confirmed.to_numpy(zero_copy_only=False))


def case_table(
    cases: pa.Table, placement: Placement, reader: HouseReader, *, zones_hold_rt: bool
) -> CaseTable:
    """The columns of confirmed cases that the engine counts.

    Parameters
    ----------
    cases
        From `current_cases`.
    placement
        The placement of the same rows.
    reader
        Reads the houses of addresses.
    zones_hold_rt
        Whether zones are larger than an RT: house numbers then restart in each RT of a zone.

    Returns
    -------
    CaseTable
        One row for each of `confirmed_rows`. ``rt`` is `Placement.rt`. ``house``: family cards
        and addresses connect cases of an RT into houses, see `zoning.counting.house_groups`; -1
        without a card and without an address that has a house number. ``house_at_least`` is
        None if no house is in doubt. ``until`` is the day of recovery or death; else the day on
        which isolation ends by rule: 13 days after onset, or, without symptoms, 10 days after
        the specimen (after confirmation, if no specimen is known), but not before the day after
        confirmation.
    """
    rows = confirmed_rows(cases)
    confirmed = cases.take(pa.array(rows))
    rt = placement.rt[rows]
    groups = house_groups(confirmed, rt, reader, zones_hold_rt=zones_hold_rt)
    doubtful = not np.array_equal(groups.house, groups.house_at_least)
    return CaseTable(
        rt,
        groups.house,
        day_numbers(confirmed["confirmed_on"]),
        _active_until(confirmed),
        groups.house_at_least if doubtful else None,
    )


def placed_cases(cases: pa.Table, boundaries: Boundaries, placer: Placer) -> PlacedCases:
    """Confirmed cases for counting, with the area of each.

    Parameters
    ----------
    cases
        From `current_cases`.
    placer
        The placer for `boundaries`.
    """
    placement = placer.place(cases)
    codes = placement.area[confirmed_rows(cases)]
    area = pd.Index(boundaries.areas["code"]).get_indexer(pd.Index(codes, dtype="str"))
    area[codes == ELSEWHERE] = len(boundaries.areas)
    zones_hold_rt = boundaries.smallest_zone != "rt"
    table = case_table(cases, placement, placer.houses, zones_hold_rt=zones_hold_rt)
    return PlacedCases(table, area.astype(np.int32))


def _rt_within_zone(cases: pa.Table, zone: NDArray[np.int32]) -> NDArray[np.int32]:
    """A number for each RT that cases name within their zone; -1 stays -1.

    `No 5` of RT 1 and `No 5` of RT 2 are two houses of one RW. Cases of a zone that name no RT
    form a group of their own.
    """
    numbers = cases["rt"].to_pylist()
    texts = cases["address"].to_pylist()
    rt_numbers = [
        _rt_in_address(text) if number is None else number
        for number, text in zip(numbers, texts, strict=True)
    ]
    rt_number, _ = pd.factorize(pd.MultiIndex.from_arrays([zone, pd.Series(rt_numbers).fillna(0)]))
    return np.where(zone < 0, zone, rt_number).astype(np.int32)


def _rt_in_address(address: str | None) -> int | None:
    """Number of the RT that an address names; None for an address that names no RT or several."""
    rt_numbers = {
        rt
        for rt, _ in combine_mentions(find_mentions((address or "").casefold()))
        if rt is not None
    }
    return rt_numbers.pop() if len(rt_numbers) == 1 else None


def _active_until(cases: pa.Table) -> NDArray[np.int32]:
    names = "confirmed_on", "onset_on", "specimen_on", "outcome_on"
    day, onset, specimen, outcome_day = (day_numbers(cases[name]) for name in names)
    specimen_day = np.where(specimen == NO_DAY, day, specimen)
    after_specimen, after_onset = specimen_day + DAYS_AFTER_SPECIMEN, onset + DAYS_AFTER_ONSET
    isolation_ends = np.where(onset == NO_DAY, after_specimen, after_onset)
    by_rule = np.maximum(isolation_ends, day + 1)
    has_outcome = cases["outcome"].is_valid().to_numpy() & (outcome_day != NO_DAY)
    return np.where(has_outcome, np.maximum(outcome_day, day), by_rule).astype(np.int32)


def house_groups(
    cases: pa.Table, rt: NDArray[np.int32], reader: HouseReader, *, zones_hold_rt: bool
) -> HouseGroups:
    """Houses of cases; houses of erased persons are known only by their marks.

    Parameters
    ----------
    cases
        ``kk``, ``address`` and, if persons were erased, ``house`` (text); null where unknown.
    rt
        Row number of the RT of each case, -1 unplaced; shape ``(n,)``.
    reader
        Reads the houses of addresses.
    zones_hold_rt
        See `case_table`.
    """
    addresses = read_houses(cases["address"], reader)
    cards = cases["kk"].to_pylist()
    has_marks = "house" in cases.column_names
    marks = cases["house"].to_pylist() if has_marks else [None] * len(cards)
    clues = [Clue.from_record(*case) for case in zip(addresses, cards, marks, strict=True)]
    return group_into_houses(_rt_within_zone(cases, rt) if zones_hold_rt else rt, clues)


def read_houses(addresses: pa.ChunkedArray, reader: HouseReader) -> list[HouseAddress | None]:
    """The house that each address names, else None. Each distinct text is read once."""
    encoded = addresses.combine_chunks().dictionary_encode()
    houses = [reader.read(text) for text in encoded.dictionary.to_pylist()]
    return [None if row is None else houses[row] for row in encoded.indices.to_pylist()]
