"""Zones of one level as a collection: the newest published day, or the days asked for."""

import json
import re
from collections.abc import Hashable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.drawn import Drawn
from api.features import LevelFeatures
from api.ogc.collection import GEOMETRY, Found, geometry_column
from api.ogc.columns import Column, Property, day_number, numbers, same, texts
from api.ogc.crs import CRS84, Crs
from api.ogc.shapes import Shapes
from api.ogc.times import Days, read_day
from geodata.areas import LEVELS, Level
from geodata.boundaries import Boundaries
from geodata.errors import NotFoundError
from zoning.city import City
from zoning.colours import Colours
from zoning.risk import RISKS, Bilingual
from zoning.runs import publications
from zoning.series import Span, days_in

_NAMES: Final[dict[Level, Bilingual]] = {
    "rt": Bilingual("Zona RT", "Zones of the RT"),
    "rw": Bilingual("Zona RW", "Zones of the RW"),
    "kelurahan": Bilingual("Zona kelurahan", "Zones of the kelurahan"),
    "kecamatan": Bilingual("Zona kecamatan", "Zones of the kecamatan"),
    "kota": Bilingual("Zona kota", "Zone of the city"),
}
_ABOUT: Final = Bilingual(
    "Warna setiap wilayah pada hari terbaru yang diterbitkan; hari lain dengan datetime. Di atas "
    "RT: warna tertinggi di antara RT-nya.",
    "The colour of every area on the newest published day; other days by datetime. Above the RT: "
    "the highest colour among its RT.",
)
_DAILY: Final = ("risk", "colour", "date", "rule", "run")
_COLOURS: Final = np.array([risk.name.id for risk in RISKS], dtype=object)
_DATED: Final = re.compile(r"(.+)_(\d{4}-\d{2}-\d{2})")


class _Day(NamedTuple):
    date: date
    run: str
    boundaries: str
    rule: str


class _Areas:
    """What of the areas of a level stays the same from day to day."""

    def __init__(self, boundaries: Boundaries, level: Level, features: LevelFeatures) -> None:
        self._areas = boundaries.level(level)
        self.colours = Colours(boundaries, level)
        self.shapes = Shapes(self._areas.geometry.to_numpy(), lambda: features.geometries)
        self.columns = self._columns(boundaries, level)

    def __len__(self) -> int:
        return len(self._areas)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """Row of a code."""
        return {code: row for row, code in enumerate(self._areas["code"])}

    @cached_property
    def heads(self) -> list[tuple[bytes, bytes]]:
        """Of each feature, what comes before the end of its id, and its lasting properties."""
        names = list(self.columns)
        rows = zip(*(_plain(column, len(self)) for column in self.columns.values()), strict=True)
        return [
            (
                f'{{"type":"Feature","id":{json.dumps(row[0])[:-1]}'.encode(),
                f',"properties":{json.dumps(dict(zip(names, row, strict=True)))[:-1]},'.encode(),
            )
            for row in rows
        ]

    def _columns(self, boundaries: Boundaries, level: Level) -> dict[str, Column]:
        areas = boundaries.areas
        up = dict(zip(areas["code"], areas["parent"], strict=True))
        name = dict(zip(areas["code"], areas["name"], strict=True))
        columns = {
            "code": texts(self._areas["code"]),
            "name": texts(self._areas["name"]),
            "level": same("text", level),
            "parent": texts(self._areas["parent"]),
        }
        codes: list[Any] = self._areas["code"].tolist()
        for above in reversed(LEVELS[1 : LEVELS.index(level)]):
            codes = [up.get(code) for code in codes]
            columns[above] = texts(codes)
            if above != "rw":
                columns[f"{above}_name"] = texts([name.get(code) for code in codes])
        return columns


class _Part:
    """Zones of one day."""

    changing = frozenset(_DAILY)

    def __init__(self, areas: _Areas, day: _Day, zones: "Zones", *, dated: bool) -> None:
        self.lasting: Hashable = areas
        self._areas = areas
        self.shapes = areas.shapes
        self._day = day
        self._zones = zones
        self._dated = dated

    def __len__(self) -> int:
        return len(self._areas)

    @property
    def key(self) -> tuple[str, str]:
        """The same for the same zones."""
        return self._zones.id, self._day.run

    def column(self, name: str, plane: str) -> Column:
        """Values of a property."""
        if name == GEOMETRY:
            return geometry_column(self.shapes, plane)
        if name in self._areas.columns:
            return self._areas.columns[name]
        if name in {"risk", "colour"}:
            risk = self._zones.risks(self._day)
            return numbers(risk) if name == "risk" else texts(_COLOURS[risk])
        if name == "date":
            return same("day", day_number(self._day.date))
        return same("text", self._day.rule if name == "rule" else self._day.run)

    def write(self, rows: NDArray[np.intp], crs: Crs) -> Iterator[bytes]:
        """Write some of them as GeoJSON."""
        heads, shapes = self._areas.heads, self.shapes.encoded(crs)
        risks = self._zones.risks(self._day)
        tails = [self._tail(risk) for risk in range(len(RISKS))]
        end = f'_{self._day.date}","geometry":' if self._dated else '","geometry":'
        middle = end.encode()
        for row in rows.tolist():
            head, properties = heads[row]
            yield head + middle + shapes[row] + properties + tails[risks[row]]

    def ids(self, rows: NDArray[np.intp]) -> list[str]:
        """Ids of some of them."""
        codes = self._areas.columns["code"].values[rows]
        return [f"{code}_{self._day.date}" if self._dated else str(code) for code in codes]

    def table(self, rows: NDArray[np.intp]) -> list[dict[str, object]]:
        """Write some of them out for people."""
        return [json.loads(text)["properties"] for text in self.write(rows, CRS84)]

    def _tail(self, risk: int) -> bytes:
        said = {
            "risk": risk,
            "colour": _COLOURS[risk],
            "date": self._day.date.isoformat(),
            "rule": self._day.rule,
            "run": self._day.run,
        }
        return f"{json.dumps(said)[1:]}}}".encode()


