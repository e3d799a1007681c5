"""Planned days are classified: their zones, their cases in no RT, and their counts per class."""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np
import pytest

from geodata.calendar import day_number
from geodata.runs import Run
from tests.cities import small_city as city
from zoning.counting.cases import PlacedCases
from zoning.counting.houses import CaseTable
from zoning.days.classification import ClassifiedDays, Plan, classify_days, count_colours
from zoning.rules import Rule, built_in

LAW = built_in().rule("inmendagri-7-2021")  # yellow from 1 house, orange from 3, red from 6
FIRST_LAW = built_in().rule("inmendagri-3-2021")  # yellow from 1 house, orange from 6, red from 11
BOUNDARIES = city.small_city()
AREAS = BOUNDARIES.areas["code"].tolist()
SQUARE, OTHER_SQUARE = (0, 1, 1), (3, 1, 1)

Row = tuple[tuple[int, int, int] | str, int, int]
"""The square or the code of a case, its first day and the day of its recovery."""


def day(number: int) -> date:
    return date(2021, 6, 1) + timedelta(days=number)


def placed(rows: Sequence[Row]) -> PlacedCases:
    """Cases, each in a house of its own."""
    first = day_number(day(0))
    days = np.array([[first + start, first + end] for _, start, end in rows], dtype=np.int32)
    rt, area = np.full((2, len(rows)), -1, dtype=np.int32)
    for k, (place, *_) in enumerate(rows):
        if isinstance(place, str):
            area[k] = [*AREAS, "luar kota"].index(place)
        else:
            rt[k] = city.square_row(*place)
            area[k] = AREAS.index(city.code(*place))
    house = np.arange(len(rows), dtype=np.int32)
    return PlacedCases(CaseTable(rt, house, *days.reshape(-1, 2).T), area)


def plan(number: int, rule: Rule = LAW) -> Plan:
    run = Run(f"run of {number}", day(number), rule.id, rule.digest, BOUNDARIES.id, {})
    return Plan(run, rule, "records")


def classified(rows: Sequence[Row], *plans: Plan) -> ClassifiedDays:
    return classify_days(BOUNDARIES, placed(rows), plans)


def colours(days: ClassifiedDays) -> dict[str, str]:
    """The number of RT of each class of each run."""
    return {run: " ".join(f"{v} {k}" for k, v in r.counts.items()) for run, r in days.runs.items()}


THREE: list[Row] = [(SQUARE, start, start + 9) for start in (0, 0, 1)]


def test_a_zone_has_its_counts_and_its_risk_on_every_planned_day_with_a_count() -> None:
    days = classified(THREE, *(plan(number) for number in range(-1, 12)))
    rows = [tuple(row.values()) for row in days.zones.to_pylist()]
    code = city.code(*SQUARE)
    assert rows == [
        ("run of 0", code, 1, 2, 2, 2, 2),
        *((f"run of {number}", code, 2, 3, 3, 3, 3) for number in range(1, 7)),
        ("run of 7", code, 1, 1, 1, 1, 3),
        ("run of 8", code, 0, 0, 0, 0, 3),
        ("run of 9", code, 0, 0, 0, 0, 1),
    ]
    assert days.unplaced.num_rows == 0
    assert colours(days) == {
        "run of -1": "23 green 0 yellow 0 orange 0 red",
        "run of 0": "22 green 1 yellow 0 orange 0 red",
        **{f"run of {n}": "22 green 0 yellow 1 orange 0 red" for n in range(1, 7)},
        "run of 7": "22 green 1 yellow 0 orange 0 red",
        **{f"run of {n}": "23 green 0 yellow 0 orange 0 red" for n in range(8, 12)},
    }


def test_a_run_keeps_its_other_fields() -> None:
    planned = plan(2)
    [run] = classified(THREE, planned).runs.values()
    assert run == planned.run._replace(counts=run.counts)


