"""Any day as known at any moment: compared with Python sets over the records of that moment."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.boundaries import save_boundaries
from geodata.errors import InputError, NotFoundError
from geodata.store import Store, open_store
from tests.cities import small_city
from tests.databases import NewDatabase
from tests.zoning import ward
from tests.zoning.ward import Case, day
from zoning import City
from zoning.days.daily import run_days

START = datetime(2021, 6, 1, 3)  # noqa: DTZ001  (the tables keep UTC without a zone)
RT_KEYS = ((0, 1, 1), (0, 1, 2), (3, 1, 1))


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.moment = START

    def __call__(self) -> datetime:
        return self.moment

    def set_day(self, number: int, hour: int = 3) -> datetime:
        self.moment = START + timedelta(days=number, hours=hour - 3)
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(new_database: NewDatabase, clock: Clock) -> Iterator[Store]:
    with open_store(new_database(), clock=clock) as opened:
        save_boundaries(opened, small_city.small_city(), "by hand", {})
        yield opened


def zone_counts(city: City, chosen_day: date, moment: datetime) -> list[tuple[object, ...]]:
    zones = city.day(chosen_day, moment).zones.drop_columns("risk")
    return [tuple(row.values()) for row in zones.to_pylist()]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    start = draw(st.integers(-5, 9))
    house = draw(st.sampled_from((None, "a", "b")))
    return Case(draw(st.sampled_from(RT_KEYS)), house, start, start + draw(st.integers(1, 15)))


@given(
    st.lists(st.tuples(st.integers(0, 5), st.one_of(st.none(), cases())), min_size=1, max_size=12),
    st.integers(0, 9),
)
@settings(max_examples=25, deadline=None)
def test_a_day_known_at_a_moment_uses_the_newest_versions_recorded_by_that_moment(
    statements: list[tuple[int, Case | None]], number: int
) -> None:
    """Each hour a version of a record is written: a case, or its withdrawal (None)."""
    clock = Clock()
    newest: dict[int, Case | None] = {}
    versions: dict[int, int] = {}
    expected = {}
    with (
        TemporaryDirectory() as folder,
        open_store(f"duckdb:///{folder}/city.duckdb", create=True, clock=clock) as store,
    ):
        save_boundaries(store, small_city.small_city(), "by hand", {})
        for hour, (record, case) in enumerate(statements):
            moment = clock.set_day(number, 4) + timedelta(hours=hour)
            clock.moment = moment
            versions[record] = versions.get(record, 0) + 1
            written = case or Case(RT_KEYS[0], None, number, number + 5)
            ward.add_cases(
                store, [written], first=record, version=versions[record], withdrawn=case is None
            )
            newest[record] = case
            expected[moment] = ward.expected_counts([c for c in newest.values() if c], number)
        city = City(store)
        for moment, zones in expected.items():
            assert zone_counts(city, day(number), moment) == zones
            assert not city.day(day(number), moment).published


def test_a_day_published_by_the_moment_is_read_and_an_unpublished_day_is_computed(
    store: Store, clock: Clock
) -> None:
    city = City(store)
    clock.set_day(3)
    ward.add_cases(store, [Case(RT_KEYS[0], "a", 3, 9)])
    published = clock.set_day(3, 12)
    [first] = run_days(store, None, [day(3)], today=day(3))
    late = clock.set_day(5)
    ward.add_cases(store, [Case(RT_KEYS[0], "b", 3, 9)], first=1)
    assert city.day(day(3), published).run == first.input_digest == city.day(day(3), late).run
    assert city.day(day(3), published).published
    before = city.day(day(3), published - timedelta(hours=1))
    assert (before.run, before.published) == (first.input_digest, False)
    assert before.zones.equals(city.day(day(3), published).zones)
    recomputed = city.compute_day(day(3), late)
    assert recomputed.run != first.input_digest
    assert without_risk(recomputed.zones.to_pylist()) == ward.expected_counts(
        [Case(RT_KEYS[0], "a", 3, 9), Case(RT_KEYS[0], "b", 3, 9)], 3
    )


def without_risk(rows: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [tuple(cell for name, cell in row.items() if name != "risk") for row in rows]


def test_a_computed_day_uses_the_rule_of_its_published_run(store: Store, clock: Clock) -> None:
    clock.set_day(3)
    ward.add_cases(store, [Case(RT_KEYS[0], None, 3, 9)])
    run_days(store, None, [day(3)], today=day(3), rule_id="dkk-semarang")
    later = clock.set_day(4)
    city = City(store)
    assert city.compute_day(day(3), later).rule == "dkk-semarang"
    assert city.compute_day(day(3), later) == city.day(day(3))


def test_a_moment_may_have_an_offset_and_is_utc_without_an_offset(
    store: Store, clock: Clock
) -> None:
    moment = clock.set_day(3, 11)
    ward.add_cases(store, [Case(RT_KEYS[0], None, 3, 9)])
    city = City(store)
    assert city.day(day(3), moment).counts["yellow"] == 1
    assert city.day(day(3), datetime.fromisoformat("2021-06-04T18:00+07:00")).counts["yellow"] == 1
    with pytest.raises(NotFoundError) as refused:
        city.day(day(3), datetime.fromisoformat("2021-06-04T17:59+07:00"))
    assert refused.value.code == "nothing-known"


def test_a_day_after_the_moment_is_refused_by_the_date_in_the_city(
    store: Store, clock: Clock
) -> None:
    ward.add_cases(store, [Case(RT_KEYS[0], None, 0, 9)])
    city = City(store)
    evening = clock.set_day(3, 18)  # 01:00 on the next day in Jakarta
    assert not city.day(day(4), evening).published
    with pytest.raises(InputError) as refused:
        city.day(day(4), evening - timedelta(hours=2))
    assert refused.value.code == "date-in-future"


def test_every_question_with_known_at_uses_the_records_of_the_moment(
    store: Store, clock: Clock
) -> None:
    ward.add_cases(store, [Case(RT_KEYS[0], "a", 0, 9)])
    early = clock.set_day(1)
    run_days(store, None, [day(0), day(1)], today=day(1))
    clock.set_day(2)
    ward.add_cases(store, [Case(RT_KEYS[1], None, 1, 9)] * 6, first=1)
    run_days(store, None, [day(0), day(1), day(2)], today=day(2))
    city = City(store)
    assert len(city.cases(early)) == 1
    assert len(city.cases()) == 7
    assert city.series(known_at=early)["cases"].tolist() == [1, 1]
    assert city.series()["cases"].tolist() == [1, 7, 7]
    assert city.history("33.74", known_at=early)["risk"].tolist() == [1, 1]
    assert city.history("33.74")["risk"].max() == 3
    assert city.rejudge("inmendagri-7-2021", known_at=early)["red"].tolist() == [0, 0, 0]
    assert city.summary(day(1), "kota", early)["red"].tolist() == [0]


def test_a_series_known_at_a_moment_has_days_that_were_published_later(
    store: Store, clock: Clock
) -> None:
    ward.add_cases(store, [Case(RT_KEYS[0], "a", 0, 9)])
    early = clock.set_day(4)
    ward.add_cases(store, [Case(RT_KEYS[0], "b", 4, 9)], first=1)
    clock.set_day(6)
    ward.add_cases(store, [Case(RT_KEYS[0], "c", 2, 9)], first=2)
    run_days(store, None, ward.days(0, 6), today=day(6))
    series = City(store).series(known_at=early)
    assert [moment.date() for moment in series["date"]] == ward.days(0, 4)
    assert series["cases"].tolist() == [1, 1, 1, 1, 2]
