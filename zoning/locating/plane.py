"""Polygons and points as arrays, checked: the input of every kernel over a plane.

Knows no projections, codes or cities.
"""

from collections.abc import Iterable
from typing import Any, Final, NamedTuple

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from geodata.errors import InputError
from geodata.language import Bilingual

Float64s = NDArray[np.float64]
Int64s = NDArray[np.int64]
Geometries = gpd.GeoSeries | gpd.GeoDataFrame | NDArray[np.object_] | Iterable[Any]

LARGEST_COORDINATE: Final = 1e150
"""With larger coordinates the orientation test would overflow."""


class Rings(NamedTuple):
    """The parts of polygons by their rings."""

    x: Float64s
    """Vertices, ring after ring; the last vertex of a ring repeats its first."""
    y: Float64s
    ring: Int64s
    """First vertex of every ring, then the number of vertices."""
    part: Int64s
    """First ring of every part, then the number of rings."""
    owner: NDArray[np.int32]
    """Row number of the polygon a part belongs to, ascending."""


def cast_polygons(geometries: Geometries) -> NDArray[np.object_]:
    """Polygons and multipolygons as an array; None for missing and empty geometries.

    Raises
    ------
    InputError
        ``not-polygons`` for other geometries, ``coordinates`` for a vertex that is not finite or
        beyond 1e150.
    """
    series = geometries.geometry if isinstance(geometries, gpd.GeoDataFrame) else geometries
    shapes = series if isinstance(series, np.ndarray) else list(series)
    polygons = np.empty(len(shapes), dtype=object)
    polygons[:] = shapes
    try:
        kinds = shapely.get_type_id(polygons)
    except TypeError:
        raise _not_polygons() from None
    empty = shapely.is_empty(polygons) | (kinds == -1)
    polygons[empty] = None
    if not np.isin(kinds[~empty], (3, 6)).all():
        raise _not_polygons()
    coordinates = shapely.get_coordinates(polygons)
    # Written so that NaN fails the comparison, too.
    if not (np.abs(coordinates) <= LARGEST_COORDINATE).all():
        raise InputError(
            "coordinates",
            "A polygon has a vertex that is not a finite number within 1e150. Find the polygon "
            "with `mikrozonasi boundaries check` and correct its vertices.",
            indonesian="Sebuah poligon punya titik sudut yang bukan angka terhingga dalam batas "
            "1e150. Cari poligonnya dengan `mikrozonasi boundaries check` dan perbaiki titiknya.",
        )
    return polygons


def _not_polygons() -> InputError:
    return InputError(
        "not-polygons",
        "A locator takes only polygons and multipolygons; other geometries came. Remove points, "
        "lines and collections.",
        indonesian="Locator hanya menerima poligon dan multipoligon; yang diberikan berisi "
        "geometri lain. Keluarkan titik, garis dan kumpulan geometri.",
    )


def cast_points(x: ArrayLike, y: ArrayLike) -> tuple[Float64s, Float64s]:
    """Coordinates as two contiguous float64 arrays that cannot be written.

    Raises
    ------
    InputError
        ``points`` if `x` or `y` are not numbers, differ in length or have more than one dimension.
    """
    try:
        xs = np.ascontiguousarray(np.atleast_1d(np.asarray(x, dtype=np.float64)))
        ys = np.ascontiguousarray(np.atleast_1d(np.asarray(y, dtype=np.float64)))
    except (TypeError, ValueError):
        raise InputError(
            "points",
            "Coordinates must be numbers; x or y has a value that is not a number.",
            indonesian="Koordinat harus berupa angka; x atau y berisi nilai yang bukan angka.",
        ) from None
    if xs.ndim != 1 or xs.shape != ys.shape:
        raise InputError(
            "points",
            f"x has shape {xs.shape} and y {ys.shape}; both must be one-dimensional and of "
            "the same length.",
            indonesian=f"x berbentuk {xs.shape} dan y berbentuk {ys.shape}; keduanya harus satu "
            "dimensi dan sama panjang.",
        )
    # Numba compiles once for writeable arrays and again for read-only arrays; here all are
    # read-only.
    return _read_only(xs), _read_only(ys)


def _read_only(values: Float64s) -> Float64s:
    view = values.view()
    view.flags.writeable = False
    return view


def check_out(out: NDArray[np.int32], n: int) -> NDArray[np.int32]:
    """`out`, checked: it can take the row numbers of ``n`` points.

    Raises
    ------
    InputError
        ``out`` for another type, dtype or shape, or memory that is read-only or not contiguous.
    """
    if (
        not isinstance(out, np.ndarray)
        or (out.dtype, out.shape) != (np.dtype(np.int32), (n,))
        or not (out.flags.c_contiguous and out.flags.writeable)
    ):
        kind, shape = getattr(out, "dtype", type(out).__name__), getattr(out, "shape", ())
        value = Bilingual(f"{kind} berbentuk {shape}", f"{kind} of shape {shape}")
        raise InputError(
            "out",
            f"The array for the answer must be int32 of shape ({n},), writeable and contiguous; "
            f"{value.en} came. Make it with np.empty({n}, np.int32), or omit it.",
            indonesian=f"Array untuk jawaban harus int32 berbentuk ({n},), dapat ditulis dan "
            f"bersambung; yang diberikan {value.id}. Buat dengan np.empty({n}, np.int32), atau "
            "hapus.",
        )
    return out


def extract_rings(polygons: NDArray[np.object_]) -> Rings:
    """The rings of polygons and multipolygons; None has no rings."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    if not len(parts):
        no_coordinates = np.empty(0)
        return Rings(
            no_coordinates,
            no_coordinates,
            np.zeros(1, np.int64),
            np.zeros(1, np.int64),
            owner.astype(np.int32),
        )
    _, vertices, (ring, part) = shapely.to_ragged_array(parts, include_z=False)
    return Rings(
        x=np.ascontiguousarray(vertices[:, 0]),
        y=np.ascontiguousarray(vertices[:, 1]),
        ring=ring.astype(np.int64),
        part=part.astype(np.int64),
        owner=owner.astype(np.int32),
    )
