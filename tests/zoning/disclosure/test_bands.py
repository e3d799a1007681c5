"""Public figures, calculated by hand from bands: 0, 1-4 (middle 2.5), 5-9 (7), 10-14 (12), ..."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.zoning.disclosure.three_villages import (
    CITY,
    NORTH,
    RT_OF_A,
    SOUTH,
    A,
    B,
    C,
    three_villages,
)
from zoning.disclosure.banding import band_width, banded_count, public_indicators

LEVELS = {5: "kota", 8: "kecamatan", 13: "kelurahan", 21: "rt"}
COLUMNS = ["indicator", "code", "level", "date", "value", "unit", "summed"]
FIRST, SECOND = pd.Timestamp(2021, 7, 1), pd.Timestamp(2021, 7, 2)


def figure(
    code: str,
    value: float,
    name: str = "tests-positive",
    *,
    unit: object = "orang",
    summed: int = 0,
    day: pd.Timestamp = FIRST,
) -> dict[str, Any]:
    values = (name, code, LEVELS[len(code)], day, value, unit, summed)
    return dict(zip(COLUMNS, values, strict=True))


def publish(*figures: Mapping[str, Any], minimum: int = 5) -> pd.DataFrame:
    table = pd.DataFrame(list(figures), columns=COLUMNS)
    public = public_indicators(table, three_villages(), minimum)
    assert list(public.columns) == [*COLUMNS, "suppressed", "rounded_to"]
    assert list(public.index) == list(range(len(public)))
    assert (public["suppressed"] == public["value"].isna()).all()
    return public


def values(public: pd.DataFrame) -> dict[str, float | None]:
    """The value of each area; None if suppressed."""
    assert not public.duplicated("code").any()
    return {
        code: None if math.isnan(value) else value
        for code, value in zip(public["code"], public["value"], strict=True)
    }


@pytest.mark.parametrize(
    ("minimum", "value_of_count"),
    [
        (1, {0: 0, 1: 1, 2: 2, 7: 7}),
        (2, {0: 0, 1: None, 2: None, 3: 3, 5: 3, 6: 6}),
        (3, {0: 0, 1: None, 2: None, 3: 3, 5: 3, 6: 6}),
        (5, {0: 0, 1: None, 4: None, 5: 5, 9: 5, 10: 10, 14: 10, 15: 15, 531: 530}),
        (10, {0: 0, 1: None, 9: None, 10: 10, 19: 10, 20: 20}),
    ],
)
def test_a_count_is_published_as_the_lower_end_of_its_band(
    minimum: int, value_of_count: dict[int, int | None]
) -> None:
    assert {count: banded_count(count, minimum) for count in value_of_count} == value_of_count
    assert band_width(minimum) == (1 if minimum == 1 else max(minimum, 3))
    if minimum > 1:
        for count, value in value_of_count.items():
            assert values(publish(figure(A, count), minimum=minimum)) == {A: value}


@pytest.mark.parametrize(
    ("figures", "minimum", "expected"),
    [
        # 12 + 2.5 = 14.5 is nearest to 15, and 14.5 + 7 = 21.5 to 20.
        (
            {A: 12, B: 3, C: 5, NORTH: 15, SOUTH: 5, CITY: 20},
            5,
            {A: 10, B: None, C: 5, NORTH: 15, SOUTH: 5, CITY: 20},
        ),
        # Three bands from 1: at least 3, which may be less than 5.
        (
            {A: 1, B: 4, C: 4, NORTH: 5, SOUTH: 4, CITY: 9},
            5,
            {A: None, B: None, C: None, NORTH: None, SOUTH: None, CITY: None},
        ),
        # Five bands from 1, two of them remainders: at least 5, and 12.5 is rounded up.
        (
            {A: 1, B: 1, C: 1, NORTH: 3, SOUTH: 1, CITY: 5},
            5,
            {A: None, B: None, C: None, NORTH: None, SOUTH: None, CITY: 15},
        ),
        # With the minimum 3, the middle of 3-5 is 4; 8 is nearest to 9.
        ({A: 3, B: 5, NORTH: 8, CITY: 8}, 3, {A: 3, B: 3, NORTH: 9, CITY: 9}),
        # The remainder of 60 is 36, in 35-39: 12 + 12 + 37 = 61. The city has no remainder.
        ({A: 12, B: 12, NORTH: 60, CITY: 60}, 5, {A: 10, B: 10, NORTH: 60, CITY: 60}),
        # A figure below the sum of its parts has the remainder 0: 2.5 + 12 = 14.5.
        ({A: 3, B: 12, NORTH: 5, CITY: 5}, 5, {A: None, B: 10, NORTH: 15, CITY: 15}),
        # Only larger areas report.
        ({NORTH: 7, CITY: 21}, 5, {NORTH: 5, CITY: 20}),
        ({CITY: 4}, 5, {CITY: None}),
        # A negative count is an error and counts as 0; a part of a person is a person.
        ({A: -3, B: 0.5, C: 4.01, NORTH: -2.5}, 5, {A: 0, B: None, C: 5, NORTH: None}),
        # The parts of 9 are 0 and 9: no remainder is left, and 7 is nearest to 5.
        ({A: -3, B: 9, NORTH: 9}, 5, {A: 0, B: 5, NORTH: 5}),
    ],
)
def test_the_value_of_a_larger_area_is_the_rounded_sum_of_the_middles(
    figures: dict[str, float], minimum: int, expected: dict[str, float | None]
) -> None:
    public = publish(*(figure(code, value) for code, value in figures.items()), minimum=minimum)
    assert values(public) == expected
    assert public["rounded_to"].tolist() == [float(minimum)] * len(figures)


def test_each_day_and_each_indicator_has_bands_of_its_own() -> None:
    public = publish(
        figure(A, 7),
        figure(A, 2, day=SECOND),
        figure(A, 11, "active-cases"),
        figure(NORTH, 7),
        figure(NORTH, 2, day=SECOND),
        figure(NORTH, 11, "active-cases"),
    )
    assert public["value"].fillna(-1).tolist() == [5, -1, 10, 5, -1, 10]
    assert public["date"].tolist() == [FIRST, SECOND, FIRST] * 2


def test_figures_with_different_units_are_one_count_with_one_row() -> None:
    public = publish(figure(A, 4, unit="jiwa"), figure(A, 3, unit="Orang"), figure(NORTH, 7))
    assert values(public) == {A: 5, NORTH: 5}
    assert public["unit"].tolist() == ["orang", "orang"]
    # A negative count is an error: it counts as 0, and hides none of the other row.
    wrong = publish(figure(A, -3, unit="jiwa"), figure(A, 12, unit="Orang"))
    assert values(wrong) == {A: 10}
    unknown = publish(figure(A, 4, "dirujuk", unit="Orang"), figure(A, 3, "dirujuk", unit="jiwa"))
    assert values(unknown) == {A: 5}
    assert unknown["unit"].tolist() == ["Orang"]


def test_the_number_of_neighbourhoods_with_people_is_hidden_even_if_it_is_one() -> None:
    public = publish(
        figure(A, 7, summed=1),
        figure(B, 7, summed=3),
        figure(C, 7, summed=0),
        figure(NORTH, 14, summed=2),
        figure(CITY, 21, summed=1),
        figure(A, 7, "aid-parcels", unit="paket", summed=3),
    )
    assert public["summed"].fillna(-1).tolist() == [-1, -1, 0, 2, 1, 3]
    assert public["summed"].dtype == np.float64


def test_a_share_of_people_is_suppressed_and_things_are_published_as_they_are() -> None:
    public = publish(
        figure(A, 7.5, "aid-parcels", unit="paket"),
        figure(A, 12.5, "positivity", unit="persen"),
        figure(A, 7),
        figure(RT_OF_A[0], 7),
        figure(A, 3, "posko", unit=np.nan),
        figure(A, 4, "dirujuk", unit="Orang"),
        figure(A, 2, "oksigen", unit="tabung"),
    )
    assert public["indicator"].tolist() == [
        *("aid-parcels", "positivity", "tests-positive", "posko", "dirujuk", "oksigen"),
    ]
    assert public["value"].fillna(-1).tolist() == [7.5, -1, 5, 3, -1, 2]
    assert public["suppressed"].tolist() == [False, True, False, False, True, False]
    assert public["rounded_to"].fillna(-1).tolist() == [-1, -1, 5, -1, 5, -1]
    assert {public[name].dtype for name in ("value", "rounded_to")} == {np.dtype(np.float64)}


def test_a_minimum_of_1_publishes_every_figure_of_the_public_levels_unchanged() -> None:
    figures = [
        figure(RT_OF_A[0], 1),
        figure(A, 1, summed=1),
        figure(A, 12.5, "positivity", unit="persen"),
        figure(NORTH, 1.5, unit="Orang"),
    ]
    public = publish(*figures, minimum=1)
    assert public[COLUMNS].to_dict("records") == figures[1:]
    assert not public["suppressed"].any()
    assert public["rounded_to"].isna().all()
    assert public["rounded_to"].dtype == np.float64


@pytest.mark.parametrize("minimum", [1, 5])
def test_no_figures_give_no_public_figures(minimum: int) -> None:
    assert publish(minimum=minimum).empty
    assert publish(figure(RT_OF_A[0], 7), minimum=minimum).empty
