"""Public days as they were published at a moment; every expected row is written by hand."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.calendar import ALL_DAYS, DayRange
from geodata.errors import StoreError
from geodata.runs import Run
from geodata.store import Reads, Store
from tests.cities import small_city as city
from tests.city_rules import five_classes, write_rules
from tests.zoning.disclosure.published_days import Published, add_days, open_city
from zoning.caching import Cache
from zoning.city_data import CityData
from zoning.disclosure import tables
from zoning.disclosure.source import DisclosureSource
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.source import KnownDays, RunKey, Stamp
from zoning.rules import Rulebook, built_in, open_rulebook

FIRST, SECOND, THIRD, FOURTH = (date(2021, 7, day) for day in range(1, 5))
BEFORE, EARLY, LATER, LAST = (datetime.combine(date(2021, 8, day), time(12)) for day in range(1, 5))
HERE = city.small_city().id
ONE, TWO, THREE = (city.code(0, 1, rt) for rt in (1, 2, 3))
FAR = city.code(3, 1, 1)


def run(run_id: str, day: date, *counts: int, boundaries: str = HERE) -> Run:
    keys = ("green", "yellow", "orange", "red")
    counts_by_key = dict(zip(keys, counts, strict=True))
    return Run(run_id, day, "inmendagri-7-2021", f"digest of {run_id}", boundaries, counts_by_key)


OLD = run("old", FIRST, 21, 1, 1, 0)
CORRECTED = run("corrected", FIRST, 22, 0, 0, 1)
GREEN = run("green", SECOND, 23, 0, 0, 0)
ELSEWHERE = run("elsewhere", THIRD, 8, 0, 1, 0, boundaries="other boundaries")
MIXED = run("mixed", FOURTH, 20, 2, 0, 1)
DAYS = (
    Published(OLD, {TWO: 2, ONE: 1}, 1, EARLY),
    Published(CORRECTED, {ONE: 3}, 2, LAST),
    Published(GREEN, {}, 1, LATER),
    Published(ELSEWHERE, {ONE: 2}, 1, LATER),
    Published(MIXED, {ONE: 1, THREE: 1, FAR: 3}, 1, LATER),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_city(f"duckdb:///{tmp_path_factory.mktemp('days')}/city.duckdb") as opened:
        add_days(opened, *DAYS)
        yield opened


@pytest.fixture(scope="module")
def source(store: Store) -> DisclosureSource:
    return source_of(store, built_in())


def source_of(store: Store, rules: Rulebook) -> DisclosureSource:
    return DisclosureSource(CityData(store, Cache(), rules), 5)


@pytest.fixture(scope="module")
def five(tmp_path_factory: pytest.TempPathFactory) -> Rulebook:
    return open_rulebook(write_rules(tmp_path_factory.mktemp("rules"), dengue_five=five_classes()))


def row(of: Run) -> dict[str, object]:
    return {
        "date": of.date,
        "run": of.id,
        "rule": of.rule,
        "boundaries": of.boundaries,
        **of.counts,
    }


@pytest.mark.parametrize(
    ("known", "runs"),
    [
        (KnownDays(), [CORRECTED, GREEN, ELSEWHERE, MIXED]),
        (KnownDays(known_at=LAST), [CORRECTED, GREEN, ELSEWHERE, MIXED]),
        (KnownDays(known_at=LAST - timedelta(microseconds=1)), [OLD, GREEN, ELSEWHERE, MIXED]),
        (KnownDays(known_at=EARLY), [OLD]),
        (KnownDays(known_at=BEFORE), []),
        (KnownDays(DayRange.between(SECOND, THIRD)), [GREEN, ELSEWHERE]),
        (KnownDays(DayRange.between(None, FIRST), LATER), [OLD]),
    ],
)
def test_each_day_has_the_run_that_was_published_at_the_moment(
    source: DisclosureSource, known: KnownDays, runs: list[Run]
) -> None:
    frame = source.runs(known)
    assert frame.to_dict("records") == [row(of) for of in runs]
    assert list(frame.columns) == list(row(GREEN))
    assert {frame[key].dtype for key in GREEN.counts} == {np.dtype(np.int64)}


@pytest.mark.parametrize(
    ("codes", "runs", "colours"),
    [
        (
            [ONE, TWO, THREE],
            ["corrected", "green", "mixed"],
            [("corrected", 3, 0, 0, 1), ("green", 0, 0, 0, 0), ("mixed", 1, 2, 0, 0)],
        ),
        (
            [THREE, FAR],
            ["mixed", "green", "corrected"],
            [("mixed", 3, 1, 0, 1), ("green", 0, 0, 0, 0), ("corrected", 0, 0, 0, 0)],
        ),
        ([ONE, TWO], ["old"], [("old", 2, 1, 1, 0)]),
        ([ONE, TWO], ["elsewhere"], [("elsewhere", 2, 0, 1, 0)]),
        ([], ["mixed"], [("mixed", 0, 0, 0, 0)]),
        ([ONE], [], []),
    ],
)
def test_the_colours_of_some_rt_are_counted_in_each_run_in_the_order_of_the_runs(
    source: DisclosureSource,
    codes: list[str],
    runs: list[str],
    colours: list[tuple[str, int, int, int, int]],
) -> None:
    frame = source.colours_within(codes, runs)
    assert list(frame.columns) == ["run", "risk", "yellow", "orange", "red"]
    assert list(frame.itertuples(index=False, name=None)) == colours
    assert list(frame.index) == list(range(len(colours)))
    assert {dtype.kind for dtype in frame.dtypes[1:]} == {"i"}


def test_a_day_that_is_published_during_an_answer_does_not_mix_with_other_days(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with open_city(f"duckdb:///{tmp_path}/city.duckdb") as own_store:
        add_days(own_store, *DAYS[:3])
        late = Published(MIXED, {ONE: 1, THREE: 1, FAR: 3}, 1, LAST)
        read_runs = tables.published_runs

        def publish_after(reads: Reads, known: KnownDays, rules: Rulebook) -> pd.DataFrame:
            runs = read_runs(reads, known, rules)
            add_days(own_store, late)
            return runs

        monkeypatch.setattr(tables, "published_runs", publish_after)
        frame = PublicCity(source_of(own_store, built_in())).history(FAR)
    assert list(frame[["date", "run", "risk"]].itertuples(index=False, name=None)) == [
        (FIRST, "corrected", 0),
        (SECOND, "green", 0),
    ]


@pytest.mark.parametrize(
    ("day", "known_at", "of"),
    [
        (None, None, MIXED),
        (None, LAST, MIXED),
        (None, EARLY, OLD),
        (None, BEFORE, None),
        (FIRST, None, CORRECTED),
        (FIRST, LATER, OLD),
        (FIRST, BEFORE, None),
        (THIRD, LAST, ELSEWHERE),
        (THIRD, EARLY, None),
        (date(2021, 7, 5), None, None),
    ],
)
def test_the_key_of_a_day_names_its_run_and_the_requested_moment(
    source: DisclosureSource, day: date | None, known_at: datetime | None, of: Run | None
) -> None:
    key = source.find_key(day, known_at)
    assert key == (None if of is None else RunKey(of.id, of.date, of.boundaries, known_at))
    if day is None:
        assert source.latest(known_at) == (None if of is None else of.date)
    else:
        public_day = source.find(day, known_at)
        assert (None if public_day is None else (public_day.of, public_day.known_at)) == (
            None if of is None else (of, known_at)
        )


def test_a_run_is_found_by_its_id_with_its_zones_by_code_and_without_a_moment(
    source: DisclosureSource,
) -> None:
    for day in DAYS:
        public_day = source.find_run(day.run.id)
        assert isinstance(public_day, PublicDay)
        assert (public_day.of, public_day.known_at) == (day.run, None)
        assert public_day.zones.to_pylist() == [
            {"code": code, "risk": day.zones[code]} for code in sorted(day.zones)
        ]
    assert source.find_run("no such run") is None


def test_coloured_zones_are_those_of_the_named_runs(source: DisclosureSource) -> None:
    zones = source.coloured_zones(["old", "green", "mixed"]).to_pylist()
    assert sorted(map(tuple, map(dict.values, zones))) == [
        ("mixed", FAR, 3),
        ("mixed", ONE, 1),
        ("mixed", THREE, 1),
        ("old", ONE, 1),
        ("old", TWO, 2),
    ]
    assert source.coloured_zones([]).num_rows == 0


def test_the_stamp_counts_the_publications_and_has_the_moment_of_the_last(
    source: DisclosureSource, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert source.stamp() == Stamp(5, LAST)
    with open_city(f"duckdb:///{tmp_path_factory.mktemp('none')}/city.duckdb") as empty:
        assert source_of(empty, built_in()).stamp() == Stamp(0, None)


def test_the_runs_of_a_citys_own_rules_have_their_classes(
    five: Rulebook, tmp_path_factory: pytest.TempPathFactory
) -> None:
    keys = ["one", "two", "three", "four", "five"]
    first = dict(zip(keys, (19, 0, 1, 1, 2), strict=True))
    second = dict(zip(keys, (22, 1, 0, 0, 0), strict=True))
    with open_city(f"duckdb:///{tmp_path_factory.mktemp('five')}/city.duckdb") as own_store:
        source = source_of(own_store, five)
        assert list(source.runs(KnownDays()).columns) == [
            *("date", "run", "rule", "boundaries"),
            *keys,
        ]
        add_days(
            own_store,
            Published(
                Run("x", FIRST, "dengue-five", "d", HERE, first),
                {ONE: 4, TWO: 4, THREE: 2, FAR: 3},
                1,
                EARLY,
            ),
            Published(Run("y", SECOND, "dengue-five", "d", HERE, second), {FAR: 1}, 1, EARLY),
        )
        assert source.runs(KnownDays())[keys].to_dict("records") == [first, second]
        assert source.colours_within([ONE, TWO, THREE], ["x", "y"]).to_dict("records") == [
            {"run": "x", "risk": 4, "two": 0, "three": 1, "four": 0, "five": 2},
            {"run": "y", "risk": 0, "two": 0, "three": 0, "four": 0, "five": 0},
        ]
        public_day = source.find_run("x")
        assert public_day is not None
        assert public_day.counts == first


def test_days_with_other_classes_than_the_rules_are_refused(store: Store, five: Rulebook) -> None:
    source = source_of(store, five)
    for answer in (
        lambda: source.runs(KnownDays()),
        lambda: source.find(FIRST, None),
        lambda: source.find_run("old"),
    ):
        with pytest.raises(StoreError) as refused:
            answer()
        assert refused.value.code == "other-classes"
    # Before the first publication, no day has other classes.
    assert source.runs(KnownDays(ALL_DAYS, BEFORE)).empty
