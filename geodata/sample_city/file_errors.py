"""Errors of real files: spellings, missing and wrong coordinates, duplicate rows, corrections.

The shares are estimates for an ordinary city, not measured.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from geodata.sample_city.record_columns import Texts, as_text, mask_unknown
from geodata.tessellate.borders import Geometries

NO_COORDINATES: Final = 0.09
NULL_ISLAND: Final = 0.003
SWAPPED: Final = 0.004
FAR_OUTSIDE: Final = 0.002
OUTSIDE_BORDER: Final = 0.08
"""Share of rows in an RT at the border of the city."""
NO_KK: Final = 0.035
NO_NIK: Final = 0.03
NO_RT: Final = 0.008
WRONG_RT: Final = 0.008
DUPLICATED: Final = 0.006
CORRECTED: Final = 0.02
UNUSABLE: Final = 0.0004
"""Share of rows of each kind: no id, no status, an unknown status, a day in the future."""
_METRES_PER_DEGREE: Final = 111_195.0
_KECAMATAN: Final = {"Gajahmungkur": "Gajah Mungkur", "Gunungpati": "Gunung Pati"}


def corrupt_coordinates(rows: pd.DataFrame, edge: Geometries, rng: np.random.Generator) -> None:
    """Remove or corrupt coordinates.

    Parameters
    ----------
    rows
        Rows with ``lon, lat`` in degrees; changed in place.
    edge
        ``(n,)`` outline of the city for rows in an RT at the outline, else None.
    """
    lon, lat = rows["lon"].to_numpy(copy=True), rows["lat"].to_numpy(copy=True)
    _move_outside(lon, lat, edge, rng)
    draw = rng.random(len(rows))
    bounds = np.cumsum([NO_COORDINATES, NULL_ISLAND, SWAPPED, FAR_OUTSIDE])
    kind = np.searchsorted(bounds, draw, side="right")
    lon[kind == 0] = lat[kind == 0] = np.nan
    lon[kind == 1] = lat[kind == 1] = 0.0
    lon[kind == 2], lat[kind == 2] = lat[kind == 2], lon[kind == 2].copy()
    is_far_outside = kind == 3
    lon[is_far_outside] = np.round(106.8 + rng.normal(0.0, 0.1, int(is_far_outside.sum())), 6)
    lat[is_far_outside] = np.round(-6.2 + rng.normal(0.0, 0.1, int(is_far_outside.sum())), 6)
    rows["lon"], rows["lat"] = lon, lat


def vary_address_fields(
    rows: pd.DataFrame, aliases: dict[str, list[str]], rng: np.random.Generator
) -> None:
    """Vary the spelling of address fields; changes ``rows`` in place."""
    for column in ("rt", "rw"):
        is_wrong = rng.random(len(rows)) < WRONG_RT * (column == "rt")
        numbers = np.where(is_wrong, rows[column].to_numpy() % 9 + 1, rows[column].to_numpy())
        form_numbers = rng.choice(3, len(rows), p=[0.55, 0.25, 0.2])
        is_missing = rng.random(len(rows)) < NO_RT
        rows[column] = [
            None if is_removed else ("{:03d}", "{:d}", "{:02d}")[form_number].format(number)
            for number, form_number, is_removed in zip(
                numbers.tolist(), form_numbers.tolist(), is_missing.tolist(), strict=True
            )
        ]
    rows["kelurahan"] = _vary_spelling(rows["kelurahan"].to_numpy(object), aliases, rng)
    spellings = {name: [alias] for name, alias in _KECAMATAN.items()}
    rows["kecamatan"] = _vary_spelling(rows["kecamatan"].to_numpy(object), spellings, rng)


def remove_identity_numbers(rows: pd.DataFrame, rng: np.random.Generator) -> None:
    """Remove some NIK and KK; changes ``rows`` in place."""
    for column, share in (("nik", NO_NIK), ("kk", NO_KK)):
        rows[column] = mask_unknown(rows[column].to_numpy(object), rng.random(len(rows)) >= share)


def add_file_errors(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add duplicate rows, earlier versions of rows, and unusable rows.

    A correction comes after the earlier version. Only added rows are unusable; the other rows do
    not change.
    """
    positions = np.arange(len(cases), dtype=np.float64)
    duplicated = np.flatnonzero(rng.random(len(cases)) < DUPLICATED)
    corrected = np.flatnonzero(
        (rng.random(len(cases)) < CORRECTED) & (cases["status"] == "confirmed").to_numpy()
    )
    earlier = cases.iloc[corrected].copy()
    earlier["status"] = "suspect"
    earlier[["confirmed_on", "outcome", "outcome_on"]] = None
    bad_rows = _make_unusable(cases, rng)
    # The first version takes the position of the case in the file; the correction comes later.
    positions[corrected] += 1 + rng.integers(20, 600, len(corrected))
    all_rows = pd.concat([cases, cases.iloc[duplicated], earlier, bad_rows], ignore_index=True)
    all_positions = np.concatenate(
        [
            positions,
            positions[duplicated] + rng.integers(1, 900, len(duplicated)) + 0.25,
            corrected.astype(np.float64),
            rng.uniform(0, len(cases), len(bad_rows)),
        ]
    )
    return as_text(all_rows.iloc[np.argsort(all_positions, kind="stable")].reset_index(drop=True))


