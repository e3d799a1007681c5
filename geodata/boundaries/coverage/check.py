"""Checking a file of polygons: what is wrong, where, and how many square metres.

Nothing is mended here, and no fault is an error: the list of faults is the answer.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely
from numpy.typing import NDArray

from geodata.boundaries.coverage.extent import Far, far_areas, far_remarks
from geodata.boundaries.coverage.faults import (
    KINDS,
    Fault,
    detached_parts,
    empty_ground,
    invalid_rings,
    outside,
    shared_ground,
    strays,
    thin_parts,
)
from geodata.boundaries.coverage.parents import Parents
from geodata.boundaries.coverage.topology import (
    Shapes,
    outline,
    outline_of_coverage,
    with_valid_rings,
)
from geodata.boundaries.files.attributes import Signs, same_names, signs_of
from geodata.boundaries.files.city_name import with_city
from geodata.boundaries.files.columns import CANONICAL, Columns, parents_by_dots, texts
from geodata.boundaries.files.labels import names_rw, unreadable, unreadable_rw
from geodata.boundaries.files.rows import listed, rows_counted
from geodata.boundaries.projection import local_utm
from geodata.boundaries.versions.model import WGS84
from geodata.errors import BoundaryError
from geodata.language import Bilingual, in_indonesian

_LISTED: Final = 20
"""Areas named in one fault; a detached part may hold thousands."""


@dataclass(frozen=True, eq=False)
class CheckReport:
    """What is wrong with a file of polygons.

    Attributes
    ----------
    areas
        Polygons in the file.
    spots
        One row a fault, EPSG:4326, by kind and then the largest first: ``kind`` (see `KINDS`),
        ``codes`` and ``names`` of the areas concerned (the first 20), ``m2``, ``note``,
        ``geometry`` (the ground at fault; a point for an invalid ring).
    notes
        The same as ``note``, row by row, in both languages.
    remarks
        What could not be checked, and why; what was taken for what.
    """

    areas: int
    spots: gpd.GeoDataFrame
    notes: tuple[Bilingual, ...]
    remarks: tuple[Bilingual, ...]

    def counts(self) -> dict[str, int]:
        """Faults of every kind, zeros too."""
        found = self.spots["kind"].value_counts()
        return {kind: int(found.get(kind, 0)) for kind in KINDS}

    def square_metres(self) -> dict[str, float]:
        """Ground concerned, by kind."""
        found = self.spots.groupby("kind")["m2"].sum()
        return {kind: round(float(found.get(kind, 0.0)), 1) for kind in KINDS}


def check(
    frame: gpd.GeoDataFrame, columns: Columns = CANONICAL, parents: Parents | None = None
) -> CheckReport:
    """Find what is wrong with polygons.

    Areas are measured in the local UTM zone. Overlaps (by pair) and gaps (ground enclosed by the
    city that belongs to no area) count as such above one square metre; smaller ones, and parts of
    areas less than a metre wide (twice the area over the perimeter), are slivers. An area is
    outside its parent where it reaches out of the polygon drawn for that, by more than a metre;
    where no parents are given, if it touches no other area of its kelurahan but some of another.

    Parameters
    ----------
    frame
        EPSG:4326, as `read_polygons` gives it.
    columns
        Which column says what. None need be there: then codes are not checked, and `remarks` say
        so. A column that somebody named must.
    parents
        Polygons of the kelurahan or RW, drawn elsewhere.

    Raises
    ------
    BoundaryError
        ``missing-column``; ``no-parents`` if `parents` fit no area at all.
    """
    signs = signs_of(frame, columns)
    far = far_areas(frame)
    near = ~far.refused if not bool(far.refused.all()) else np.ones(len(frame), dtype=bool)
    utm = local_utm(frame[near].total_bounds)
    # Metres mean nothing so far from the rest: areas there are said and not measured.
    drawn: Shapes = frame.geometry.to_numpy().copy()
    drawn[near] = frame[near].to_crs(utm).geometry.to_numpy()
    drawn[~near] = shapely.MultiPolygon()
    sound = with_valid_rings(drawn)
    remarks = [
        *signs.remarks,
        *far_remarks(frame, signs.shown),
        *_without_code(frame, columns),
        *_same_names(frame, columns),
        *_of_city(frame, columns),
    ]
    found = chain(
        _far(frame, far),
        _of_shapes(drawn, sound),
        _of_parents(sound, signs, parents, utm, remarks),
        _duplicates(sound, signs),
        _unreadable_labels(sound, signs),
    )
    faults = sorted(found, key=lambda fault: (KINDS.index(fault.kind), -fault.m2, fault.rows))
    notes = tuple(fault.note for fault in faults)
    return CheckReport(len(frame), _spots(faults, signs, utm), notes, tuple(remarks))


def _far(frame: gpd.GeoDataFrame, far: Far) -> Iterator[Fault]:
    """Areas far from the rest; their spots stay in degrees."""
    shapes = frame.geometry.to_numpy()
    for row in np.flatnonzero(far.refused):
        note = Bilingual(
            f"{in_indonesian(far.km[row], ',.0f')} km dari wilayah lain, yang lebarnya "
            f"{in_indonesian(far.wide, ',.1f')} km",
            f"{far.km[row]:,.0f} km from the rest, which is {far.wide:,.1f} km wide",
        )
        yield Fault("far-area", (int(row),), 0.0, note, shapes[row])


def _without_code(frame: gpd.GeoDataFrame, columns: Columns) -> list[Bilingual]:
    codes = texts(frame, columns, "kelurahan_code")
    if codes is None or not bool(codes.isna().any()):
        return []
    blank = codes.isna()
    count = int(blank.sum())
    said = Bilingual(
        f"{rows_counted(count, language='id')} tanpa kode kelurahan: "
        f"{listed(frame, blank, language='id')}. Isi kodenya, atau keluarkan baris itu dengan "
        "--leave-out no-code.",
        f"{rows_counted(count)} without a code of the kelurahan: {listed(frame, blank)}. Fill it "
        "in, or leave them out with --leave-out no-code.",
    )
    return [said]


def _of_city(frame: gpd.GeoDataFrame, columns: Columns) -> list[Bilingual]:
    """What loading would refuse of the city: that there are two, or that it has no name."""
    try:
        with_city(frame, columns)
    except BoundaryError as error:
        return [Bilingual(error.indonesian, error.message)]
    return []


def _same_names(frame: gpd.GeoDataFrame, columns: Columns) -> list[Bilingual]:
    """Kelurahan of one name, as far as the file says codes and names."""
    fields = ("kelurahan_code", "kelurahan_name", "kecamatan_code")
    found = {field: texts(frame, columns, field) for field in fields}
    if found["kecamatan_code"] is None and found["kelurahan_code"] is not None:
        found["kecamatan_code"] = parents_by_dots(found["kelurahan_code"].dropna())
    if any(column is None for column in found.values()):
        return []
    return same_names(pd.DataFrame(found).dropna())


def _of_shapes(drawn: Shapes, sound: Shapes) -> Iterator[Fault]:
    tidy = bool(shapely.coverage_is_valid(sound))
    pieces = outline_of_coverage(sound) if tidy else outline(sound)
    yield from invalid_rings(drawn)
    if not tidy:
        yield from shared_ground(sound)
    yield from empty_ground(sound, pieces)
    yield from thin_parts(sound)
    yield from detached_parts(sound, pieces)


def _of_parents(
    sound: Shapes, signs: Signs, parents: Parents | None, utm: pyproj.CRS, remarks: list[Bilingual]
) -> Iterator[Fault]:
    if parents is not None:
        drawn, unmatched = parents.of(signs, utm)
        if unmatched:
            remarks.append(
                Bilingual(
                    f"{unmatched} wilayah tidak punya wilayah induk di berkas wilayah induk.",
                    f"{unmatched} areas have no parent in the file of parents.",
                )
            )
        yield from outside(sound, drawn)
    elif signs.homes is not None:
        yield from strays(sound, signs.homes)


def _duplicates(sound: Shapes, signs: Signs) -> Iterator[Fault]:
    if signs.codes is None:
        return
    codes = pd.Series(signs.codes, dtype=object)
    for code, rows in codes.groupby(codes).indices.items():
        if len(rows) > 1:
            ground = shapely.union_all(sound[rows])
            note = Bilingual(
                f"{code} menamai {len(rows)} poligon", f"{code} names {len(rows)} polygons"
            )
            numbers = tuple(int(row) for row in rows)
            yield Fault("duplicate-code", numbers, float(shapely.area(ground)), note, ground)


def _unreadable_labels(sound: Shapes, signs: Signs) -> Iterator[Fault]:
    labels = signs.labels or []
    rw = names_rw(labels)
    for row, label in enumerate(labels):
        if unreadable_rw(label) if rw else unreadable(label):
            kind = "RW" if rw else "RT"
            note = (
                Bilingual(
                    f"{label!r} tidak menyebut {kind} yang dapat dibaca",
                    f"{label!r} names no {kind} that can be read",
                )
                if label
                else Bilingual("tanpa label", "no label")
            )
            m2 = float(shapely.area(sound[row]))
            yield Fault("unreadable-label", (row,), m2, note, sound[row])


def _spots(ordered: Sequence[Fault], signs: Signs, utm: pyproj.CRS) -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        {
            "kind": [fault.kind for fault in ordered],
            "codes": [_listed(signs.shown, fault.rows) for fault in ordered],
            "names": [_listed(signs.names, fault.rows) for fault in ordered],
            "m2": np.array([fault.m2 for fault in ordered], dtype=np.float64),
            "note": [fault.note.en for fault in ordered],
        }
    ).astype({"kind": "str", "codes": "str", "names": "str", "note": "str"})
    far = np.array([fault.kind == "far-area" for fault in ordered], dtype=bool)
    spots = np.array([fault.spot for fault in ordered] + [None], dtype=object)[:-1]
    places = gpd.GeoSeries(spots, crs=utm).to_crs(WGS84)
    places[far] = spots[far]
    return gpd.GeoDataFrame(table, geometry=places)


def _listed(names: NDArray[np.object_], rows: Sequence[int]) -> str:
    some = ", ".join(str(names[row]) for row in rows[:_LISTED])
    return f"{some}, ..." if len(rows) > _LISTED else some
