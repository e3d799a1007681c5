"""Small inputs that once gave wrong results: tables, loaded with the commands."""

from datetime import date

import pandas as pd
import pytest

from tests.databases import NewDatabase
from tests.shared_cases import RT_1_RW_2, json_answer, load, load_city, run, shared_case
from zoning import open_city


@pytest.fixture
def url(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database of each engine with the city of these inputs."""
    return load_city(new_database(), monkeypatch)


def _cases(url: str, *names: str) -> pd.DataFrame:
    for name in names:
        load(url, "cases", name)
    with open_city(url) as city:
        cases: pd.DataFrame = city.cases().set_index("case_id")
    return cases


def test_repeated_headings_are_the_headings_of_the_rows_below_them(url: str) -> None:
    assert _cases(url, "heading-again-rt-rw.csv")["area"].to_dict() == {
        "A1": RT_1_RW_2,
        "A2": RT_1_RW_2,
    }
    second = _cases(url, "heading-again-dates.csv").loc["A2"]
    assert (second["confirmed_on"], second["onset_on"]) == (date(2021, 7, 5), date(2021, 7, 1))


def test_a_list_with_the_month_first_is_rejected_with_the_name_of_the_setting(url: str) -> None:
    _, message = run(
        1, "records", "load", "cases", shared_case("month-first.csv"), "--database", url
    )
    assert "month_first" in message
    assert "[date-order]" in message
    assert _cases(url).empty


def test_days_without_a_format_count_from_1904_in_a_workbook_that_does(url: str) -> None:
    days = _cases(url, "1904-unformatted.xlsx")["confirmed_on"]
    assert days.to_dict() == {"A0": date(2024, 7, 1), "A1": date(2025, 2, 3)}


def test_a_multipoint_of_one_point_is_a_point(url: str) -> None:
    cases = _cases(url, "multipoint.geojson")
    assert cases["placed"].to_dict() == {"G1": "coordinates", "G4": "coordinates"}
    assert len(set(cases["area"])) == 1


def test_numbers_of_indicators_are_read_exactly_or_rejected(url: str) -> None:
    load(url, "indicators", "scientific.csv")
    with open_city(url) as city:
        rows = city.store.read("select value from indicator_version order by date").to_pylist()
    assert [row["value"] for row in rows] == [1250.5, 1250.0]
    report = load(url, "indicators", "negative-counts.csv")
    assert (report["new"], report["rejected_by_reason"]) == (1, {"count-negative": 3})


def test_cells_with_remains_of_other_programs_are_read(url: str) -> None:
    cases = _cases(url, "cells.csv")
    for row in ("apos", "eq", "zwsp", "bom", "lrm", "decc", "fullw"):
        assert cases.loc[row, "area"] == RT_1_RW_2, row
    rejected = json_answer("records", "rejected", "--database", url)["rows"]
    assert {row["row"] for row in rejected} == {43, 44, 46, 50, 55}


def test_coordinates_are_read_in_every_notation(url: str) -> None:
    cases = _cases(url, "coords.csv")
    for row in ("P9", "P35", "P36", "P37", "P38", "P40", "P41", "P42", "P45"):
        assert (cases.loc[row, "lon"], cases.loc[row, "lat"]) == (110.4215, -7.0485), row


@pytest.mark.parametrize(
    ("name", "count"), [("dimension-1-3.xlsx", 2), ("nul.csv", 2), ("wholequoted.csv", 1)]
)
def test_a_file_with_faults_of_its_program_is_loaded(url: str, name: str, count: int) -> None:
    cases = _cases(url, name)
    assert len(cases) == count
    assert set(cases["area"]) == {RT_1_RW_2}
