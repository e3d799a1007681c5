"""A part of the sample city with its history, and a twin with other cases and the same colours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from geodata.records.indicator_names import indicator_subject
from geodata.sample_city import FIRST_DAY, LAST_DAY, SampleCity
from geodata.settings import SECRET as VARIABLE
from geodata.store import Store, open_store
from tests.attack.histories import OTHER_SECRET, SECRET
from zoning.days.daily import every_day, run_days
from zoning.records.intake import load_records
from zoning.records.past.writing import dated_boundaries, write_past

_BAND = 5


def twin(city: SampleCity) -> SampleCity:
    """A city with another epidemic but the same colours and bands.

    In half of the known houses another person falls ill on the same day. Isolation ends on other
    days, and counts of people are other counts of the same bands.
    """
    random = np.random.default_rng(11)
    reports = city.case_reports
    usable = reports.groupby("case_id")[["nik", "kk", "lon"]].transform(
        lambda column: column.notna().all()
    )
    withdrawn = reports["case_id"].isin(city.withdrawals["id"])
    ids = reports["case_id"][usable.all(axis=1) & ~withdrawn].unique()
    chosen_ids = random.choice(ids, len(ids) // 2, replace=False)
    new_reports = reports[reports["case_id"].isin(chosen_ids)]
    new_reports = new_reports.assign(
        case_id="T" + new_reports["case_id"],
        nik=new_reports["nik"].str[:4] + "5" + new_reports["nik"].str[5:],
        outcome_on=_earlier_outcomes(new_reports["outcome_on"], random),
    )
    all_reports = pd.concat([reports, new_reports]).sort_values("recorded_at", kind="stable")
    return city._replace(
        case_reports=all_reports, indicators=_other_counts(city.indicators, random)
    )


def _earlier_outcomes(days_text: "pd.Series[str]", random: np.random.Generator) -> "pd.Series[str]":
    """The days moved back by up to three days."""
    days = pd.to_datetime(days_text) - pd.to_timedelta(
        random.integers(0, 4, len(days_text)), unit="D"
    )
    return days.dt.strftime("%Y-%m-%d").where(days_text.notna(), None)


def _other_counts(rows: pd.DataFrame, random: np.random.Generator) -> pd.DataFrame:
    people = (
        rows["indicator"].map(lambda name: indicator_subject(name, None) == "people").to_numpy()
    )
    value = rows["value"].to_numpy().copy()
    low = value // _BAND * _BAND
    other = np.where(
        low > 0, low + random.integers(0, _BAND, len(low)), random.integers(1, _BAND, len(low))
    )
    value[people & (value > 0)] = other[people & (value > 0)]
    return rows.assign(value=value)


def write(city: SampleCity, folder: Path, secret: str) -> str:
    """Make the database of a city with its past and all published days; returns the URL."""
    url = f"duckdb:///{folder}/city.duckdb"
    moment = datetime(2022, 2, 1)  # noqa: DTZ001  (the tables keep UTC without a zone)

    def clock() -> datetime:
        nonlocal moment
        moment += timedelta(minutes=1)
        return moment

    with pytest.MonkeyPatch.context() as patch, open_store(url, create=True, clock=clock) as store:
        patch.setenv(VARIABLE, secret)
        write_past(store, city, dated_boundaries(city, "sample"))
        for kind in ("places", "indicators"):
            path = folder / f"{kind}.csv"
            getattr(city, kind).to_csv(path, index=False)
            load_records(store, kind, path)
        run_days(store, None, every_day(FIRST_DAY, LAST_DAY))
    return url


def write_city_and_twin(city: SampleCity, folders: pytest.TempPathFactory) -> tuple[str, str]:
    """Make the databases of the city and its twin; returns the URLs."""
    url = write(city, folders.mktemp("sample"), SECRET)
    return url, write(twin(city), folders.mktemp("twin"), OTHER_SECRET)


@contextmanager
def open_database(url: str) -> Iterator[Store]:
    with open_store(url) as store:
        yield store
