"""Cases as the engine counts them."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zoning.counting.cases import CaseTable, case_table, confirmed_rows, house_text
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
CASE: dict[str, Any] = {"status": "confirmed", "confirmed_on": DAY}


def _cases(*rows: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in SCHEMA.names} for row in rows], schema=SCHEMA
    )


def _table(*rows: dict[str, Any]) -> CaseTable:
    """Cases in the RT their ``rt`` says, 0 where it says none."""
    rt = np.array([row.get("rt", 0) for row in rows], dtype=np.int32)
    anything = np.full(len(rows), "", dtype=object)
    placement = Placement(rt, rt, anything, anything, np.zeros(len(rows), dtype=bool))
    return case_table(_cases(*rows), placement)


def _until(**dates: object) -> date:
    [day] = _table(CASE | dates).until.tolist()
    return EPOCH + timedelta(day)


def test_only_the_confirmed_are_counted() -> None:
    rows = [CASE, *(CASE | {"status": s} for s in ("suspect", "probable", "contact", "discarded"))]
    assert len(_table(*rows).rt) == 1
    assert confirmed_rows(_cases(*reversed(rows))).tolist() == [4]


def test_the_day_is_that_of_confirmation_in_days_since_1970() -> None:
    assert _table(CASE).day.tolist() == [(DAY - EPOCH).days]
    assert all(column.dtype == np.int32 for column in _table(CASE))


def test_a_case_is_active_until_its_outcome_however_late() -> None:
    late = DAY + timedelta(40)
    assert _until(outcome="died", outcome_on=late, onset_on=DAY) == late
    assert _until(outcome="recovered", outcome_on=DAY) == DAY


def test_a_death_before_confirmation_was_never_active() -> None:
    assert _until(outcome="died", outcome_on=DAY - timedelta(3)) == DAY


def test_isolation_ends_ten_days_after_the_specimen_or_thirteen_after_onset() -> None:
    before = DAY - timedelta(4)
    assert _until(specimen_on=before) == before + timedelta(10)
    assert _until(onset_on=before) == before + timedelta(13)
    assert _until(onset_on=before, specimen_on=DAY) == before + timedelta(13)
    assert _until() == DAY + timedelta(10)
    assert _until(outcome="recovered") == DAY + timedelta(10)


def test_a_case_confirmed_after_its_isolation_is_active_for_a_day() -> None:
    assert _until(specimen_on=DAY - timedelta(30)) == DAY + timedelta(1)


def test_a_family_card_is_a_house_before_any_address() -> None:
    house = _table(
        CASE | {"kk": "a", "address": "Jl. Mawar 1"},
        CASE | {"kk": "a", "address": "Jl. Mawar 2"},
        CASE | {"kk": "b", "address": "Jl. Mawar 1"},
    ).house
    assert house[0] == house[1] != house[2]


def test_an_address_is_a_house_within_its_rt_only() -> None:
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
def test_the_number_of_a_house_does_not_hang_on_the_order_of_cases(order: list[int]) -> None:
    rows = [CASE | {"kk": kk, "address": "1"} for kk in ("a", "b", None, "a")]
    wanted = _table(*rows).house[order].tolist()
    assert _table(*(rows[position] for position in order)).house.tolist() == wanted


@pytest.mark.parametrize(
    "address",
    [
        "Jl. Mawar 5",
        "jalan mawar no 5",
        "Jln Mawar No.05",
        "Jl. Mawar Nomor 5, RT 002 RW 014",
        "Jl Mawar 5 RT.02/RW.14",
        "Jl. Mawar 5 RT/RW : 003/005",
        "Jl. Mawar 5 rt03rw05",
        "Jl. Mawar 5 003/005",
        "Jl. Mawar 5 Rt.o3 Rw 5",
        "Jl. Mawar 5 Rt 3 / Rw V",
        "R.T. 03 R.W. 05 Jl. Mawar 5",
    ],
)
def test_spellings_of_one_house(address: str) -> None:
    assert house_text(address) == "mawar5"


@pytest.mark.parametrize("address", ["Jl. Mawar", "RT 02 RW 03", "Dusun Krajan", "RT 02/03"])
def test_a_street_or_an_rt_is_no_house(address: str) -> None:
    assert house_text(address) is None


def test_a_block_and_a_number_are_a_house_of_their_own() -> None:
    assert house_text("Blok C 5") != house_text("Blok D 5")
    assert house_text("Jl. Mawar 5A") != house_text("Jl. Mawar 5")
    assert house_text("Jl. Mawar 15") != house_text("Jl. Mawar 5")
    assert house_text("Jl. Norma 5") == "norma5"
