"""Curves: areas lie on each other, a missing day is a gap, and every value is in its place."""

import re
from datetime import date, timedelta

import pandas as pd

from api.pages.portal.curves import HEIGHT, WIDTH, RangeOfDay, range_curve, stacked_curve
from geodata.calendar import DayRange

FIRST = date(2021, 7, 1)


def days(*numbers: int) -> list[date]:
    return [FIRST + timedelta(days=number) for number in numbers]


def outlines(path: str) -> list[list[tuple[int, int]]]:
    """The corners of each closed outline of a path."""
    return [
        [(int(x), int(y)) for x, y in re.findall(r"(\d+),(\d+)", outline)]
        for outline in path.split("Z")[:-1]
    ]


def test_a_day_is_a_column_from_its_left_to_its_right_side() -> None:
    curve = stacked_curve(days(0, 1), pd.DataFrame({"red": [1, 2], "yellow": [1, 0]}))
    half = WIDTH // 2
    # Two of at most two: the second day reaches the top, the first day half of the height.
    assert outlines(curve.areas[0]) == [
        [
            *((0, HEIGHT // 2), (half, HEIGHT // 2), (half, 0), (WIDTH, 0)),
            *((WIDTH, HEIGHT), (half, HEIGHT), (half, HEIGHT), (0, HEIGHT)),
        ]
    ]
    assert outlines(curve.areas[1])[0][:2] == [(0, 0), (half, 0)]
    assert curve.most == 2
    assert curve.table == [(FIRST, [1, 1]), (FIRST + timedelta(days=1), [2, 0])]


def test_a_day_without_data_is_a_gap() -> None:
    curve = stacked_curve(days(0, 3), pd.DataFrame({"red": [1, 1]}))
    sides = [
        (min(x for x, _ in corners), max(x for x, _ in corners))
        for corners in outlines(curve.areas[0])
    ]
    quarter = WIDTH // 4
    assert sides == [(0, quarter), (WIDTH - quarter, WIDTH)]


def test_days_whose_reports_still_arrive_are_hatched() -> None:
    values = pd.DataFrame({"red": [1, 0, 1, 2], "yellow": [1, 0, 0, 0]})
    curve = stacked_curve(days(0, 1, 2, 3), values, last_complete=FIRST + timedelta(days=1))
    assert curve.n_incomplete == 2
    half, quarter = WIDTH // 2, WIDTH // 4
    columns = [
        (min(x for x, _ in corners), min(y for _, y in corners), max(y for _, y in corners))
        for corners in outlines(curve.incomplete)
    ]
    assert columns == [(half, HEIGHT // 2, HEIGHT), (half + quarter, 0, HEIGHT)]
    assert stacked_curve(days(0, 1, 2, 3), values).incomplete == ""


def test_one_day_alone_is_visible_and_no_day_is_an_empty_curve() -> None:
    [corners] = outlines(stacked_curve(days(0), pd.DataFrame({"red": [3]})).areas[0])
    assert {x for x, _ in corners} == {0, WIDTH}
    nothing = stacked_curve([], pd.DataFrame({"red": []}))
    assert (nothing.areas, nothing.most) == ([""], 0)


def test_a_class_without_zones_has_no_area() -> None:
    curve = stacked_curve(days(0, 1), pd.DataFrame({"red": [0, 0], "yellow": [4, 5]}))
    assert curve.areas[0] == ""
    assert curve.areas[1] != ""


def test_a_week_is_seven_days_wide_and_a_week_without_data_is_a_gap() -> None:
    """Also at the sides: a curve begins and ends with the days of its axis."""
    weeks = [RangeOfDay(day, 5, 10) for day in days(7, 14, 28)]
    shown = DayRange(*days(0, 41))
    curve = range_curve(weeks[:2], weeks[2:], shown, step=7)
    sixth, most = WIDTH // 6, HEIGHT // 2
    [sure] = outlines(curve.sure)
    assert sure[:4] == [(sixth, most), (2 * sixth, most), (2 * sixth, most), (3 * sixth, most)]
    [incomplete] = outlines(curve.incomplete)
    assert {x for x, _ in incomplete} == {4 * sixth, 5 * sixth}
    assert {y for _, y in incomplete} == {0, HEIGHT}
    assert curve.most == 10
