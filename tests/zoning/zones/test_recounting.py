"""Past days by another rule: compared with Python sets and with published days."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geodata.errors import NotFoundError
from tests.cities import small_city
from tests.zoning import ward
from tests.zoning.ward import TODAY, Case, day, days
from zoning import City
from zoning.days.daily import run_days
from zoning.rules import built_in

CASES = [
    *[Case((0, 1, 1), None, n % 4, n % 4 + 9) for n in range(8)],
    *[Case((1, 2, 3), name, 5, 30) for name in "abc"],
    Case((3, 1, 1), "c", 4, 30),
    Case(None, None, 2, 8, "Tembalang"),
]
N_RT = 23
COLOURS = ["green", "yellow", "orange", "red"]


@pytest.fixture
def city(tmp_path: Path) -> Iterator[City]:
    with ward.open_ward(tmp_path, CASES) as store:
        run_days(store, small_city.small_city(), days(0, 14), today=TODAY)
        yield City(store)


def count_colours_with_sets(
    number: int, unit: str, window: int, lowest: tuple[int, ...]
) -> list[int]:
    colours = [0, 0, 0, 0]
    for _, houses, _, cases, active in ward.expected_counts(CASES, number, window):
        count = {"houses": houses, "cases": cases, "active": active}[unit]
        colours[sum(count >= threshold for threshold in lowest)] += 1
    colours[0] = N_RT - sum(colours[1:])
    return colours


@pytest.mark.parametrize("window", [1, 7, 12])
@pytest.mark.parametrize("rule_id", [rule.id for rule in built_in().rules])
def test_every_day_uses_the_unit_window_and_thresholds_of_the_rule(
    city: City, rule_id: str, window: int
) -> None:
    rule = built_in().rule(rule_id).model_copy(update={"window": window})
    table = city.rejudge(rule)
    assert [date.date() for date in table["date"]] == days(0, 14)
    expected = [
        count_colours_with_sets(number, rule.unit, window, rule.lowest) for number in range(15)
    ]
    assert table[COLOURS].to_numpy().tolist() == expected


def test_the_rule_in_force_gives_the_published_colours(city: City) -> None:
    table = city.rejudge("inmendagri-7-2021")
    published = [city.day(day(number)) for number in range(15)]
    assert table[COLOURS].to_numpy().tolist() == [
        list(zones.counts.values()) for zones in published
    ]
    assert table["red"].max() > 0


def test_a_range_of_days_gives_the_same_rows_and_an_empty_range_gives_no_rows(city: City) -> None:
    all_days = city.rejudge("dkk-semarang")
    some_days = city.rejudge("dkk-semarang", day(3), day(8))
    assert some_days.to_numpy().tolist() == all_days.iloc[3:9].to_numpy().tolist()
    no_days = city.rejudge("dkk-semarang", day(300))
    assert list(no_days.columns) == list(all_days.columns)
    assert len(no_days) == 0


def test_unpublished_days_between_published_days_are_omitted(tmp_path: Path) -> None:
    with ward.open_ward(tmp_path, CASES) as store:
        run_days(store, small_city.small_city(), [day(2), day(7)], today=TODAY)
        table = City(store).rejudge("inmendagri-7-2021")
    assert [date.date() for date in table["date"]] == [day(2), day(7)]
    assert table["red"].tolist() == [1, 1]


def test_a_correction_changes_the_result_at_once(city: City) -> None:
    before = city.rejudge("inmendagri-7-2021")
    ward.add_cases(city.store, [Case((2, 1, 1), None, 3, 9)] * 6, first=100)
    after = city.rejudge("inmendagri-7-2021")
    assert after["red"].sum() == before["red"].sum() + 7


def test_an_unknown_rule_is_refused(city: City) -> None:
    with pytest.raises(NotFoundError) as refused:
        city.rejudge("rule-of-thumb")
    assert refused.value.code == "no-rule"
