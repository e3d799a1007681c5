"""The daily run: right, reproducible, immutable, all or nothing."""

from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import Boundaries
from geodata.errors import InputError, NotFoundError
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.store import Store, Transaction
from tests.cities import small_city as city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import TODAY, Case, day, days
from zoning.counting.cases import PlacedCases
from zoning.days import daily
from zoning.days.classification import Judged, Plan, judge_days
from zoning.days.daily import RanDay, every_day, run_days
from zoning.days.runs import read_run
from zoning.rules import Rulebook, built_in

PLACES = [(0, 1, 1), (0, 1, 2), (1, 2, 3), (2, 2, 3), (3, 1, 1)]
TABLES = (
    *("run", "run_zone", "run_unplaced", "published"),
    *("public_run", "public_zone", "public_publication"),
)
SECRET = Pseudonymiser(b"a secret of sixteen and more")


@st.composite
def cases(draw: st.DrawFn) -> Case:
    start = draw(st.integers(-12, 14))
    place = draw(st.sampled_from([*PLACES, None]))
    village = draw(st.sampled_from((None, "Tembalang"))) if place is None else None
    house = draw(st.sampled_from((None, "a", "b", "c")))
    return Case(place, house, start, start + draw(st.integers(0, 20)), village)


FAMILY = [
    Case((0, 1, 1), "a", 0, 9),
    Case((0, 1, 1), "a", 1, 12),
    Case((0, 1, 1), "b", 2, 12),
    Case((0, 1, 1), None, 3, 12),
    Case((0, 1, 1), None, 3, 12),
    Case((3, 1, 1), "c", 4, 30),
    Case(None, None, 2, 8, "Tembalang"),
    Case(None, None, 2, 3),
    Case((2, 2, 3), None, 2, 5),
]


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with ward.new_ward(new_database(), FAMILY) as opened:
        yield opened


def run(store: Store, judged: list[date], **options: Any) -> list[RanDay]:
    return run_days(store, city.small_city(), judged, today=TODAY, pseudonymiser=SECRET, **options)


