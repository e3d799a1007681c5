"""Which features are meant, and which of them are on a page; no more is made than is sent."""

import hashlib
import json
import math
import re
from collections.abc import Hashable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from api.ogc.columns import Property
from api.ogc.cql import Filter, Test, read_filter
from api.ogc.crs import CRS84, Crs, find
from api.ogc.features.collection import GEOMETRY, Collection, Part, named
from api.ogc.parameters import DEFAULT_LIMIT, LARGEST_LIMIT, LARGEST_OFFSET, box, whole
from api.ogc.shapes import Box
from api.ogc.times import read_day, read_days, read_moment
from geodata import clock
from geodata.calendar import ALL_DAYS, DayRange
from geodata.errors import InputError
from geodata.language import Bilingual

PARAMETERS: Final = (
    "limit",
    "offset",
    "bbox",
    "bbox-crs",
    "datetime",
    "crs",
    "filter",
    "filter-lang",
    "filter-crs",
    "known_at",
)
LANGUAGES: Final = ("cql2-text", "cql2-json")
MOST_WORK: Final = 2_000_000
"""Microseconds of a core for one filter, about; see `api.ogc.cql.cost_estimate`."""
_COUNTS_KEPT: Final = 20_000
"""Numbers, each with the hash of its question: some 6 MB."""
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_WANTED: Final = {
    "number": Bilingual("Tulis bilangan.", "A number is wanted."),
    "day": Bilingual("Tulis hari, seperti 2021-07-15.", "A day is wanted, like 2021-07-15."),
    "moment": Bilingual(
        "Tulis saat, seperti 2021-07-15T00:00:00Z.",
        "A moment is wanted, like 2021-07-15T00:00:00Z.",
    ),
}


class Query(NamedTuple):
    """The query to a collection."""

    collection: Collection
    days: DayRange | None
    bbox: Box | None
    bbox_plane: str
    chosen: Filter | None
    filter_crs: Crs
    crs: Crs
    limit: int
    offset: int
    known_at: datetime | None
    """UTC, without a zone; every page of one question is as it stood published then."""

    def selects(self) -> bytes:
        """Hash of what decides which features match; small, for it is remembered."""
        tree = None if self.chosen is None else self.chosen.tree
        said = json.dumps([self.bbox, self.bbox_plane, self.filter_crs, tree])
        return hashlib.sha256(said.encode()).digest()


class Page(NamedTuple):
    """The features of one page."""

    matched: int
    rows: list[tuple[Part, NDArray[np.intp]]]

    @property
    def returned(self) -> int:
        """How many there are on it."""
        return sum(len(rows) for _, rows in self.rows)

    def write(self, crs: Crs) -> Iterator[bytes]:
        """Write its features as GeoJSON."""
        for part, rows in self.rows:
            yield from part.write(rows, crs)


def read_query(
    collection: Collection,
    given: Mapping[str, str],
    crss: dict[str, Crs],
    timezone: ZoneInfo,
    *,
    limit: int | None,
) -> Query:
    """What the parameters ask for.

    Parameters
    ----------
    timezone
        Time zone of the city.
    limit
        Features on a page where none is said.

    Raises
    ------
    InputError
        If one of them is malformed.
    """
    bbox_crs = find(given.get("bbox-crs", CRS84.uri), crss, "bbox-crs")
    bbox = given.get("bbox")
    return Query(
        collection,
        read_days(given["datetime"], timezone) if "datetime" in given else None,
        None if bbox is None else box(bbox, bbox_crs),
        bbox_crs.plane,
        _filter(collection, given),
        find(given.get("filter-crs", CRS84.uri), crss, "filter-crs"),
        find(given.get("crs", CRS84.uri), crss, "crs"),
        whole(given, "limit", limit or DEFAULT_LIMIT, 1, LARGEST_LIMIT),
        whole(given, "offset", 0, 0, LARGEST_OFFSET),
        _past(given["known_at"]) if "known_at" in given else collection.last_change(),
    )


