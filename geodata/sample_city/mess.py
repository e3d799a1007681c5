"""What goes wrong on the way into a file: spellings, missing and wrong places, rows twice.

Shares are guesses at an ordinary city's file, not measured on one.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.sample_city.columns import Texts, known, tidied
from geodata.tessellate.borders import Geometries

NO_COORDINATES: Final = 0.09
NULL_ISLAND: Final = 0.003
SWAPPED: Final = 0.004
FAR_OUTSIDE: Final = 0.002
ACROSS: Final = 0.08
"""Of rows in an RT at the city's edge."""
NO_KK: Final = 0.035
NO_NIK: Final = 0.03
NO_RT: Final = 0.008
WRONG_RT: Final = 0.008
TWICE: Final = 0.006
CORRECTED: Final = 0.02
UNUSABLE: Final = 0.0004
"""Of each kind: no id, no status, a status nobody knows, a day that has not come."""
_METRES_PER_DEGREE: Final = 111_195.0
_KECAMATAN: Final = {"Gajahmungkur": "Gajah Mungkur", "Gunungpati": "Gunung Pati"}


def soil_places(rows: pd.DataFrame, edge: Geometries, rng: np.random.Generator) -> None:
    """Lose or spoil coordinates.

    Parameters
    ----------
    rows
        With ``lon, lat``; changed in place.
    edge
        ``(n,)`` the city's outline for rows whose RT lies at it, else None.
    """
    lon, lat = rows["lon"].to_numpy(copy=True), rows["lat"].to_numpy(copy=True)
    _step_across(lon, lat, edge, rng)
    draw = rng.random(len(rows))
    bounds = np.cumsum([NO_COORDINATES, NULL_ISLAND, SWAPPED, FAR_OUTSIDE])
    kind = np.searchsorted(bounds, draw, side="right")
    lon[kind == 0] = lat[kind == 0] = np.nan
    lon[kind == 1] = lat[kind == 1] = 0.0
    lon[kind == 2], lat[kind == 2] = lat[kind == 2], lon[kind == 2].copy()
    far = kind == 3
    lon[far] = np.round(106.8 + rng.normal(0.0, 0.1, int(far.sum())), 6)
    lat[far] = np.round(-6.2 + rng.normal(0.0, 0.1, int(far.sum())), 6)
    rows["lon"], rows["lat"] = lon, lat


def soil_addresses(
    rows: pd.DataFrame, aliases: dict[str, list[str]], rng: np.random.Generator
) -> None:
    """Write address fields as people do; ``rows`` is changed in place."""
    for column in ("rt", "rw"):
        wrong = rng.random(len(rows)) < WRONG_RT * (column == "rt")
        numbers = np.where(wrong, rows[column].to_numpy() % 9 + 1, rows[column].to_numpy())
        form = rng.choice(3, len(rows), p=[0.55, 0.25, 0.2])
        missing = rng.random(len(rows)) < NO_RT
        rows[column] = [
            None if gone else ("{:03d}", "{:d}", "{:02d}")[how].format(number)
            for number, how, gone in zip(
                numbers.tolist(), form.tolist(), missing.tolist(), strict=True
            )
        ]
    rows["kelurahan"] = _spelt(rows["kelurahan"].to_numpy(object), aliases, rng)
    spellings = {name: [other] for name, other in _KECAMATAN.items()}
    rows["kecamatan"] = _spelt(rows["kecamatan"].to_numpy(object), spellings, rng)


def lose_numbers(rows: pd.DataFrame, rng: np.random.Generator) -> None:
    """Leave out some NIK and KK; ``rows`` is changed in place."""
    for column, share in (("nik", NO_NIK), ("kk", NO_KK)):
        rows[column] = known(rows[column].to_numpy(object), rng.random(len(rows)) >= share)


