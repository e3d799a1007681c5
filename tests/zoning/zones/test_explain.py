"""Every zone can say why it has its colour, to officials with its counts, to all without."""

import re
from collections.abc import Iterator
from datetime import date

import pytest

from geodata.errors import NotFoundError
from geodata.store import Store
from tests.cities import small_city as city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import TODAY, Case, day
from zoning.days.daily import run_days
from zoning.days.runs import read_run
from zoning.disclosure.source import public_day
from zoning.public import zone as public_zone
from zoning.public.zone import PublicZone
from zoning.rules import built_in
from zoning.zones.explain import ZoneView, explain

RT = city.code(0, 1, 1)
CASES = [
    *(Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "b", "c", None, None, None)),
    Case((3, 1, 1), "d", 0, 30),
    Case(None, None, 3, 9, "33.74.14.1001"),
    Case(None, None, 3, 9, "33.74.14.1001"),
    Case(None, None, 3, 9),
]


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with ward.new_ward(new_database(), CASES) as opened:
        yield opened


def view(store: Store, judged: date, code: str, rule_id: str | None = None) -> ZoneView:
    run_days(store, city.small_city(), [judged], rule_id=rule_id, today=TODAY)
    boundaries, found = city.small_city(), read_run(store, judged)
    seen = public_zone.explain(boundaries, public_day(found), code, built_in())
    return explain(boundaries, found, seen, built_in())


def public(store: Store, judged: date, code: str) -> PublicZone:
    run_days(store, city.small_city(), [judged], today=TODAY)
    return public_zone.explain(
        city.small_city(), public_day(read_run(store, judged)), code, built_in()
    )


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def test_it_says_the_count_the_window_the_threshold_and_the_rule(store: Store) -> None:
    found = view(store, day(4), RT)
    assert (found.risk, found.colour, found.rule) == (3, "merah", "inmendagri-7-2021")
    assert found.window == (date(2021, 5, 30), date(2021, 6, 5))
    assert found.counts is not None
    assert (found.counts.houses, found.counts.houses_at_least, found.counts.cases) == (6, 4, 7)
    assert found.threshold is not None
    assert found.threshold.id == "lebih dari 5 rumah"
    assert found.why.id.startswith(
        "6 rumah dengan kasus terkonfirmasi pada 30 Mei 2021 sampai 5 Juni 2021; "
        "merah berarti lebih dari 5 rumah. Aturan: Inmendagri 12/2021"
    )
    assert found.why.en.startswith("6 houses with a confirmed case from 30 May 2021 to 5 June")
    assert len(found.measures) == 6


def test_it_says_what_is_uncertain_houses_unknown_and_cases_without_an_rt(store: Store) -> None:
    found = view(store, day(4), RT)
    assert found.unplaced == (2, 1)
    assert [said.en for said in found.uncertain] == [
        (
            "The house of some cases is not certain: between 4 and 6 houses. "
            "With 4 it would be orange."
        ),
        "2 cases of this kelurahan or area could not be placed in an RT.",
        "1 case of which only the city is known could not be placed in an RT.",
    ]


def test_what_everyone_may_know_of_a_zone_holds_no_count(store: Store) -> None:
    found = public(store, day(4), RT)
    assert found.why.id.startswith("Lebih dari 5 rumah dengan kasus terkonfirmasi")
    for text in found.why:
        # The range's bound, the days, and the numbers of the law.
        assert numbers(text) <= {"5", "30", "2021", "7", "12"}


def test_zones_of_one_colour_say_the_same_whatever_is_uncertain_or_active(store: Store) -> None:
    """Nobody learns that cases are active, houses not certain, or cases not placed."""
    nothing, active = public(store, day(12), city.code(1, 1, 1)), city.code(3, 1, 1)
    assert view(store, day(12), active).flag == "active-cases"
    assert public(store, day(12), active).why == nothing.why
    doubtful = view(store, day(4), city.code(0, 1, 2))
    assert doubtful.uncertain
    said = public(store, day(4), city.code(0, 1, 2))
    assert said.why == public(store, day(4), city.code(1, 1, 1)).why
    fields = vars(said).keys()
    assert not fields & {"flag", "uncertain", "counts", "unplaced", "input_digest"}


def test_above_the_rt_everyone_is_told_what_officials_are(store: Store) -> None:
    official, everyone = (find(store, day(4), "33.74.14.1001") for find in (view, public))
    assert everyone.why == official.why
    assert (everyone.risk, everyone.measures) == (3, ())
    market = public(store, day(4), city.MARKET)
    assert (market.kind, market.risk, market.colour) == ("other", None, None)


def test_a_green_zone_with_active_cases_is_flagged_and_says_so(store: Store) -> None:
    found = view(store, day(12), city.code(3, 1, 1))
    assert (found.risk, found.flag) == (0, "active-cases")
    assert "There is still 1 active case" in found.why.en


def test_a_plain_green_zone_is_not_flagged(store: Store) -> None:
    found = view(store, day(4), city.code(1, 1, 1))
    assert (found.risk, found.colour, found.flag) == (0, "hijau", "")
    assert found.why.en.startswith("0 houses with a confirmed case")
    assert [said.en for said in found.uncertain] == [
        "1 case of which only the city is known could not be placed in an RT."
    ]


def test_the_health_offices_rule_speaks_of_active_cases_and_of_the_law_it_is_not(
    store: Store,
) -> None:
    found = view(store, day(4), RT, rule_id="dkk-semarang")
    assert found.why.en.startswith("7 active cases on 5 June 2021; red means more than 5 active")
    assert "The rule in force on that day is another: Inmendagri 7/2021" in found.why.en
    # It does not count houses, so that some are unknown makes nothing uncertain.
    assert not any("house" in said.en for said in found.uncertain)


def test_before_any_law_it_says_that_the_rule_is_applied_in_retrospect(store: Store) -> None:
    found = view(store, date(2021, 2, 8), RT)
    assert found.retrospective
    assert "in retrospect" in found.why.en
    assert "dipakai surut" in found.why.id


def test_above_the_rt_it_lists_the_colours_and_claims_no_measures(store: Store) -> None:
    found = view(store, day(4), "33.74.14.1001")
    assert (found.level, found.risk, found.measures) == ("kelurahan", 3, ())
    assert found.why.en == (
        "The highest colour among its RT: 1 red, 5 green. The rule itself colours only RT."
    )
    assert found.counts is not None
    assert found.counts.cases == 7


def test_an_area_that_is_no_rt_has_no_colour(store: Store) -> None:
    found = view(store, day(4), city.MARKET)
    assert (found.kind, found.risk, found.colour, found.counts) == ("other", None, None, None)
    assert "no RT" in found.why.en


def test_an_unknown_code_is_not_found(store: Store) -> None:
    with pytest.raises(NotFoundError) as refused:
        view(store, day(4), "33.74.99")
    assert refused.value.code == "no-area"
