"""Check polygons: list faults with position and square metres.

Repairs nothing and raises no error for a fault.
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

from geodata.boundaries.coverage.extent import FarAreas, far_area_remarks, far_areas
from geodata.boundaries.coverage.faults import (
    KINDS,
    Fault,
    detached_parts,
    enclosed_gaps,
    invalid_rings,
    outside_parents,
    overlapping_pairs,
    stray_areas,
    thin_parts,
)
from geodata.boundaries.coverage.parents import ParentPolygons
from geodata.boundaries.coverage.topology import (
    Shapes,
    coverage_outline,
    outline,
    repair_rings,
)
from geodata.boundaries.files.attributes import Attributes, read_attributes, same_name_remarks
from geodata.boundaries.files.city_name import add_city
from geodata.boundaries.files.columns import CANONICAL, Columns, parents_by_dots, texts
from geodata.boundaries.files.labels import are_rw_labels, is_unreadable_rt, is_unreadable_rw
from geodata.boundaries.files.rows import list_rows, row_count_text
from geodata.boundaries.projection import local_utm
from geodata.boundaries.versions.model import WGS84
from geodata.errors import BoundaryError
from geodata.language import Bilingual, format_indonesian

_MAX_LISTED: Final = 20
"""Maximum number of areas listed for one fault; a detached part may have thousands."""


@dataclass(frozen=True, eq=False)
class CheckReport:
    """Faults of a file of polygons.

    Attributes
    ----------
    areas
        Number of polygons in the file.
    spots
        One row per fault, EPSG:4326, in order of kind, the largest first: ``kind`` (see `KINDS`),
        ``codes`` and ``names`` of the areas (the first 20), ``m2``, ``note``, ``geometry`` (the
        faulty polygon; a point for an invalid ring).
    notes
        ``note`` of each row in both languages.
    remarks
        Missing checks with the reason, and assumptions on columns.
    """

    areas: int
    spots: gpd.GeoDataFrame
    notes: tuple[Bilingual, ...]
    remarks: tuple[Bilingual, ...]

    def counts(self) -> dict[str, int]:
        """Number of faults of every kind, zeros included."""
        by_kind = self.spots["kind"].value_counts()
        return {kind: int(by_kind.get(kind, 0)) for kind in KINDS}

    def square_metres(self) -> dict[str, float]:
        """Square metres of faults of every kind."""
        by_kind = self.spots.groupby("kind")["m2"].sum()
        return {kind: round(float(by_kind.get(kind, 0.0)), 1) for kind in KINDS}


def check(
    frame: gpd.GeoDataFrame, columns: Columns = CANONICAL, parents: ParentPolygons | None = None
) -> CheckReport:
    """Find faults of polygons.

    Areas are measured in the local UTM zone. An overlap (per pair) or a gap (enclosed by the city,
    in no area) has more than one square metre; smaller ones, and parts of areas with a mean width
    under one metre (twice the area over the perimeter), are slivers. An area is outside its parent
    if it extends more than a metre beyond the polygon of the parent; without `parents`, if it
    touches areas of another kelurahan but none of its own.

    Parameters
    ----------
    frame
        EPSG:4326, from `read_polygons`.
    columns
        Names of the columns. Without a column of codes, codes are not checked, and `remarks`
        contain this. A column with a name that is not the canonical one must exist.
    parents
        Polygons of the kelurahan or RW from another file.

    Raises
    ------
    BoundaryError
        ``missing-column``; ``no-parents`` if no area has a parent in `parents`.
    """
    attributes = read_attributes(frame, columns)
    outliers = far_areas(frame)
    is_near = (
        ~outliers.refused if not bool(outliers.refused.all()) else np.ones(len(frame), dtype=bool)
    )
    utm = local_utm(frame[is_near].total_bounds)
    # UTM is not valid so far away: far areas are reported, not measured.
    original: Shapes = frame.geometry.to_numpy().copy()
    original[is_near] = frame[is_near].to_crs(utm).geometry.to_numpy()
    original[~is_near] = shapely.MultiPolygon()
    valid = repair_rings(original)
    remarks = [
        *attributes.remarks,
        *far_area_remarks(frame, attributes.shown),
        *_missing_code_remarks(frame, columns),
        *_name_remarks(frame, columns),
        *_city_errors(frame, columns),
    ]
    faults_found = chain(
        _far_faults(frame, outliers),
        _shape_faults(original, valid),
        _parent_faults(valid, attributes, parents, utm, remarks),
        _duplicate_codes(valid, attributes),
        _unreadable_labels(valid, attributes),
    )
    faults = sorted(
        faults_found, key=lambda fault: (KINDS.index(fault.kind), -fault.m2, fault.rows)
    )
    notes = tuple(fault.note for fault in faults)
    return CheckReport(len(frame), _spot_table(faults, attributes, utm), notes, tuple(remarks))


def _far_faults(frame: gpd.GeoDataFrame, outliers: FarAreas) -> Iterator[Fault]:
    """Faults of areas far from the others; their geometry stays in degrees."""
    shapes = frame.geometry.to_numpy()
    for row in np.flatnonzero(outliers.refused):
        note = Bilingual(
            f"{format_indonesian(outliers.km[row], ',.0f')} km dari wilayah lain, yang lebarnya "
            f"{format_indonesian(outliers.wide, ',.1f')} km",
            f"{outliers.km[row]:,.0f} km from the other areas, which are {outliers.wide:,.1f} km "
            "wide",
        )
        yield Fault("far-area", (int(row),), 0.0, note, shapes[row])


def _missing_code_remarks(frame: gpd.GeoDataFrame, columns: Columns) -> list[Bilingual]:
    codes = texts(frame, columns, "kelurahan_code")
    if codes is None or not bool(codes.isna().any()):
        return []
    is_blank = codes.isna()
    count = int(is_blank.sum())
    remark = Bilingual(
        f"{row_count_text(count, language='id')} tanpa kode kelurahan: "
        f"{list_rows(frame, is_blank, language='id')}. Isi kodenya, atau keluarkan baris itu "
        "dengan --leave-out no-code.",
        f"{row_count_text(count)} without a code of the kelurahan: {list_rows(frame, is_blank)}. "
        "Fill in the code, or exclude the rows with --leave-out no-code.",
    )
    return [remark]


def _city_errors(frame: gpd.GeoDataFrame, columns: Columns) -> list[Bilingual]:
    """Errors that loading raises for the city: two cities in the file, or no name."""
    try:
        add_city(frame, columns)
    except BoundaryError as error:
        return [Bilingual(error.indonesian, error.message)]
    return []


def _name_remarks(frame: gpd.GeoDataFrame, columns: Columns) -> list[Bilingual]:
    """Kelurahan with the same name, if the file has codes and names."""
    fields = ("kelurahan_code", "kelurahan_name", "kecamatan_code")
    values_by_field = {field: texts(frame, columns, field) for field in fields}
    if values_by_field["kecamatan_code"] is None and values_by_field["kelurahan_code"] is not None:
        values_by_field["kecamatan_code"] = parents_by_dots(
            values_by_field["kelurahan_code"].dropna()
        )
    if any(column is None for column in values_by_field.values()):
        return []
    return same_name_remarks(pd.DataFrame(values_by_field).dropna())


def _shape_faults(original: Shapes, valid: Shapes) -> Iterator[Fault]:
    is_coverage = bool(shapely.coverage_is_valid(valid))
    pieces = coverage_outline(valid) if is_coverage else outline(valid)
    yield from invalid_rings(original)
    if not is_coverage:
        yield from overlapping_pairs(valid)
    yield from enclosed_gaps(valid, pieces)
    yield from thin_parts(valid)
    yield from detached_parts(valid, pieces)


def _parent_faults(
    valid: Shapes,
    attributes: Attributes,
    parents: ParentPolygons | None,
    utm: pyproj.CRS,
    remarks: list[Bilingual],
) -> Iterator[Fault]:
    if parents is not None:
        parent_polygons, unmatched = parents.match(attributes, utm)
        if unmatched:
            remarks.append(
                Bilingual(
                    f"{unmatched} wilayah tidak punya wilayah induk di berkas wilayah induk.",
                    f"{unmatched} areas have no parent in the file of parents.",
                )
            )
        yield from outside_parents(valid, parent_polygons)
    elif attributes.kelurahan_codes is not None:
        yield from stray_areas(valid, attributes.kelurahan_codes)


def _duplicate_codes(valid: Shapes, attributes: Attributes) -> Iterator[Fault]:
    if attributes.codes is None:
        return
    codes = pd.Series(attributes.codes, dtype=object)
    for code, rows in codes.groupby(codes).indices.items():
        if len(rows) > 1:
            union = shapely.union_all(valid[rows])
            note = Bilingual(
                f"{code} menamai {len(rows)} poligon", f"{code} names {len(rows)} polygons"
            )
            numbers = tuple(int(row) for row in rows)
            yield Fault("duplicate-code", numbers, float(shapely.area(union)), note, union)


def _unreadable_labels(valid: Shapes, attributes: Attributes) -> Iterator[Fault]:
    labels = attributes.labels or []
    are_rw = are_rw_labels(labels)
    for row, label in enumerate(labels):
        if is_unreadable_rw(label) if are_rw else is_unreadable_rt(label):
            kind = "RW" if are_rw else "RT"
            note = (
                Bilingual(
                    f"{label!r} tidak menyebut {kind} yang dapat dibaca",
                    f"{label!r} names no readable {kind}",
                )
                if label
                else Bilingual("tanpa label", "no label")
            )
            m2 = float(shapely.area(valid[row]))
            yield Fault("unreadable-label", (row,), m2, note, valid[row])


def _spot_table(
    ordered: Sequence[Fault], attributes: Attributes, utm: pyproj.CRS
) -> gpd.GeoDataFrame:
    table = pd.DataFrame(
        {
            "kind": [fault.kind for fault in ordered],
            "codes": [_first_names(attributes.shown, fault.rows) for fault in ordered],
            "names": [_first_names(attributes.names, fault.rows) for fault in ordered],
            "m2": np.array([fault.m2 for fault in ordered], dtype=np.float64),
            "note": [fault.note.en for fault in ordered],
        }
    ).astype({"kind": "str", "codes": "str", "names": "str", "note": "str"})
    is_far = np.array([fault.kind == "far-area" for fault in ordered], dtype=bool)
    spots = np.array([fault.spot for fault in ordered] + [None], dtype=object)[:-1]
    positions = gpd.GeoSeries(spots, crs=utm).to_crs(WGS84)
    positions[is_far] = spots[is_far]
    return gpd.GeoDataFrame(table, geometry=positions)


def _first_names(names: NDArray[np.object_], rows: Sequence[int]) -> str:
    text = ", ".join(str(names[row]) for row in rows[:_MAX_LISTED])
    return f"{text}, ..." if len(rows) > _MAX_LISTED else text
