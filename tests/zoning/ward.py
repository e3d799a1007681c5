"""Cases written directly into a database of the small city, and the expected counts of its days."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa

from geodata.boundaries import save_boundaries
from geodata.store import Store, open_store
from tests.cities import small_city as city

JUNE = date(2021, 6, 1)
TODAY = date(2026, 1, 1)
Place = tuple[int, int, int]  # village, RW, RT

_ADD = """
insert into case_version (case_id, version, batch, recorded_at, digest, kk, kelurahan, lon, lat,
                          status, confirmed_on, outcome, outcome_on, withdrawn)
select case_id, version, batch, recorded_at, digest, kk, kelurahan, lon, lat,
       status, confirmed_on, outcome, outcome_on, withdrawn from stage order by case_id, version
"""


class Case(NamedTuple):
    """A case: place, house, day of confirmation, and day of recovery.

    Without a place only the village is known; without a village only the city.
    """

    place: Place | None
    house: str | None
    day: int
    """Days from `JUNE`."""
    ended: int
    village: str | None = None


def day(number: int) -> date:
    return JUNE + timedelta(days=number)


def days(first: int, last: int) -> list[date]:
    return [day(number) for number in range(first, last + 1)]


def open_ward(folder: Path, cases: Iterable[Case], name: str = "ward") -> Store:
    """A new file with the small city and these cases."""
    return new_ward(f"duckdb:///{folder / name}.duckdb", cases)


def new_ward(url: str, cases: Iterable[Case]) -> Store:
    """The small city and these cases in a new database of either engine."""
    store = open_store(url, create=True)
    save_boundaries(store, city.small_city(), "by hand", {})
    add_cases(store, cases)
    return store


def add_cases(
    store: Store,
    cases: Iterable[Case],
    *,
    first: int = 0,
    version: int = 1,
    withdrawn: bool = False,
) -> None:
    """Write cases; their ids count from `first`."""
    rows = [_row(case, first + k, version) for k, case in enumerate(cases)]
    if rows:
        with store.transaction() as transaction:
            for row in rows:
                row |= {"recorded_at": transaction.moment, "withdrawn": withdrawn}
            transaction.append(_ADD, pa.Table.from_pylist(rows, schema=_SCHEMA))


_SCHEMA = pa.schema(
    [
        ("case_id", pa.string()),
        ("version", pa.int64()),
        ("batch", pa.string()),
        ("recorded_at", pa.timestamp("us")),
        ("digest", pa.string()),
        ("kk", pa.string()),
        ("kelurahan", pa.string()),
        ("lon", pa.float64()),
        ("lat", pa.float64()),
        ("status", pa.string()),
        ("confirmed_on", pa.date32()),
        ("outcome", pa.string()),
        ("outcome_on", pa.date32()),
        ("withdrawn", pa.bool_()),
    ]
)


def _row(case: Case, number: int, version: int) -> dict[str, object]:
    lon, lat = (None, None) if case.place is None else city.middle(*case.place)
    return {
        "case_id": f"c{number}",
        "version": version,
        "batch": "b",
        "digest": "",
        "kk": case.house,
        "kelurahan": case.village,
        "lon": lon,
        "lat": lat,
        "status": "confirmed",
        "confirmed_on": day(case.day),
        "outcome": "recovered",
        "outcome_on": day(case.ended),
    }


CountRow = tuple[str, int, int, int, int]  # code, houses, houses at least, cases, active


def expected_counts(cases: Sequence[Case], day_number: int, window: int = 7) -> list[CountRow]:
    """Expected counts of one day, by Python sets."""
    rows = []
    for place in sorted({case.place for case in cases if case.place}, key=lambda p: city.code(*p)):
        if city.code(*place) == city.MARKET:
            continue
        place_cases = [case for case in cases if case.place == place]
        recent = [case for case in place_cases if day_number - window < case.day <= day_number]
        active = [case for case in place_cases if case.day <= day_number < case.ended]
        known = {case.house for case in recent if case.house}
        unknown = [case for case in recent if not case.house]
        if recent or active:
            houses = len(known) + len(unknown)
            at_least = len(known) + bool(unknown)
            rows.append((city.code(*place), houses, at_least, len(recent), len(active)))
    return rows
