"""Extent of the areas of a file: inside Indonesia or not, and areas far from the others.

Uses bounding boxes only.
"""

from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray

from geodata.boundaries.files.rows import list_rows
from geodata.errors import BoundaryError
from geodata.language import Bilingual, Language, format_indonesian

INDONESIA: Final = (94.5, -11.5, 141.5, 6.5)
"""West, south, east, north in degrees, with the surrounding sea."""
FAR_KM: Final = 10.0
"""Kilometres from the others up to which a separate area is plausible, such as a hamlet."""
_MAX_EXCESS_WIDTHS: Final = 20.0
"""An area that extends this many widths of the others has a wrong corner."""
_KM_PER_DEGREE: Final = 111.2
"""Kilometres per degree of latitude."""

Floats = NDArray[np.float64]


class Extent(NamedTuple):
    """Extent of a file: middle of its areas in degrees, and width of the bounding box in km."""

    lon: float
    lat: float
    wide: float

    @property
    def in_indonesia(self) -> bool:
        """Whether the middle is inside the bounding box of Indonesia."""
        west, south, east, north = INDONESIA
        return west <= self.lon <= east and south <= self.lat <= north

    def sentence(self) -> Bilingual:
        """Position and width as a sentence."""
        country = (
            Bilingual("di Indonesia", "in Indonesia")
            if self.in_indonesia
            else Bilingual("di luar Indonesia", "not in Indonesia")
        )
        return Bilingual(
            f"Wilayah ini terletak di sekitar {degrees(self.lon, self.lat, language='id')}, "
            f"{country.id}; lebarnya {format_indonesian(self.wide, ',.1f')} km.",
            f"The areas are around {degrees(self.lon, self.lat)}, {country.en}; they are "
            f"{self.wide:,.1f} km wide.",
        )


class FarAreas(NamedTuple):
    """Areas far from the other areas.

    ``rows`` flags the far areas; ``km (n,)`` is the distance of each from the others, or its
    extent beyond them, and ``wide`` the width of the others, both in kilometres; ``spots (n, 2)``
    are the farthest corners in degrees.
    """

    rows: NDArray[np.bool_]
    km: Floats
    wide: float
    spots: Floats

    @property
    def refused(self) -> NDArray[np.bool_]:
        """Far areas that are also farther than `FAR_KM`."""
        return self.rows & (self.km > FAR_KM)


def degrees(lon: float, lat: float, *, language: Language = "en") -> str:
    """Format a position: ``110.4204 E, 7.0485 S``; in Indonesian with BT and LS."""
    east, north = "E" if lon >= 0 else "W", "N" if lat >= 0 else "S"
    if language == "id":
        east, north = "BT" if lon >= 0 else "BB", "LU" if lat >= 0 else "LS"
    return f"{abs(lon):.4f} {east}, {abs(lat):.4f} {north}"


def file_extent(frame: gpd.GeoDataFrame) -> Extent:
    """Extent of a file without its far areas."""
    outliers, boxes = far_areas(frame), _boxes(frame)
    near_boxes = boxes if bool(outliers.rows.all()) else boxes[~outliers.rows]
    return Extent(*_middle(near_boxes), outliers.wide)


def check_in_indonesia(extent: Extent, *, named_crs: bool) -> None:
    """Raise for a file outside Indonesia.

    Raises
    ------
    BoundaryError
        ``outside-indonesia``.
    """
    if extent.in_indonesia:
        return
    advice = (
        Bilingual(
            "Sistem koordinat pada --crs mungkin bukan milik berkas ini: pakai yang lain.",
            "Perhaps --crs is not the coordinate system of the file: use another.",
        )
        if named_crs
        else Bilingual(
            "Mungkin sistem koordinatnya lain: sebutkan dengan --crs, misalnya EPSG:32749 untuk "
            "UTM 49S.",
            "Perhaps the file has another coordinate system: give it with --crs, for example "
            "EPSG:32749 for UTM 49S.",
        )
    )
    raise BoundaryError(
        "outside-indonesia",
        f"The areas are around {degrees(extent.lon, extent.lat)}, which is not in Indonesia "
        f"(95 to 141 E, 6 N to 11 S). {advice.en} If the city really is there, add "
        "--outside-indonesia.",
        indonesian="Wilayah itu terletak di sekitar "
        f"{degrees(extent.lon, extent.lat, language='id')}, di luar Indonesia (95 sampai 141 BT, "
        f"6 LU sampai 11 LS). {advice.id} Jika kota itu memang terletak di sana, tambahkan "
        "--outside-indonesia.",
    )


