"""Places of the portal, and indicators by area and week: doses, tests, beds and parcels.

Sizes are plausible for Semarang (37 puskesmas are real). All places, positions and numbers are
invented: names contain ``Contoh`` (example), contacts are impossible telephone numbers.
"""

from datetime import date
from typing import Any, Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.calendar import day_number
from geodata.sample_city.facts import kelurahan_facts
from geodata.sample_city.record_columns import dates
from geodata.sample_city.waves import FIRST_DAY, LAST_DAY, houses_per_day
from geodata.tessellate.frame import Floats
from geodata.tessellate.ridges import Ints
from geodata.tessellate.shares import apportion

_KINDS: Final = (
    # kind, name, number in the city, range of capacity, hours, stock
    ("puskesmas", "Puskesmas", 37, (4, 12), "Senin-Sabtu 07.30-14.00", "masker"),
    ("hospital", "RS", 9, (60, 320), "24 jam", "oksigen"),
    ("isolation", "Rumah Isolasi", 6, (40, 160), "24 jam", "paket obat"),
    ("vaccination", "Sentra Vaksinasi", 9, (150, 900), "Senin-Sabtu 08.00-13.00", "vaksin"),
    ("post", "Posko", 16, (4, 10), "24 jam", "masker"),
)
_WEEK: Final = 7
_DOSES_FROM: Final = date(2021, 1, 14)
_FIRST_DOSES: Final = 0.82
"""Share of the population on the last day; second doses follow five weeks later."""
_BEDS: Final = 1.3
"""Beds per thousand people."""


def places(rt: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """File of places; the number in a kecamatan is the same in a small and in the full city.

    Parameters
    ----------
    rt
        Canonical columns of boundaries.
    """
    people = kelurahan_facts().groupby("kecamatan_code")["population"].sum()
    rows: list[dict[str, Any]] = []
    for kind, title, city_total, (least, most), hours, goods in _KINDS:
        counts = apportion(
            people.to_numpy(np.float64), city_total, least=int(city_total >= len(people))
        )
        for kecamatan, count in zip(people.index, counts.tolist(), strict=True):
            area_rows = np.flatnonzero(rt["kecamatan_code"] == kecamatan)
            for number, row in enumerate(rng.permutation(area_rows)[:count].tolist(), 1):
                capacity = int(rng.integers(least, most + 1))
                rows.append(
                    {
                        "place_id": f"CONTOH-{kind.upper()}-{kecamatan[-2:]}-{number}",
                        "place_kind": kind,
                        "name": f"{title} Contoh {rt['kecamatan_name'].iloc[row]} {number}",
                        **_location(rt, row, exact=kind != "post"),
                        "capacity": capacity,
                        "in_use": int(rng.binomial(capacity, 0.35)),
                        "stock": f"{goods}: {int(rng.integers(5, 400))}",
                        "hours": hours,
                        "contact": f"000-0000-{len(rows):04d}",
                        "updated_at": f"{LAST_DAY} 08:00",
                    }
                )
    return pd.DataFrame(rows)


def _location(rt: gpd.GeoDataFrame, row: int, *, exact: bool) -> dict[str, Any]:
    point = shapely.point_on_surface(rt.geometry.iloc[row])
    return {
        "kelurahan": rt["kelurahan_name"].iloc[row],
        "kecamatan": rt["kecamatan_name"].iloc[row],
        "lon": round(point.x, 6) if exact else None,
        "lat": round(point.y, 6) if exact else None,
    }


def indicators(rt: gpd.GeoDataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """File of indicators: by kecamatan and week; parcels by kelurahan and month.

    Returns
    -------
    DataFrame
        ``indicator, area, date, value``; values are integers.
    """
    last = day_number(LAST_DAY)
    weeks = np.arange(day_number(FIRST_DAY) + _WEEK - 1, last + 1, _WEEK)
    people = rt.groupby("kecamatan_code")["population"].sum()
    size = people.to_numpy(np.float64)
    wave_level = _wave(weeks)
    tests = rng.poisson(size[:, None] * (0.0015 + 0.009 * np.sqrt(wave_level)))
    beds = np.repeat(np.rint(size * _BEDS / 1000).astype(np.int64)[:, None], len(weeks), axis=1)
    first = _doses(size, weeks, day_number(_DOSES_FROM), _FIRST_DOSES, rng)
    second = _doses(size, weeks, day_number(_DOSES_FROM) + 35, 0.8 * _FIRST_DOSES, rng)
    tables = [
        _table(name, people.index, weeks, values)
        for name, values in (
            ("vaccination-1", first),
            ("vaccination-2", second),
            ("tests", tests),
            ("tests-positive", rng.binomial(tests, 0.03 + 0.27 * wave_level)),
            ("beds", beds),
            ("beds-used", rng.binomial(beds, np.minimum(0.12 + 0.83 * wave_level, 1))),
        )
    ]
    months = weeks[3::4]
    houses = rt.groupby("kelurahan_code")["population"].sum() / 3.35
    parcels = rng.poisson(houses.to_numpy(np.float64)[:, None] * (0.01 + 0.12 * _wave(months)))
    return pd.concat([*tables, _table("aid-parcels", houses.index, months, parcels)])


def _wave(days: Ints) -> Floats:
    """Confirmed houses in the week up to each day, as a share of the worst week."""
    first, level = houses_per_day(1.0)
    sums = np.convolve(level, np.ones(_WEEK))
    return np.asarray(sums[days - first[0]] / sums.max(), dtype=np.float64)


def _doses(size: Floats, weeks: Ints, start: int, share: float, rng: np.random.Generator) -> Ints:
    """Doses per week: none before the first day, most around August 2021."""
    speed = np.exp(-(((weeks - start - 210) / 85.0) ** 2) / 2) * (weeks >= start)
    expected = size[:, None] * share * speed / max(speed.sum(), 1e-9)
    return np.asarray(rng.poisson(expected), dtype=np.int64)


def _table(name: str, areas: "pd.Index[str]", days: Ints, values: Ints) -> pd.DataFrame:
    """Rows of an indicator, without zeros."""
    table = pd.DataFrame(
        {
            "indicator": name,
            "area": np.repeat(np.asarray(areas, dtype=object), len(days)),
            "date": np.tile(dates(days), len(areas)),
            "value": values.ravel(),
        }
    )
    return table[table["value"] > 0]
