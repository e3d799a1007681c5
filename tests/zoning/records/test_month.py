"""A month of late and corrected reports, day by day: what was known on a day stays known."""

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
RERUN = 12
"""Days that are judged again each evening: no report is later than that."""
SECRET = "a secret of sixteen and more"
PLACES = [(0, 1, 1), (0, 1, 2), (1, 2, 3), (2, 2, 3), (3, 1, 1), (3, 2, 2)]


class Report(NamedTuple):
    """A row that arrives on a day."""

    arrives: int
    row: dict[str, Any]


def reports(random: Random) -> Iterator[Report]:
    """Cases with their first report, up to nine days late, and corrections after it."""
    for number in range(90):
        ill = random.randrange(DAYS) if number else 0
        lon, lat = small_city.middle(*random.choice(PLACES))
        row = {
            "id kasus": f"K{number}",
            "alamat": f"Jl. Mawar No. {random.randrange(1, 9)}",
            "bujur": lon,
            "lintang": lat,
            "status": "Konfirmasi",
            "tgl konfirmasi": day(ill).isoformat(),
        }
        arrives = ill + (random.choice((0, 0, 1, 2, 5, 9)) if number else 0)
        yield Report(arrives, row)
        for _ in range(random.choice((0, 0, 1, 2))):
            arrives += random.randrange(1, 4)
            sooner = day(max(ill - random.randrange(3), arrives - RERUN)).isoformat()
            place = dict(
                zip(("bujur", "lintang"), small_city.middle(*random.choice(PLACES)), strict=True)
            )
            row = row | random.choice(({"tgl konfirmasi": sooner}, {"status": "Suspek"}, place))
            yield Report(arrives, row)


class Evening(NamedTuple):
    """What was published when the day's work was done."""

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

    arriving = list(reports(Random(4)))  # noqa: S311  (no secret)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv(VARIABLE, SECRET)
        with open_store(new_database(), clock=now) as store:
            save_boundaries(store, small_city.small_city(), "by hand", {})
            evenings = []
            for number in range(DAYS):
                hours[0] = 24 * number
                rows = [report.row for report in arriving if report.arrives == number]
                if rows:
                    load(store, folder / f"{number}.csv", rows, day(number))
                judged = [day(n) for n in range(max(0, number - RERUN), number + 1)]
                run_days(store, None, judged, today=day(number))
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
    said = {day(n): city.day(day(n)) for n in range(number + 1)}
    return Evening(
        moment,
        {one: zones.run for one, zones in said.items()},
        {one: zones.zones.to_pylist() for one, zones in said.items()},
    )


def test_every_past_known_at_is_what_was_published_that_day(
    month: tuple[Store, list[Evening]],
) -> None:
    store, evenings = month
    city = City(store)
    changed = 0
    for known in evenings:
        for judged, run in known.run_of.items():
            found = city.day(judged, known.moment)
            assert (found.run, found.published) == (run, True)
            assert found.zones.to_pylist() == known.zones[judged]
            changed += run != evenings[-1].run_of[judged]
    assert changed > 100  # the month is one in which something came late


def test_judged_again_from_the_records_of_then_a_day_is_the_run_of_then(
    month: tuple[Store, list[Evening]],
) -> None:
    store, evenings = month
    city = City(store)
    for number, known in enumerate(evenings):
        for judged in list(known.run_of)[max(0, number - RERUN) :]:
            anew = city.judged(judged, known.moment)
            assert anew.run == known.run_of[judged]
            assert anew.zones.to_pylist() == known.zones[judged]


def test_the_series_of_a_moment_is_that_of_the_evening(month: tuple[Store, list[Evening]]) -> None:
    store, evenings = month
    city = City(store)
    for number in (3, 17, 29):
        known = evenings[number]
        series = city.series(known_at=known.moment)
        assert [moment.date() for moment in series["date"]] == list(known.run_of)
        assert series["cases"].tolist() == [
            sum(zone["cases"] for zone in zones) for zones in known.zones.values()
        ]
