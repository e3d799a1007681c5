"""The cost of a filter is estimated before its evaluation; an expensive filter is rejected."""

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

from api.ogc.columns import Column, number_column, text_column
from api.ogc.cql import Features, FilterEvaluator, read_filter, spatial
from api.ogc.crs import CRS84
from api.ogc.features import selecting
from tests.api.ogc.schemas import ask, get_error, ids

ITEMS = "/collections/zones-rt/items"
RELATIONS = ["contains", "crosses", "disjoint", "equals", "intersects", "overlaps", "touches"]
RELATIONS.append("within")


class ShapeFeatures:
    """Features with a geometry, a name, and a rule that changes from day to day."""

    static_key: Hashable = "shapes"
    per_day_properties = frozenset({"rule"})

    def __init__(self, shapes: Iterable[BaseGeometry | None], rule: str = "first") -> None:
        self._shapes = np.array(list(shapes), dtype=object)
        self._rule = rule
        self.requested: list[str] = []

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self._shapes),)

    def column(self, name: str, plane: str) -> Column:
        assert plane == CRS84.plane
        self.requested.append(name)
        if name == "geometry":
            return Column("shape", self._shapes, ~shapely.is_missing(self._shapes))
        if name == "rule":
            return Column("text", np.array(self._rule, dtype=object), np.array(True))
        if name == "number":
            return number_column(np.arange(len(self._shapes)))
        return text_column([f"RT {row}" for row in range(len(self._shapes))])


def evaluator(text: str) -> FilterEvaluator:
    return FilterEvaluator(read_filter(text, "cql2-text"), CRS84)


def cost(text: str, features: ShapeFeatures) -> float:
    return evaluator(text).cost([features])


