"""Queries of a collection, and the selection of the features of a page."""

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
from api.ogc.cql import Filter, FilterEvaluator, read_filter
from api.ogc.crs import CRS84, Crs, find_crs
from api.ogc.features.collection import GEOMETRY, Collection, FeatureSet, find_property
from api.ogc.parameters import (
    DEFAULT_LIMIT,
    LARGEST_LIMIT,
    LARGEST_OFFSET,
    read_box,
    read_whole,
)
from api.ogc.shapes import Box
from api.ogc.times import read_day, read_days, read_moment
from geodata import clock
from geodata.calendar import ALL_DAYS, DayRange
from geodata.errors import InputError

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
MAX_COST: Final = 2_000_000
"""Estimated microseconds of a core for one filter; see `api.ogc.cql.cost_estimate`."""
_MAX_COUNTS: Final = 20_000
"""Cached numbers of matches, each with the hash of its query: about 6 MB."""
_NUMBER: Final = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")


class Query(NamedTuple):
    """A query of a collection, as the parameters of a request define it."""

    collection: Collection
    days: DayRange | None
    bbox: Box | None
    bbox_plane: str
    cql_filter: Filter | None
    filter_crs: Crs
    crs: Crs
    limit: int
    offset: int
    known_at: datetime | None
    """UTC, without a zone; all pages of a query show the state that was published then."""

    def selection_hash(self) -> bytes:
        """Hash of the box and the filter, which decide the matches of a feature set."""
        tree = None if self.cql_filter is None else self.cql_filter.tree
        selection = json.dumps([self.bbox, self.bbox_plane, self.filter_crs, tree])
        return hashlib.sha256(selection.encode()).digest()


class Page(NamedTuple):
    """The features of one page."""

    matched: int
    """Number of matches on all pages."""
    rows: list[tuple[FeatureSet, NDArray[np.intp]]]

    @property
    def returned(self) -> int:
        """Number of features on the page."""
        return sum(len(rows) for _, rows in self.rows)

    def write(self, crs: Crs) -> Iterator[bytes]:
        """The features as GeoJSON, one text for each."""
        for feature_set, rows in self.rows:
            yield from feature_set.write(rows, crs)


def read_query(
    collection: Collection,
    parameters: Mapping[str, str],
    crss: dict[str, Crs],
    timezone: ZoneInfo,
    *,
    limit: int | None,
) -> Query:
    """Read a query from the parameters of a request.

    Parameters
    ----------
    timezone
        Time zone of the city.
    limit
        Default number of features on a page.

    Raises
    ------
    InputError
        If a parameter is malformed.
    """
    bbox_crs = find_crs(parameters.get("bbox-crs", CRS84.uri), crss, "bbox-crs")
    bbox, days, known_at = (parameters.get(name) for name in ("bbox", "datetime", "known_at"))
    return Query(
        collection,
        None if days is None else read_days(days, timezone),
        None if bbox is None else read_box(bbox, bbox_crs),
        bbox_crs.plane,
        _read_filters(collection, parameters),
        find_crs(parameters.get("filter-crs", CRS84.uri), crss, "filter-crs"),
        find_crs(parameters.get("crs", CRS84.uri), crss, "crs"),
        read_whole(parameters, "limit", limit or DEFAULT_LIMIT, 1, LARGEST_LIMIT),
        read_whole(parameters, "offset", 0, 0, LARGEST_OFFSET),
        collection.last_change() if known_at is None else _read_known_at(known_at),
    )


class FeatureSelector:
    """Selects the features of a page, and caches the numbers of matches. Thread-safe."""

    def __init__(self) -> None:
        self._counts: dict[tuple[Hashable, bytes], int] = {}

    def page(self, query: Query) -> Page:
        """The features of a page, and the number of matches on all pages.

        Feature sets outside the page are only counted, and counted once.

        Raises
        ------
        InputError
            ``too-much-asked`` if the filter would take too long.
        """
        feature_sets = _feature_sets(query)
        evaluator = _make_evaluator(query, feature_sets)
        selection = query.selection_hash()
        start, end = 0, query.offset + query.limit
        page_rows = []
        for feature_set in feature_sets:
            count = self._counts.get((feature_set.key, selection))
            if count is None or (start < end and start + count > query.offset):
                rows = _matching_rows(feature_set, query, evaluator)
                count = self._store_count((feature_set.key, selection), len(rows))
                rows = rows[max(0, query.offset - start) : max(0, end - start)]
                page_rows += [(feature_set, rows)] if len(rows) else []
            start += count
        return Page(start, page_rows)

    def _store_count(self, key: tuple[Hashable, bytes], count: int) -> int:
        if len(self._counts) >= _MAX_COUNTS:
            self._counts.clear()
        self._counts[key] = count
        return count


