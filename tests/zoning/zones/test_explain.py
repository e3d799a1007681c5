"""The explanation of the colour of a zone: with counts for officials, without counts in public."""

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


def view(store: Store, chosen_day: date, code: str, rule_id: str | None = None) -> ZoneView:
    run_days(store, city.small_city(), [chosen_day], rule_id=rule_id, today=TODAY)
    boundaries, zones = city.small_city(), read_run(store, chosen_day)
    zone = public_zone.explain(boundaries, public_day(zones), code, built_in())
    return explain(boundaries, zones, zone, built_in())


def public(store: Store, chosen_day: date, code: str) -> PublicZone:
    run_days(store, city.small_city(), [chosen_day], today=TODAY)
    return public_zone.explain(
        city.small_city(), public_day(read_run(store, chosen_day)), code, built_in()
    )


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+", text))


def test_the_explanation_has_the_count_the_window_the_threshold_and_the_rule(store: Store) -> None:
    zone = view(store, day(4), RT)
    assert (zone.risk, zone.colour, zone.rule) == (3, "merah", "inmendagri-7-2021")
    assert zone.window == (date(2021, 5, 30), date(2021, 6, 5))
    assert zone.counts is not None
    assert (zone.counts.houses, zone.counts.houses_at_least, zone.counts.cases) == (6, 4, 7)
    assert zone.threshold is not None
    assert zone.threshold.id == "lebih dari 5 rumah"
    assert zone.why.id.startswith(
        "6 rumah dengan kasus terkonfirmasi pada 30 Mei 2021 sampai 5 Juni 2021; "
        "merah berarti lebih dari 5 rumah. Aturan: Inmendagri 12/2021"
    )
    assert zone.why.en.startswith("6 houses with a confirmed case from 30 May 2021 to 5 June")
    assert len(zone.measures) == 6


def test_the_explanation_lists_unknown_houses_and_cases_without_an_rt_as_uncertain(
    store: Store,
) -> None:
    zone = view(store, day(4), RT)
    assert zone.unplaced == (2, 1)
    assert [sentence.en for sentence in zone.uncertain] == [
        (
            "The house of some cases is not certain: between 4 and 6 houses. "
            "With 4 houses the colour would be orange."
        ),
        "2 cases of this kelurahan or area could not be placed in an RT.",
        "1 case of which only the city is known could not be placed in an RT.",
    ]


def test_the_public_explanation_has_no_counts(store: Store) -> None:
    zone = public(store, day(4), RT)
    assert zone.why.id.startswith("Lebih dari 5 rumah dengan kasus terkonfirmasi")
    for text in zone.why:
        # The bound of the range, the days, and the numbers of the law.
        assert numbers(text) <= {"5", "30", "2021", "7", "12"}


def test_public_explanations_of_one_colour_do_not_depend_on_uncertain_or_active_cases(
    store: Store,
) -> None:
    """Public sentences do not disclose active cases, houses in doubt or unplaced cases."""
    plain, active = public(store, day(12), city.code(1, 1, 1)), city.code(3, 1, 1)
    assert view(store, day(12), active).flag == "active-cases"
    assert public(store, day(12), active).why == plain.why
    doubtful = view(store, day(4), city.code(0, 1, 2))
    assert doubtful.uncertain
    public_zone = public(store, day(4), city.code(0, 1, 2))
    assert public_zone.why == public(store, day(4), city.code(1, 1, 1)).why
    fields = vars(public_zone).keys()
    assert not fields & {"flag", "uncertain", "counts", "unplaced", "input_digest"}


def test_above_the_rt_the_public_and_the_official_explanation_are_equal(store: Store) -> None:
    official, public_view = (
        explain_zone(store, day(4), "33.74.14.1001") for explain_zone in (view, public)
    )
    assert public_view.why == official.why
    assert (public_view.risk, public_view.measures) == (3, ())
    market = public(store, day(4), city.MARKET)
    assert (market.kind, market.risk, market.colour) == ("other", None, None)


def test_a_green_zone_with_active_cases_has_a_flag_and_a_sentence(store: Store) -> None:
    zone = view(store, day(12), city.code(3, 1, 1))
    assert (zone.risk, zone.flag) == (0, "active-cases")
    assert "There is still 1 active case" in zone.why.en


def test_a_green_zone_without_active_cases_has_no_flag(store: Store) -> None:
    zone = view(store, day(4), city.code(1, 1, 1))
    assert (zone.risk, zone.colour, zone.flag) == (0, "hijau", "")
    assert zone.why.en.startswith("0 houses with a confirmed case")
    assert [sentence.en for sentence in zone.uncertain] == [
        "1 case of which only the city is known could not be placed in an RT."
    ]


def test_by_the_rule_of_the_health_office_active_cases_count_and_the_law_is_named(
    store: Store,
) -> None:
    zone = view(store, day(4), RT, rule_id="dkk-semarang")
    assert zone.why.en.startswith("7 active cases on 5 June 2021; red means more than 5 active")
    assert "The rule in force on that day is another: Inmendagri 7/2021" in zone.why.en
    # This rule does not count houses, so unknown houses make nothing uncertain.
    assert not any("house" in sentence.en for sentence in zone.uncertain)


def test_before_the_first_law_the_explanation_says_that_the_rule_applies_in_retrospect(
    store: Store,
) -> None:
    zone = view(store, date(2021, 2, 8), RT)
    assert zone.retrospective
    assert "in retrospect" in zone.why.en
    assert "dipakai surut" in zone.why.id


def test_above_the_rt_the_explanation_counts_colours_and_has_no_measures(store: Store) -> None:
    zone = view(store, day(4), "33.74.14.1001")
    assert (zone.level, zone.risk, zone.measures) == ("kelurahan", 3, ())
    assert zone.why.en == (
        "The highest colour among its RT: 1 red, 5 green. The rule itself colours only RT."
    )
    assert zone.counts is not None
    assert zone.counts.cases == 7


def test_an_area_that_is_no_rt_has_no_colour(store: Store) -> None:
    zone = view(store, day(4), city.MARKET)
    assert (zone.kind, zone.risk, zone.colour, zone.counts) == ("other", None, None, None)
    assert "no RT" in zone.why.en


def test_an_unknown_code_is_not_found(store: Store) -> None:
    with pytest.raises(NotFoundError) as refused:
        view(store, day(4), "33.74.99")
    assert refused.value.code == "no-area"
