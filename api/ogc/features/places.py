"""Places of the portal as a collection."""

import json
from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from itertools import count
from typing import Final

import numpy as np
from numpy.typing import NDArray

from api.ogc.columns import Column, Property, moments, numbers, texts
from api.ogc.cql import Test
from api.ogc.crs import Crs
from api.ogc.features.collection import GEOMETRY, Found, geometry_column
from api.ogc.shapes import Shapes
from api.schemas.tables import json_rows
from geodata.areas import Level
from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from geodata.language import Bilingual
from geodata.once import once
from zoning.caching import Cache, Key, bytes_of_frame
from zoning.portal.places import PLACE_KINDS, PLACE_NAMES
from zoning.portal.places import Places as Known
from zoning.public.city import PublicCity

_SERIAL: Final = count()


class _Part:
    """Places as known now."""

    per_day_properties: frozenset[str] = frozenset()

    def __init__(self, known: Known, cache: Cache, key: Key) -> None:
        # Not the places themselves: whoever remembers a key should not keep these.
        self.static_key: Hashable = ("places", next(_SERIAL))
        # One for each property, and the geometry in each plane that is offered.
        self._columns: dict[tuple[str, str], Column] = {}
        self._table = known.table.assign(
            kind_name=[PLACE_NAMES[kind].id for kind in known.table["kind"]]
        )
        self.shapes = Shapes(known.table.geometry.to_numpy(), cache, key)

    def __len__(self) -> int:
        return len(self._table)

    @property
    def key(self) -> Hashable:
        """The same for the same places."""
        return self.static_key

    @property
    def features(self) -> "_Part":
        """They themselves."""
        return self

    @property
    def shape(self) -> tuple[int, ...]:
        """As many as there are."""
        return (len(self),)

    def kept(self, test: Test) -> NDArray[np.bool_]:
        """Which of them a filter keeps."""
        return test.keeps(self)

    @property
    def nbytes(self) -> int:
        """Memory, in bytes, about: the table, and its columns as a filter takes them."""
        return 3 * bytes_of_frame(self._table)

    @once
    def row_of(self) -> dict[str, int]:
        """Row of an id."""
        return {place: row for row, place in enumerate(self._table["place_id"])}

    def column(self, name: str, plane: str) -> Column:
        """Values of a property."""
        found = self._columns.get((name, plane))
        if found is None:
            found = self._columns[name, plane] = self._read(name, plane)
        return found

    def _read(self, name: str, plane: str) -> Column:
        if name == GEOMETRY:
            return geometry_column(self.shapes, plane)
        kind = next(one.kind for one in PROPERTIES if one.name == name)
        read = {"number": numbers, "moment": moments}.get(kind, texts)
        return read(self._table[name])

    def write(self, rows: NDArray[np.intp], crs: Crs) -> Iterator[bytes]:
        """Write some of them as GeoJSON."""
        shapes = self.shapes.encoded(crs)
        for row, name, said in zip(rows.tolist(), self.ids(rows), self.table(rows), strict=True):
            yield (
                f'{{"type":"Feature","id":{json.dumps(name)},"geometry":'.encode()
                + shapes[row]
                + f',"properties":{json.dumps(said)}}}'.encode()
            )

    def ids(self, rows: NDArray[np.intp]) -> list[str]:
        """Ids of some of them."""
        found: list[str] = self._table["place_id"].iloc[rows].tolist()
        return found

    def table(self, rows: NDArray[np.intp]) -> list[dict[str, object]]:
        """Write some of them out for people."""
        chosen = self._table.iloc[rows]
        return json_rows(chosen[[*(one.name for one in PROPERTIES), "stock"]])


class Places:
    """Places of the portal. They have no time of their own: `datetime` leaves all of them."""

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
        """Another one, other places."""
        areas = self._city.ground().boundaries
        return f"{areas.id} {self._city.place_index().stamp}"

    def last_change(self) -> datetime | None:
        """None: places are as known now."""
        return None

    def parts(
        self,
        days: DayRange | None,  # noqa: ARG002
        known_at: datetime | None,  # noqa: ARG002
        *,
        dated: bool,  # noqa: ARG002
    ) -> Sequence[_Part]:
        """All places."""
        return [self._part()]

    def find(self, feature: str) -> Found:
        """One place, by its number."""
        part = self._part()
        row = part.row_of.get(feature)
        if row is None:
            raise NotFoundError(
                "no-feature",
                "There is no place of that id here.",
                indonesian="Tidak ada tempat dengan id itu.",
            )
        return Found(part, row)

    def _part(self) -> _Part:
        known = self._city.place_index()
        key = "place columns", known.stamp
        return self._city.cache.get_or_build(
            key, lambda: _Part(known, self._city.cache, key), lambda part: part.nbytes
        )

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the city, and of the places outside it."""
        # Of the places alone, those at its edges would be lost to what rounds or turns it.
        both = (self._city.boundaries("kota"), self._city.place_index().table)
        bounds = np.array([shapes.total_bounds for shapes in both])
        west, south = np.nanmin(bounds[:, :2], axis=0).tolist()
        east, north = np.nanmax(bounds[:, 2:], axis=0).tolist()
        return west, south, east, north

    def span(self) -> DayRange | None:
        """None: they are as known now."""
        return None


PROPERTIES: Final = (
    Property("kind", "text", Bilingual("Jenis", "Kind"), PLACE_KINDS),
    Property("kind_name", "text", Bilingual("Nama jenis", "Kind in Indonesian")),
    Property("name", "text", Bilingual("Nama", "Name")),
    Property("address", "text", Bilingual("Alamat", "Address")),
    Property("area", "text", Bilingual("Kode wilayah", "Code of the smallest area known")),
    Property(
        "position",
        "text",
        Bilingual("Asal titik", "Where its point comes from"),
        ("coordinates", "area"),
    ),
    Property("capacity", "number", Bilingual("Kapasitas", "Capacity")),
    Property("in_use", "number", Bilingual("Terpakai", "In use")),
    Property("room", "number", Bilingual("Tersisa", "Room")),
    Property("hours", "text", Bilingual("Jam buka", "Opening hours")),
    Property("contact", "text", Bilingual("Kontak", "Contact")),
    Property("updated_at", "moment", Bilingual("Diperbarui", "Updated at")),
)
