"""What officials count beside the colours, against plain counting over a list of people."""

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
from geodata.tables import sheet_of
from tests.cities import small_city as ward
from tests.databases import NewDatabase
from zoning import City
from zoning.days.daily import run_days
from zoning.export import FORMATS, Format, export_zones
from zoning.quarantine.newcomers import verify
from zoning.records.intake import load_sheet

FIRST = date(2021, 5, 1)
TODAY = date(2026, 1, 1)
PLACES = [(village, rw, rt) for village in range(4) for rw in (1, 2) for rt in (1, 2, 3)]
DEPTH = {"kota": 5, "kecamatan": 8, "kelurahan": 13, "rw": 17, "rt": 21}
"""Characters of a code that say which area of a level it lies in."""


class Person(NamedTuple):
    """Somebody who came, or died: where (None: only the city is known), and how many days in."""

    place: tuple[int, int, int] | None
    day: int
    kind: str
    stay: int


def somebody(rng: np.random.Generator) -> Person:
    place = [None, *PLACES][int(rng.integers(len(PLACES) + 1))]
    kind = str(rng.choice(["came", "left", "letter", "died", "died suspected", "recovered"]))
    return Person(place, int(rng.integers(30)), kind, int(rng.integers(1, 12)))


def on(number: int) -> date:
    return FIRST + timedelta(days=number)


def row(number: int, one: Person) -> dict[str, Any]:
    lon, lat = (None, None) if one.place is None else map(repr, ward.middle(*one.place))
    where = {"lon": lon, "lat": lat}
    day, later = on(one.day).isoformat(), on(one.day + one.stay).isoformat()
    if one.kind in {"came", "left", "letter"}:
        letter = "ada" if one.kind == "letter" else None
        left = later if one.kind == "left" else None
        told = {"arrived_on": day, "health_letter": letter, "left_on": left}
        return where | told | {"newcomer_id": f"D-{number}"}
    outcome = "recovered" if one.kind == "recovered" else "died"
    status = "suspected" if one.kind == "died suspected" else "confirmed"
    told = {"status": status, "confirmed_on": day, "outcome": outcome, "outcome_on": later}
    return where | told | {"case_id": f"K-{number}"}


def take_in(store: Store, people: list[Person], first: int = 0) -> None:
    rows = [row(first + n, one) for n, one in enumerate(people)]
    for kind, key in (("newcomers", "newcomer_id"), ("cases", "case_id")):
        frame = pd.DataFrame([each for each in rows if key in each]).astype(object)
        if len(frame):
            load_sheet(store, kind, sheet_of(frame.where(frame.notna(), None)))


def expected(people: list[Person], judged: int) -> dict[str, tuple[int, int, int]]:
    """``newcomers, in_quarantine, deaths`` of each RT that has any; in May 2021 five days' stay."""
    found: dict[str, list[int]] = {}
    for one in people:
        if one.place is None or ward.code(*one.place) == ward.MARKET:
            continue
        sums = found.setdefault(ward.code(*one.place), [0, 0, 0])
        if one.kind in {"came", "left", "letter"}:
            sums[0] += judged - 7 < one.day <= judged
            gone = one.kind == "left" and one.day + one.stay <= judged
            sums[1] += one.kind != "letter" and not gone and one.day <= judged < one.day + 5
        elif one.kind == "died":
            sums[2] += judged - 7 < one.day + one.stay <= judged
    return {code: (sums[0], sums[1], sums[2]) for code, sums in found.items() if any(sums)}


def above(counts: dict[str, tuple[int, int, int]], level: Level) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for code, own in counts.items():
        area = code[: DEPTH[level]]
        found[area] = tuple(map(sum, zip(found.get(area, (0, 0, 0)), own, strict=True)))
    return found


def told(
    city: City, day: date, level: Level = "rt", known_at: datetime | None = None
) -> dict[str, tuple[int, ...]]:
    frame = city.zones_for_officials(day, level, known_at).set_index("code")
    rows = frame[["newcomers", "in_quarantine", "deaths"]].itertuples(name=None)
    return {code: tuple(own) for code, *own in rows if any(own)}


