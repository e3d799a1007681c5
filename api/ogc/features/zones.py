"""A collection of the zones of one level, on the newest published day or on other days."""

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
from api.ogc.cql import FilterEvaluator
from api.ogc.crs import CRS84, Crs
from api.ogc.features.areas import AreaColumns, ZonesByRisk
from api.ogc.features.collection import FeatureRow
from api.ogc.times import read_day
from geodata.areas import LEVELS, Level
from geodata.calendar import DayRange
from geodata.errors import NotFoundError
from geodata.language import Bilingual
from zoning.caching import Key
from zoning.phrases import no_rt_city_remark
from zoning.placing.indexed_boundaries import boundaries_key
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
    "The colour of every area on the newest published day; other days with datetime. Above the RT: "
    "the highest colour of its RT.",
)
_BATCH_DAYS: Final = 64
_BYTES_PER_DAY: Final = 300
_DATED_ID: Final = re.compile(r"(.+)_(\d{4}-\d{2}-\d{2})")


class _Day(NamedTuple):
    date: date
    run: str
    boundaries: str
    rule: str
    batch: tuple[str, ...]
    """Runs of neighbouring days on the same boundaries, this run included: read together."""


class _ZoneSet:
    """The zones of one day as a feature set."""

    def __init__(self, areas: AreaColumns, day: _Day, zones: "Zones", *, dated: bool) -> None:
        self._areas = areas
        self.shapes = areas.shapes
        self._day = day
        self._zones = zones
        self._dated = dated

    def __len__(self) -> int:
        return len(self._areas)

    @property
    def row_by_code(self) -> dict[str, int]:
        """Row numbers by code."""
        return self._areas.row_by_code

    @property
    def key(self) -> tuple[str, str]:
        """Equal for equal zones."""
        return self._zones.id, self._day.run

    @property
    def features(self) -> ZonesByRisk:
        """The zones for a filter: once for every possible risk."""
        run = self._day.date, self._day.rule, self._day.run
        return ZonesByRisk(self._areas, self._zones.classes, run)

    def matches(self, evaluator: FilterEvaluator) -> NDArray[np.bool_]:
        """Which zones match a filter.

        The evaluator tests a zone with every possible risk, because these results are the same on
        all days except for conditions on the day. Each zone takes the result of its own risk.
        """
        matches_by_risk = evaluator.matches(self.features)
        matches: NDArray[np.bool_] = np.choose(self._zones.risks(self._day), matches_by_risk)
        return matches

    def write(self, rows: NDArray[np.intp], crs: Crs) -> Iterator[bytes]:
        """Some zones as GeoJSON, one text for each."""
        heads, shapes = self._areas.heads, self.shapes.encoded(crs)
        risks = self._zones.risks(self._day)
        tails = [self._tail(risk) for risk in range(len(self._zones.classes))]
        id_end = f"_{self._day.date}" if self._dated else ""
        middle = f'{id_end}","geometry":'.encode()
        for row in rows.tolist():
            head, properties = heads[row]
            yield head + middle + shapes[row] + properties + tails[risks[row]]

    def ids(self, rows: NDArray[np.intp]) -> list[str]:
        """Ids of some zones."""
        codes = self._areas.columns["code"].values[rows]
        return [f"{code}_{self._day.date}" if self._dated else str(code) for code in codes]

    def table(self, rows: NDArray[np.intp]) -> list[dict[str, object]]:
        """Properties of some zones."""
        return [json.loads(text)["properties"] for text in self.write(rows, CRS84)]

    def _tail(self, risk: int) -> bytes:
        values = {
            "risk": risk,
            "colour": self._zones.classes[risk].name.id,
            "date": self._day.date.isoformat(),
            "rule": self._day.rule,
            "run": self._day.run,
        }
        return f"{json.dumps(values)[1:]}}}".encode()


