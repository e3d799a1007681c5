"""The public part of a day: colours and an id from them; a hidden change leaves no trace."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.errors import NotFoundError
from geodata.pseudonyms.city_secret import key_path
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.public_runs import public_id
from geodata.runs import Run
from geodata.store import Store, is_embedded, now
from tests.cities import small_city as city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import TODAY, Case, day, days
from zoning import City
from zoning.days.daily import DayResult, run_days
from zoning.days.runs import read_run
from zoning.disclosure.source import DisclosureSource, public_day
from zoning.public.day import PublicDay
from zoning.public.source import KnownDays
from zoning.public.zone import PublicZone

CASES = [Case((0, 1, 1), house, 3, 9) for house in ("a", "b", "c")]
TABLES = ("public_run", "public_zone", "public_publication")
HIDDEN: dict[str, list[Case]] = {
    "another case in a house that counts": [Case((0, 1, 1), "a", 3, 9)],
    "a case still active in a green zone": [Case((3, 1, 1), "d", -9, 30)],
    "a case of which only the kelurahan is known": [Case(None, None, 3, 9, "33.74.14.1001")],
    "a case of which nothing is known": [Case(None, None, 4, 9)],
    "a fourth house, still orange": [Case((0, 1, 1), "x", 4, 9)],
    "a house that is not certain, still orange": [Case((0, 1, 1), None, 4, 9)],
}


@pytest.fixture
def store(new_database: NewDatabase) -> Iterator[Store]:
    with ward.new_ward(new_database(), CASES) as opened:
        yield opened


def run(store: Store, first: int = 3, last: int = 5) -> list[DayResult]:
    return run_days(store, None, days(first, last), today=TODAY)


def tables(store: Store) -> dict[str, list[dict[str, Any]]]:
    return {
        name: sorted(store.read(f"select * from {name}").to_pylist(), key=repr)  # noqa: S608  (our own)
        for name in TABLES
    }


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_correction_without_a_new_colour_changes_nothing_public(
    store: Store, hidden: str
) -> None:
    first = run(store)
    before, stamp = tables(store), City(store).public().stamp()
    ward.add_cases(store, HIDDEN[hidden], first=100)
    second = run(store)
    assert {result.state for result in second} & {"published"}
    assert tables(store) == before
    assert City(store).public().stamp() == stamp
    assert [result.run for result in second] == [result.run for result in first]
    # Officials see that the input has changed.
    assert [result.input_digest for result in second] != [result.input_digest for result in first]


def test_a_correction_with_a_new_colour_is_published_and_can_be_withdrawn(
    store: Store,
) -> None:
    [first] = run(store, 4, 4)
    published_at = now()
    new_cases = [Case((0, 1, 1), house, 4, 9) for house in ("p", "q", "r")]
    ward.add_cases(store, new_cases, first=100)
    [second] = run(store, 4, 4)
    ward.add_cases(store, new_cases, first=100, version=2, withdrawn=True)
    [third] = run(store, 4, 4)
    assert first.run == third.run != second.run
    public = City(store).public()
    assert public.stamp().publications == 3
    assert [public.published(day(4)).run, public.published(day(4), published_at).run] == [
        first.run
    ] * 2
    assert public.run(second.run).counts["red"] == 1
    assert public.run(first.run).counts["orange"] == 1
    assert len(tables(store)["public_run"]) == 2


def test_days_are_as_published_at_a_moment(store: Store) -> None:
    before = now()
    [first] = run(store, 4, 4)
    public = City(store).public()
    with pytest.raises(NotFoundError) as raised:
        public.published(day(4), before)
    assert raised.value.code == "no-run"
    with pytest.raises(NotFoundError) as raised_latest:
        public.published(None, before)
    assert raised_latest.value.code == "nothing-published"
    assert public.published(None, now()).run == first.run


def test_no_run_or_no_rt_gives_no_colour(store: Store) -> None:
    city_of_store = City(store)
    source = DisclosureSource(city_of_store.data, 5)
    assert source.colours_within([city.code(0, 1, 1)], []).empty
    assert source.coloured_zones([]).num_rows == 0
    run(store, 4, 4)
    runs = source.runs(KnownDays())["run"].tolist()
    risks = [
        source.colours_within(codes, runs)["risk"].tolist()
        for codes in ([], [city.code(3, 1, 1)], [city.code(0, 1, 1)])
    ]
    assert risks == [[0], [0], [2]]


def test_a_public_day_has_only_the_colours_of_the_run(store: Store) -> None:
    run(store)
    public, internal = City(store).public().published(day(4)), read_run(store, day(4))
    assert public == public_day(internal)
    assert public.zones.equals(public_day(internal).zones)
    assert public.zones.to_pylist() == [{"code": city.code(0, 1, 1), "risk": 2}]
    assert public.counts == internal.counts
    assert public.run == internal.public_id != internal.run


def test_no_field_of_a_public_value_is_a_count() -> None:
    """A new public field fails here first: check that it is no count."""
    assert {field.name for field in fields(PublicDay)} == {"of", "zones", "known_at"}
    # The counts are those of RT by class, in the whole city.
    assert set(Run._fields) == {"id", "date", "rule", "rule_digest", "boundaries", "counts"}
    assert {field.name for field in fields(PublicZone)} == {
        *("code", "name", "level", "kind", "parent", "risk", "colour", "date", "rule", "run"),
        *("retrospective", "window", "threshold", "why", "measures"),
    }


@pytest.mark.parametrize(
    "zones",
    [
        pa.table({"code": ["a"], "risk": [1], "houses": [2]}),
        pa.table({"code": ["a"], "houses": [2]}),
        pa.table({"code": ["a"], "risk": [0]}),
    ],
)
def test_a_public_day_rejects_counts_and_green_zones(zones: pa.Table) -> None:
    with pytest.raises(ValueError, match="public day"):
        PublicDay(Run("r", date(2021, 7, 1), "rule", "d", "b", {"green": 1}), zones)


ZONES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 3))


@given(ZONES, ZONES, st.randoms())
def test_public_ids_are_equal_exactly_for_equal_colours(
    first: dict[str, int], second: dict[str, int], random: Any
) -> None:
    def id_of(zones: dict[str, int], **overrides: Any) -> str:
        pairs = list(zones.items())
        random.shuffle(pairs)
        inputs = {"day": date(2021, 7, 1), "rule": "r", "rule_digest": "d", "boundaries": "b"}
        return public_id(**{**inputs, **overrides}, zones=pairs)

    assert (id_of(first) == id_of(second)) == (first == second)
    other_inputs = {"day": date(2021, 7, 2), "rule": "s", "rule_digest": "e", "boundaries": "c"}
    assert all(
        id_of(first, **{name: value}) != id_of(first) for name, value in other_inputs.items()
    )


def test_figures_of_a_day_are_the_banded_counts_of_its_newest_run(store: Store) -> None:
    run(store, 4, 4)
    public = City(store).public(5)
    assert public.figures(day(4)) == (0, 0)
    before_cases = now()
    ward.add_cases(store, [Case(None, None, 4, 9)] * 3, first=100)
    run(store, 4, 4)
    after_few = now()
    ward.add_cases(store, [Case(None, None, 4, 9)] * 6, first=200)
    run(store, 4, 4)
    assert public.figures(day(4)) == (5, 0)
    for moment, unplaced in ((before_cases, 0), (after_few, None)):
        assert public.figures(public.published(day(4), moment)).unplaced == unplaced
    assert City(store).public(1).figures(day(4)).unplaced == 9


def test_internal_digests_depend_on_the_secret_and_public_ids_do_not(store: Store) -> None:
    secrets = [Pseudonymiser(text) for text in (b"one secret of sixteen", b"another of sixteen")]
    results = [
        run_days(store, None, days(3, 5), today=TODAY, pseudonymiser=secret) for secret in secrets
    ]
    assert [result.run for result in results[0]] == [result.run for result in results[1]]
    digests = [{result.input_digest for result in secret_results} for secret_results in results]
    assert not digests[0] & digests[1]
    records = store.read("select run, records from run").to_pydict()
    assert len(set(records["records"])) == len(records["run"]) == 6
    repeated = run_days(store, None, days(3, 5), today=TODAY, pseudonymiser=secrets[1])
    assert {result.state for result in repeated} == {"unchanged"}


def test_a_day_can_be_classified_without_the_secret(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first] = run(store, 4, 4)
    monkeypatch.delenv("MIKROZONASI_SECRET", raising=False)
    if is_embedded(store.url):
        key_path(store.url).unlink()
    classified = City(store).compute_day(day(4))
    assert classified.public_id == first.run
    assert np.array_equal(classified.zones["houses"], read_run(store, day(4)).zones["houses"])
