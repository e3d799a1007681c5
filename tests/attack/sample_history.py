"""A part of the sample city with its history, and a twin with other cases and the same colours."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from geodata.records.indicator_names import indicator_subject
from geodata.sample_city import FIRST_DAY, LAST_DAY, SampleCity
from geodata.settings import SECRET as VARIABLE
from geodata.store import Store, open_store
from tests.attack.histories import OTHER_SECRET, SECRET
from zoning import open_city
from zoning.days.daily import every_day, run_days
from zoning.placing.placements import ELSEWHERE
from zoning.public.figures import FIGURE_LEVELS
from zoning.records.intake import load_records
from zoning.records.past.writing import dated_boundaries, write_past

_BAND = 5


def twin(city: SampleCity, url: str) -> SampleCity:
    """A city with another epidemic but the same colours, bands and ranges.

    In many known houses another person falls ill on the same day, and is in isolation until another
    day, as far as the public ranges of daily figures hold more cases. Counts of people are other
    counts of the same bands.

    Parameters
    ----------
    url
        The database of `city`.
    """
    random = np.random.default_rng(11)
    reports = city.case_reports
    usable = reports.groupby("case_id")[["nik", "kk", "lon"]].transform(
        lambda column: column.notna().all()
    )
    withdrawn = reports["case_id"].isin(city.withdrawals["id"])
    ids = reports["case_id"][usable.all(axis=1) & ~withdrawn].unique()
    chosen_ids = _ids_within_ranges(random.permutation(ids), url)
    new_reports = reports[reports["case_id"].isin(chosen_ids)]
    new_reports = new_reports.assign(
        case_id="T" + new_reports["case_id"],
        nik=new_reports["nik"].str[:4] + "5" + new_reports["nik"].str[5:],
        outcome=None,
        outcome_on=None,
    )
    all_reports = pd.concat([reports, new_reports]).sort_values("recorded_at", kind="stable")
    return city._replace(
        case_reports=all_reports, indicators=_other_counts(city.indicators, random)
    )


def _ids_within_ranges(ids: NDArray[np.object_], url: str) -> list[str]:
    """Cases that may be doubled: the ranges of kelurahan, kecamatan and city hold one more."""
    with open_city(url) as city:
        records, public = city.cases(), city.public().daily_figures()
    counted = records[(records["status"] == "confirmed") & (records["area"] != ELSEWHERE)]
    days = (pd.to_datetime(counted["confirmed_on"]) - pd.Timestamp(public.first)).dt.days
    areas = [
        [area for area in _areas_with_rt(code) if area in public.codes] for code in counted["area"]
    ]
    room = public.ranges["cases"].most.copy()
    cells = {}
    for case_id, day, codes in zip(counted["case_id"], days, areas, strict=True):
        if 0 <= day < public.n_days:
            cells[case_id] = [public.codes.index(code) for code in codes], day
            room[cells[case_id]] -= 1
    chosen = []
    for case_id in ids:
        cell = cells.get(case_id)
        if cell is not None and len(cell[0]) == len(FIGURE_LEVELS) and (room[cell] > 0).all():
            room[cell] -= 1
            chosen.append(case_id)
    return chosen


def _areas_with_rt(code: str) -> list[str]:
    """The areas that count a case: of an RT its kelurahan, kecamatan and city; else the city."""
    kelurahan, *rt = code.split("-")
    return [kelurahan, kelurahan[:8], kelurahan[:5]] if rt else [code[:5]]


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
    return url, write(twin(city, url), folders.mktemp("twin"), OTHER_SECRET)


@contextmanager
def open_database(url: str) -> Iterator[Store]:
    with open_store(url) as store:
        yield store
