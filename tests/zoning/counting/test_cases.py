"""Columns of confirmed cases for counting: day, house, active days."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from geodata.houses import HouseReader
from zoning.counting.cases import case_table, confirmed_rows
from zoning.counting.houses import CaseTable
from zoning.placing.placements import Placement

SCHEMA = pa.schema(
    [
        ("status", pa.string()),
        ("kk", pa.string()),
        ("address", pa.string()),
        ("confirmed_on", pa.date32()),
        ("onset_on", pa.date32()),
        ("specimen_on", pa.date32()),
        ("outcome", pa.string()),
        ("outcome_on", pa.date32()),
    ]
)
DAY = date(2021, 6, 20)
EPOCH = date(1970, 1, 1)
READER = HouseReader()
CASE: dict[str, Any] = {"status": "confirmed", "confirmed_on": DAY}


def _cases(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in SCHEMA.names} for row in rows], schema=SCHEMA
    )


def _table(*rows: dict[str, Any]) -> CaseTable:
    """The table of cases in the RT ``rt`` of each row, default 0."""
    rt = np.array([row.get("rt", 0) for row in rows], dtype=np.int32)
    empty_texts = np.full(len(rows), "", dtype=object)
    placement = Placement(rt, rt, empty_texts, empty_texts, np.zeros(len(rows), dtype=bool))
    return case_table(_cases(*rows), placement, READER, zones_hold_rt=False)


def _until(**dates: object) -> date:
    [day] = _table(CASE | dates).until.tolist()
    return EPOCH + timedelta(day)


def test_only_confirmed_cases_are_counted() -> None:
    rows = [CASE, *(CASE | {"status": s} for s in ("suspect", "probable", "contact", "discarded"))]
    assert len(_table(*rows).rt) == 1
    assert confirmed_rows(_cases(*reversed(rows))).tolist() == [4]


def test_the_day_of_a_case_is_its_confirmation_in_days_since_1970() -> None:
    assert _table(CASE).day.tolist() == [(DAY - EPOCH).days]
    assert all(column.dtype == np.int32 for column in _table(CASE)[:4])


def test_a_case_is_active_until_its_outcome_even_if_the_outcome_is_late() -> None:
    late = DAY + timedelta(40)
    assert _until(outcome="died", outcome_on=late, onset_on=DAY) == late
    assert _until(outcome="recovered", outcome_on=DAY) == DAY


def test_a_case_with_a_death_before_confirmation_is_never_active() -> None:
    assert _until(outcome="died", outcome_on=DAY - timedelta(3)) == DAY


def test_isolation_ends_ten_days_after_the_specimen_or_thirteen_after_onset() -> None:
    before = DAY - timedelta(4)
    assert _until(specimen_on=before) == before + timedelta(10)
    assert _until(onset_on=before) == before + timedelta(13)
    assert _until(onset_on=before, specimen_on=DAY) == before + timedelta(13)
    assert _until() == DAY + timedelta(10)
    assert _until(outcome="recovered") == DAY + timedelta(10)


def test_a_case_confirmed_after_its_isolation_is_active_for_one_day() -> None:
    assert _until(specimen_on=DAY - timedelta(30)) == DAY + timedelta(1)


def test_cards_and_addresses_connect_cases_to_houses() -> None:
    house = _table(
        CASE | {"kk": "a", "address": "Jl. Mawar 1"},
        CASE | {"address": "Jl. Mawar 1"},
        CASE | {"kk": "b", "address": "Jalan Mawar No. 1"},
        CASE | {"kk": "b"},
        CASE | {"kk": "c"},
    ).house
    assert len(set(house[:4].tolist())) == 1
    assert house[4] != house[0]


def test_a_card_does_not_join_two_clearly_different_addresses() -> None:
    cases = _table(
        CASE | {"kk": "a", "address": "Jl. Mawar 1"},
        CASE | {"kk": "a", "address": "Jl. Mawar 2"},
        CASE | {"kk": "a"},
    )
    assert cases.house[0] != cases.house[1]
    assert cases.house[2] in cases.house[:2]
    assert cases.house_at_least is not None
    assert len(set(cases.house_at_least.tolist())) == 1


def test_a_card_decides_whether_two_unclear_spellings_are_one_house() -> None:
    without_card = [CASE | {"address": "Jl. Mawar 5"}, CASE | {"address": "No 5"}]
    cases = _table(*without_card)
    assert cases.house[0] != cases.house[1]
    assert cases.house_at_least is not None
    assert cases.house_at_least[0] == cases.house_at_least[1]
    with_card = _table(*(case | {"kk": "a"} for case in without_card))
    assert with_card.house[0] == with_card.house[1]
    assert with_card.house_at_least is None


def test_an_address_is_a_house_only_within_its_rt() -> None:
    house = _table(
        CASE | {"address": "Jl. Mawar No. 5 RT 02/RW 03", "rt": 1},
        CASE | {"address": "JALAN MAWAR 05", "rt": 1},
        CASE | {"address": "Jl. Mawar 5", "rt": 2},
        CASE | {"address": "Jl. Mawar 5", "rt": -1},
        CASE | {"address": "Jl. Mawar", "rt": 1},
        CASE | {"rt": 1},
    ).house
    assert house[0] == house[1] != house[2]
    assert house[3:].tolist() == [-1, -1, -1]


@given(order=st.permutations(range(4)))
def test_the_number_of_a_house_does_not_depend_on_the_order_of_cases(order: list[int]) -> None:
    rows = [CASE | {"kk": kk, "address": "1"} for kk in ("a", "b", None, "a")]
    expected = _table(*rows).house[order].tolist()
    assert _table(*(rows[position] for position in order)).house.tolist() == expected