def contents(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables of runs, without the moments they were written at."""
    moments = {"computed_at", "published_at"}
    return {
        name: [
            {key: cell for key, cell in row.items() if key not in moments}
            for row in sorted(store.read(f"select * from {name}").to_pylist(), key=str)  # noqa: S608
        ]
        for name in TABLES
    }


@given(line_list=st.lists(cases(), min_size=1, max_size=25))
@settings(max_examples=8, deadline=None)
def test_every_published_count_is_what_sets_give(
    new_database: NewDatabase, line_list: list[Case]
) -> None:
    with ward.new_ward(new_database(), line_list) as store:
        run(store, days(-2, 16))
        for number in range(-2, 17):
            zones = read_run(store, day(number)).zones
            found = [tuple(row.values()) for row in zones.drop_columns("risk").to_pylist()]
            assert found == ward.counted(line_list, number)


def test_colours_follow_the_rule_in_force_and_every_rt_has_one(store: Store) -> None:
    ran = {one.date: one for one in run(store, days(0, 12))}
    zones = read_run(store, day(3)).zones.to_pylist()
    assert [(row["code"], row["houses"], row["risk"]) for row in zones] == [
        (city.code(0, 1, 1), 4, 2)
    ]
    assert (ran[day(3)].counts["green"], ran[day(3)].counts["orange"]) == (
        22,
        1,
    )  # 23 RT and a market
    assert ran[day(3)].rule == "inmendagri-7-2021"


def test_cases_without_an_rt_are_counted_by_the_smallest_area_known(store: Store) -> None:
    run(store, days(2, 9))
    assert read_run(store, day(2)).unplaced.to_pylist() == [
        {"code": "33.74", "cases": 1, "active": 1},
        {"code": "33.74.10.1004", "cases": 1, "active": 1},
        {"code": "33.74.15.1003", "cases": 1, "active": 1},  # at the market
    ]
    assert read_run(store, day(9)).unplaced.num_rows == 0


def test_a_green_rt_with_active_cases_is_kept(store: Store) -> None:
    run(store, [day(20)])
    [zone] = read_run(store, day(20)).zones.to_pylist()
    assert (zone["code"], zone["risk"], zone["cases"], zone["active"]) == (
        city.code(3, 1, 1),
        0,
        0,
        1,
    )


def test_a_second_run_of_the_same_changes_nothing(store: Store) -> None:
    first = run(store, days(0, 12))
    before = contents(store)
    second = run(store, days(0, 12))
    assert {one.state for one in first} == {"published"}
    assert {one.state for one in second} == {"unchanged"}
    assert [one.run for one in first] == [one.run for one in second]
    assert contents(store) == before


@given(line_list=st.lists(cases(), min_size=1, max_size=20), random=st.randoms())
@settings(max_examples=3, deadline=None)
def test_row_order_keys_and_pseudonyms_change_neither_ids_nor_rows(
    new_database: NewDatabase, line_list: list[Case], random: Random
) -> None:
    shuffled = list(line_list)
    random.shuffle(shuffled)
    other = {"a": "z", "b": "y", "c": "x", None: None}
    renamed = [case._replace(house=other[case.house]) for case in shuffled]
    with (
        ward.new_ward(new_database(), line_list) as one,
        ward.new_ward(new_database(), []) as two,
    ):
        ward.add_cases(two, renamed, first=500)
        run(one, days(0, 9))
        for judged in reversed(days(0, 9)):
            run(two, [judged])
        assert contents(one) == contents(two)


def test_cases_confirmed_later_leave_a_day_as_it_is(store: Store) -> None:
    run(store, days(0, 12))
    ward.add_cases(store, [Case((1, 2, 3), "q", 6, 30)], first=100)
    assert [one.state for one in run(store, days(0, 12))] == ["unchanged"] * 6 + ["published"] * 7


def test_a_correction_changes_only_the_days_it_bears_on(store: Store) -> None:
    run(store, days(0, 25))
    # Of another house, and over two days sooner.
    ward.add_cases(store, [Case((0, 1, 1), "q", 1, 10)], first=1, version=2)
    changed = [one.date for one in run(store, days(0, 25)) if one.state == "published"]
    assert changed == [*days(1, 6), *days(10, 11)]


@given(
    line_list=st.lists(cases(), min_size=1, max_size=20),
    corrections=st.lists(st.tuples(st.integers(0, 19), cases()), max_size=6),
)
@settings(max_examples=13, deadline=None)
def test_after_corrections_a_rerun_gives_the_ids_and_rows_that_a_first_run_gives(
    new_database: NewDatabase, line_list: list[Case], corrections: list[tuple[int, Case]]
) -> None:
    """What is published after it, that is: what was published before stays beside it."""
    with (
        ward.new_ward(new_database(), line_list) as again,
        ward.new_ward(new_database(), line_list) as scratch,
    ):
        first = run(again, days(-2, 16))
        for version, (number, case) in enumerate(corrections, start=2):
            for corrected in (again, scratch):
                ward.add_cases(corrected, [case], first=number % len(line_list), version=version)
        second, anew = (run(corrected, days(-2, 16)) for corrected in (again, scratch))
        assert [one.input_digest for one in second] == [one.input_digest for one in anew]
        assert [one.run for one in second] == [one.run for one in anew]
        assert [(one.state == "unchanged") for one in second] == [
            one.input_digest == before.input_digest
            for one, before in zip(second, first, strict=True)
        ]
        for one in days(-2, 16):
            ours, theirs = read_run(again, one), read_run(scratch, one)
            assert ours.zones.equals(theirs.zones)
            assert ours.unplaced.equals(theirs.unplaced)
        stored, expected = contents(again), contents(scratch)
        ids = {row["run"] for row in expected["run"]}
        for name in ("run", "run_zone", "run_unplaced"):
            assert [row for row in stored[name] if row["run"] in ids] == expected[name]


def test_days_whose_run_is_known_are_not_counted_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store, days(0, 12))
    ward.add_cases(store, [Case((1, 2, 3), "q", 6, 30)], first=100)
    counted: list[date] = []

    def judge(boundaries: Boundaries, placed: PlacedCases, plans: list[Plan]) -> Judged:
        counted.extend(plan.of.date for plan in plans)
        return judge_days(boundaries, placed, plans)

    monkeypatch.setattr(daily, "judge_days", judge)
    run(store, days(0, 12))
    assert counted == days(6, 12)


def test_what_was_published_first_stays_readable(store: Store) -> None:
    [first] = run(store, [day(3)])
    ward.add_cases(store, [Case((0, 1, 1), "z", 3, 9), Case((0, 1, 1), "y", 3, 9)], first=100)
    [second] = run(store, [day(3)])
    assert read_run(store, day(3)).run == second.input_digest != first.input_digest
    assert read_run(store, day(3), version=1).run == first.input_digest
    assert read_run(store, day(3), version=1).counts["orange"] == 1
    assert read_run(store, day(3)).counts["red"] == 1


def test_a_day_that_comes_back_to_what_it_was_publishes_the_old_run_again(store: Store) -> None:
    [first] = run(store, [day(3)])
    ward.add_cases(store, [Case((3, 2, 2), "q", 3, 9)], first=1, version=2)
    run(store, [day(3)])
    ward.add_cases(store, [FAMILY[1]], first=1, version=3)
    [third] = run(store, [day(3)])
    assert (third.input_digest, third.state) == (first.input_digest, "published")
    assert read_run(store, day(3)).version == 3
    assert store.read("select count(*) as n from run")["n"].to_pylist() == [2]


def test_another_rule_is_another_run_and_changes_the_colour(store: Store) -> None:
    [by_law] = run(store, [day(3)])
    [first_rule] = run(store, [day(3)], rule_id="inmendagri-3-2021")
    assert by_law.run != first_rule.run
    assert by_law.counts["orange"] == first_rule.counts["yellow"] == 1
    assert first_rule.counts["orange"] == 0
    assert read_run(store, day(3)).rule == "inmendagri-3-2021"


def test_a_rule_whose_file_says_something_else_now_is_another_run(store: Store) -> None:
    [first] = run(store, [day(3)], rule_id="dkk-semarang")
    law = built_in()
    source = law.rule("inmendagri-7-2021").source
    edited = law.rule("dkk-semarang").model_copy(update={"source": source})
    book = Rulebook({edited.id: edited})
    [second] = run(store, [day(3)], rule_id="dkk-semarang", rules=book)
    assert first.counts == second.counts
    assert first.run != second.run


def test_a_range_over_a_change_of_law_is_judged_by_each_days_own(store: Store) -> None:
    ran = run(store, every_day(date(2021, 2, 7), date(2021, 4, 7)))
    assert {one.date: one.rule for one in ran}[date(2021, 4, 5)] == "inmendagri-3-2021"
    assert ran[-1].rule == "inmendagri-7-2021"
    assert [one.retrospective for one in ran[:3]] == [True, True, False]


@pytest.mark.parametrize("failing", [1, 2, 3, 4, 5, 6, 7])
def test_a_failure_at_any_write_leaves_the_last_published_state(
    store: Store, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    run(store, days(0, 3))
    before = contents(store)
    written = 0
    append = Transaction.append

    def fail(self: Transaction, sql: str, stage: pa.Table) -> None:
        nonlocal written
        append(self, sql, stage)
        written += 1
        if written == failing:
            raise OSError("disk full")

    monkeypatch.setattr(Transaction, "append", fail)
    with pytest.raises(OSError, match="disk full"):
        run(store, days(0, 9))
    monkeypatch.undo()
    assert contents(store) == before
    assert {one.state for one in run(store, days(4, 9))} == {"published"}


@pytest.mark.parametrize(
    ("judged", "options", "code"),
    [
        ([], {}, "no-days"),
        ([date(2021, 6, 1), date(2026, 1, 2)], {}, "date-in-future"),
        ([date(2021, 6, 1)], {"rule_id": "rule-of-thumb"}, "no-rule"),
    ],
)
def test_what_cannot_be_judged_is_refused_and_nothing_changed(
    store: Store, judged: list[date], options: dict[str, Any], code: str
) -> None:
    with pytest.raises((InputError, NotFoundError)) as refused:
        run(store, judged, **options)
    assert refused.value.code == code
    assert contents(store) == {name: [] for name in TABLES}


def test_today_is_the_citys_own_day_and_is_judged(store: Store) -> None:
    assert len(run(store, [TODAY])) == 1
    with pytest.raises(InputError, match="is in the future"):
        run_days(store, city.small_city(), [date(2999, 1, 1)])


def test_a_city_without_records_is_not_painted_green(new_database: NewDatabase) -> None:
    with (
        ward.new_ward(new_database(), []) as empty,
        pytest.raises(InputError, match="unknown") as refused,
    ):
        run(empty, [day(0)])
    assert refused.value.code == "no-records"


def test_progress_is_told_after_each_day(store: Store) -> None:
    told: list[tuple[int, int]] = []
    run(store, days(0, 4), progress=lambda _, done, total: told.append((done, total)))
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_a_range_has_both_its_ends_and_its_order() -> None:
    assert every_day(day(0), day(0)) == [day(0)]
    assert len(every_day(date(2020, 2, 28), date(2020, 3, 1))) == 3
    with pytest.raises(InputError) as refused:
        every_day(day(1), day(0))
    assert refused.value.code == "days-order"
