"""The daily run: correct, reproducible, immutable, in one transaction."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from geodata.boundaries import Boundaries
from geodata.errors import InputError, NotFoundError, StoreError
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.store import Store, Transaction
from tests.cities import small_city as city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.days.ward_runs import TABLES, run, table_rows
from tests.zoning.ward import TODAY, Case, day, days
from zoning.counting.cases import PlacedCases
from zoning.days import daily
from zoning.days.classification import ClassifiedDays, Plan, classify_days
from zoning.days.daily import every_day, run_days
from zoning.days.runs import read_run
from zoning.rules import Rule, Rulebook, built_in

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


def test_colours_follow_the_rule_in_force_and_every_rt_has_one(store: Store) -> None:
    results = {result.date: result for result in run(store, days(0, 12))}
    zones = read_run(store, day(3)).zones.to_pylist()
    assert [(row["code"], row["houses"], row["risk"]) for row in zones] == [
        (city.code(0, 1, 1), 4, 2)
    ]
    assert (results[day(3)].counts["green"], results[day(3)].counts["orange"]) == (
        22,
        1,
    )  # 23 RT and a market
    assert results[day(3)].rule == "inmendagri-7-2021"


def test_cases_without_an_rt_are_counted_by_the_smallest_known_area(store: Store) -> None:
    run(store, days(2, 9))
    assert read_run(store, day(2)).unplaced.to_pylist() == [
        {"code": "33.74", "cases": 1, "active": 1},
        {"code": "33.74.10.1004", "cases": 1, "active": 1},
        {"code": "33.74.15.1003", "cases": 1, "active": 1},  # at the market
    ]
    assert read_run(store, day(9)).unplaced.num_rows == 0


def test_a_green_rt_with_active_cases_is_stored(store: Store) -> None:
    run(store, [day(20)])
    [zone] = read_run(store, day(20)).zones.to_pylist()
    assert (zone["code"], zone["risk"], zone["cases"], zone["active"]) == (
        city.code(3, 1, 1),
        0,
        0,
        1,
    )


def test_a_second_run_with_the_same_inputs_changes_nothing(store: Store) -> None:
    first = run(store, days(0, 12))
    before = table_rows(store)
    second = run(store, days(0, 12))
    assert {result.state for result in first} == {"published"}
    assert {result.state for result in second} == {"unchanged"}
    assert [result.run for result in first] == [result.run for result in second]
    assert table_rows(store) == before


def test_cases_confirmed_after_a_day_do_not_change_the_day(store: Store) -> None:
    run(store, days(0, 12))
    ward.add_cases(store, [Case((1, 2, 3), "q", 6, 30)], first=100)
    assert [result.state for result in run(store, days(0, 12))] == ["unchanged"] * 6 + [
        "published"
    ] * 7


def test_a_correction_changes_only_the_days_that_it_affects(store: Store) -> None:
    run(store, days(0, 25))
    # Another house, and an end of the case two days earlier.
    ward.add_cases(store, [Case((0, 1, 1), "q", 1, 10)], first=1, version=2)
    changed = [result.date for result in run(store, days(0, 25)) if result.state == "published"]
    assert changed == [*days(1, 6), *days(10, 11)]


def test_days_with_a_stored_run_are_not_computed_again(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(store, days(0, 12))
    ward.add_cases(store, [Case((1, 2, 3), "q", 6, 30)], first=100)
    classified: list[date] = []

    def record_and_classify(
        boundaries: Boundaries, cases: PlacedCases, plans: list[Plan]
    ) -> ClassifiedDays:
        classified.extend(plan.run.date for plan in plans)
        return classify_days(boundaries, cases, plans)

    monkeypatch.setattr(daily, "classify_days", record_and_classify)
    run(store, days(0, 12))
    assert classified == days(6, 12)


def test_the_first_published_run_of_a_day_stays_readable(store: Store) -> None:
    [first] = run(store, [day(3)])
    ward.add_cases(store, [Case((0, 1, 1), "z", 3, 9), Case((0, 1, 1), "y", 3, 9)], first=100)
    [second] = run(store, [day(3)])
    assert read_run(store, day(3)).run == second.input_digest != first.input_digest
    assert read_run(store, day(3), version=1).run == first.input_digest
    assert read_run(store, day(3), version=1).counts["orange"] == 1
    assert read_run(store, day(3)).counts["red"] == 1


def test_a_day_with_the_inputs_of_an_old_run_publishes_the_old_run_again(store: Store) -> None:
    [first] = run(store, [day(3)])
    ward.add_cases(store, [Case((3, 2, 2), "q", 3, 9)], first=1, version=2)
    run(store, [day(3)])
    ward.add_cases(store, [FAMILY[1]], first=1, version=3)
    [third] = run(store, [day(3)])
    assert (third.input_digest, third.state) == (first.input_digest, "published")
    assert read_run(store, day(3)).version == 3
    assert store.read("select count(*) as n from run")["n"].to_pylist() == [2]


def test_another_rule_gives_another_run_and_another_colour(store: Store) -> None:
    [by_law] = run(store, [day(3)])
    [first_rule] = run(store, [day(3)], rule_id="inmendagri-3-2021")
    assert by_law.run != first_rule.run
    assert by_law.counts["orange"] == first_rule.counts["yellow"] == 1
    assert first_rule.counts["orange"] == 0
    assert read_run(store, day(3)).rule == "inmendagri-3-2021"


def test_a_changed_rule_file_gives_another_run(store: Store) -> None:
    [first] = run(store, [day(3)], rule_id="dkk-semarang")
    law = built_in()
    source = law.rule("inmendagri-7-2021").source
    edited = law.rule("dkk-semarang").model_copy(update={"source": source})
    book = Rulebook({edited.id: edited})
    [second] = run(store, [day(3)], rule_id="dkk-semarang", rules=book)
    assert first.counts == second.counts
    assert first.run != second.run


def test_each_day_of_a_range_uses_the_law_in_force_on_the_day(store: Store) -> None:
    results = run(store, every_day(date(2021, 2, 7), date(2021, 4, 7)))
    assert {result.date: result.rule for result in results}[date(2021, 4, 5)] == "inmendagri-3-2021"
    assert results[-1].rule == "inmendagri-7-2021"
    assert [result.retrospective for result in results[:3]] == [True, True, False]


@pytest.mark.parametrize("failing_write", [1, 2, 3, 4, 5, 6, 7])
def test_a_failure_at_any_write_leaves_the_published_state_unchanged(
    store: Store, monkeypatch: pytest.MonkeyPatch, failing_write: int
) -> None:
    run(store, days(0, 3))
    before = table_rows(store)
    n_written = 0
    append = Transaction.append

    def fail(self: Transaction, sql: str, stage: pa.Table) -> None:
        nonlocal n_written
        append(self, sql, stage)
        n_written += 1
        if n_written == failing_write:
            raise OSError("disk full")

    monkeypatch.setattr(Transaction, "append", fail)
    with pytest.raises(OSError, match="disk full"):
        run(store, days(0, 9))
    monkeypatch.undo()
    assert table_rows(store) == before
    assert {result.state for result in run(store, days(4, 9))} == {"published"}


@pytest.mark.parametrize(
    ("chosen_days", "options", "code"),
    [
        ([], {}, "no-days"),
        ([date(2021, 6, 1), date(2026, 1, 2)], {}, "date-in-future"),
        ([date(2021, 6, 1)], {"rule_id": "rule-of-thumb"}, "no-rule"),
    ],
)
def test_impossible_days_or_rules_are_refused_and_change_nothing(
    store: Store, chosen_days: list[date], options: dict[str, Any], code: str
) -> None:
    with pytest.raises((InputError, NotFoundError)) as refused:
        run(store, chosen_days, **options)
    assert refused.value.code == code
    assert table_rows(store) == {name: [] for name in TABLES}


def test_today_is_the_day_in_the_city_and_can_be_run(store: Store) -> None:
    assert len(run(store, [TODAY])) == 1
    with pytest.raises(InputError, match="is in the future"):
        run_days(store, city.small_city(), [date(2999, 1, 1)])


def test_a_city_without_records_is_not_green(new_database: NewDatabase) -> None:
    with (
        ward.new_ward(new_database(), []) as empty,
        pytest.raises(InputError, match="unknown") as refused,
    ):
        run(empty, [day(0)])
    assert refused.value.code == "no-records"


def test_progress_is_reported_after_each_day(store: Store) -> None:
    steps: list[tuple[int, int]] = []
    run(store, days(0, 4), progress=lambda _, done, total: steps.append((done, total)))
    assert steps == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_a_range_of_days_has_both_ends_and_must_be_in_order() -> None:
    assert every_day(day(0), day(0)) == [day(0)]
    assert len(every_day(date(2020, 2, 28), date(2020, 3, 1))) == 3
    with pytest.raises(InputError) as refused:
        every_day(day(1), day(0))
    assert refused.value.code == "days-order"


def test_days_are_run_once_each_and_in_order(store: Store) -> None:
    steps: list[tuple[int, int]] = []
    results = run(
        store,
        [day(3), day(1), day(3)],
        progress=lambda _, done, total: steps.append((done, total)),
    )
    assert [result.date for result in results] == [day(1), day(3)]
    assert steps == [(1, 2), (2, 2)]
    again = run(store, [day(3), day(2)])
    assert [(result.date, result.state) for result in again] == [
        *((day(2), "published"), (day(3), "unchanged")),
    ]


def test_the_secret_of_the_database_is_used_if_no_secret_is_given(store: Store) -> None:
    boundaries, other = city.small_city(), Pseudonymiser(b"another secret of 16 bytes")
    runs = [
        run_days(store, boundaries, [day(1)], today=TODAY, pseudonymiser=secret)[0]
        for secret in (open_pseudonymiser(store), None, other)
    ]
    assert [result.state for result in runs] == ["published", "unchanged", "published"]


def test_published_days_with_other_classes_are_refused(store: Store) -> None:
    run(store, [day(1)])
    classes = [
        {**names, "fill": "#FFFFFF", "mark": "#000000", "pattern": "plain"}
        for names in (
            {"key": "low", "id": "rendah", "en": "low", "letter": "R"},
            {"key": "high", "id": "tinggi", "en": "high", "letter": "T"},
        )
    ]
    law = built_in().rule("inmendagri-7-2021").model_dump()
    measures = dict(zip(("low", "high"), law["measures"].values(), strict=False))
    changes = {"class_definitions": classes, "thresholds": {"high": 3}, "measures": measures}
    two_classes = Rulebook({law["id"]: Rule.model_validate(law | changes)})
    with pytest.raises(StoreError) as refused:
        run(store, [day(2)], rules=two_classes)
    assert refused.value.code == "other-classes"