@pytest.fixture
def store(new_database: NewDatabase, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv(SECRET, "a secret of sixteen and more")
    with open_store(new_database()) as opened:
        save_boundaries(opened, ward.small_city(), "by hand", {})
        yield opened


def test_counts_beside_are_those_of_plain_counting_at_every_level(store: Store) -> None:
    rng = np.random.default_rng(7)
    people = [somebody(rng) for _ in range(240)]
    take_in(store, people)
    run_days(store, None, [on(n) for n in range(8, 40, 5)], today=TODAY)
    city = City(store)
    for judged in range(8, 40, 5):
        counts = expected(people, judged)
        for level in LEVELS:
            assert told(city, on(judged), level) == above(counts, level), (judged, level)
    assert all(any(counts[k] for counts in expected(people, 18).values()) for k in range(3))


def test_a_published_day_counts_what_was_known_then_and_a_moment_what_was_known_at_it(
    store: Store,
) -> None:
    early = [Person((0, 1, 1), 1, "came", 9), Person((0, 1, 2), 1, "died", 2)]
    late = [Person((0, 1, 1), 2, "came", 9), Person((3, 1, 1), 1, "died", 3)]
    take_in(store, early)
    run_days(store, None, [on(4)], today=TODAY)
    city = City(store)
    published = city.published(on(4)).published_at
    assert published is not None
    take_in(store, late, first=len(early))
    after = published + timedelta(days=365)
    assert told(city, on(4)) == told(city, on(4), known_at=published) == expected(early, 4)
    assert told(city, on(4), known_at=after) == expected(early + late, 4)


def test_a_newcomer_is_listed_with_how_it_stands_on_the_day_asked_for(store: Store) -> None:
    take_in(store, [Person((0, 1, 1), 1, "came", 1), Person((0, 1, 2), 9, "came", 1)])
    before = store.read("select moment from latest_moment")["moment"][0].as_py()
    verify(store, "D-0", "lurah", on(6))
    city = City(store)

    def states(day: date, known_at: datetime | None = None) -> list[Any]:
        found = city.newcomers(known_at, on=day)
        assert found["newcomer_id"].tolist() == ["D-0", "D-1"]
        return [state if isinstance(state, str) else None for state in found["state"]]

    assert states(on(0)) == [None, None]
    assert states(on(5)) == ["in-quarantine", None]
    assert states(on(6)) == ["released", None]
    assert states(on(6), before) == ["due-today", None]
    assert states(on(20)) == ["released", "overdue"]
    assert states(on(20), before) == ["overdue", "overdue"]
    assert city.newcomers(on=on(9))["due_on"].tolist() == [on(6), on(14)]
    assert city.newcomers()["state"].tolist() == ["released", "lapsed"]


def test_a_later_verification_takes_nothing_from_an_earlier_one(store: Store) -> None:
    take_in(store, [Person((0, 1, 1), 1, "came", 1)])
    verify(store, "D-0", "lurah", on(6))
    verify(store, "D-0", "camat", on(12))
    assert City(store).newcomers(on=on(8))["state"].tolist() == ["released"]


def test_the_counts_stand_beside_the_zones_and_change_nothing_of_them(store: Store) -> None:
    take_in(store, [Person((0, 1, 1), 1, "came", 1), Person((0, 1, 2), 1, "died", 2)])
    run_days(store, None, [on(4)], today=TODAY)
    city = City(store)
    bare, full = city.zones(on(4)), city.zones_for_officials(on(4))
    beside = ["newcomers", "in_quarantine", "deaths"]
    assert not set(beside) & set(bare.columns)
    pd.testing.assert_frame_equal(full.drop(columns=beside), bare)


def test_where_nobody_came_and_nobody_died_there_are_none(store: Store) -> None:
    take_in(store, [Person((0, 1, 1), 1, "recovered", 9)])
    run_days(store, None, [on(4)], today=TODAY)
    city = City(store)
    assert told(city, on(4)) == told(city, on(4), "kota") == {}
    assert len(city.zones_for_officials(on(4))) == len(city.zones(on(4)))
    assert {"state", "due_on"} < set(city.newcomers(on=on(4)).columns)


def read(path: Path, form: Format) -> pd.DataFrame:
    if form == "csv":
        return pd.read_csv(path)
    if form == "xlsx":
        return pd.read_excel(path, engine="openpyxl")
    return gpd.read_parquet(path) if form == "parquet" else gpd.read_file(path)


def test_a_file_of_any_format_has_the_counts_and_the_same_bytes_each_time(
    store: Store, tmp_path: Path
) -> None:
    people = [Person((0, 1, 1), 1, "came", 1), Person((0, 1, 2), 1, "died", 2)]
    take_in(store, people)
    run_days(store, None, [on(4)], today=TODAY)
    for form in FORMATS:
        paths = [tmp_path / f"{name}.{form}" for name in ("one", "two")]
        for path in paths:
            export_zones(City(store).zones_for_officials(on(4)), path, form)
        assert paths[0].read_bytes() == paths[1].read_bytes()
        found = read(paths[0], form).set_index("code")
        rows = found[["newcomers", "in_quarantine", "deaths"]].itertuples(name=None)
        assert {code: tuple(own) for code, *own in rows if any(own)} == expected(people, 4)
