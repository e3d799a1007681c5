"""Indicators of the portal: doses, parcels, beds, tests by area and day, summed upward where true.

Knows which areas lie in which. Names of indicators are in `geodata.records.indicator_names`; what
is public of an indicator is in `zoning.disclosure.banding`.
"""

from typing import Final

import pandas as pd

from geodata.areas import LEVELS, Level
from geodata.boundaries import Boundaries
from geodata.ledger.current import current_records, versions_stamp
from geodata.records.indicator_names import figures
from geodata.store import Store
from zoning.records.area_names import AreaFinder

COLUMNS: Final = ("indicator", "code", "level", "date", "value", "unit", "summed")
_ONE: Final = ["indicator", "code", "date", "unit"]


def indicator_versions(store: Store) -> int:
    """How many versions of indicators were ever recorded: another number, other figures."""
    return versions_stamp(store, "indicators").versions


def all_indicators(store: Store, boundaries: Boundaries) -> pd.DataFrame:
    """Every figure as known now, given or summed.

    Returns
    -------
    DataFrame
        `COLUMNS`, by indicator, level (the city first), code and day; ``date`` as datetime64.
        ``summed`` is how many
        areas a figure is the sum of, 0 where it was given. A figure is summed for an area that
        has none of its own on that day, from the level below, where the indicator is additive.
        Figures whose area is not certain are left out.
    """
    records = current_records(store, "indicators")
    frame = records.drop_columns(["area", "kelurahan", "kecamatan"]).to_pandas()
    frame["date"] = pd.to_datetime(frame["date"])
    frame["code"] = AreaFinder(boundaries).find(records)
    frame["unit"] = [
        unit if isinstance(unit, str) else _unit(name)
        for name, unit in zip(frame["indicator"], frame["unit"], strict=True)
    ]
    # One area may be named in two ways: what was said last counts.
    given = frame[frame["code"].notna()].drop_duplicates(["indicator", "code", "date"], keep="last")
    return _upward(given.assign(summed=0), boundaries)


def _upward(given: pd.DataFrame, boundaries: Boundaries) -> pd.DataFrame:
    areas = boundaries.areas
    level_of = dict(zip(areas["code"], areas["level"], strict=True))
    parent_of = dict(zip(areas["code"], areas["parent"], strict=True))
    given = given.assign(level=given["code"].map(level_of))
    every = given[given["level"] == LEVELS[-1]]
    for level in LEVELS[-2::-1]:
        above = every["code"].map(parent_of)
        below = every.assign(code=above)[above.map(level_of) == level]
        own = given[given["level"] == level]
        every = pd.concat([every, own, _new(_summed(below, level), own)], ignore_index=True)
    order = every["level"].map({level: n for n, level in enumerate(LEVELS)})
    ordered = every.assign(order=order).sort_values(["indicator", "order", "code", "date"])
    return ordered[list(COLUMNS)].reset_index(drop=True)


def _summed(below: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Sums of additive figures by the areas their own lie in, whose codes they bear here."""
    additive = [name for name, figure in figures().items() if figure.additive]
    sums = (
        below[below["indicator"].isin(additive)]
        .groupby(_ONE, sort=False, as_index=False)
        .agg(value=("value", "sum"), summed=("value", "size"))
    )
    return sums.assign(level=level)


def _new(sums: pd.DataFrame, given: pd.DataFrame) -> pd.DataFrame:
    """Sums for areas that gave no figure of their own that day."""
    keys = ["indicator", "code", "date"]
    said = pd.MultiIndex.from_frame(given[keys])
    return sums[~pd.MultiIndex.from_frame(sums[keys]).isin(said)]


def _unit(name: str) -> str | None:
    figure = figures().get(name)
    return None if figure is None else figure.unit_id