@pytest.mark.parametrize("numbers", [[0, 5, 9], [2], [0, 9], [0, 1, 4], [0, 2], [-3, 3, 20]])
def test_days_between_the_planned_days_have_no_rows(numbers: list[int]) -> None:
    rows: list[Row] = [*THREE, (OTHER_SQUARE, 4, 30), ("33.74", 3, 8), ("33.74", 8, 20)]
    all_days = classified(rows, *(plan(number) for number in range(-3, 21)))
    some_days = classified(rows, *(plan(number) for number in numbers))
    runs = [f"run of {number}" for number in numbers]
    for table, some in ((all_days.zones, some_days.zones), (all_days.unplaced, some_days.unplaced)):
        assert some.to_pylist() == [row for row in table.to_pylist() if row["run"] in runs]
    assert some_days.runs == {run: all_days.runs[run] for run in runs}


def test_cases_in_no_rt_are_counted_by_their_smallest_known_area() -> None:
    village = city.VILLAGES[3].code
    rows: list[Row] = [(village, 0, 9), (village, 1, 3), ("33.74", 1, 2), ("luar kota", 1, 5)]
    first_rt: Row = ((1, 1, 1), 0, 9)  # in row 0 of the RT
    days = classified([*rows, first_rt, *THREE], plan(1), plan(2), plan(8), plan(9))
    assert [tuple(row.values()) for row in days.unplaced.to_pylist()] == [
        *(("run of 1", code, *counts) for code, *counts in (("33.74", 1, 1), (village, 2, 2))),
        ("run of 1", "luar kota", 1, 1),
        *(("run of 2", code, *counts) for code, *counts in (("33.74", 1, 0), (village, 2, 2))),
        ("run of 2", "luar kota", 1, 1),
        ("run of 8", village, 0, 1),
    ]
    assert set(days.zones["code"].to_pylist()) == {city.code(1, 1, 1), city.code(*SQUARE)}


def test_each_day_has_the_window_and_the_thresholds_of_its_own_rule() -> None:
    short = FIRST_LAW.model_copy(update={"id": "short", "window": 2})
    plans = plan(1), plan(2, short), plan(3, short), plan(4, FIRST_LAW), plan(7)
    days = classified(THREE, *plans)
    assert {row["run"]: (row["risk"], row["houses"]) for row in days.zones.to_pylist()} == {
        "run of 1": (2, 3),
        "run of 2": (1, 1),
        "run of 3": (0, 0),
        "run of 4": (1, 3),
        "run of 7": (1, 1),
    }
    assert colours(days) == {
        "run of 1": "22 green 0 yellow 1 orange 0 red",
        "run of 2": "22 green 1 yellow 0 orange 0 red",
        "run of 3": "23 green 0 yellow 0 orange 0 red",
        "run of 4": "22 green 1 yellow 0 orange 0 red",
        "run of 7": "22 green 1 yellow 0 orange 0 red",
    }


def test_without_planned_days_the_tables_are_empty_and_have_their_columns() -> None:
    days = classified(THREE)
    assert days.runs == {}
    assert (days.zones.num_rows, days.unplaced.num_rows) == (0, 0)
    counts = ["houses", "houses_at_least", "cases", "active"]
    assert days.zones.column_names == ["run", "code", "risk", *counts]
    assert days.unplaced.column_names == ["run", "code", "cases", "active"]
    some = classified(THREE, plan(1))
    assert (some.zones.schema, some.unplaced.schema) == (days.zones.schema, days.unplaced.schema)


@pytest.mark.parametrize(
    ("day_of_row", "risk", "shape", "expected"),
    [
        ([], [], (2, 3), [[9, 0, 0], [9, 0, 0]]),
        ([0, 0, 0, 1], [1, 2, 2, 1], (2, 3), [[6, 1, 2], [8, 1, 0]]),
        ([1, 1], [0, 0], (2, 4), [[9, 0, 0, 0], [9, 0, 0, 0]]),
        ([0, 2, 2], [3, 3, 0], (3, 4), [[8, 0, 0, 1], [9, 0, 0, 0], [8, 0, 0, 1]]),
        ([300], [1], (301, 2), [*[[9, 0]] * 300, [8, 1]]),
    ],
)
def test_rt_of_each_class_on_each_day_are_counted(
    day_of_row: list[int], risk: list[int], shape: tuple[int, int], expected: list[list[int]]
) -> None:
    days, risks = np.array(day_of_row, dtype=np.int16), np.array(risk, dtype=np.uint8)
    assert count_colours(days, risks, shape, 9).tolist() == expected