class Selecting:
    """Finds pages, and remembers how many features match. Safe for many threads."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Hashable, bytes], int] = {}

    def page(self, query: Query) -> Page:
        """The features of a page, and how many match on all pages together.

        Raises
        ------
        InputError
            ``too-much-asked`` where the filter would take too long.
        """
        parts = _parts(query)
        test = None if query.chosen is None else _affordable(query.chosen, query.filter_crs, parts)
        selects = query.selects()
        start, end = 0, query.offset + query.limit
        found = []
        for part in parts:
            count = self._counts.get((part.key, selects))
            if count is None or (start < end and start + count > query.offset):
                rows = _rows(part, query, test)
                count = self._remember((part.key, selects), len(rows))
                on_page = rows[max(0, query.offset - start) : max(0, end - start)]
                found += [(part, on_page)] if len(on_page) else []
            start += count
        return Page(start, found)

    def _remember(self, key: tuple[Hashable, bytes], count: int) -> int:
        if len(self._counts) >= _COUNTS_KEPT:
            self._counts.clear()
        self._counts[key] = count
        return count


def _parts(query: Query) -> Sequence[Part]:
    days = query.days
    if days is None and query.chosen is not None and "date" in query.chosen.names:
        # Who filters by date means days; of the newest alone most would be empty.
        days = ALL_DAYS
    return query.collection.parts(days, query.known_at, dated=days is not None)


def _affordable(chosen: Filter, crs: Crs, parts: Sequence[Part]) -> Test:
    test = Test(chosen, crs)
    if test.work(part.features for part in parts) > MOST_WORK:
        raise InputError(
            "too-much-asked",
            "That filter would take too long. Ask for fewer days by datetime, like "
            "2021-07-01/2021-07-31, or for less in the filter: fewer spatial functions, CASEI and "
            "ACCENTI above all.",
            indonesian="Saringan itu terlalu lama dihitung. Mintalah lebih sedikit hari dengan "
            "datetime, seperti 2021-07-01/2021-07-31, atau pendekkan saringannya, terutama fungsi "
            "ruang, CASEI, dan ACCENTI.",
        )
    return test


def _rows(part: Part, query: Query, test: Test | None) -> NDArray[np.intp]:
    rows = np.arange(len(part), dtype=np.intp)
    if query.bbox is not None:
        rows = part.shapes.meeting(query.bbox, query.bbox_plane)
    if test is not None:
        rows = rows[part.kept(test)[rows]]
    return rows


def _filter(collection: Collection, given: Mapping[str, str]) -> Filter | None:
    language = given.get("filter-lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise InputError(
            "invalid-parameter",
            f"filter-lang: One of {', '.join(LANGUAGES)}.",
            indonesian=f"filter-lang: Salah satu dari {', '.join(LANGUAGES)}.",
        )
    trees: list[Any] = []
    if "filter" in given:
        trees.append(read_filter(given["filter"], language).tree)
    trees += [
        {"op": "=", "args": [{"property": one.name}, _value(one, given[one.name])]}
        for one in collection.properties
        if one.name in given
    ]
    if not trees:
        return None
    found = Filter.of(trees[0] if len(trees) == 1 else {"op": "and", "args": trees})
    every = ", ".join([*(one.name for one in collection.properties), GEOMETRY])
    for name in sorted(found.names):
        if name != GEOMETRY and named(collection, name) is None:
            raise InputError(
                "invalid-filter",
                f"filter: There is no such property here. There are: {every}.",
                indonesian=f"filter: Tidak ada kolom itu. Yang ada: {every}.",
            )
    return found


def _past(text: str) -> datetime:
    try:
        # A plus sign that was not encoded arrives as a space.
        return clock.read_moment(text.replace(" ", "+"))
    except InputError as error:
        raise InputError(
            "invalid-parameter",
            f"known_at: {error.message}",
            indonesian=f"known_at: {error.indonesian}",
        ) from None


def _value(wanted: Property, text: str) -> float | str:
    """What a property is to be equal to; days and moments are read again with the filter."""
    if wanted.kind == "number" and _NUMBER.fullmatch(text) and math.isfinite(float(text)):
        return float(text)
    if wanted.kind in {"text", "truth"}:
        return text
    if wanted.kind == "day" and read_day(text) is not None:
        return text
    if wanted.kind == "moment" and read_moment(text) is not None:
        return text
    sentence = _WANTED.get(wanted.kind, _WANTED["number"])
    raise InputError(
        "invalid-parameter",
        f"{wanted.name}: {sentence.en}",
        indonesian=f"{wanted.name}: {sentence.id}",
    )
