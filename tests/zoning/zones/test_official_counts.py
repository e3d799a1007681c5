"""Counts for officials in addition to the colours, compared with direct counting over people."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from geodata.areas import LEVELS, Level
from geodata.boundaries import save_boundaries
from geodata.settings import SECRET
from geodata.store import Store, open_store
from geodata.tables import sheet_from_frame
from tests.cities import small_city as ward
from tests.databases import NewDatabase
from zoning import City
from zoning.days.daily import run_days
from zoning.export import FORMATS, Format, export_zones
from zoning.quarantine.newcomers import verify
from zoning.records.intake import load_sheet

FIRST = date(2021, 5, 1)
TODAY = date(2026, 1, 1)
RT_KEYS = [(village, rw, rt) for village in range(4) for rw in (1, 2) for rt in (1, 2, 3)]
CODE_LENGTH = {"kota": 5, "kecamatan": 8, "kelurahan": 13, "rw": 17, "rt": 21}
"""Length of the codes of each level; a code begins with the codes of the areas above."""


class Person(NamedTuple):
    """A newcomer or a case: RT (None: only the city is known), day from `FIRST`, days of stay."""

    place: tuple[int, int, int] | None
    day: int
    kind: str
    stay: int


def random_person(rng: np.random.Generator) -> Person:
    place = [None, *RT_KEYS][int(rng.integers(len(RT_KEYS) + 1))]
    kind = str(rng.choice(["came", "left", "letter", "died", "died suspected", "recovered"]))
    return Person(place, int(rng.integers(30)), kind, int(rng.integers(1, 12)))


def nth_day(number: int) -> date:
    return FIRST + timedelta(days=number)


def record(number: int, person: Person) -> dict[str, Any]:
    lon, lat = (None, None) if person.place is None else map(repr, ward.middle(*person.place))
    point = {"lon": lon, "lat": lat}
    day, end_day = nth_day(person.day).isoformat(), nth_day(person.day + person.stay).isoformat()
    if person.kind in {"came", "left", "letter"}:
        letter = "ada" if person.kind == "letter" else None
        left = end_day if person.kind == "left" else None
        fields = {"arrived_on": day, "health_letter": letter, "left_on": left}
        return point | fields | {"newcomer_id": f"D-{number}"}
    outcome = "recovered" if person.kind == "recovered" else "died"
    status = "suspected" if person.kind == "died suspected" else "confirmed"
    fields = {"status": status, "confirmed_on": day, "outcome": outcome, "outcome_on": end_day}
    return point | fields | {"case_id": f"K-{number}"}


def load(store: Store, people: list[Person], first: int = 0) -> None:
    rows = [record(first + n, person) for n, person in enumerate(people)]
    for kind, key in (("newcomers", "newcomer_id"), ("cases", "case_id")):
        frame = pd.DataFrame([row for row in rows if key in row]).astype(object)
        if len(frame):
            load_sheet(store, kind, sheet_from_frame(frame.where(frame.notna(), None)))


def count_people(people: list[Person], number: int) -> dict[str, tuple[int, int, int]]:
    """``newcomers, in_quarantine, deaths`` of each RT; the quarantine of May 2021 is five days."""
    sums: dict[str, list[int]] = {}
    for person in people:
        if person.place is None or ward.code(*person.place) == ward.MARKET:
            continue
        counts = sums.setdefault(ward.code(*person.place), [0, 0, 0])
        if person.kind in {"came", "left", "letter"}:
            counts[0] += number - 7 < person.day <= number
            has_left = person.kind == "left" and person.day + person.stay <= number
            counts[1] += (
                person.kind != "letter" and not has_left and person.day <= number < person.day + 5
            )
        elif person.kind == "died":
            counts[2] += number - 7 < person.day + person.stay <= number
    return {code: (counts[0], counts[1], counts[2]) for code, counts in sums.items() if any(counts)}


def sum_above(counts: dict[str, tuple[int, int, int]], level: Level) -> dict[str, tuple[int, ...]]:
    sums: dict[str, tuple[int, ...]] = {}
    for code, counts_of_rt in counts.items():
        area = code[: CODE_LENGTH[level]]
        sums[area] = tuple(map(sum, zip(sums.get(area, (0, 0, 0)), counts_of_rt, strict=True)))
    return sums


def official_counts(
    city: City, day: date, level: Level = "rt", known_at: datetime | None = None
) -> dict[str, tuple[int, ...]]:
    frame = city.zones_for_officials(day, level, known_at).set_index("code")
    rows = frame[["newcomers", "in_quarantine", "deaths"]].itertuples(name=None)
    return {code: tuple(counts) for code, *counts in rows if any(counts)}


@pytest.fixture
def store(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(new_database()) as opened:
        save_boundaries(opened, ward.small_city(), "by hand", {})
        yield opened


def test_official_counts_agree_with_direct_counting_at_every_level(store: Store) -> None:
    rng = np.random.default_rng(7)
    people = [random_person(rng) for _ in range(240)]
    load(store, people)
    run_days(store, None, [nth_day(n) for n in range(8, 40, 5)], today=TODAY)
    city = City(store)
    for number in range(8, 40, 5):
        counts = count_people(people, number)
        for level in LEVELS:
            assert official_counts(city, nth_day(number), level) == sum_above(counts, level), (
                number,
                level,
            )
    assert all(any(counts[k] for counts in count_people(people, 18).values()) for k in range(3))


def test_a_published_day_uses_records_of_its_publication_and_known_at_uses_records_of_the_moment(
    store: Store,
) -> None:
    early = [Person((0, 1, 1), 1, "came", 9), Person((0, 1, 2), 1, "died", 2)]
    late = [Person((0, 1, 1), 2, "came", 9), Person((3, 1, 1), 1, "died", 3)]
    load(store, early)
    run_days(store, None, [nth_day(4)], today=TODAY)
    city = City(store)
    published = city.published(nth_day(4)).published_at
    assert published is not None
    load(store, late, first=len(early))
    after = published + timedelta(days=365)
    assert (
        official_counts(city, nth_day(4))
        == official_counts(city, nth_day(4), known_at=published)
        == count_people(early, 4)
    )
    assert official_counts(city, nth_day(4), known_at=after) == count_people(early + late, 4)


def test_newcomers_are_listed_with_their_states_on_the_day(store: Store) -> None:
    load(store, [Person((0, 1, 1), 1, "came", 1), Person((0, 1, 2), 9, "came", 1)])
    before = store.read("select moment from latest_moment")["moment"][0].as_py()
    verify(store, "D-0", "lurah", nth_day(6))
    city = City(store)

    def states(day: date, known_at: datetime | None = None) -> list[Any]:
        newcomers = city.newcomers(known_at, on=day)
        assert newcomers["newcomer_id"].tolist() == ["D-0", "D-1"]
        return [state if isinstance(state, str) else None for state in newcomers["state"]]

    assert states(nth_day(0)) == [None, None]
    assert states(nth_day(5)) == ["in-quarantine", None]
    assert states(nth_day(6)) == ["released", None]
    assert states(nth_day(6), before) == ["due-today", None]
    assert states(nth_day(20)) == ["released", "overdue"]
    assert states(nth_day(20), before) == ["overdue", "overdue"]
    assert city.newcomers(on=nth_day(9))["due_on"].tolist() == [nth_day(6), nth_day(14)]
    assert city.newcomers()["state"].tolist() == ["released", "lapsed"]


def test_a_later_verification_does_not_replace_an_earlier_verification(store: Store) -> None:
    load(store, [Person((0, 1, 1), 1, "came", 1)])
    verify(store, "D-0", "lurah", nth_day(6))
    verify(store, "D-0", "camat", nth_day(12))
    assert City(store).newcomers(on=nth_day(8))["state"].tolist() == ["released"]


def test_official_counts_are_additional_columns_and_change_no_other_column(store: Store) -> None:
    load(store, [Person((0, 1, 1), 1, "came", 1), Person((0, 1, 2), 1, "died", 2)])
    run_days(store, None, [nth_day(4)], today=TODAY)
    city = City(store)
    zones, official_zones = city.zones(nth_day(4)), city.zones_for_officials(nth_day(4))
    columns = ["newcomers", "in_quarantine", "deaths"]
    assert not set(columns) & set(zones.columns)
    pd.testing.assert_frame_equal(official_zones.drop(columns=columns), zones)


def test_without_arrivals_and_deaths_the_official_counts_are_zero(store: Store) -> None:
    load(store, [Person((0, 1, 1), 1, "recovered", 9)])
    run_days(store, None, [nth_day(4)], today=TODAY)
    city = City(store)
    assert official_counts(city, nth_day(4)) == official_counts(city, nth_day(4), "kota") == {}
    assert len(city.zones_for_officials(nth_day(4))) == len(city.zones(nth_day(4)))
    assert {"state", "due_on"} < set(city.newcomers(on=nth_day(4)).columns)


def read_file(path: Path, form: Format) -> pd.DataFrame:
    if form == "csv":
        return pd.read_csv(path)
    if form == "xlsx":
        return pd.read_excel(path, engine="openpyxl")
    return gpd.read_parquet(path) if form == "parquet" else gpd.read_file(path)


def test_files_of_every_format_have_the_official_counts_and_are_reproducible(
    store: Store, tmp_path: Path
) -> None:
    people = [Person((0, 1, 1), 1, "came", 1), Person((0, 1, 2), 1, "died", 2)]
    load(store, people)
    run_days(store, None, [nth_day(4)], today=TODAY)
    for form in FORMATS:
        paths = [tmp_path / f"{name}.{form}" for name in ("one", "two")]
        for path in paths:
            export_zones(City(store).zones_for_officials(nth_day(4)), path, form)
        assert paths[0].read_bytes() == paths[1].read_bytes()
        zones = read_file(paths[0], form).set_index("code")
        rows = zones[["newcomers", "in_quarantine", "deaths"]].itertuples(name=None)
        assert {code: tuple(counts) for code, *counts in rows if any(counts)} == count_people(
            people, 4
        )
