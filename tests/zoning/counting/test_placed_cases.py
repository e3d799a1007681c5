"""Confirmed cases with the area of each, and houses in zones that are larger than an RT."""

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from geodata.boundaries import Boundaries, Columns, prepare_boundaries
from tests.cities import small_city as city
from tests.cities.city_without_rt import RW, squares
from zoning.counting.cases import PlacedCases, placed_cases
from zoning.placing.placements import Placer

TEXTS = ("status", "kk", "address", "kelurahan", "kecamatan", "outcome", "house")
DATES = ("confirmed_on", "onset_on", "specimen_on", "outcome_on")
SCHEMA = pa.schema(
    {
        **dict.fromkeys(TEXTS, pa.string()),
        **dict.fromkeys(DATES, pa.date32()),
        **dict.fromkeys(("lon", "lat"), pa.float64()),
        **dict.fromkeys(("rt", "rw"), pa.int64()),
        "non_resident": pa.bool_(),
    }
)


def place(boundaries: Boundaries, *rows: dict[str, Any]) -> PlacedCases:
    """The placed cases of confirmed cases, unless a row has another status."""
    confirmed = {"status": "confirmed", "confirmed_on": date(2021, 6, 1)}
    cases = pa.Table.from_pylist([confirmed | row for row in rows], schema=SCHEMA)
    return placed_cases(cases, boundaries, Placer(boundaries, prefer="coordinates"))


def at(village: int, rw: int, rt: int, **columns: object) -> dict[str, Any]:
    lon, lat = city.middle(village, rw, rt)
    return {"lon": lon, "lat": lat, **columns}


def test_each_confirmed_case_has_the_row_of_its_smallest_known_area() -> None:
    cases = place(
        city.small_city(),
        at(1, 2, 3),
        at(0, 1, 1, status="suspect"),
        {"kelurahan": "Tembalang"},
        {"non_resident": True},
        {},
        at(0, 1, 1),
    )
    codes = city.small_city().areas["code"].tolist()
    assert [[*codes, "outside the city"][row] for row in cases.area.tolist()] == [
        city.code(1, 2, 3),
        city.VILLAGES[3].code,
        "outside the city",
        "33.74",
        city.code(0, 1, 1),
    ]
    rt_rows = city.square_row(1, 2, 3), city.square_row(0, 1, 1)
    assert cases.table.rt.tolist() == [rt_rows[0], -1, -1, -1, rt_rows[1]]


@pytest.mark.parametrize(
    ("addresses", "n_columns"),
    [(("Mawar 5", "Melati 5"), 5), (("Mawar 5", "No 5"), 6)],
    ids=["houses without doubt", "a house in doubt"],
)
def test_the_memory_of_placed_cases_is_four_bytes_for_each_case_and_column(
    addresses: tuple[str, ...], n_columns: int
) -> None:
    cases = place(city.small_city(), *(at(0, 1, 1, address=address) for address in addresses))
    assert cases.nbytes == len(addresses) * n_columns * 4


def test_cases_with_a_mark_of_one_erased_person_are_one_house() -> None:
    marks = ("k1", "k2", "a9 k1", None)
    cases = place(city.small_city(), *(at(0, 1, 1, house=mark) for mark in marks))
    house = cases.table.house.tolist()
    assert house[0] == house[2] != house[1]
    assert house[3] == -1


def test_in_a_city_of_rt_the_rt_of_the_polygon_counts_and_not_the_rt_of_the_record() -> None:
    rows: list[dict[str, object]] = [
        {"address": "No 5"},
        {"address": "No 5 RT 3"},
        {"address": "No 5", "rt": 2},
    ]
    house = place(city.small_city(), *(at(0, 1, 1) | row for row in rows)).table.house
    assert house.tolist() == [0, 0, 0]


# --- zones that are RW: a house number restarts in each RT of the zone ---

RW_CITY = prepare_boundaries(
    squares(RW), Columns(rt_label="label", kota_name="=Kota Semarang"), smallest="rw"
).boundaries


def house_numbers(*rows: tuple[int | None, str | None], rw: int = 1) -> list[int]:
    """House numbers of cases in an RW of Melati, each with its RT and its address."""
    cases = [
        {"rt": rt, "rw": rw, "kelurahan": "Melati", "address": address} for rt, address in rows
    ]
    placed = place(RW_CITY, *cases)
    assert (placed.table.rt == rw - 1).all()
    numbers: list[int] = placed.table.house.tolist()
    return numbers


@pytest.mark.parametrize("rw", [1, 2])
def test_a_house_number_is_one_house_in_each_rt_of_an_rw(rw: int) -> None:
    rows = [(1, "No 5"), (2, "No 5"), (None, "No 5"), (None, "No 5, RT 2"), (None, "No 5 rt 01")]
    house = house_numbers(*rows, rw=rw)
    assert house[0] == house[4]
    assert house[1] == house[3]
    assert len(set(house)) == 3


def test_the_rt_of_a_record_wins_over_the_rt_in_its_address() -> None:
    house = house_numbers((1, "No 5 RT 2"), (1, "No 5"), (2, "No 5"))
    assert house[0] == house[1] != house[2]


def test_an_address_with_several_rt_is_in_no_rt() -> None:
    house = house_numbers((None, "No 5 RT 1 RT 2"), (None, "No 5"), (1, "No 5"), (2, "No 5"))
    assert house[0] == house[1]
    assert len(set(house)) == 3


def test_one_rt_number_in_two_rw_is_two_rt() -> None:
    rows = ({"rt": 1, "rw": rw, "kelurahan": "Melati", "address": "No 5"} for rw in (1, 2))
    first, second = place(RW_CITY, *rows).table.house.tolist()
    assert first != second


def test_cases_outside_every_rw_are_houses_only_by_their_card() -> None:
    rows = [{"rt": 1, "address": "No 5", "kk": card} for card in ("a", "a", None)]
    placed = place(RW_CITY, *rows)
    assert placed.table.rt.tolist() == [-1, -1, -1]
    assert placed.table.house.tolist() == [0, 0, -1]
