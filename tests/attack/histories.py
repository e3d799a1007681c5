"""Histories of the small city: files, corrections and published days at moments.

Two histories with the same published colours at the same moments must have the same public
answers, whatever else differs between them.
"""

from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from geodata.boundaries import Boundaries, assemble, save_boundaries
from geodata.settings import SECRET as VARIABLE
from geodata.store import Store, open_store
from tests.cities import small_city as city
from zoning.days.daily import every_day, run_days
from zoning.records.intake import load_records

JUNE = date(2021, 6, 1)
TODAY = date(2021, 7, 20)
FIRST, LAST = 0, 27
"""Published days, counted from `JUNE`."""
REDIVIDED = 22
"""From this day on RT 2 and 3 of the last RW of Tembalang are one."""
SECRET, OTHER_SECRET = "a secret of sixteen and more", "another secret that is as long"
Row = dict[str, Any]


def day(number: int) -> date:
    return JUNE + timedelta(days=number)


def moment_on(number: int, hour: int = 12) -> datetime:
    """A moment of a day, in the form of the database."""
    return datetime.combine(day(number), datetime.min.time()) + timedelta(hours=hour)


def case(
    name: str,
    confirmed: int,
    place: tuple[int, int, int] | None = None,
    house: str | None = None,
    *,
    recovered: int | None = None,
    kelurahan: str | None = None,
    regency: str | None = None,
) -> Row:
    """A confirmed case as a row of a file; a house has a street number and a family card."""
    lon, lat = (None, None) if place is None else city.middle(*place)
    number = sum(ord(sign) * 37**k for k, sign in enumerate(name))
    return {
        "case_id": f"C-{name}",
        "nik": f"0000{number % 10**12:012d}",
        "kk": None if house is None else f"0000{sum(map(ord, house)) % 10**12:012d}",
        "address": None if house is None else f"Jl. Contoh No. {sum(map(ord, house))}",
        "kelurahan": kelurahan,
        "kabupaten": regency,
        "lon": lon,
        "lat": lat,
        "status": "confirmed",
        "confirmed_on": day(confirmed).isoformat(),
        "outcome": "recovered",
        "outcome_on": day(confirmed + 10 if recovered is None else recovered).isoformat(),
    }


YELLOW, ORANGE, RED = (3, 1, 1), (3, 1, 2), (0, 1, 1)
UNKNOWN, LATE, LONE = (3, 2, 1), (1, 1, 1), (2, 1, 2)
QUIET = (0, 2, 2)
"""Green on all days."""
FIRST_FILE: list[Row] = [
    case("a1", 5, YELLOW, "a"),
    case("a2", 6, YELLOW, "a"),
    case("b1", 7, YELLOW, "b"),
    *(case(f"o{n}", 6 + n % 3, ORANGE, f"o{n}") for n in range(4)),
    *(case(f"r{n}", 8, RED, f"r{n}") for n in range(8)),
    case("u1", 10, UNKNOWN, "k"),
    case("u2", 10, UNKNOWN, "l"),
    case("l1", 11, LONE, "m"),
    *(case(f"n{n}", 9, kelurahan="Tembalang") for n in range(6)),
    *(case(f"z{n}", 9, regency="Kabupaten Kendal") for n in range(6)),
]
SECOND_FILE: list[Row] = [
    case("b2", 14, YELLOW, "b"),
    *(case(f"p{n}", 17, ORANGE, f"p{n}") for n in range(6)),
    case("d1", 20, LATE, "d"),
    # A correction that public answers show: RT and day.
    case("l1", 12, (2, 1, 3), "m"),
]
THIRD_FILE: list[Row] = [case("d2", 24, LATE, "e"), case("q1", 25, (3, 2, 3), "q")]
TESTS: list[Row] = [
    {"indikator": "tes", "kelurahan": kelurahan, "tanggal": day(on).isoformat(), "nilai": value}
    for on in (7, 14)
    for kelurahan, value in (("Tembalang", 12), ("Bringin", 3), ("Purwosari, Mijen", 0))
]
PLACES: list[Row] = [
    {"place_id": "P-1", "place_kind": "hospital", "name": "RS Contoh", "lon": 110.4031,
     "lat": -6.9982, "capacity": 20, "in_use": 7, "updated_at": "2021-06-10"},
]  # fmt: skip


def newcomer(number: int, arrived: int, place: tuple[int, int, int] | None = None) -> Row:
    """A newcomer as a row of a file, in an RT or in no known RT."""
    lon, lat = (None, None) if place is None else city.middle(*place)
    return {
        "newcomer_id": f"N-{number}",
        "nik": f"0000{60101900000 + number:012d}",
        "origin": "Jakarta",
        "lon": lon,
        "lat": lat,
        "arrived_on": day(arrived).isoformat(),
    }


