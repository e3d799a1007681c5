"""Zones of one level as a collection: the newest published day, or the days asked for."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from api.geojson.encoded import FeatureCache
from api.ogc.columns import Property
from api.ogc.cql import Test
from api.ogc.crs import CRS84, Crs
from api.ogc.features.areas import Areas, OfEveryRisk
from api.ogc.features.collection import Found
from api.ogc.times import read_day
from geodata.areas import LEVELS, Level
from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from geodata.language import Bilingual
from zoning.caching import Key
from zoning.phrases import no_rt_city
from zoning.placing.indexed_boundaries import ground_key
from zoning.public.city import PublicCity
from zoning.public.source import KnownDays
from zoning.risk import Classes

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
_DAYS_AT_ONCE: Final = 64
_BYTES_A_DAY: Final = 300
_DATED: Final = re.compile(r"(.+)_(\d{4}-\d{2}-\d{2})")


class _Day(NamedTuple):
    date: date
    run: str
    boundaries: str
    rule: str
    beside: tuple[str, ...]
    """Runs of days around it on the same boundaries, its own among them."""


class _Part:
    """Zones of one day."""

    def __init__(self, areas: Areas, day: _Day, zones: "Zones", *, dated: bool) -> None:
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

    @property
    def features(self) -> OfEveryRisk:
        """Them as a filter takes them."""
        of = self._day.date, self._day.rule, self._day.run
        return OfEveryRisk(self._areas, self._zones.classes, of)

    def kept(self, test: Test) -> NDArray[np.bool_]:
        """Which of them a filter keeps.

        What it says of a zone of each risk is the same on every day, but for what it says of the
        day itself: found once, and of each zone the answer for its own risk is taken.
        """
        said = test.keeps(self.features)
        found: NDArray[np.bool_] = np.choose(self._zones.risks(self._day), said)
        return found

    def write(self, rows: NDArray[np.intp], crs: Crs) -> Iterator[bytes]:
        """Write some of them as GeoJSON."""
        heads, shapes = self._areas.heads, self.shapes.encoded(crs)
        risks = self._zones.risks(self._day)
        tails = [self._tail(risk) for risk in range(len(self._zones.classes))]
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
            "colour": self._zones.classes[risk].name.id,
            "date": self._day.date.isoformat(),
            "rule": self._day.rule,
            "run": self._day.run,
        }
        return f"{json.dumps(said)[1:]}}}".encode()


class Zones:
    """Zones of one level."""

    geometry = "geometry-polygon-or-multipolygon"

    def __init__(self, city: PublicCity, drawn: FeatureCache, level: Level) -> None:
        self._city = city
        self._drawn = drawn
        self.level: Level | None = level
        self._level: Level = level
        self.id = f"zones-{level}"
        self.title = _NAMES[level]
        self.classes = city.rules.classes
        self.properties = _properties(level, self.classes)
        self._cache = city.cache

    @property
    def about(self) -> Bilingual:
        """What is said of it; where the smallest zones are no RT, that the law means RT."""
        zone = self._city.smallest_zone()
        if zone == "rt":
            return _ABOUT
        more = no_rt_city(zone)
        return Bilingual(f"{_ABOUT.id} {more.id}", f"{_ABOUT.en} {more.en}")

    def version(self) -> str:
        """Which runs stand published."""
        return str(self._city.stamp().publications)

    def last_change(self) -> datetime | None:
        """When anything was last published."""
        return self._city.stamp().last

    def parts(
        self, days: DayRange | None, known_at: datetime | None, *, dated: bool
    ) -> Sequence[_Part]:
        """Zones of some days; of the newest where none are asked for."""
        offered = self._offered(known_at or self.last_change())
        chosen = offered[-1:] if days is None else [one for one in offered if days.holds(one.date)]
        # Once for all days: what is larger than the cache would else be made for each of them.
        areas = {version: self._areas(version) for version in {day.boundaries for day in chosen}}
        return [_Part(areas[day.boundaries], day, self, dated=dated) for day in chosen]

    def find(self, feature: str) -> Found:
        """One zone: a code for the newest day, ``code_2021-07-15`` for that day."""
        dated = _DATED.fullmatch(feature)
        day = None if dated is None else read_day(dated[2])
        code = feature if dated is None or day is None else dated[1]
        days = None if day is None else DayRange(day, day)
        for part in self.parts(days, None, dated=day is not None):
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

    def span(self) -> DayRange | None:
        """From the first to the last published day."""
        offered = self._offered(self.last_change())
        return DayRange(offered[0].date, offered[-1].date) if offered else None

    def _offered(self, known_at: datetime | None) -> list[_Day]:
        return self._cache.get_or_build(
            ("published days", known_at),  # the same for every level
            lambda: self._read_days(known_at),
            lambda days: len(days) * _BYTES_A_DAY,
        )

    def _read_days(self, known_at: datetime | None) -> list[_Day]:
        found = self._city.published_runs(KnownDays(known_at=known_at))
        return sorted(_with_those_beside(found))

    def _areas(self, version: str) -> Areas:
        key = "zone columns", version, self._level
        return self._cache.get_or_build(
            key,
            lambda: self._load_areas(version, key),
            lambda areas: areas.nbytes,
            part_of=ground_key(version),
        )

    def _load_areas(self, version: str, key: Key) -> Areas:
        ground = self._city.ground_of(version)

        def encoded() -> list[bytes]:
            # Asked for anew each time: the cache alone holds it.
            return self._drawn.areas(self._city.ground_of(version), self._level).geometries

        return Areas(ground.boundaries, self._level, encoded, self._cache, key)

    def risks(self, day: _Day) -> NDArray[np.uint8]:
        """A byte for every zone; those of the days around it are read with it, and kept."""
        held = self._cache.get_or_build(
            ("zone risks", day.boundaries, self._level, day.beside),
            lambda: self._city.risks_of_runs(day.boundaries, self._level, day.beside),
            lambda risks: risks.nbytes,
        )
        found: NDArray[np.uint8] = held[day.beside.index(day.run)]
        return found


def _with_those_beside(days: pd.DataFrame) -> Iterator[_Day]:
    for _, alike in days.groupby("boundaries"):
        for start in range(0, len(alike), _DAYS_AT_ONCE):
            some = alike.iloc[start : start + _DAYS_AT_ONCE]
            beside = tuple(some["run"])
            said = (some[name] for name in ("date", "run", "boundaries", "rule"))
            for moment, run, version, rule in zip(*said, strict=True):
                yield _Day(pd.Timestamp(moment).date(), run, version, rule, beside)


def _levels(level: Level) -> tuple[Level, ...]:
    """Levels that zones of a level may have: RW and dusun stand for RT where none are drawn."""
    return ("rt", "rw") if level == "rt" else (level,)


def _properties(level: Level, classes: Classes) -> tuple[Property, ...]:
    inherited = []
    names = tuple(one.name.id for one in classes)
    for one in reversed(LEVELS[1 : LEVELS.index(level)]):
        inherited.append(Property(one, "text", Bilingual(f"Kode {one}", f"Code of the {one}")))
        if one != "rw":
            said = Bilingual(f"Nama {one}", f"Name of the {one}")
            inherited.append(Property(f"{one}_name", "text", said))
    return (
        Property("code", "text", Bilingual("Kode wilayah", "Code of the area")),
        Property("name", "text", Bilingual("Nama", "Name")),
        Property("level", "text", Bilingual("Tingkat", "Level"), _levels(level)),
        Property("parent", "text", Bilingual("Kode wilayah induk", "Code of the area it lies in")),
        *inherited,
        Property("risk", "number", Bilingual("Risiko", "Risk"), tuple(range(len(classes)))),
        Property("colour", "text", Bilingual("Warna", "Colour"), names),
        Property("date", "day", Bilingual("Tanggal", "Day")),
        Property("rule", "text", Bilingual("Aturan", "Id of the rule it was judged by")),
        Property("run", "text", Bilingual("Hitungan", "Public id of the run")),
    )
