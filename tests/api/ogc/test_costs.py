"""What a filter costs is known before it is evaluated, and what costs too much is not evaluated."""

import json
from collections.abc import Hashable, Iterable
from typing import Any

import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry.base import BaseGeometry

from api.ogc.columns import Column, numbers, texts
from api.ogc.cql import Features, read_filter, spatial
from api.ogc.cql import Test as Question
from api.ogc.crs import CRS84
from api.ogc.features import selecting
from tests.api.ogc.schemas import ask, ids, refused

ITEMS = "/collections/zones-rt/items"
RELATIONS = ["contains", "crosses", "disjoint", "equals", "intersects", "overlaps", "touches"]
RELATIONS.append("within")


class Lands:
    """Features with a geometry, a name, and a rule that changes from day to day."""

    static_key: Hashable = "lands"
    per_day_properties = frozenset({"rule"})

    def __init__(self, shapes: Iterable[BaseGeometry | None], rule: str = "first") -> None:
        self._shapes = np.array(list(shapes), dtype=object)
        self._rule = rule
        self.asked: list[str] = []

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self._shapes),)

    def column(self, name: str, plane: str) -> Column:
        assert plane == CRS84.plane
        self.asked.append(name)
        if name == "geometry":
            return Column("shape", self._shapes, ~shapely.is_missing(self._shapes))
        if name == "rule":
            return Column("text", np.array(self._rule, dtype=object), np.array(True))
        if name == "number":
            return numbers(np.arange(len(self._shapes)))
        return texts([f"RT {at}" for at in range(len(self._shapes))])


def question(text: str) -> Question:
    return Question(read_filter(text, "cql2-text"), CRS84)


def work(text: str, lands: Lands) -> float:
    return question(text).work([lands])


# --- A shape beside itself

SHAPES = [
    "POINT (1 1)",
    "MULTIPOINT (0 0, 1 1)",
    "LINESTRING (0 0, 2 0, 2 1)",
    "LINESTRING (0 0, 2 0, 2 2, 0 0)",
    "LINESTRING (0 0, 2 2, 2 0, 0 2)",
    "MULTILINESTRING ((0 0, 1 1), (0 1, 1 0))",
    "POLYGON ((0 0, 4 0, 4 4, 0 0))",
    "POLYGON ((0 0, 9 0, 9 9, 0 9, 0 0), (1 1, 2 1, 2 2, 1 1))",
    "MULTIPOLYGON (((0 0, 1 0, 1 1, 0 0)), ((5 5, 6 5, 6 6, 5 5)))",
    "GEOMETRYCOLLECTION (POINT (0 0), LINESTRING (1 1, 2 2), POLYGON ((3 3, 4 3, 4 4, 3 3)))",
]