class Zones:
    """The collection of the zones of one level."""

    geometry = "geometry-polygon-or-multipolygon"

    def __init__(self, city: PublicCity, features: FeatureCache, level: Level) -> None:
        self._city = city
        self._features = features
        self.level: Level | None = level
        self._level: Level = level
        self.id = f"zones-{level}"
        self.title = _NAMES[level]
        self.classes = city.rules.classes
        self.properties = _properties(level, self.classes)
        self._cache = city.cache

    @property
    def about(self) -> Bilingual:
        """Description of the collection, with a note if the smallest zones are no RT."""
        zone = self._city.smallest_zone()
        if zone == "rt":
            return _ABOUT
        note = no_rt_city_remark(zone)
        return Bilingual(f"{_ABOUT.id} {note.id}", f"{_ABOUT.en} {note.en}")

    def version(self) -> str:
        """Cache key: changes with every publication."""
        return str(self._city.stamp().publications)

    def last_change(self) -> datetime | None:
        """Moment of the last publication."""
        return self._city.stamp().last

    def feature_sets(
        self, days: DayRange | None, known_at: datetime | None, *, dated: bool
    ) -> Sequence[_ZoneSet]:
        """The zones of some days; of the newest day without a range."""
        published = self._published_days(known_at or self.last_change())
        if days is None:
            selected = published[-1:]
        else:
            selected = [day for day in published if days.holds(day.date)]
        # Load each version once: areas larger than the cache would be loaded again for every day.
        areas = {version: self._areas(version) for version in {day.boundaries for day in selected}}
        return [_ZoneSet(areas[day.boundaries], day, self, dated=dated) for day in selected]

    def find(self, feature: str) -> FeatureRow:
        """The zone of an id: a code for the newest day, ``code_2021-07-15`` for another day."""
        match = _DATED_ID.fullmatch(feature)
        day = None if match is None else read_day(match[2])
        code = feature if match is None or day is None else match[1]
        days = None if day is None else DayRange(day, day)
        for zone_set in self.feature_sets(days, None, dated=day is not None):
            row = zone_set.row_by_code.get(code)
            if row is not None:
                return FeatureRow(zone_set, row)
        raise NotFoundError(
            "no-feature",
            "No zone has that id. An id is the code of an area for the newest day, like "
            "33.74.06.1010, or a code and a published day, like 33.74.06.1010_2021-07-15.",
            indonesian="Tidak ada zona dengan id itu. Id ialah kode wilayah untuk hari terbaru, "
            "seperti 33.74.06.1010, atau kode dan hari terbit, seperti 33.74.06.1010_2021-07-15.",
        )

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the city."""
        west, south, east, north = self._city.boundaries("kota").total_bounds.tolist()
        return west, south, east, north

    def day_range(self) -> DayRange | None:
        """From the first to the last published day."""
        days = self._published_days(self.last_change())
        return DayRange(days[0].date, days[-1].date) if days else None

    def _published_days(self, known_at: datetime | None) -> list[_Day]:
        return self._cache.get_or_build(
            ("published days", known_at),  # shared by all levels
            lambda: self._read_days(known_at),
            lambda days: len(days) * _BYTES_PER_DAY,
        )

    def _read_days(self, known_at: datetime | None) -> list[_Day]:
        runs = self._city.published_runs(KnownDays(known_at=known_at))
        return sorted(_days_in_batches(runs))

    def _areas(self, version: str) -> AreaColumns:
        key = "zone columns", version, self._level
        return self._cache.get_or_build(
            key,
            lambda: self._load_areas(version, key),
            lambda areas: areas.nbytes,
            part_of=boundaries_key(version),
        )

    def _load_areas(self, version: str, key: Key) -> AreaColumns:
        indexed = self._city.ground_of(version)

        def encode() -> list[bytes]:
            # No reference to the features: only the cache holds them, and may drop them.
            return self._features.areas(self._city.ground_of(version), self._level).geometries

        return AreaColumns(indexed.boundaries, self._level, encode, self._cache, key)

    def risks(self, day: _Day) -> NDArray[np.uint8]:
        """Risk of every zone on a day; a batch of days is read and cached together."""
        risks_by_run = self._cache.get_or_build(
            ("zone risks", day.boundaries, self._level, day.batch),
            lambda: self._city.risks_by_run(day.boundaries, self._level, day.batch),
            lambda risks: risks.nbytes,
        )
        risks: NDArray[np.uint8] = risks_by_run[day.batch.index(day.run)]
        return risks


def _days_in_batches(runs: pd.DataFrame) -> Iterator[_Day]:
    for _, same_boundaries in runs.groupby("boundaries"):
        for start in range(0, len(same_boundaries), _BATCH_DAYS):
            rows = same_boundaries.iloc[start : start + _BATCH_DAYS]
            batch = tuple(rows["run"])
            columns = (rows[name] for name in ("date", "run", "boundaries", "rule"))
            for day, run, version, rule in zip(*columns, strict=True):
                yield _Day(pd.Timestamp(day).date(), run, version, rule, batch)


def _levels(level: Level) -> tuple[Level, ...]:
    """Levels that zones of a level may have: RW and dusun replace RT where a city has no RT."""
    return ("rt", "rw") if level == "rt" else (level,)


def _properties(level: Level, classes: Classes) -> tuple[Property, ...]:
    inherited = []
    colours = tuple(cls.name.id for cls in classes)
    for upper in reversed(LEVELS[1 : LEVELS.index(level)]):
        title = Bilingual(f"Kode {upper}", f"Code of the {upper}")
        inherited.append(Property(upper, "text", title))
        if upper != "rw":
            title = Bilingual(f"Nama {upper}", f"Name of the {upper}")
            inherited.append(Property(f"{upper}_name", "text", title))
    return (
        Property("code", "text", Bilingual("Kode wilayah", "Code of the area")),
        Property("name", "text", Bilingual("Nama", "Name")),
        Property("level", "text", Bilingual("Tingkat", "Level"), _levels(level)),
        Property("parent", "text", Bilingual("Kode wilayah induk", "Code of the parent area")),
        *inherited,
        Property("risk", "number", Bilingual("Risiko", "Risk"), tuple(range(len(classes)))),
        Property("colour", "text", Bilingual("Warna", "Colour"), colours),
        Property("date", "day", Bilingual("Tanggal", "Day")),
        Property("rule", "text", Bilingual("Aturan", "Id of the rule")),
        Property("run", "text", Bilingual("Hitungan", "Public id of the run")),
    )
