"""The collection of places."""

import json
from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.ogc.columns import Column, Property, moment_column, number_column, text_column
from api.ogc.cql import FilterEvaluator
from api.ogc.crs import Crs
from api.ogc.features.collection import GEOMETRY, FeatureRow, geometry_column
from api.ogc.shapes import Shapes
from api.schemas.tables import json_rows
from geodata.areas import Level
from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from geodata.language import Bilingual
from geodata.once import once
from zoning.caching import Cache, Key, bytes_of_frame
from zoning.portal.places import PLACE_KINDS, PLACE_NAMES
from zoning.portal.places import Places as PlaceIndex
from zoning.public.city import PublicCity

_SERIAL: Final = count()


class _PlaceSet:
    """The places as known now, as a feature set."""

    per_day_properties: frozenset[str] = frozenset()

    def __init__(self, index: PlaceIndex, cache: Cache, key: Key) -> None:
        # A number, not this object: a cache of counts holds keys, and must not hold the places.
        self.static_key: Hashable = ("places", next(_SERIAL))
        # By property and coordinate system: both are few.
        self._columns: dict[tuple[str, str], Column] = {}
        self._table = index.table.assign(
            kind_name=[PLACE_NAMES[kind].id for kind in index.table["kind"]]
        )
        self.shapes = Shapes(index.table.geometry.to_numpy(), cache, key)

    def __len__(self) -> int:
        return len(self._table)

    @property
    def key(self) -> Hashable:
        """Equal for equal places."""
        return self.static_key

    @property
    def features(self) -> "_PlaceSet":
        """The places for a filter."""
        return self

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of places."""
        return (len(self),)

    def matches(self, evaluator: FilterEvaluator) -> NDArray[np.bool_]:
        """Which places match a filter."""
        return evaluator.matches(self)

    @property
    def nbytes(self) -> int:
        """Memory in bytes, approximately: the table and its columns for filters."""
        return 3 * bytes_of_frame(self._table)

    @once
    def row_by_id(self) -> dict[str, int]:
        """Row numbers by id."""
        return {place: row for row, place in enumerate(self._table["place_id"])}

    def column(self, name: str, plane: str) -> Column:
        """Values of a property."""
        column = self._columns.get((name, plane))
        if column is None:
            column = self._columns[name, plane] = self._make_column(name, plane)
        return column

    def _make_column(self, name: str, plane: str) -> Column:
        if name == GEOMETRY:
            return geometry_column(self.shapes, plane)
        kind = next(prop.kind for prop in PROPERTIES if prop.name == name)
        make = {"number": number_column, "moment": moment_column}.get(kind, text_column)
        return make(self._table[name])

    def write(self, rows: NDArray[np.intp], crs: Crs) -> Iterator[bytes]:
        """Some places as GeoJSON, one text for each."""
        shapes = self.shapes.encoded(crs)
        for row, id_, values in zip(rows.tolist(), self.ids(rows), self.table(rows), strict=True):
            yield (
                f'{{"type":"Feature","id":{json.dumps(id_)},"geometry":'.encode()
                + shapes[row]
                + f',"properties":{json.dumps(values)}}}'.encode()
            )

    def ids(self, rows: NDArray[np.intp]) -> list[str]:
        """Ids of some places."""
        ids: list[str] = self._table["place_id"].iloc[rows].tolist()
        return ids

    def table(self, rows: NDArray[np.intp]) -> list[dict[str, object]]:
        """Properties of some places, and their stock."""
        columns = [*(prop.name for prop in PROPERTIES), "stock"]
        return json_rows(self._table.iloc[rows][columns])


class Places:
    """The collection of places. Places have no time: every `datetime` matches all places."""

    id = "places"
    title = Bilingual("Tempat layanan", "Places")
    about = Bilingual(
        "Rumah sakit, puskesmas, tempat isolasi, sentra vaksinasi dan posko, dengan kapasitasnya.",
        "Hospitals, health centres, isolation sites, vaccination centres and command posts, with "
        "their capacity.",
    )
    geometry = "geometry-point"
    level: Level | None = None

    def __init__(self, city: PublicCity) -> None:
        self._city = city
        self.properties: tuple[Property, ...] = PROPERTIES

    def version(self) -> str:
        """Cache key: changes whenever the places change."""
        areas = self._city.ground().boundaries
        return f"{areas.id} {self._city.place_index().stamp}"

    def last_change(self) -> datetime | None:
        """None: places have no history."""
        return None

    def feature_sets(
        self,
        days: DayRange | None,  # noqa: ARG002
        known_at: datetime | None,  # noqa: ARG002
        *,
        dated: bool,  # noqa: ARG002
    ) -> Sequence[_PlaceSet]:
        """All places."""
        return [self._place_set()]

    def find(self, feature: str) -> FeatureRow:
        """The place of an id."""
        place_set = self._place_set()
        row = place_set.row_by_id.get(feature)
        if row is None:
            raise NotFoundError(
                "no-feature",
                "No place has that id. Open the items of places for all ids.",
                indonesian="Tidak ada tempat dengan id itu. Buka daftar fitur places untuk semua "
                "id.",
            )
        return FeatureRow(place_set, row)

    def _place_set(self) -> _PlaceSet:
        index = self._city.place_index()
        key = "place columns", index.stamp
        return self._city.cache.get_or_build(
            key,
            lambda: _PlaceSet(index, self._city.cache, key),
            lambda place_set: place_set.nbytes,
        )

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the city, and of the places outside it."""
        # The bounds of the places alone are too tight: a client that rounds or projects them would
        # lose the places on their edges.
        tables = (self._city.boundaries("kota"), self._city.place_index().table)
        bounds = np.array([table.total_bounds for table in tables])
        west, south = np.nanmin(bounds[:, :2], axis=0).tolist()
        east, north = np.nanmax(bounds[:, 2:], axis=0).tolist()
        return west, south, east, north

    def day_range(self) -> DayRange | None:
        """None: places have no time."""
        return None


PROPERTIES: Final = (
    Property("kind", "text", Bilingual("Jenis", "Kind"), PLACE_KINDS),
    Property("kind_name", "text", Bilingual("Nama jenis", "Kind in Indonesian")),
    Property("name", "text", Bilingual("Nama", "Name")),
    Property("address", "text", Bilingual("Alamat", "Address")),
    Property("area", "text", Bilingual("Kode wilayah", "Code of the smallest known area")),
    Property(
        "position",
        "text",
        Bilingual("Asal titik", "Source of the point"),
        ("coordinates", "area"),
    ),
    Property("capacity", "number", Bilingual("Kapasitas", "Capacity")),
    Property("in_use", "number", Bilingual("Terpakai", "In use")),
    Property("room", "number", Bilingual("Tersisa", "Free capacity")),
    Property("hours", "text", Bilingual("Jam buka", "Opening hours")),
    Property("contact", "text", Bilingual("Kontak", "Contact")),
    Property("updated_at", "moment", Bilingual("Diperbarui", "Updated at")),
)