# --- Relations of a shape to itself

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
def test_the_relation_of_a_shape_to_itself_equals_the_result_of_geos_without_calling_geos(
    relation: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = shapely.from_wkt(SHAPES)
    expected = getattr(shapely, relation)(shapes, shapely.from_wkt(SHAPES)).tolist()
    monkeypatch.setitem(spatial.RELATIONS, f"s_{relation}", None)
    features = ShapeFeatures([*shapes, None])
    text = f"S_{relation}(geometry, geometry)"
    assert evaluator(text).matches(features).tolist() == [*expected, False]
    # A missing geometry does not match the negation either.
    negated = evaluator(f"NOT {text}").matches(features).tolist()
    assert negated == [*(not value for value in expected), False]


def test_a_spatial_relation_needs_shapes(client: TestClient) -> None:
    assert get_error(client, ITEMS, filter="S_EQUALS(name, name)") == (400, "invalid-filter")


# --- Relations of a shape to a shape in the filter

numerals = st.integers(0, 5)
points = st.tuples(numerals, numerals)
shapes = st.one_of(
    points.map(shapely.Point),
    st.lists(points, min_size=2, max_size=5, unique=True).map(shapely.MultiPoint),
    st.lists(points, min_size=2, max_size=6, unique=True).map(shapely.LineString),
    st.lists(points, min_size=3, max_size=5, unique=True).map(shapely.Polygon),
    st.tuples(points, points).map(lambda p: shapely.box(*p[0], p[0][0] + p[1][0] + 1, 6)),
)
filter_shapes = shapes | st.lists(shapes, min_size=2, max_size=3).map(shapely.GeometryCollection)


# Not random: the test must not fail for a contradiction inside GEOS.
@settings(derandomize=True)
@given(
    st.lists(shapes.filter(lambda shape: shape.is_valid), min_size=1, max_size=8),
    filter_shapes.filter(lambda shape: shape.is_valid),
    st.sampled_from(RELATIONS),
)
def test_a_relation_to_many_features_equals_the_relation_to_each_feature(
    shapes: list[BaseGeometry], shape: BaseGeometry, relation: str
) -> None:
    geos, features = getattr(shapely, relation), ShapeFeatures(shapes)
    text = shapely.to_wkt(shape)
    matches = evaluator(f"S_{relation}(geometry, {text})").matches(features).tolist()
    assert matches == [geos(feature_shape, shape) for feature_shape in shapes], text
    inverse = evaluator(f"S_{relation}({text}, geometry)").matches(features).tolist()
    assert inverse == [geos(shape, feature_shape) for feature_shape in shapes], text


# --- Equal conditions are evaluated once


def test_equal_conditions_are_evaluated_once() -> None:
    features = ShapeFeatures(shapely.from_wkt(SHAPES))
    condition = "(S_INTERSECTS(geometry, POINT(1 1)) OR name LIKE '%3')"
    evaluator(" AND ".join([condition] * 9) + f" OR NOT {condition}").matches(features)
    assert sorted(features.requested) == ["geometry", "name"]


def test_a_static_condition_is_evaluated_once_for_all_days() -> None:
    shapes = shapely.from_wkt(SHAPES)
    days = [ShapeFeatures(shapes, rule) for rule in ("first", "second", "third")]
    rule_evaluator = evaluator("name LIKE '%1' OR (rule = 'second' AND number > 3)")
    matches = [rule_evaluator.matches(day).tolist() for day in days]
    rows = range(len(SHAPES))
    assert matches[0] == matches[2] == [row == 1 for row in rows]
    assert matches[1] == [row == 1 or row > 3 for row in rows]
    assert [sorted(day.requested) for day in days] == [
        ["name", "number", "rule"],
        ["rule"],
        ["rule"],
    ]


# --- Cost


def city(side: int = 100) -> ShapeFeatures:
    """Adjacent squares of 81 vertices each, like RT."""
    x, y = np.meshgrid(np.arange(side), np.arange(side))
    return ShapeFeatures(shapely.segmentize(shapely.box(x, y, x + 1, y + 1).ravel(), 0.05))


CITY = city()


def zigzag(count: int) -> str:
    """A line that crosses the city and itself many times."""
    points = [(index * 37 % 100, index * 61 % 100) for index in range(count)]
    return f"LINESTRING({','.join(f'{x} {y}' for x, y in points)})"


def comb(count: int) -> str:
    """A polygon with parallel teeth that are as long as the city."""
    teeth = [f"{100 * index / count:.2f} {99 if index % 2 else 1}" for index in range(count)]
    return f"POLYGON(({','.join(teeth)},100 0,0 0,{teeth[0]}))"


def overlapping_squares(count: int) -> str:
    """A collection of squares that overlap."""
    offsets = [index / 9 for index in range(count)]
    squares = [shapely.box(offset, offset, 60 + offset, 60 + offset) for offset in offsets]
    return shapely.to_wkt(shapely.GeometryCollection(squares), rounding_precision=1)


CHEAP = [
    "number = 1",
    "S_INTERSECTS(geometry, BBOX(10,10,60,60))",
    "S_EQUALS(geometry, geometry)",
    " OR ".join(["S_EQUALS(geometry, geometry)", "S_CONTAINS(geometry, geometry)"] * 120),
    " OR ".join(f"S_INTERSECTS(geometry, BBOX({west},0,100,100))" for west in range(90)),
    f"S_INTERSECTS(geometry, {comb(400)})",
    "CASEI(ACCENTI(name)) LIKE '%sari%'",
    f"name IN ({','.join(repr(str(number)) for number in range(900))})",
]
EXPENSIVE = [
    " OR ".join(f"S_OVERLAPS(geometry, BBOX(0,0,100,{north}.5))" for north in range(60, 160)),
    f"S_CROSSES(geometry, {zigzag(400)})",
    f"S_WITHIN(geometry, {overlapping_squares(100)})",
    f"name IN ({','.join(['ACCENTI(name)'] * 500)})",
    " OR ".join(f"ACCENTI(CASEI(ACCENTI(name))) = '{number}'" for number in range(150)),
]


@pytest.mark.parametrize("text", CHEAP, ids=lambda text: text[:30])
def test_a_usual_filter_of_a_gis_is_below_the_limit(text: str) -> None:
    assert 0 < cost(text, CITY) < selecting.MAX_COST


@pytest.mark.parametrize("text", EXPENSIVE, ids=lambda text: text[:30])
def test_a_filter_that_would_take_long_is_above_the_limit(text: str) -> None:
    assert cost(text, CITY) > selecting.MAX_COST
    # The number of features makes the filter expensive.
    assert cost(text, city(10)) < selecting.MAX_COST


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
def test_a_slower_filter_costs_more(less: str, more: str) -> None:
    assert cost(less, CITY) < cost(more, CITY)


def test_a_nested_collection_costs_as_much_as_a_flat_collection() -> None:
    boxes = [shapely.box(side, side, side + 9, side + 9) for side in range(0, 90, 30)]
    parts = [shapely.to_wkt(box) for box in boxes]
    flat_cost = cost(f"S_DISJOINT(geometry, GEOMETRYCOLLECTION({','.join(parts)}))", CITY)
    inner = shapely.geometry.mapping(shapely.GeometryCollection(boxes))
    outer = {"type": "GeometryCollection", "geometries": [inner]}
    tree = {"op": "s_disjoint", "args": [{"property": "geometry"}, outer]}
    nested = FilterEvaluator(read_filter(json.dumps(tree), "cql2-json"), CRS84)
    assert flat_cost == pytest.approx(nested.cost([CITY]))
    assert flat_cost > max(cost(f"S_DISJOINT(geometry, {part})", CITY) for part in parts)


def test_conditions_cost_their_sum_and_equal_conditions_cost_once() -> None:
    first, second = (f"S_TOUCHES(geometry, BBOX({west},0,90,90))" for west in (1, 2))
    first_cost, second_cost = cost(first, CITY), cost(second, CITY)
    assert cost(f"{first} OR {second}", CITY) == pytest.approx(first_cost + second_cost, rel=0.01)
    assert cost(" OR ".join([first] * 90), CITY) < 1.3 * first_cost


def test_a_per_day_condition_costs_again_on_each_day_and_a_static_condition_once() -> None:
    def cost_of_days(text: str, count: int) -> float:
        return evaluator(text).cost([CITY] * count)

    static, per_day = "ACCENTI(name) = 'x'", "ACCENTI(name) = rule"
    assert cost_of_days(static, 50) < 1.5 * cost_of_days(static, 1)
    assert cost_of_days(per_day, 50) == pytest.approx(50 * cost_of_days(per_day, 1))
    assert cost_of_days(f"{static} AND rule = 'x'", 50) < cost_of_days(per_day, 5)
    assert cost_of_days(per_day, 300) > selecting.MAX_COST > cost_of_days(static, 300)


# --- Over HTTP


def test_a_filter_that_is_too_expensive_is_rejected_before_its_evaluation(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    evaluated: list[Any] = []
    assert ask(client, ITEMS, filter="ACCENTI(name) <> 'x'")["numberMatched"] > 0
    monkeypatch.setattr(selecting, "MAX_COST", 100)
    monkeypatch.setattr(FilterEvaluator, "matches", lambda *args: evaluated.append(args))
    error = get_error(client, ITEMS, filter="ACCENTI(name) <> 'y'")
    assert error == (400, "too-much-asked")
    assert not evaluated


def test_a_filter_that_is_too_expensive_for_many_days_may_be_cheap_for_one_day(
    client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs: list[float] = []
    query, estimate = {"filter": "ACCENTI(name) <> rule"}, FilterEvaluator.cost

    def note_cost(self: FilterEvaluator, days: Iterable[Features]) -> float:
        costs.append(estimate(self, days))
        return costs[-1]

    monkeypatch.setattr(FilterEvaluator, "cost", note_cost)
    one_day, all_days = (
        ask(client, ITEMS, **query, datetime=days) for days in ("2021-07-15", "../..")
    )
    assert all_days["numberMatched"] > one_day["numberMatched"] > 0
    monkeypatch.setattr(selecting, "MAX_COST", sum(costs) / 2)
    assert ids(ask(client, ITEMS, **query, datetime="2021-07-15")) == ids(one_day)
    assert get_error(client, ITEMS, **query, datetime="../..") == (400, "too-much-asked")


def test_the_pages_of_a_query_together_equal_one_large_page(client: TestClient) -> None:
    query = {"filter": "name LIKE '%1' AND date >= DATE('2021-07-13')"}
    large_page = ask(client, ITEMS, **query, limit=10_000)
    pages = [
        ask(client, ITEMS, **query, limit=37, offset=offset)["features"]
        for offset in range(0, large_page["numberMatched"] + 37, 37)
    ]
    assert len({feature["properties"]["date"] for feature in large_page["features"]}) > 1
    assert [feature for page in pages for feature in page] == large_page["features"]
    assert pages[-1] == []
