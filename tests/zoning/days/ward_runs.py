"""Runs of the ward with one secret, and the rows that they write."""

from datetime import date
from typing import Any

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.store import Store
from tests.cities import small_city as city
from tests.zoning.ward import TODAY
from zoning.days.daily import DayResult, run_days

TABLES = (
    *("run", "run_zone", "run_unplaced", "published"),
    *("public_run", "public_zone", "public_publication"),
)
SECRET = Pseudonymiser(b"a secret of sixteen and more")


def run(store: Store, chosen_days: list[date], **options: Any) -> list[DayResult]:
    return run_days(
        store, city.small_city(), chosen_days, today=TODAY, pseudonymiser=SECRET, **options
    )


def table_rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    """Every row of the tables of runs, without the moments of writing."""
    moments = {"computed_at", "published_at"}
    return {
        name: [
            {key: cell for key, cell in row.items() if key not in moments}
            for row in sorted(store.read(f"select * from {name}").to_pylist(), key=str)  # noqa: S608
        ]
        for name in TABLES
    }