def rewrite(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Some rows twice, some first in an earlier version, some of no use.

    A correction comes after what it corrects. Of no use are only rows added here, so that the
    good ones stay as they are.
    """
    place = np.arange(len(cases), dtype=np.float64)
    twice = np.flatnonzero(rng.random(len(cases)) < TWICE)
    corrected = np.flatnonzero(
        (rng.random(len(cases)) < CORRECTED) & (cases["status"] == "confirmed").to_numpy()
    )
    first = cases.iloc[corrected].copy()
    first["status"] = "suspect"
    first[["confirmed_on", "outcome", "outcome_on"]] = None
    useless = _useless(cases, rng)
    # The first version stands at the case's place in the file; the correction comes later.
    place[corrected] += 1 + rng.integers(20, 600, len(corrected))
    written = pd.concat([cases, cases.iloc[twice], first, useless], ignore_index=True)
    places = np.concatenate(
        [
            place,
            place[twice] + rng.integers(1, 900, len(twice)) + 0.25,
            corrected.astype(np.float64),
            rng.uniform(0, len(cases), len(useless)),
        ]
    )
    return tidied(written.iloc[np.argsort(places, kind="stable")].reset_index(drop=True))


def _useless(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    each = max(1, round(UNUSABLE * len(cases)))
    rows = cases.iloc[rng.integers(0, len(cases), 4 * each)].copy()
    rows["case_id"] = [f"SMG-X{number:05d}" for number in range(4 * each)]
    kind = np.repeat(np.arange(4), each)
    rows.loc[kind == 0, "case_id"] = None
    rows.loc[kind == 1, "status"] = None
    rows.loc[kind == 2, "status"] = "menunggu hasil"
    rows.loc[kind == 3, ["status", "confirmed_on"]] = ["confirmed", "2121-07-01"]
    return rows


def unusable(file: pd.DataFrame) -> pd.DataFrame:
    """The rows of no use in a file of cases, of those that have an id."""
    return file[file["case_id"].str.startswith("SMG-X", na=False).astype(bool)]


def edges(rt: gpd.GeoDataFrame) -> Geometries:
    """For each RT at the city's edge the stretch of outline it has, else None."""
    polygons = np.asarray(rt.geometry.array, dtype=np.object_)
    outline = shapely.boundary(shapely.coverage_union_all(polygons))
    rings = shapely.boundary(polygons)
    shared = shapely.intersection(rings[shapely.intersects(rings, outline)], outline)
    found = np.full(len(rt), None, dtype=np.object_)
    found[shapely.intersects(rings, outline)] = known(shared, shapely.length(shared) > 0)
    return found


def _step_across(
    lon: np.ndarray, lat: np.ndarray, edge: Geometries, rng: np.random.Generator
) -> None:
    """Houses noted from across the street, when the street is the city's edge."""
    at_edge = np.array([stretch is not None for stretch in edge])
    moved = np.flatnonzero(at_edge & (rng.random(len(lon)) < ACROSS))
    house = shapely.points(lon[moved], lat[moved])
    way = shapely.get_coordinates(shapely.shortest_line(house, edge[moved])).reshape(-1, 2, 2)
    step = way[:, 1] - way[:, 0]
    length = np.maximum(np.hypot(*step.T), 1e-9)
    beyond = rng.uniform(4.0, 120.0, len(moved)) / _METRES_PER_DEGREE
    place = way[:, 1] + step / length[:, None] * beyond[:, None]
    lon[moved], lat[moved] = np.round(place, 6).T


def _spelt(names: Texts, spellings: dict[str, list[str]], rng: np.random.Generator) -> Texts:
    """Some in capitals, some in another of their known spellings."""
    draw, pick = rng.random(len(names)), rng.random(len(names))
    written = names.copy()
    for row in np.flatnonzero(draw < 0.2):
        others = spellings.get(names[row], [])
        if others and draw[row] < 0.15:
            written[row] = others[int(pick[row] * len(others))]
        elif draw[row] >= 0.15:
            written[row] = names[row].upper()
    return written
