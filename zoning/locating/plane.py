"""Polygons and points as plain arrays, checked: what every kernel over a plane begins with.

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
"""Beyond it the orientation test would overflow."""


class Rings(NamedTuple):
    """The parts of polygons by their rings."""

    x: Float64s
    """Vertices, ring after ring, each ring's first again as its last."""
    y: Float64s
    ring: Int64s
    """First vertex of every ring; one more than there are."""
    part: Int64s
    """First ring of every part; one more than there are."""
    owner: NDArray[np.int32]
    """Row number of the polygon a part belongs to, ascending."""


def cast_polygons(geometries: Geometries) -> NDArray[np.object_]:
    """Polygons and multipolygons as an array; None for missing and empty ones.

    Raises
    ------
    InputError
        ``not-polygons`` for other geometries, ``coordinates`` for a vertex that is not finite or
        beyond 1e150.
    """
    series = geometries.geometry if isinstance(geometries, gpd.GeoDataFrame) else geometries
    listed = series if isinstance(series, np.ndarray) else list(series)
    polygons = np.empty(len(listed), dtype=object)
    polygons[:] = listed
    try:
        kinds = shapely.get_type_id(polygons)
    except TypeError:
        raise _not_polygons() from None
    empty = shapely.is_empty(polygons) | (kinds == -1)
    polygons[empty] = None
    if not np.isin(kinds[~empty], (3, 6)).all():
        raise _not_polygons()
    coordinates = shapely.get_coordinates(polygons)
    # Written so that NaN fails it too.
    if not (np.abs(coordinates) <= LARGEST_COORDINATE).all():
        raise InputError(
            "coordinates",
            "A polygon has a vertex that is not a finite number within 1e150. Mend the polygons, "
            "for instance with `mikrozonasi boundaries check`.",
            indonesian="Sebuah poligon punya titik sudut yang bukan angka terhingga dalam batas "
            "1e150. Perbaiki poligonnya, misalnya dengan `mikrozonasi boundaries check`.",
        )
    return polygons


def _not_polygons() -> InputError:
    return InputError(
        "not-polygons",
        "A locator takes polygons and multipolygons only; something else came. Leave out points, "
        "lines and collections.",
        indonesian="Locator hanya menerima poligon dan multipoligon; yang diberikan berisi "
        "bentuk lain. Keluarkan titik, garis dan kumpulan bentuk.",
    )


def cast_points(x: ArrayLike, y: ArrayLike) -> tuple[Float64s, Float64s]:
    """Coordinates as two float64 arrays, each in one piece of memory.

    Raises
    ------
    InputError
        ``points`` if they are no numbers, of unequal number or of more than one dimension.
    """
    try:
        xs = np.ascontiguousarray(np.atleast_1d(np.asarray(x, dtype=np.float64)))
        ys = np.ascontiguousarray(np.atleast_1d(np.asarray(y, dtype=np.float64)))
    except (TypeError, ValueError):
        raise InputError(
            "points",
            "Coordinates must be numbers; something else came among x or y.",
            indonesian="Koordinat harus berupa angka; ada isi lain di x atau y.",
        ) from None
    if xs.ndim != 1 or xs.shape != ys.shape:
        raise InputError(
            "points",
            f"x has shape {xs.shape} and y {ys.shape}; both must be one row of equal length.",
            indonesian=f"x berbentuk {xs.shape} dan y {ys.shape}; keduanya harus satu baris yang "
            "sama panjang.",
        )
    # Numba compiles anew for what may not be written, so nothing may.
    return _read_only(xs), _read_only(ys)


def _read_only(values: Float64s) -> Float64s:
    view = values.view()
    view.flags.writeable = False
    return view


def check_out(out: NDArray[np.int32], n: int) -> NDArray[np.int32]:
    """An array that may take the row numbers of ``n`` points.

    Raises
    ------
    InputError
        ``out`` if it may not.
    """
    if (
        not isinstance(out, np.ndarray)
        or (out.dtype, out.shape) != (np.dtype(np.int32), (n,))
        or not (out.flags.c_contiguous and out.flags.writeable)
    ):
        kind, shape = getattr(out, "dtype", type(out).__name__), getattr(out, "shape", ())
        came = Bilingual(f"{kind} berbentuk {shape}", f"{kind} of shape {shape}")
        raise InputError(
            "out",
            f"The array for the answer must be int32 of shape ({n},), writeable and in one piece; "
            f"{came.en} came. Make it with np.empty({n}, np.int32), or leave it out.",
            indonesian=f"Array untuk jawaban harus int32 berbentuk ({n},), dapat ditulis dan "
            f"bersambung; yang diberikan {came.id}. Buat dengan np.empty({n}, np.int32), atau "
            "hapus.",
        )
    return out


def rings_of(polygons: NDArray[np.object_]) -> Rings:
    """The rings of polygons and multipolygons; None has none."""
    parts, owner = shapely.get_parts(polygons, return_index=True)
    if not len(parts):
        none = np.empty(0)
        return Rings(
            none, none, np.zeros(1, np.int64), np.zeros(1, np.int64), owner.astype(np.int32)
        )
    _, vertices, (ring, part) = shapely.to_ragged_array(parts, include_z=False)
    return Rings(
        x=np.ascontiguousarray(vertices[:, 0]),
        y=np.ascontiguousarray(vertices[:, 1]),
        ring=ring.astype(np.int64),
        part=part.astype(np.int64),
        owner=owner.astype(np.int32),
    )
