"""Small inputs that once gave wrong results: houses, record numbers and boundaries."""

import json
from typing import Any

import pandas as pd
import pytest

from geodata.areas import Level
from tests.databases import NewDatabase
from tests.shared_cases import RT_1_RW_2, json_answer, load, load_city, run, shared_case
from zoning import open_city

JULY_1 = "2021-07-01"
YELLOW, ORANGE = 1, 2


@pytest.fixture
def url(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of each engine with the city of these inputs."""
    return load_city(new_database(), monkeypatch)


@pytest.fixture
def empty(new_database: NewDatabase) -> str:
    return new_database()


def zones_with_cases(url: str) -> dict[str, "pd.Series[Any]"]:
    """Run 1 July; the zones of this day that have cases."""
    run(0, "zones", "run", "--from", JULY_1, "--to", JULY_1, "--database", url)
    with open_city(url) as city:
        zones = city.zones(JULY_1)
    return {str(row["code"]): row for _, row in zones[zones["cases"] > 0].iterrows()}


def count_areas(url: str, level: Level) -> int:
    with open_city(url) as city:
        return len(city.boundaries(level))


def test_the_numbers_of_four_houses_stay_apart(url: str) -> None:
    load(url, "cases", "houses-run-together.csv")
    zone = zones_with_cases(url)[RT_1_RW_2]
    assert (zone["houses"], zone["risk"]) == (4, ORANGE)


def test_one_house_in_six_notations_is_one_house(url: str) -> None:
    load(url, "cases", "one-house-six-ways.csv")
    zone = zones_with_cases(url)[RT_1_RW_2]
    assert (zone["houses"], zone["risk"]) == (1, YELLOW)


def test_a_number_with_decimals_is_the_same_number(url: str) -> None:
    load(url, "cases", "float-ids-1.csv")
    load(url, "cases", "float-ids-2.csv")
    zone = zones_with_cases(url)[RT_1_RW_2]
    assert (zone["cases"], zone["risk"]) == (3, ORANGE)


def test_numbers_that_start_again_do_not_correct_other_persons(url: str) -> None:
    load(url, "cases", "restarted-ids-1.csv")
    before = zones_with_cases(url)
    file = shared_case("restarted-ids-2.csv")
    # Every row is rejected: the exit status is 1, and the report has the reasons.
    report, remedy = run(1, "records", "load", "cases", file, "--database", url, "--json")
    second = json.loads(report)
    after = zones_with_cases(url)
    assert [row["risk"] for row in before.values()] == [YELLOW, YELLOW]
    assert after.keys() == before.keys()
    assert second["corrected"] == 0
    assert second["rejected_by_reason"] == {"id-reused": 2}
    assert "--without-numbers" in remedy


@pytest.mark.parametrize("name", ["far_null.geojson", "far_lon.geojson"])
def test_an_area_far_from_the_city_is_rejected_by_its_code_and_changes_nothing(
    empty: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, message = run(1, "boundaries", "load", shared_case(name), "--database", empty)
    assert "[far-area]" in message
    assert "33.74.10.1001" in message
    report = load(load_city(empty, monkeypatch), "cases", "near-border.csv")
    placed = {method: count for method, count in report["placed"].items() if count}
    assert placed == {"nearest": 1}


def test_an_invisible_character_in_a_code_makes_no_kelurahan(empty: str) -> None:
    run(0, "boundaries", "load", shared_case("codezwsp.geojson"), "--database", empty)
    assert count_areas(empty, "kelurahan") == 2


def test_two_kelurahan_of_one_name_in_one_kecamatan_give_a_warning(empty: str) -> None:
    output = run(
        0, "boundaries", "load", shared_case("same-name-two-codes.geojson"), "--database", empty
    )
    assert "MELATI" in "".join(output)
    assert "33.74.10.1003" in "".join(output)


@pytest.mark.parametrize("name", ["gc.geojson", "unclosed.geojson"])
def test_a_collection_and_an_open_ring_are_read(empty: str, name: str) -> None:
    run(0, "boundaries", "load", shared_case(name), "--database", empty)
    assert count_areas(empty, "rt") == 12


def test_loading_these_inputs_again_changes_nothing(url: str) -> None:
    for name in ("houses-run-together.csv", "float-ids-1.csv"):
        load(url, "cases", name)
        assert load(url, "cases", name)["unchanged"] == load(url, "cases", name)["read"]
    assert isinstance(json_answer("records", "rejected", "--database", url)["rejected"], int)
