"""What is public of a day: its colours and an id made of these; a hidden change leaves no trace."""

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
from zoning.days.daily import RanDay, run_days
from zoning.days.runs import read_run
from zoning.disclosure.source import public_day
from zoning.public.day import PublicDay
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


def run(store: Store, first: int = 3, last: int = 5) -> list[RanDay]:
    return run_days(store, None, days(first, last), today=TODAY)


def tables(store: Store) -> dict[str, list[dict[str, Any]]]:
    return {
        name: sorted(store.read(f"select * from {name}").to_pylist(), key=repr)  # noqa: S608  (our own)
        for name in TABLES
    }


@pytest.mark.parametrize("hidden", HIDDEN)
def test_a_correction_that_changes_no_colour_leaves_nothing_in_public(
    store: Store, hidden: str
) -> None:
    first = run(store)
    before, stamp = tables(store), City(store).public().stamp()
    ward.add_cases(store, HIDDEN[hidden], first=100)
    second = run(store)
    assert {one.state for one in second} & {"published"}
    assert tables(store) == before
    assert City(store).public().stamp() == stamp
    assert [one.run for one in second] == [one.run for one in first]
    # Officials see that something is another.
    assert [one.input_digest for one in second] != [one.input_digest for one in first]


def test_a_correction_that_changes_a_colour_is_published_once_and_may_be_taken_back(
    store: Store,
) -> None:
    [first] = run(store, 4, 4)
    published = now()
    more = [Case((0, 1, 1), house, 4, 9) for house in ("p", "q", "r")]
    ward.add_cases(store, more, first=100)
    [second] = run(store, 4, 4)
    ward.add_cases(store, more, first=100, version=2, withdrawn=True)
    [third] = run(store, 4, 4)
    assert first.run == third.run != second.run
    public = City(store).public()
    assert public.stamp().publications == 3
    assert [public.published(day(4)).run, public.published(day(4), published).run] == [
        first.run
    ] * 2
    assert public.run(second.run).counts["red"] == 1
    assert public.run(first.run).counts["orange"] == 1
    assert len(tables(store)["public_run"]) == 2


def test_days_are_as_they_stood_published_at_a_moment(store: Store) -> None:
    before = now()
    [first] = run(store, 4, 4)
    public = City(store).public()
    with pytest.raises(NotFoundError) as refused:
        public.published(day(4), before)
    assert refused.value.code == "no-run"
    with pytest.raises(NotFoundError) as nothing:
        public.published(None, before)
    assert nothing.value.code == "nothing-published"
    assert public.published(None, now()).run == first.run


def test_a_public_day_holds_the_colours_of_the_run_and_nothing_else(store: Store) -> None:
    run(store)
    public, internal = City(store).public().published(day(4)), read_run(store, day(4))
    assert public == public_day(internal)
    assert public.zones.equals(public_day(internal).zones)
    assert public.zones.to_pylist() == [{"code": city.code(0, 1, 1), "risk": 2}]
    assert public.counts == internal.counts
    assert public.run == internal.public_id != internal.run


def test_no_field_of_a_public_value_is_a_count() -> None:
    """A new field is thought about here, before anybody reads it."""
    assert {one.name for one in fields(PublicDay)} == {"of", "zones", "known_at"}
    # The counts are those of RT by class, in the whole city.
    assert set(Run._fields) == {"id", "date", "rule", "rule_digest", "boundaries", "counts"}
    assert {one.name for one in fields(PublicZone)} == {
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
def test_a_public_day_takes_no_count_and_no_green_zone(zones: pa.Table) -> None:
    with pytest.raises(ValueError, match="public day"):
        PublicDay(Run("r", date(2021, 7, 1), "rule", "d", "b", {"green": 1}), zones)


ZONES = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 3))


@given(ZONES, ZONES, st.randoms())
def test_equal_colours_have_equal_ids_in_any_order_and_others_have_others(
    one: dict[str, int], other: dict[str, int], random: Any
) -> None:
    def of(zones: dict[str, int], **said: Any) -> str:
        pairs = list(zones.items())
        random.shuffle(pairs)
        named = {"day": date(2021, 7, 1), "rule": "r", "rule_digest": "d", "boundaries": "b"}
        return public_id(**{**named, **said}, zones=pairs)

    assert (of(one) == of(other)) == (one == other)
    others = {"day": date(2021, 7, 2), "rule": "s", "rule_digest": "e", "boundaries": "c"}
    assert all(of(one, **{name: value}) != of(one) for name, value in others.items())


def test_figures_of_a_day_are_those_of_its_newest_run_in_bands(store: Store) -> None:
    run(store, 4, 4)
    public = City(store).public(5)
    assert public.figures(day(4)) == (0, 0)
    first = now()
    ward.add_cases(store, [Case(None, None, 4, 9)] * 3, first=100)
    run(store, 4, 4)
    few = now()
    ward.add_cases(store, [Case(None, None, 4, 9)] * 6, first=200)
    run(store, 4, 4)
    assert public.figures(day(4)) == (5, 0)
    for moment, unplaced in ((first, 0), (few, None)):
        assert public.figures(public.published(day(4), moment)).unplaced == unplaced
    assert City(store).public(1).figures(day(4)).unplaced == 9


def test_ids_are_made_with_the_secret_and_nobody_without_it_makes_them_again(store: Store) -> None:
    secrets = [Pseudonymiser(text) for text in (b"one secret of sixteen", b"another of sixteen")]
    ran = [
        run_days(store, None, days(3, 5), today=TODAY, pseudonymiser=secret) for secret in secrets
    ]
    assert [one.run for one in ran[0]] == [one.run for one in ran[1]]
    digests = [{one.input_digest for one in own} for own in ran]
    assert not digests[0] & digests[1]
    records = store.read("select run, records from run").to_pydict()
    assert len(set(records["records"])) == len(records["run"]) == 6
    again = run_days(store, None, days(3, 5), today=TODAY, pseudonymiser=secrets[1])
    assert {one.state for one in again} == {"unchanged"}


def test_who_has_no_secret_may_judge_days_and_publish_none(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    [first] = run(store, 4, 4)
    monkeypatch.delenv("MIKROZONASI_SECRET", raising=False)
    if is_embedded(store.url):
        key_path(store.url).unlink()
    judged = City(store).judged(day(4))
    assert judged.public_id == first.run
    assert np.array_equal(judged.zones["houses"], read_run(store, day(4)).zones["houses"])
