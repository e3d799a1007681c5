"""Newcomers of the three villages: rows of a file, loaded and published by hand."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

import pandas as pd

from geodata.boundaries import save_boundaries
from geodata.store import Store, open_store
from geodata.store.model import Clock, now
from tests.zoning import ward
from tests.zoning.disclosure.three_villages import RT_OF_A, A, B, C, three_villages
from zoning.days.daily import run_days
from zoning.records.intake import load_records

TODAY: Final = date(2026, 1, 1)
_COLUMN: Final = {A: 0, B: len(RT_OF_A), C: len(RT_OF_A) + 1}
"""Position of the first RT of each kelurahan, from the west."""


def newcomers(number: int, arrived: date, kelurahan: str | None = None) -> list[dict[str, Any]]:
    """Rows of newcomers who arrive on a day, in the first RT of a kelurahan or in no known RT."""
    # The middle of an RT may be the middle of its kelurahan, which is no known RT.
    lon = None if kelurahan is None else 110.4003 + 0.001 * _COLUMN[kelurahan]
    lat = None if kelurahan is None else -6.9997
    row = {"arrived_on": arrived.isoformat(), "lon": lon, "lat": lat}
    return [dict(row) for _ in range(number)]


def open_villages(url: str, clock: Clock = now) -> Store:
    """A new database with the boundaries and one case without an RT, so that days have colours."""
    store = open_store(url, create=True, clock=clock)
    save_boundaries(store, three_villages(), "by hand", {})
    ward.add_cases(store, [ward.Case(None, None, 0, 9)])
    return store


def load(
    store: Store, folder: Path, rows: Sequence[dict[str, Any]], *, first: int = 0
) -> list[str]:
    """Load newcomers with numbers from `first` on; returns their ids."""
    frame = pd.DataFrame(rows)
    frame["newcomer_id"] = [f"DTG-{first + number:05d}" for number in range(len(frame))]
    frame["origin"] = "Jakarta"
    path = folder / f"pendatang-{first}.csv"
    frame.to_csv(path, index=False)
    assert load_records(store, "newcomers", path, today=TODAY).rejected == 0
    return list(frame["newcomer_id"])


def publish(store: Store, day: date) -> None:
    """Publish one day."""
    run_days(store, None, [day], today=TODAY)