def _make_unusable(cases: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    count_per_kind = max(1, round(UNUSABLE * len(cases)))
    rows = cases.iloc[rng.integers(0, len(cases), 4 * count_per_kind)].copy()
    rows["case_id"] = [f"SMG-X{number:05d}" for number in range(4 * count_per_kind)]
    kind = np.repeat(np.arange(4), count_per_kind)
    rows.loc[kind == 0, "case_id"] = None
    rows.loc[kind == 1, "status"] = None
    rows.loc[kind == 2, "status"] = "menunggu hasil"
    rows.loc[kind == 3, ["status", "confirmed_on"]] = ["confirmed", "2121-07-01"]
    return rows


def unusable_rows(file: pd.DataFrame) -> pd.DataFrame:
    """Unusable rows of a file of cases, only rows with an id."""
    return file[file["case_id"].str.startswith("SMG-X", na=False).astype(bool)]


def city_edges(rt: gpd.GeoDataFrame) -> Geometries:
    """Part of the outline of the city along each RT; None for RT inside."""
    polygons = np.asarray(rt.geometry.array, dtype=np.object_)
    outline = shapely.boundary(shapely.coverage_union_all(polygons))
    rings = shapely.boundary(polygons)
    shared = shapely.intersection(rings[shapely.intersects(rings, outline)], outline)
    edge_parts = np.full(len(rt), None, dtype=np.object_)
    edge_parts[shapely.intersects(rings, outline)] = mask_unknown(
        shared, shapely.length(shared) > 0
    )
    return edge_parts


def _move_outside(
    lon: np.ndarray, lat: np.ndarray, edge: Geometries, rng: np.random.Generator
) -> None:
    """Move some houses at the border of the city 4 to 120 m outside, as if across the street."""
    is_at_edge = np.array([part is not None for part in edge])
    moved_rows = np.flatnonzero(is_at_edge & (rng.random(len(lon)) < OUTSIDE_BORDER))
    house = shapely.points(lon[moved_rows], lat[moved_rows])
    nearest = shapely.get_coordinates(shapely.shortest_line(house, edge[moved_rows])).reshape(
        -1, 2, 2
    )
    step = nearest[:, 1] - nearest[:, 0]
    length = np.maximum(np.hypot(*step.T), 1e-9)
    distance = rng.uniform(4.0, 120.0, len(moved_rows)) / _METRES_PER_DEGREE
    positions = nearest[:, 1] + step / length[:, None] * distance[:, None]
    lon[moved_rows], lat[moved_rows] = np.round(positions, 6).T


def _vary_spelling(
    names: Texts, spellings: dict[str, list[str]], rng: np.random.Generator
) -> Texts:
    """Write some names in capitals, some in another known spelling."""
    draw, choice = rng.random(len(names)), rng.random(len(names))
    written = names.copy()
    for row in np.flatnonzero(draw < 0.2):
        alternatives = spellings.get(names[row], [])
        if alternatives and draw[row] < 0.15:
            written[row] = alternatives[int(choice[row] * len(alternatives))]
        elif draw[row] >= 0.15:
            written[row] = names[row].upper()
    return written