# Day 6 is a Monday.
NEWCOMERS: list[Row] = [
    *(newcomer(100 + n, 8, YELLOW) for n in range(7)),
    *(newcomer(200 + n, 15, (2, 1, 1)) for n in range(11)),
    *(newcomer(300 + n, 16) for n in range(2)),
    *(newcomer(400 + n, 25, RED) for n in range(21)),
]


class Step(NamedTuple):
    """An action at a moment."""

    moment: datetime
    do: Callable[[Store, Path], object]


@dataclass(frozen=True)
class History:
    """Files and other steps of a city; `build` makes the database."""

    files: tuple[list[Row], ...] = (FIRST_FILE, SECOND_FILE, THIRD_FILE)
    tests: list[Row] = field(default_factory=lambda: TESTS)
    more: tuple[Step, ...] = ()
    secret: str = SECRET
    name: str = "list"

    def with_rows(self, number: int, *rows: Row) -> "History":
        """The history with more rows in a file; a row of a known case replaces the old row."""
        new_rows = {row["case_id"]: row for row in rows}
        old_rows = [new_rows.pop(row["case_id"], row) for row in self.files[number]]
        files = list(self.files)
        files[number] = [*old_rows, *new_rows.values()]
        return replace(self, files=tuple(files))


def boundaries_before() -> Boundaries:
    return city.small_city()


@cache
def boundaries_after() -> Boundaries:
    """The boundaries after two RT of Tembalang were merged."""
    rows: dict[Any, Row] = {row["code"]: row for row in city.square_rows()}
    removed, remaining = city.code(3, 2, 3), city.code(3, 2, 2)
    merged = shapely.union_all([rows[removed]["geometry"], rows[remaining]["geometry"]])
    del rows[removed]
    rows[remaining] |= {"geometry": merged}
    return assemble(gpd.GeoDataFrame(list(rows.values()), crs="EPSG:4326"))


def load(kind: str, rows: Sequence[Row], name: str = "list") -> Callable[..., object]:
    """The action that loads a file."""

    def do(store: Store, folder: Path) -> object:
        path = folder / f"{name}.csv"
        pd.DataFrame(list(rows)).to_csv(path, index=False)
        return load_records(store, kind, path, today=TODAY)

    return do


def publish(first: int, last: int) -> Callable[..., object]:
    """The action that computes and publishes days."""
    return lambda store, *_: run_days(store, None, every_day(day(first), day(last)), today=TODAY)


def load_boundaries_from(boundaries: Boundaries, since: int | None) -> Callable[..., object]:
    """The action that loads boundaries."""
    in_force = None if since is None else day(since)
    return lambda store, *_: save_boundaries(store, boundaries, "b", {}, in_force=in_force)


def steps(history: History) -> list[Step]:
    """All steps of a history in order of time."""
    first, second, third = history.files
    base_steps = (
        Step(moment_on(0, 1), load_boundaries_from(boundaries_before(), None)),
        Step(moment_on(12), load("cases", first, history.name)),
        Step(moment_on(12, 13), publish(FIRST, 12)),
        Step(moment_on(13), load("places", PLACES)),
        Step(moment_on(15), load("indicators", history.tests)),
        Step(moment_on(19), load("newcomers", NEWCOMERS)),
        Step(moment_on(20), load("cases", second, history.name)),
        Step(moment_on(20, 13), publish(6, 20)),
        Step(moment_on(21), load_boundaries_from(boundaries_after(), REDIVIDED)),
        Step(moment_on(26), load("cases", third, history.name)),
        Step(moment_on(26, 13), publish(13, 26)),
        Step(moment_on(28), publish(20, LAST)),
    )
    return sorted((*base_steps, *history.more), key=lambda step: step.moment)


_DAYS_AND_HOURS = (
    *((0, 2), (12, 13), (12, 14), (16, 12), (20, 12), (20, 14)),
    *((22, 12), (24, 5), (26, 14), (27, 12), (28, 12), (30, 12)),
)
MOMENTS = [moment_on(number, hour) for number, hour in _DAYS_AND_HOURS]
"""Values of ``known_at``: before, at and after each publication."""


def build(history: History, folder: Path) -> str:
    """Make the database of a history and return its URL; the clock stands at each step's moment."""
    url = f"duckdb:///{folder}/city.duckdb"
    moment = moment_on(0)
    with (
        pytest.MonkeyPatch.context() as patch,
        closing(open_store(url, create=True, clock=lambda: moment)) as store,
    ):
        patch.setenv(VARIABLE, history.secret)
        for step in steps(history):
            moment = step.moment
            step.do(store, folder)
    return url
