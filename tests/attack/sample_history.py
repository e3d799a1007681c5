"""A part of the sample city with its whole history, and a twin of it with other cases behind it."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.records.indicator_names import counted
from geodata.sample_city import FIRST_DAY, LAST_DAY, SampleCity
from geodata.settings import SECRET as VARIABLE
from geodata.store import Store, open_store
from tests.attack.histories import OTHER_SECRET, SECRET
from zoning.days.daily import every_day, run_days
from zoning.records.intake import load_records
from zoning.records.past.writing import dated_boundaries, keep_past

_BAND = 5


def twin(city: SampleCity) -> SampleCity:
    """Another epidemic with the same colours and bands.

    In half of the houses that are known another person falls ill on the same day, isolation ends
    on other days, and counts of people are others of the same bands.
    """
    drawn = np.random.default_rng(11)
    reports = city.case_reports
    usable = reports.groupby("case_id")[["nik", "kk", "lon"]].transform(
        lambda column: column.notna().all()
    )
    withdrawn = reports["case_id"].isin(city.withdrawals["id"])
    ids = reports["case_id"][usable.all(axis=1) & ~withdrawn].unique()
    chosen = drawn.choice(ids, len(ids) // 2, replace=False)
    more = reports[reports["case_id"].isin(chosen)]
    more = more.assign(
        case_id="T" + more["case_id"],
        nik=more["nik"].str[:4] + "5" + more["nik"].str[5:],
        outcome_on=_moved(more["outcome_on"], drawn),
    )
    every = pd.concat([reports, more]).sort_values("recorded_at", kind="stable")
    return city._replace(case_reports=every, indicators=_other_counts(city.indicators, drawn))


def _moved(on: "pd.Series[str]", drawn: np.random.Generator) -> "pd.Series[str]":
    """Days up to three days before."""
    days = pd.to_datetime(on) - pd.to_timedelta(drawn.integers(0, 4, len(on)), unit="D")
    return days.dt.strftime("%Y-%m-%d").where(on.notna(), None)


def _other_counts(rows: pd.DataFrame, drawn: np.random.Generator) -> pd.DataFrame:
    people = rows["indicator"].map(lambda name: counted(name, None) == "people").to_numpy()
    value = rows["value"].to_numpy().copy()
    low = value // _BAND * _BAND
    other = np.where(
        low > 0, low + drawn.integers(0, _BAND, len(low)), drawn.integers(1, _BAND, len(low))
    )
    value[people & (value > 0)] = other[people & (value > 0)]
    return rows.assign(value=value)


def write(city: SampleCity, folder: Path, secret: str) -> str:
    """A database of a city with its past, every day published at once; gives its URL."""
    url = f"duckdb:///{folder}/city.duckdb"
    moment = datetime(2022, 2, 1)  # noqa: DTZ001  (the tables keep UTC without a zone)

    def clock() -> datetime:
        nonlocal moment
        moment += timedelta(minutes=1)
        return moment

    with pytest.MonkeyPatch.context() as patch, open_store(url, create=True, clock=clock) as store:
        patch.setenv(VARIABLE, secret)
        keep_past(store, city, dated_boundaries(city, "sample"))
        for kind in ("places", "indicators"):
            path = folder / f"{kind}.csv"
            getattr(city, kind).to_csv(path, index=False)
            load_records(store, kind, path)
        run_days(store, None, every_day(FIRST_DAY, LAST_DAY))
    return url


def both(city: SampleCity, folders: pytest.TempPathFactory) -> tuple[str, str]:
    """The city and its twin."""
    one = write(city, folders.mktemp("sample"), SECRET)
    return one, write(twin(city), folders.mktemp("twin"), OTHER_SECRET)


@contextmanager
def opened(url: str) -> Iterator[Store]:
    with open_store(url) as store:
        yield store
