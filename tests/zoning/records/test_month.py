"""A month of late and corrected reports: zones known at a past evening never change."""

import csv
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest

from geodata.boundaries import save_boundaries
from geodata.settings import SECRET as VARIABLE
from geodata.store import Store, open_store
from tests.cities import small_city
from tests.databases import NewDatabase
from tests.zoning.ward import day
from zoning import City
from zoning.days.daily import run_days
from zoning.records.intake import load_records

DAYS = 30
RERUN_DAYS = 12
"""Days that are computed again each evening; no report is later than this."""
SECRET = "a secret of sixteen and more"
RT_KEYS = [(0, 1, 1), (0, 1, 2), (1, 2, 3), (2, 2, 3), (3, 1, 1), (3, 2, 2)]


class Report(NamedTuple):
    """A row that arrives on a day."""

    arrives: int
    row: dict[str, Any]


def reports(random: Random) -> Iterator[Report]:
    """Cases with their first report, up to nine days late, and corrections after it."""
    for number in range(90):
        ill_day = random.randrange(DAYS) if number else 0
        lon, lat = small_city.middle(*random.choice(RT_KEYS))
        row = {
            "id kasus": f"K{number}",
            "alamat": f"Jl. Mawar No. {random.randrange(1, 9)}",
            "bujur": lon,
            "lintang": lat,
            "status": "Konfirmasi",
            "tgl konfirmasi": day(ill_day).isoformat(),
        }
        arrives = ill_day + (random.choice((0, 0, 1, 2, 5, 9)) if number else 0)
        yield Report(arrives, row)
        for _ in range(random.choice((0, 0, 1, 2))):
            arrives += random.randrange(1, 4)
            earlier_day = day(max(ill_day - random.randrange(3), arrives - RERUN_DAYS)).isoformat()
            coordinates = dict(
                zip(("bujur", "lintang"), small_city.middle(*random.choice(RT_KEYS)), strict=True)
            )
            row = row | random.choice(
                ({"tgl konfirmasi": earlier_day}, {"status": "Suspek"}, coordinates)
            )
            yield Report(arrives, row)


class Evening(NamedTuple):
    """The runs and zones that were published at the end of a day."""

    moment: datetime
    run_of: dict[date, str]
    zones: dict[date, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def month(
    new_database: NewDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Store, list[Evening]]]:
    folder = tmp_path_factory.mktemp("month")
    clock = iter(datetime(2021, 6, 1, 3) + timedelta(minutes=n) for n in range(10**6))  # noqa: DTZ001
    hours = [0]

    def now() -> datetime:
        return next(clock) + timedelta(hours=hours[0])

    month_reports = list(reports(Random(4)))  # noqa: S311  (no secret)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, SECRET)
        with open_store(new_database(), clock=now) as store:
            save_boundaries(store, small_city.small_city(), "by hand", {})
            evenings = []
            for number in range(DAYS):
                hours[0] = 24 * number
                rows = [report.row for report in month_reports if report.arrives == number]
                if rows:
                    load(store, folder / f"{number}.csv", rows, day(number))
                rerun_days = [day(n) for n in range(max(0, number - RERUN_DAYS), number + 1)]
                run_days(store, None, rerun_days, today=day(number))
                evenings.append(evening(store, now(), number))
            yield store, evenings


def load(store: Store, path: Path, rows: list[dict[str, Any]], today: date) -> None:
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    load_records(store, "cases", path, today=today)


def evening(store: Store, moment: datetime, number: int) -> Evening:
    city = City(store)
    zones_by_day = {day(n): city.day(day(n)) for n in range(number + 1)}
    return Evening(
        moment,
        {date_of_zones: zones.run for date_of_zones, zones in zones_by_day.items()},
        {date_of_zones: zones.zones.to_pylist() for date_of_zones, zones in zones_by_day.items()},
    )


def test_zones_known_at_a_past_evening_are_the_zones_published_that_evening(
    month: tuple[Store, list[Evening]],
) -> None:
    store, evenings = month
    city = City(store)
    n_changed = 0
    for evening in evenings:
        for date_of_zones, run in evening.run_of.items():
            zones = city.day(date_of_zones, evening.moment)
            assert (zones.run, zones.published) == (run, True)
            assert zones.zones.to_pylist() == evening.zones[date_of_zones]
            n_changed += run != evenings[-1].run_of[date_of_zones]
    assert n_changed > 100  # late reports changed many days of this month


def test_a_day_recomputed_from_records_known_at_an_evening_is_the_run_of_that_evening(
    month: tuple[Store, list[Evening]],
) -> None:
    store, evenings = month
    city = City(store)
    for number, evening in enumerate(evenings):
        for date_of_zones in list(evening.run_of)[max(0, number - RERUN_DAYS) :]:
            recomputed = city.compute_day(date_of_zones, evening.moment)
            assert recomputed.run == evening.run_of[date_of_zones]
            assert recomputed.zones.to_pylist() == evening.zones[date_of_zones]


def test_the_series_known_at_an_evening_is_the_series_of_that_evening(
    month: tuple[Store, list[Evening]],
) -> None:
    store, evenings = month
    city = City(store)
    for number in (3, 17, 29):
        evening = evenings[number]
        series = city.series(known_at=evening.moment)
        assert [moment.date() for moment in series["date"]] == list(evening.run_of)
        assert series["cases"].tolist() == [
            sum(zone["cases"] for zone in zones) for zones in evening.zones.values()
        ]