def far_areas(frame: gpd.GeoDataFrame) -> FarAreas:
    """Areas whose distance from the other areas exceeds the width of the other areas.

    The algorithm begins with the half of the areas nearest to the median of all, the main group.
    An area joins the group if its distance is at most the width of the group, until no area
    joins. So a chain of islands belongs to its city. An area that extends many widths beyond the
    group is far too: one of its corners is wrong. Parts of an area are tested one by one.
    """
    parts, rows = shapely.get_parts(frame.geometry.to_numpy(), return_index=True)
    boxes_in_degrees: Floats = np.asarray(shapely.bounds(parts))
    boxes = _kilometres(boxes_in_degrees)
    main_group = _main_group(boxes)
    main_box = _bounding_box(boxes[main_group])
    width = _width(main_box)
    distance, excess = _distances(boxes, main_box), _excess(boxes, main_box)
    is_far_part = (distance > width) | (excess > np.maximum(_MAX_EXCESS_WIDTHS * width, FAR_KM))
    is_far_area, km = np.zeros(len(frame), dtype=bool), np.zeros(len(frame))
    spots = np.zeros((len(frame), 2))
    far_distance = np.where(distance > width, distance, excess)
    corners = _far_corners(boxes_in_degrees, _bounding_box(boxes_in_degrees[main_group]))
    # The farthest part of an area comes last, so its values remain.
    for part in np.flatnonzero(is_far_part)[np.argsort(far_distance[is_far_part], kind="stable")]:
        is_far_area[rows[part]], km[rows[part]] = True, far_distance[part]
        spots[rows[part]] = corners[part]
    return FarAreas(is_far_area, km, width, spots)


def _far_corners(boxes: Floats, box: Floats) -> Floats:
    """Corner of each box that is farthest from the middle of another box."""
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    east = np.abs(boxes[:, 2] - x) > np.abs(boxes[:, 0] - x)
    north = np.abs(boxes[:, 3] - y) > np.abs(boxes[:, 1] - y)
    return np.column_stack(
        [np.where(east, boxes[:, 2], boxes[:, 0]), np.where(north, boxes[:, 3], boxes[:, 1])]
    )


def far_area_remarks(
    frame: gpd.GeoDataFrame, codes: NDArray[np.object_] | None = None
) -> list[Bilingual]:
    """Sentence with the areas far from the others; empty for none.

    Parameters
    ----------
    codes
        Name of each row, if known.
    """
    outliers = far_areas(frame)
    return [_far_sentence(frame, outliers, codes)] if bool(outliers.rows.any()) else []


def check_no_far_areas(frame: gpd.GeoDataFrame, codes: NDArray[np.object_] | None = None) -> None:
    """Raise for areas farther from the others than their width and than `FAR_KM`.

    Raises
    ------
    BoundaryError
        ``far-area``.
    """
    outliers = far_areas(frame)
    if bool(outliers.refused.any()):
        raise BoundaryError(
            "far-area",
            f"{_far_sentence(frame, outliers, codes).en} Correct the coordinates, exclude the rows "
            "with --leave-out, or add --allow-far if they are islands of the city.",
            indonesian=f"{_far_sentence(frame, outliers, codes).id} Perbaiki koordinatnya, "
            "keluarkan baris itu dengan --leave-out, atau tambahkan --allow-far jika wilayah itu "
            "pulau milik kota.",
        )