def _feature_sets(query: Query) -> Sequence[FeatureSet]:
    days = query.days
    if days is None and query.cql_filter is not None and "date" in query.cql_filter.names:
        # A filter by date needs all days: most dates match nothing on the newest day.
        days = ALL_DAYS
    return query.collection.feature_sets(days, query.known_at, dated=days is not None)


def _make_evaluator(query: Query, feature_sets: Sequence[FeatureSet]) -> FilterEvaluator | None:
    if query.cql_filter is None:
        return None
    evaluator = FilterEvaluator(query.cql_filter, query.filter_crs)
    if evaluator.cost(feature_set.features for feature_set in feature_sets) > MAX_COST:
        raise InputError(
            "too-much-asked",
            "That filter would take too long. Ask for fewer days with datetime, like "
            "2021-07-01/2021-07-31, or shorten the filter: first of all its spatial functions, "
            "CASEI and ACCENTI.",
            indonesian="Saringan itu terlalu lama dihitung. Mintalah lebih sedikit hari dengan "
            "datetime, seperti 2021-07-01/2021-07-31, atau pendekkan saringannya, terutama fungsi "
            "spasial, CASEI dan ACCENTI.",
        )
    return evaluator


def _matching_rows(
    feature_set: FeatureSet, query: Query, evaluator: FilterEvaluator | None
) -> NDArray[np.intp]:
    rows = np.arange(len(feature_set), dtype=np.intp)
    if query.bbox is not None:
        rows = feature_set.shapes.intersecting_rows(query.bbox, query.bbox_plane)
    if evaluator is not None:
        rows = rows[feature_set.matches(evaluator)[rows]]
    return rows


def _read_filters(collection: Collection, parameters: Mapping[str, str]) -> Filter | None:
    """The parameter ``filter`` and the parameters of properties as one filter."""
    language = parameters.get("filter-lang", LANGUAGES[0])
    if language not in LANGUAGES:
        raise InputError(
            "invalid-parameter",
            f"filter-lang: Write one of {', '.join(LANGUAGES)}.",
            indonesian=f"filter-lang: Tulis salah satu dari {', '.join(LANGUAGES)}.",
        )
    trees: list[Any] = []
    if "filter" in parameters:
        trees.append(read_filter(parameters["filter"], language).tree)
    trees += [
        {"op": "=", "args": [{"property": prop.name}, _read_value(prop, parameters[prop.name])]}
        for prop in collection.properties
        if prop.name in parameters
    ]
    if not trees:
        return None
    cql_filter = Filter.of(trees[0] if len(trees) == 1 else {"op": "and", "args": trees})
    names = ", ".join([*(prop.name for prop in collection.properties), GEOMETRY])
    for name in sorted(cql_filter.names):
        if name != GEOMETRY and find_property(collection, name) is None:
            raise InputError(
                "invalid-filter",
                f"filter: A property does not exist. The properties are: {names}.",
                indonesian=f"filter: Sebuah kolom tidak ada. Kolom yang ada: {names}.",
            )
    return cql_filter


def _read_known_at(text: str) -> datetime:
    try:
        # A plus sign that was not encoded arrives as a space.
        return clock.read_moment(text.replace(" ", "+"))
    except InputError as error:
        raise InputError(
            "invalid-parameter",
            f"known_at: {error.message}",
            indonesian=f"known_at: {error.indonesian}",
        ) from None


def _read_value(prop: Property, text: str) -> float | str:
    """The value of a property parameter; the filter reads days and moments from their texts."""
    if prop.kind == "number":
        if not _NUMBER.fullmatch(text) or not math.isfinite(float(text)):
            raise InputError(
                "invalid-parameter",
                f"{prop.name}: Write a number.",
                indonesian=f"{prop.name}: Tulis bilangan.",
            )
        return float(text)
    if prop.kind == "day" and read_day(text) is None:
        raise InputError(
            "invalid-parameter",
            f"{prop.name}: Write a day, like 2021-07-15.",
            indonesian=f"{prop.name}: Tulis hari, seperti 2021-07-15.",
        )
    if prop.kind == "moment" and read_moment(text) is None:
        raise InputError(
            "invalid-parameter",
            f"{prop.name}: Write a moment, like 2021-07-15T00:00:00Z.",
            indonesian=f"{prop.name}: Tulis saat, seperti 2021-07-15T00:00:00Z.",
        )
    return text
