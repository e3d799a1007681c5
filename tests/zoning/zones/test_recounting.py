"""Days gone by under another rule: as sets and its own numbers have it, and as was published."""

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


def by_hand(number: int, unit: str, window: int, lowest: tuple[int, ...]) -> list[int]:
    found = [0, 0, 0, 0]
    for _, houses, _, cases, active in ward.counted(CASES, number, window):
        count = {"houses": houses, "cases": cases, "active": active}[unit]
        found[sum(count >= threshold for threshold in lowest)] += 1
    found[0] = N_RT - sum(found[1:])
    return found


@pytest.mark.parametrize("window", [1, 7, 12])
@pytest.mark.parametrize("rule_id", [one.id for one in built_in().rules])
def test_every_day_is_judged_by_the_rules_unit_window_and_thresholds(
    city: City, rule_id: str, window: int
) -> None:
    by = built_in().rule(rule_id).model_copy(update={"window": window})
    judged = city.rejudge(by)
    assert [date.date() for date in judged["date"]] == days(0, 14)
    expected = [by_hand(number, by.unit, window, by.lowest) for number in range(15)]
    assert judged[COLOURS].to_numpy().tolist() == expected


def test_under_the_rule_in_force_it_is_what_was_published(city: City) -> None:
    judged = city.rejudge("inmendagri-7-2021")
    published = [city.day(day(number)) for number in range(15)]
    assert judged[COLOURS].to_numpy().tolist() == [list(one.counts.values()) for one in published]
    assert judged["red"].max() > 0


def test_a_range_of_days_is_the_same_rows_and_one_without_days_is_empty(city: City) -> None:
    every = city.rejudge("dkk-semarang")
    some = city.rejudge("dkk-semarang", day(3), day(8))
    assert some.to_numpy().tolist() == every.iloc[3:9].to_numpy().tolist()
    none = city.rejudge("dkk-semarang", day(300))
    assert list(none.columns) == list(every.columns)
    assert len(none) == 0


def test_days_between_that_were_not_published_are_left_out(tmp_path: Path) -> None:
    with ward.open_ward(tmp_path, CASES) as store:
        run_days(store, small_city.small_city(), [day(2), day(7)], today=TODAY)
        judged = City(store).rejudge("inmendagri-7-2021")
    assert [date.date() for date in judged["date"]] == [day(2), day(7)]
    assert judged["red"].tolist() == [1, 1]


def test_a_correction_is_seen_at_once(city: City) -> None:
    before = city.rejudge("inmendagri-7-2021")
    ward.add_cases(city.store, [Case((2, 1, 1), None, 3, 9)] * 6, first=100)
    after = city.rejudge("inmendagri-7-2021")
    assert after["red"].sum() == before["red"].sum() + 7


def test_an_unknown_rule_is_refused(city: City) -> None:
    with pytest.raises(NotFoundError) as refused:
        city.rejudge("rule-of-thumb")
    assert refused.value.code == "no-rule"