class Zones:
    """Zones of one level."""

    geometry = "geometry-polygon-or-multipolygon"

    def __init__(self, city: City, drawn: Drawn, level: Level) -> None:
        self._city = city
        self._drawn = drawn
        self.level: Level | None = level
        self._level: Level = level
        self.id = f"zones-{level}"
        self.title = _NAMES[level]
        self.about = _ABOUT
        self.properties = _properties(level)
        self._offered = lru_cache(maxsize=1)(self._read_days)
        self._areas = lru_cache(maxsize=4)(self._load_areas)
        self.risks = lru_cache(maxsize=512)(self._read_risks)

    def version(self) -> str:
        """Which runs stand published."""
        return str(publications(self._city.store))

    def parts(self, days: Days | None, *, dated: bool) -> Sequence[_Part]:
        """Zones of some days; of the newest where none are asked for."""
        offered = self._offered(publications(self._city.store))
        chosen = offered[-1:] if days is None else [one for one in offered if days.holds(one.date)]
        return [_Part(self._areas(day.boundaries), day, self, dated=dated) for day in chosen]

    def find(self, feature: str) -> Found:
        """One zone: a code for the newest day, ``code_2021-07-15`` for that day."""
        dated = _DATED.fullmatch(feature)
        day = None if dated is None else read_day(dated[2])
        code = feature if dated is None or day is None else dated[1]
        for part in self.parts(None if day is None else Days(day, day), dated=day is not None):
            row = self._areas(part._day.boundaries).row_of.get(code)  # noqa: SLF001
            if row is not None:
                return Found(part, row)
        raise NotFoundError(
            "no-feature",
            "There is no such zone here. A feature's id is an area's code for the newest day, like "
            "33.74.06.1010, or that and a published day, like 33.74.06.1010_2021-07-15.",
            indonesian="Tidak ada zona itu. Id suatu fitur ialah kode wilayah untuk hari terbaru, "
            "seperti 33.74.06.1010, atau kode dan hari terbit, seperti 33.74.06.1010_2021-07-15.",
        )

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the city."""
        west, south, east, north = self._city.boundaries("kota").total_bounds.tolist()
        return west, south, east, north

    def span(self) -> Days | None:
        """From the first to the last published day."""
        offered = self._offered(publications(self._city.store))
        return Days(offered[0].date, offered[-1].date) if offered else None

    def _read_days(self, publications: int) -> list[_Day]:  # noqa: ARG002
        found = days_in(self._city.store, Span())
        rows = zip(*(found[name] for name in _Day._fields), strict=True)
        return [_Day(pd.Timestamp(row[0]).date(), *row[1:]) for row in rows]

    def _load_areas(self, version: str) -> _Areas:
        ground = self._city.ground_of(version)
        encoded = self._drawn.areas(ground, self._level)
        return _Areas(ground.boundaries, self._level, encoded)

    def _read_risks(self, day: _Day) -> NDArray[np.uint8]:
        return self._areas(day.boundaries).colours.of_run(self._city.store, day.run)


def _plain(column: Column, count: int) -> list[Any]:
    values: NDArray[Any] = np.full(count, None, dtype=object)
    np.copyto(values, column.values, where=column.known, casting="unsafe")
    return list(values.tolist())


def _properties(level: Level) -> tuple[Property, ...]:
    inherited = []
    for one in reversed(LEVELS[1 : LEVELS.index(level)]):
        inherited.append(Property(one, "text", Bilingual(f"Kode {one}", f"Code of the {one}")))
        if one != "rw":
            said = Bilingual(f"Nama {one}", f"Name of the {one}")
            inherited.append(Property(f"{one}_name", "text", said))
    return (
        Property("code", "text", Bilingual("Kode wilayah", "Code of the area")),
        Property("name", "text", Bilingual("Nama", "Name")),
        Property("level", "text", Bilingual("Tingkat", "Level"), (level,)),
        Property("parent", "text", Bilingual("Kode wilayah induk", "Code of the area it lies in")),
        *inherited,
        Property("risk", "number", Bilingual("Risiko", "Risk"), tuple(range(len(RISKS)))),
        Property("colour", "text", Bilingual("Warna", "Colour"), tuple(_COLOURS.tolist())),
        Property("date", "day", Bilingual("Tanggal", "Day")),
        Property("rule", "text", Bilingual("Aturan", "Id of the rule it was judged by")),
        Property("run", "text", Bilingual("Hitungan", "Id of the computation")),
    )