def _far_sentence(
    frame: gpd.GeoDataFrame, outliers: FarAreas, codes: NDArray[np.object_] | None
) -> Bilingual:
    lon, lat = outliers.spots[int(np.argmax(outliers.km))].tolist()
    count = int(outliers.rows.sum())
    return Bilingual(
        f"{count} wilayah terletak lebih jauh dari yang lain daripada lebar wilayah yang lain "
        f"({format_indonesian(outliers.wide, ',.1f')} km): "
        f"{list_rows(frame, outliers.rows, codes, language='id')}; sampai "
        f"{format_indonesian(outliers.km.max(), ',.0f')} km jauhnya, di sekitar "
        f"{degrees(lon, lat, language='id')}.",
        f"{count} {'area is' if count == 1 else 'areas are'} farther from the other areas than "
        f"their width ({outliers.wide:,.1f} km): {list_rows(frame, outliers.rows, codes)}; up to "
        f"{outliers.km.max():,.0f} km away, around {degrees(lon, lat)}.",
    )


def _main_group(boxes: Floats) -> NDArray[np.bool_]:
    """Flags of the boxes of the main group, grown from the half nearest to the median."""
    middles = (boxes[:, :2] + boxes[:, 2:]) / 2
    # The lower median, so that of two areas one is the main group and the other can be far.
    median = np.sort(middles, axis=0)[(len(middles) - 1) // 2]
    anchor = middles[np.argmin(np.hypot(*(middles - median).T))]
    nearest = np.argsort(np.hypot(*(middles - anchor).T), kind="stable")
    group = np.zeros(len(boxes), dtype=bool)
    group[nearest[: (len(boxes) + 1) // 2]] = True
    while True:
        box = _bounding_box(boxes[group])
        extended = group | (_distances(boxes, box) <= _width(box))
        # An area with one wrong corner must not join: it would widen the group up to that corner.
        extended &= group | (
            _excess(boxes, box) <= _MAX_EXCESS_WIDTHS * np.maximum(_width(box), 1.0)
        )
        if bool((extended == group).all()):
            return group
        group = extended


def _boxes(frame: gpd.GeoDataFrame) -> Floats:
    return np.asarray(shapely.bounds(frame.geometry.to_numpy()))


def _middle(boxes: Floats) -> tuple[float, float]:
    lon, lat = np.median((boxes[:, :2] + boxes[:, 2:]) / 2, axis=0)
    return float(lon), float(lat)


def _kilometres(boxes: Floats) -> Floats:
    """Convert boxes from degrees to kilometres, at the latitude of the middle."""
    _, lat = _middle(boxes)
    east = _KM_PER_DEGREE * float(np.cos(np.radians(lat)))
    return boxes * (east, _KM_PER_DEGREE, east, _KM_PER_DEGREE)


def _bounding_box(boxes: Floats) -> Floats:
    return np.concatenate([boxes[:, :2].min(axis=0), boxes[:, 2:].max(axis=0)])


def _width(box: Floats) -> float:
    return float(np.hypot(box[2] - box[0], box[3] - box[1]))


def _distances(boxes: Floats, box: Floats) -> Floats:
    """Distance in kilometres of each box from another box; 0 if they touch."""
    x = np.maximum(0.0, np.maximum(box[0] - boxes[:, 2], boxes[:, 0] - box[2]))
    y = np.maximum(0.0, np.maximum(box[1] - boxes[:, 3], boxes[:, 1] - box[3]))
    return np.asarray(np.hypot(x, y))


def _excess(boxes: Floats, box: Floats) -> Floats:
    """Kilometres by which each box extends beyond another box."""
    x = np.maximum(0.0, np.maximum(box[0] - boxes[:, 0], boxes[:, 2] - box[2]))
    y = np.maximum(0.0, np.maximum(box[1] - boxes[:, 1], boxes[:, 3] - box[3]))
    return np.asarray(np.hypot(x, y))