@pytest.mark.parametrize("relation", RELATIONS)
def test_how_a_shape_lies_to_itself_is_what_geos_says_and_geos_is_not_asked(
    relation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = shapely.from_wkt(SHAPES)
    said = getattr(shapely, relation)(shapes, shapely.from_wkt(SHAPES)).tolist()
    monkeypatch.setitem(spatial.RELATIONS, f"s_{relation}", None)
    lands = Lands([*shapes, None])
    assert question(f"S_{relation}(geometry, geometry)").keeps(lands).tolist() == [*said, False]
    # Of what is missing the contrary is not known either.
    contrary = question(f"NOT S_{relation}(geometry, geometry)").keeps(lands).tolist()
    assert contrary == [*(not one for one in said), False]


def test_only_shapes_lie_to_themselves(client: TestClient) -> None:
    assert refused(client, ITEMS, filter="S_EQUALS(name, name)") == (400, "invalid-filter")


# --- A shape beside one in the filter

numerals = st.integers(0, 5)
points = st.tuples(numerals, numerals)
shapes = st.one_of(
    points.map(shapely.Point),
    st.lists(points, min_size=2, max_size=5, unique=True).map(shapely.MultiPoint),
    st.lists(points, min_size=2, max_size=6, unique=True).map(shapely.LineString),
    st.lists(points, min_size=3, max_size=5, unique=True).map(shapely.Polygon),
    st.tuples(points, points).map(lambda at: shapely.box(*at[0], at[0][0] + at[1][0] + 1, 6)),
)
held = shapes | st.lists(shapes, min_size=2, max_size=3).map(shapely.GeometryCollection)


# Always the same: that GEOS might disagree with itself somewhere is not for this to find.
@settings(derandomize=True)
@given(
    st.lists(shapes.filter(lambda one: one.is_valid), min_size=1, max_size=8),
    held.filter(lambda one: one.is_valid),
    st.sampled_from(RELATIONS),
)
def test_each_feature_lies_to_a_shape_as_it_does_alone(
    features: list[BaseGeometry], one: BaseGeometry, relation: str
) -> None:
    geos = getattr(shapely, relation)
    text = shapely.to_wkt(one)
    kept = question(f"S_{relation}(geometry, {text})").keeps(Lands(features)).tolist()
    assert kept == [geos(feature, one) for feature in features], text
    turned = question(f"S_{relation}({text}, geometry)").keeps(Lands(features)).tolist()
    assert turned == [geos(one, feature) for feature in features], text


# --- Equal conditions are evaluated once


def test_equal_conditions_are_evaluated_once() -> None:
    lands = Lands(shapely.from_wkt(SHAPES))
    one = "(S_INTERSECTS(geometry, POINT(1 1)) OR name LIKE '%3')"
    question(" AND ".join([one] * 9) + f" OR NOT {one}").keeps(lands)
    assert sorted(lands.asked) == ["geometry", "name"]


def test_what_does_not_change_is_evaluated_once_for_all_days() -> None:
    days = [Lands(shapely.from_wkt(SHAPES), rule) for rule in ("first", "second", "third")]
    asks = question("name LIKE '%1' OR (rule = 'second' AND number > 3)")
    found = [asks.keeps(day).tolist() for day in days]
    rows = range(len(SHAPES))
    assert found[0] == found[2] == [row == 1 for row in rows]
    assert found[1] == [row == 1 or row > 3 for row in rows]
    assert [sorted(day.asked) for day in days] == [["name", "number", "rule"], ["rule"], ["rule"]]


# --- What it costs


def city(side: int = 100) -> Lands:
    """Squares side by side, of 81 vertices each, as RT are."""
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    return Lands(shapely.segmentize(shapely.box(x, y, x + 1, y + 1).ravel(), 0.05))


CITY = city()


def zigzag(count: int) -> str:
    """Across the whole city and through itself."""
    ends = [(at * 37 % 100, at * 61 % 100) for at in range(count)]
    return f"LINESTRING({','.join(f'{x} {y}' for x, y in ends)})"


def comb(count: int) -> str:
    """A polygon with teeth as long as the city, all of them side by side."""
    teeth = [f"{100 * at / count:.2f} {99 if at % 2 else 1}" for at in range(count)]
    return f"POLYGON(({','.join(teeth)},100 0,0 0,{teeth[0]}))"


def heap(count: int) -> str:
    """Squares on top of each other."""
    squares = [shapely.box(at / 9, at / 9, 60 + at / 9, 60 + at / 9) for at in range(count)]
    return shapely.to_wkt(shapely.GeometryCollection(squares), rounding_precision=1)


FAIR = [
    "number = 1",
    "S_INTERSECTS(geometry, BBOX(10,10,60,60))",
    "S_EQUALS(geometry, geometry)",
    " OR ".join(["S_EQUALS(geometry, geometry)", "S_CONTAINS(geometry, geometry)"] * 120),
    " OR ".join(f"S_INTERSECTS(geometry, BBOX({at},0,100,100))" for at in range(90)),
    f"S_INTERSECTS(geometry, {comb(400)})",
    "CASEI(ACCENTI(name)) LIKE '%sari%'",
    f"name IN ({','.join(repr(str(at)) for at in range(900))})",
]
DEAR = [
    " OR ".join(f"S_OVERLAPS(geometry, BBOX(0,0,100,{at}.5))" for at in range(60, 160)),
    f"S_CROSSES(geometry, {zigzag(400)})",
    f"S_WITHIN(geometry, {heap(100)})",
    f"name IN ({','.join(['ACCENTI(name)'] * 500)})",
    " OR ".join(f"ACCENTI(CASEI(ACCENTI(name))) = '{at}'" for at in range(150)),
]


@pytest.mark.parametrize("text", FAIR, ids=lambda text: text[:30])
def test_what_a_gis_may_ask_is_not_too_dear(text: str) -> None:
    assert 0 < work(text, CITY) < selecting.MOST_WORK


@pytest.mark.parametrize("text", DEAR, ids=lambda text: text[:30])
def test_what_would_take_long_is_too_dear(text: str) -> None:
    assert work(text, CITY) > selecting.MOST_WORK
    # It is the number of features that makes it so.
    assert work(text, city(10)) < selecting.MOST_WORK


BOX, LINE = "BBOX(20,20,70,70)", "LINESTRING(1 1, 90 1, 90 95)"


@pytest.mark.parametrize(
    ("less", "more"),
    [
        ("S_WITHIN(geometry, geometry)", f"S_WITHIN(geometry, {BOX})"),
        (f"S_INTERSECTS(geometry, {BOX})", f"S_OVERLAPS(geometry, {BOX})"),
        ("S_TOUCHES(geometry, BBOX(1,1,2,2))", f"S_TOUCHES(geometry, {BOX})"),
        (f"S_CROSSES(geometry, {LINE})", f"S_CROSSES(geometry, {zigzag(3)})"),
        (f"S_INTERSECTS(geometry, {comb(40)})", f"S_INTERSECTS(geometry, {comb(400)})"),
        (f"S_TOUCHES(geometry, {comb(60)})", f"S_TOUCHES(geometry, {zigzag(60)})"),
        ("name LIKE '%a'", f"name LIKE '{'%a' * 300}'"),
        ("name = 'x'", "CASEI(name) = 'x'"),
        ("CASEI(name) = 'x'", "ACCENTI(name) = 'x'"),
        ("name IN ('x', 'y')", "name IN (name, 'x', 'y', 'z', 'a', 'b', 'c', 'd', 'e')"),
        ("number > 3", "number + number > 3"),
        ("name = 'x'", "name = 'x' OR name = 'y'"),
        ("name = 'x'", "NOT name = 'x'"),
    ],
)
def test_what_takes_longer_costs_more(less: str, more: str) -> None:
    assert work(less, CITY) < work(more, CITY)


def test_a_collection_costs_as_much_as_what_is_in_it() -> None:
    boxes = [shapely.box(at, at, at + 9, at + 9) for at in range(0, 90, 30)]
    parts = [shapely.to_wkt(one) for one in boxes]
    together = work(f"S_DISJOINT(geometry, GEOMETRYCOLLECTION({','.join(parts)}))", CITY)
    inner = shapely.geometry.mapping(shapely.GeometryCollection(boxes))
    outer = {"type": "GeometryCollection", "geometries": [inner]}
    tree = {"op": "s_disjoint", "args": [{"property": "geometry"}, outer]}
    deep = Question(read_filter(json.dumps(tree), "cql2-json"), CRS84)
    assert together == pytest.approx(deep.work([CITY]))
    assert together > max(work(f"S_DISJOINT(geometry, {part})", CITY) for part in parts)


def test_clauses_cost_their_sum_and_equal_ones_nothing_more() -> None:
    first, second = (f"S_TOUCHES(geometry, BBOX({at},0,90,90))" for at in (1, 2))
    one, other = work(first, CITY), work(second, CITY)
    assert work(f"{first} OR {second}", CITY) == pytest.approx(one + other, rel=0.01)
    assert work(" OR ".join([first] * 90), CITY) < 1.3 * one


def test_what_changes_costs_again_on_each_day_and_all_else_once() -> None:
    def days(text: str, count: int) -> float:
        return question(text).work([CITY] * count)

    lasting, changing = "ACCENTI(name) = 'x'", "ACCENTI(name) = rule"
    assert days(lasting, 50) < 1.5 * days(lasting, 1)
    assert days(changing, 50) == pytest.approx(50 * days(changing, 1))
    assert days(f"{lasting} AND rule = 'x'", 50) < days(changing, 5)
    assert days(changing, 300) > selecting.MOST_WORK > days(lasting, 300)


# --- Over HTTP


def test_what_is_too_dear_is_refused_before_it_is_evaluated(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated: list[Any] = []
    assert ask(client, ITEMS, filter="ACCENTI(name) <> 'x'")["numberMatched"] > 0
    monkeypatch.setattr(selecting, "MOST_WORK", 100)
    monkeypatch.setattr(Question, "keeps", lambda *said: evaluated.append(said))
    said = refused(client, ITEMS, filter="ACCENTI(name) <> 'y'")
    assert said == (400, "too-much-asked")
    assert not evaluated


def test_what_is_too_dear_for_many_days_may_be_asked_of_one(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    works: list[float] = []
    asked, count = {"filter": "ACCENTI(name) <> rule"}, Question.work

    def counting(test: Question, every: Iterable[Features]) -> float:
        works.append(count(test, every))
        return works[-1]

    monkeypatch.setattr(Question, "work", counting)
    found = [ask(client, ITEMS, **asked, datetime=days) for days in ("2021-07-15", "../..")]
    assert found[1]["numberMatched"] > found[0]["numberMatched"] > 0
    monkeypatch.setattr(selecting, "MOST_WORK", sum(works) / 2)
    again = ask(client, ITEMS, **asked, datetime="2021-07-15")
    assert ids(again) == ids(found[0])
    assert refused(client, ITEMS, **asked, datetime="../..") == (400, "too-much-asked")


def test_pages_of_one_question_are_what_it_says_all_together(client: TestClient) -> None:
    asked = {"filter": "name LIKE '%1' AND date >= DATE('2021-07-13')"}
    whole = ask(client, ITEMS, **asked, limit=10_000)
    pages = [
        ask(client, ITEMS, **asked, limit=37, offset=offset)["features"]
        for offset in range(0, whole["numberMatched"] + 37, 37)
    ]
    assert len({one["properties"]["date"] for one in whole["features"]}) > 1
    assert [one for page in pages for one in page] == whole["features"]
    assert pages[-1] == []
