"""The small inputs that came out wrong once: houses, record numbers and boundaries, by commands."""

import json
from typing import Any

import pandas as pd
import pytest

from geodata.areas import Level
from tests.databases import NewDatabase
from tests.shared_cases import RT_1_RW_2, answer, case, load, run, with_city
from zoning import open_city

JULY_1 = "2021-07-01"
YELLOW, ORANGE = 1, 2


@pytest.fixture
def url(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of either engine with the city of the cases."""
    return with_city(new_database(), monkeypatch)


@pytest.fixture
def empty(new_database: NewDatabase) -> str:
    return new_database()


def judged(url: str) -> dict[str, "pd.Series[Any]"]:
    """The zones of 1 July that are not plain green, after `zones run`."""
    run(0, "zones", "run", "--from", JULY_1, "--to", JULY_1, "--database", url)
    with open_city(url) as city:
        zones = city.zones(JULY_1)
    return {str(row["code"]): row for _, row in zones[zones["cases"] > 0].iterrows()}


def areas(url: str, level: Level) -> int:
    with open_city(url) as city:
        return len(city.boundaries(level))


def test_numbers_of_four_houses_do_not_run_together(url: str) -> None:
    load(url, "cases", "houses-run-together.csv")
    found = judged(url)
    assert (found[RT_1_RW_2]["houses"], found[RT_1_RW_2]["risk"]) == (4, ORANGE)


def test_one_house_in_six_ways_is_one_house(url: str) -> None:
    load(url, "cases", "one-house-six-ways.csv")
    found = judged(url)
    assert (found[RT_1_RW_2]["houses"], found[RT_1_RW_2]["risk"]) == (1, YELLOW)


def test_a_number_with_decimals_is_the_same_number(url: str) -> None:
    load(url, "cases", "float-ids-1.csv")
    load(url, "cases", "float-ids-2.csv")
    found = judged(url)
    assert (found[RT_1_RW_2]["cases"], found[RT_1_RW_2]["risk"]) == (3, ORANGE)


def test_numbers_that_start_again_make_no_corrections_of_other_persons(url: str) -> None:
    load(url, "cases", "restarted-ids-1.csv")
    before = judged(url)
    file = case("restarted-ids-2.csv")
    # Not one row could be used: the status is 1, and the report says why.
    said, remedy = run(1, "records", "load", "cases", file, "--database", url, "--json")
    second = json.loads(said)
    after = judged(url)
    assert [row["risk"] for row in before.values()] == [YELLOW, YELLOW]
    assert after.keys() == before.keys()
    assert second["corrected"] == 0
    assert second["rejected_by_reason"] == {"id-reused": 2}
    assert "--without-numbers" in remedy


@pytest.mark.parametrize("name", ["far_null.geojson", "far_lon.geojson"])
def test_an_area_far_from_the_city_is_refused_by_name_and_changes_nothing(
    empty: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, said = run(1, "boundaries", "load", case(name), "--database", empty)
    assert "[far-area]" in said
    assert "33.74.10.1001" in said
    report = load(with_city(empty, monkeypatch), "cases", "near-border.csv")
    assert {way: count for way, count in report["placed"].items() if count} == {"nearest": 1}


def test_an_invisible_character_in_a_code_makes_no_kelurahan(empty: str) -> None:
    run(0, "boundaries", "load", case("codezwsp.geojson"), "--database", empty)
    assert areas(empty, "kelurahan") == 2


def test_two_kelurahan_of_one_name_in_one_kecamatan_are_said(empty: str) -> None:
    said = run(0, "boundaries", "load", case("same-name-two-codes.geojson"), "--database", empty)
    assert "MELATI" in "".join(said)
    assert "33.74.10.1003" in "".join(said)


@pytest.mark.parametrize("name", ["gc.geojson", "unclosed.geojson"])
def test_a_collection_and_an_open_ring_are_read(empty: str, name: str) -> None:
    run(0, "boundaries", "load", case(name), "--database", empty)
    assert areas(empty, "rt") == 12


def test_nothing_of_these_inputs_is_counted_twice_by_loading_them_again(url: str) -> None:
    for name in ("houses-run-together.csv", "float-ids-1.csv"):
        load(url, "cases", name)
        assert load(url, "cases", name)["unchanged"] == load(url, "cases", name)["read"]
    assert isinstance(answer("records", "rejected", "--database", url)["rejected"], int)
