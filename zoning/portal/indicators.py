"""Indicators of the portal by area and day (doses, parcels, beds, tests), summed to higher levels.

Names of indicators are in `geodata.records.indicator_names`; their public values are in
`zoning.disclosure.banding`.
"""

from typing import Final

import pandas as pd

from geodata.areas import LEVELS, Level
from geodata.boundaries import Boundaries
from geodata.ledger.current import current_records, versions_stamp
from geodata.records.indicator_names import known_indicators
from geodata.store import Store
from zoning.records.area_names import AreaFinder

COLUMNS: Final = ("indicator", "code", "level", "date", "value", "unit", "summed")
_KEY_COLUMNS: Final = ["indicator", "code", "date", "unit"]


def indicator_versions(store: Store) -> int:
    """Number of recorded versions of indicators; changes with every change of the figures."""
    return versions_stamp(store, "indicators").versions


def all_indicators(store: Store, boundaries: Boundaries) -> pd.DataFrame:
    """All figures as known now, reported or summed.

    An area without a reported figure on a day gets the sum of the level below, if the indicator is
    additive. Figures with an uncertain area are left out.

    Returns
    -------
    DataFrame
        `COLUMNS`, by indicator, level (the city first), code and day; ``date`` as datetime64.
        ``summed`` is the number of areas in the sum, 0 for a reported figure.
    """
    records = current_records(store, "indicators")
    frame = records.drop_columns(["area", "kelurahan", "kecamatan"]).to_pandas()
    frame["date"] = pd.to_datetime(frame["date"])
    frame["code"] = AreaFinder(boundaries).find(records)
    frame["unit"] = [
        unit if isinstance(unit, str) else _default_unit(name)
        for name, unit in zip(frame["indicator"], frame["unit"], strict=True)
    ]
    # Two rows may name the same area in two ways: the last row counts.
    reported = frame[frame["code"].notna()].drop_duplicates(
        ["indicator", "code", "date"], keep="last"
    )
    return _add_sums(reported.assign(summed=0), boundaries)


def _add_sums(reported: pd.DataFrame, boundaries: Boundaries) -> pd.DataFrame:
    areas = boundaries.areas
    level_of = dict(zip(areas["code"], areas["level"], strict=True))
    parent_of = dict(zip(areas["code"], areas["parent"], strict=True))
    reported = reported.assign(level=reported["code"].map(level_of))
    rows = reported[reported["level"] == LEVELS[-1]]
    for level in LEVELS[-2::-1]:
        parent_codes = rows["code"].map(parent_of)
        children = rows.assign(code=parent_codes)[parent_codes.map(level_of) == level]
        level_rows = reported[reported["level"] == level]
        rows = pd.concat(
            [rows, level_rows, _missing_sums(_sums_of_level(children, level), level_rows)],
            ignore_index=True,
        )
    order = rows["level"].map({level: n for n, level in enumerate(LEVELS)})
    ordered = rows.assign(order=order).sort_values(["indicator", "order", "code", "date"])
    return ordered[list(COLUMNS)].reset_index(drop=True)


def _sums_of_level(children: pd.DataFrame, level: Level) -> pd.DataFrame:
    """Sums of additive figures by code; ``code`` is already the code of the higher area."""
    additive = [name for name, figure in known_indicators().items() if figure.additive]
    sums = (
        children[children["indicator"].isin(additive)]
        .groupby(_KEY_COLUMNS, sort=False, as_index=False)
        .agg(value=("value", "sum"), summed=("value", "size"))
    )
    return sums.assign(level=level)


def _missing_sums(sums: pd.DataFrame, reported: pd.DataFrame) -> pd.DataFrame:
    """Sums for areas without a reported figure on the day."""
    keys = ["indicator", "code", "date"]
    reported_keys = pd.MultiIndex.from_frame(reported[keys])
    return sums[~pd.MultiIndex.from_frame(sums[keys]).isin(reported_keys)]


def _default_unit(name: str) -> str | None:
    figure = known_indicators().get(name)
    return None if figure is None else figure.unit_id
