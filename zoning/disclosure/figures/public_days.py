"""What the published days disclose already: the colours of each day, and days without doubt.

Reads the newest publication of each day.
"""

from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.boundaries import AreaTable
from zoning.city_data import CityData
from zoning.disclosure import tables
from zoning.disclosure.figures.colour_bounds import ColouredDays, limits_of_classes
from zoning.disclosure.figures.counts import area_positions
from zoning.placing.placements import ELSEWHERE
from zoning.public.areas import is_zone
from zoning.public.source import KnownDays
from zoning.rules import Rule

_DAYS_WITH_UNPLACED: Final = """
select distinct newest.date
from (select distinct on (date) date, run from published order by date, version desc) newest
join run_unplaced as unplaced on unplaced.run = newest.run
where unplaced.code <> $1 and unplaced.cases > 0
"""


class PublishedDay(NamedTuple):
    """A published day."""

    date: date
    position: int
    """Days since the first published day."""
    run: str
    boundaries: str
    rule: Rule


def published_days(data: CityData) -> list[PublishedDay]:
    """The published days, in order."""
    runs = tables.published_runs(data.store, KnownDays(), data.rules)
    rules = {rule_id: data.rules.rule(rule_id) for rule_id in runs["rule"].unique()}
    columns = (runs[name].tolist() for name in ("date", "run", "boundaries", "rule"))
    return [
        PublishedDay(day, (day - runs["date"].iloc[0]).days, run, boundaries, rules[rule_id])
        for day, run, boundaries, rule_id in zip(*columns, strict=True)
    ]


def coloured_periods(
    data: CityData, days: Sequence[PublishedDay], kelurahan: "pd.Series[str]"
) -> list[ColouredDays]:
    """The colours of all days, in periods without gaps and with the same zones and window.

    Parameters
    ----------
    kelurahan
        Codes of the kelurahan. A zone of older boundaries belongs to the kelurahan whose code it
        had.
    """
    return [
        _coloured_days(data, period, data.areas_of(period[0].boundaries), kelurahan)
        for period in _periods(days)
    ]


def days_without_unplaced(data: CityData, days: Sequence[PublishedDay]) -> NDArray[np.bool_]:
    """Days on which every case of the city has an RT, as ``/summary`` says.

    Shape: days from the first to the newest published day.
    """
    result = np.zeros(days[-1].position + 1, dtype=np.bool_)
    with_unplaced = set(data.store.read(_DAYS_WITH_UNPLACED, ELSEWHERE)["date"].to_pylist())
    for day in days:
        if day.date not in with_unplaced:
            result[max(0, day.position - day.rule.window + 1) : day.position + 1] = True
    return result


def _periods(days: Sequence[PublishedDay]) -> list[list[PublishedDay]]:
    periods = [[days[0]]] if days else []
    for before, day in pairwise(days):
        if day.position - before.position == 1 and _kind(day) == _kind(before):
            periods[-1].append(day)
        else:
            periods.append([day])
    return periods


def _kind(day: PublishedDay) -> tuple[str, int, bool]:
    return day.boundaries, day.rule.window, day.rule.unit == "active"


def _coloured_days(
    data: CityData,
    period: Sequence[PublishedDay],
    boundaries: AreaTable,
    kelurahan: "pd.Series[str]",
) -> ColouredDays:
    zones = pd.Index(boundaries.smallest_zones["code"])
    runs = [day.run for day in period]
    coloured = tables.coloured_zones(data.store, runs)
    risks = np.zeros((len(period), len(zones)), dtype=np.uint8)
    run_rows = pd.Index(runs).get_indexer(coloured["run"].to_pylist())
    zone_rows = zones.get_indexer(coloured["code"].to_pylist())
    risks[run_rows, zone_rows] = coloured["risk"].to_numpy()
    limits = [limits_of_classes(day.rule.count_limits) for day in period]
    area = area_positions(boundaries.ancestors("kelurahan").tolist(), kelurahan)
    return ColouredDays(
        first=period[0].position,
        least=np.stack([least[row] for (least, _), row in zip(limits, risks, strict=True)]),
        most=np.stack([most[row] for (_, most), row in zip(limits, risks, strict=True)]),
        area=np.where(is_zone(boundaries), area, -1),
        window=period[0].rule.window,
        forgets=period[0].rule.unit != "active",
    )
