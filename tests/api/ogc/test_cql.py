"""CQL2 filters: the same results as the library `cql2`, and a limit on their cost."""

import contextlib
import json
from collections.abc import Callable, Hashable
from typing import Any

import cql2
import numpy as np
import pytest
import shapely
from fastapi.testclient import TestClient
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from api.ogc.columns import Column, number_column, text_column
from api.ogc.cql import FilterEvaluator, read_filter
from api.ogc.cql.reading import LONGEST
from api.ogc.crs import CRS84
from geodata.errors import InputError
from tests.api.ogc.schemas import ask, get_error, ids
from zoning import City

ITEMS = "/collections/zones-rt/items"
NAMES = ["RT 001", "RT 010", "rt 001", "Purwosari", "Gang d'Or", "É 50% _x", ""]


class GridFeatures:
    """Features with every number and every name, at the points of a grid."""

    static_key: Hashable = "grid"
    per_day_properties: frozenset[str] = frozenset()

    def __init__(self, *, gaps: bool = False) -> None:
        grid = [(x, name) for x in range(-2, 4) for name in NAMES]
        self.days = [f"2021-07-{1 + index % 9:02d}" for index in range(len(grid))]
        self.rows: list[dict[str, Any]] = [
            {"number": x, "other": index % 5, "name": name, "day": day}
            for index, ((x, name), day) in enumerate(zip(grid, self.days, strict=True))
        ]
        if gaps:
            for index, row in enumerate(self.rows):
                for name in ("number", "name")[: index % 3]:
                    row[name] = None
        self.shapes = [shapely.Point(index % 7, index // 7) for index in range(len(grid))]

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def shape(self) -> tuple[int, ...]:
        return (len(self),)

    def column(self, name: str, plane: str) -> Column:
        assert plane == CRS84.plane
        if name == "geometry":
            return Column("shape", np.array(self.shapes), np.ones(len(self), dtype=np.bool_))
        cells = [row[name] for row in self.rows]
        if name == "name":
            return text_column(cells)
        if name == "day":
            days = np.array(cells, dtype="datetime64[D]").astype(np.int64)
            return Column("day", days, np.ones(len(self), dtype=np.bool_))
        return number_column(np.array(cells, dtype=object))

    def library_matches(self, expression: cql2.Expr) -> list[bool]:
        """Whether the library matches each feature."""
        return [
            expression.matches(
                {"type": "Feature", "properties": row, "geometry": shapely.geometry.mapping(shape)}
            )
            for row, shape in zip(self.rows, self.shapes, strict=True)
        ]


FEATURES = GridFeatures()


def matches(
    text: str, features: GridFeatures = FEATURES, language: str = "cql2-text"
) -> NDArray[np.bool_]:
    return FilterEvaluator(read_filter(text, language), CRS84).matches(features)


def outcome(text: str, language: str) -> str:
    """``evaluated``, or the code of the error."""
    try:
        assert matches(text, language=language).shape == (len(FEATURES),)
    except InputError as error:
        return error.code
    return "evaluated"


# --- The results of the library

numerals = st.integers(-3, 5).map(str) | st.sampled_from(["0.5", "-1.25", "2e0"])
literal_texts = st.sampled_from(NAMES).map(lambda name: "'" + name.replace("'", "''") + "'")
amounts = st.recursive(
    st.sampled_from(["number", "other"]) | numerals,
    lambda operands: st.tuples(operands, st.sampled_from(["+", "-", "*"]), operands).map(
        lambda parts: f"({' '.join(parts)})"
    ),
    max_leaves=4,
)
words = st.sampled_from(["name"]) | literal_texts
folded = st.tuples(st.sampled_from(["{}", "CASEI({})", "ACCENTI({})"]), words).map(
    lambda parts: parts[0].format(parts[1])
)
signs = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])
patterns = st.sampled_from(
    ["%", "RT%", "%001", "rt ___", "%o%a%", "", "_", "Purwosari", "%'%"]
).map(lambda pattern: "'" + pattern.replace("'", "''") + "'")
days = st.integers(1, 9).map(lambda day: f"DATE('2021-07-{day:02d}')")
boxes = st.tuples(st.integers(-1, 3), st.integers(-1, 3), st.integers(1, 4), st.integers(1, 4))
shapes = boxes.map(lambda b: f"BBOX({b[0]},{b[1]},{b[0] + b[2]},{b[1] + b[3]})") | st.tuples(
    st.integers(0, 6), st.integers(0, 6)
).map(lambda p: f"POINT({p[0]} {p[1]})")
conditions = st.one_of(
    st.tuples(amounts, signs, amounts).map(" ".join),
    st.tuples(folded, st.sampled_from(["=", "<>"]), folded).map(" ".join),
    st.tuples(st.just("name"), st.sampled_from(["LIKE", "NOT LIKE"]), patterns).map(" ".join),
    st.tuples(amounts, st.sampled_from(["", "NOT "]), numerals, numerals).map(
        lambda p: f"{p[0]} {p[1]}BETWEEN {p[2]} AND {p[3]}"
    ),
    st.tuples(st.sampled_from(["", "NOT "]), st.lists(numerals, min_size=1, max_size=4)).map(
        lambda p: f"number {p[0]}IN ({', '.join(p[1])})"
    ),
    st.lists(literal_texts, min_size=1, max_size=4).map(lambda p: f"name IN ({', '.join(p)})"),
    st.tuples(st.just("day"), signs, days).map(" ".join),
    st.tuples(st.sampled_from(["T_AFTER", "T_BEFORE", "T_EQUALS", "T_DISJOINT"]), days).map(
        lambda p: f"{p[0]}(day, {p[1]})"
    ),
    st.tuples(
        st.sampled_from(["S_INTERSECTS", "S_DISJOINT", "S_WITHIN", "S_TOUCHES", "S_EQUALS"]), shapes
    ).map(lambda p: f"{p[0]}(geometry, {p[1]})"),
    shapes.map(lambda shape: f"S_CONTAINS({shape}, geometry)"),
    st.sampled_from(["TRUE", "FALSE", "name IS NULL", "number IS NOT NULL"]),
)


def combine(conditions: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Conditions combine with AND, OR and NOT."""
    return st.recursive(
        conditions,
        lambda operands: st.one_of(
            operands.map(lambda condition: f"NOT ({condition})"),
            st.tuples(operands, st.sampled_from(["AND", "OR"]), operands).map(
                lambda p: f"({p[0]}) {p[1]} ({p[2]})"
            ),
        ),
        max_leaves=5,
    )


filters = combine(conditions)


@settings(deadline=None)
@given(filters)
def test_a_filter_matches_the_features_that_the_library_matches(text: str) -> None:
    assert matches(text).tolist() == FEATURES.library_matches(cql2.parse_text(text)), text


@settings(deadline=None)
@given(filters)
def test_the_same_filter_in_json_matches_the_same_features(text: str) -> None:
    tree = json.dumps(cql2.parse_text(text).to_json())
    assert matches(tree, language="cql2-json").tolist() == matches(text).tolist()


def test_casei_folds_case_by_unicode() -> None:
    # The library only changes letters to lower case, so it is no oracle here.
    assert matches("CASEI('STRASSE') = CASEI('straße')").all()
    assert matches("CASEI(name) = CASEI('GANG D''OR')").tolist() == [
        row["name"] == "Gang d'Or" for row in FEATURES.rows
    ]


# --- Parts of the standard that the library does not support


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (r"name = 'Gang d\'Or'", lambda row: row["name"] == "Gang d'Or"),
        (r"name LIKE '%\'%' AND number = 1", lambda row: "'" in row["name"] and row["number"] == 1),
        (r"name LIKE 'É 50\% \_x'", lambda row: row["name"] == "É 50% _x"),
        (r"name LIKE 'RT\_0%'", lambda _: False),
        ("number > .5 AND number < 2.", lambda row: row["number"] == 1),
        ("S_WITHIN(geometry, BBOX(3.5,-1,-170,9))", lambda row: row["point"][0] >= 4),
        ("S_INTERSECTS(BBOX(170,0,1,0), geometry)", lambda row: row["point"] in {(0, 0), (1, 0)}),
        ("TRUE = TRUE", lambda _: True),
        ("number = 1 AND FALSE <> TRUE", lambda row: row["number"] == 1),
        ("TRUE IN (FALSE)", lambda _: False),
        ("TRUE IS NOT NULL", lambda _: True),
        ("INTERVAL(day, '2021-07-04') IS NULL", lambda row: row["day"] > "2021-07-04"),
        (
            "T_CONTAINS(INTERVAL(day, '2021-07-04'), DATE('2021-07-03'))",
            lambda row: row["day"] < "2021-07-03",
        ),
    ],
)
def test_every_form_that_the_standard_allows_is_read(
    text: str, expected: Callable[[Any], bool]
) -> None:
    rows = [
        {**row, "point": (point.x, point.y)}
        for row, point in zip(FEATURES.rows, FEATURES.shapes, strict=True)
    ]
    assert matches(text).tolist() == [expected(row) for row in rows]


def test_control_characters_are_written_with_a_backslash() -> None:
    tree = read_filter(r"name = '\a\b\t\n\v\f\r\\t'", "cql2-text").tree
    assert tree["args"][1] == "\a\b\t\n\v\f\r\\\\t"
    assert read_filter(r"""name = '"\'"'""", "cql2-text").tree["args"][1] == '"\'"'


# --- Missing values are unknown

GAPS = GridFeatures(gaps=True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("number = 1", lambda n, _: n == 1),
        ("NOT number = 1", lambda n, _: n is not None and n != 1),
        ("number <> 1", lambda n, _: n is not None and n != 1),
        ("number IS NULL", lambda n, _: n is None),
        ("number = 1 OR name = ''", lambda n, name: n == 1 or name == ""),
        ("NOT (number = 1 AND name = '')", lambda n, w: n not in {1, None} or w not in {"", None}),
        ("number IN (1, 2)", lambda n, _: n in {1, 2}),
        ("number NOT IN (1, 2)", lambda n, _: n is not None and n not in {1, 2}),
        ("number BETWEEN 0 AND 1", lambda n, _: n in {0, 1}),
        ("name LIKE '%'", lambda _, name: name is not None),
        ("1 / number = 1", lambda n, _: n == 1),
        ("NOT 1 / number = 1", lambda n, _: n not in {None, 0, 1}),
        ("number = number", lambda n, _: n is not None),
        ("(number = 1) IS NULL", lambda n, _: n is None),
        ("(number = 1 OR name = '') IS NULL", lambda n, w: None in {n, w} and n != 1 and w != ""),
    ],
)
def test_a_condition_on_a_missing_value_is_unknown(text: str, expected: Any) -> None:
    expected_matches = [expected(row["number"], row["name"]) for row in GAPS.rows]
    assert matches(text, GAPS).tolist() == expected_matches
    assert any(row["number"] is None for row in GAPS.rows)


# --- Times

INTERVALS: dict[str, Callable[[int], bool]] = {
    "T_AFTER(day, INTERVAL('2021-07-02', '2021-07-04'))": lambda d: d > 4,
    "T_BEFORE(day, INTERVAL('2021-07-02', '..'))": lambda d: d < 2,
    "T_DURING(day, INTERVAL('2021-07-02', '2021-07-05'))": lambda d: 2 < d < 5,
    "T_INTERSECTS(day, INTERVAL('2021-07-02', '2021-07-05'))": lambda d: 2 <= d <= 5,
    "T_INTERSECTS(day, INTERVAL('..', '2021-07-05'))": lambda d: d <= 5,
    "T_DISJOINT(INTERVAL(DATE('2021-07-02'), DATE('2021-07-05')), day)": lambda d: not 2 <= d <= 5,
    "T_CONTAINS(INTERVAL('2021-07-02', '2021-07-05'), day)": lambda d: 2 < d < 5,
    "T_STARTS(day, INTERVAL('2021-07-02', '2021-07-05'))": lambda d: d == 2,
    "T_FINISHES(day, INTERVAL('2021-07-02', '2021-07-05'))": lambda d: d == 5,
    "T_STARTEDBY(INTERVAL('2021-07-02', '2021-07-05'), day)": lambda d: d == 2,
    "T_FINISHEDBY(INTERVAL('2021-07-02', '2021-07-05'), day)": lambda d: d == 5,
    "T_MEETS(INTERVAL('2021-07-02', '2021-07-05'), INTERVAL(day, '2021-07-09'))": lambda d: d == 5,
    "T_METBY(INTERVAL(day, '2021-07-09'), INTERVAL('2021-07-02', '2021-07-05'))": lambda d: d == 5,
    "T_OVERLAPS(INTERVAL('2021-07-02', '2021-07-05'), INTERVAL(day, '2021-07-09'))": (
        lambda d: 2 < d < 5
    ),
    "T_OVERLAPPEDBY(INTERVAL(day, '2021-07-09'), INTERVAL('2021-07-02', '2021-07-05'))": (
        lambda d: 2 < d < 5
    ),
    "day > '2021-07-03'": lambda d: d > 3,
    "day BETWEEN '2021-07-03' AND DATE('2021-07-04')": lambda d: d in {3, 4},
}


@pytest.mark.parametrize("text", INTERVALS)
def test_temporal_relations_are_those_of_allen(text: str) -> None:
    expected = [INTERVALS[text](int(day[-2:])) for day in FEATURES.days]
    assert matches(text).tolist() == expected


# --- Rejected filters

HOSTILE = [
    "(" * 4000,
    "(" * 3000 + "risk = 1" + ")" * 3000,
    "risk = " + "(" * 30 + "1",
    "NOT " * 1500 + "risk = 1",
    "risk = " + "-" * 6000 + "1",
    "risk" + "=1" * 3000,
    "risk" + "^2" * 3000,
    "CASEI(" * 1000 + "name" + ")" * 1000 + " = 'x'",
    "((((((((((((((((((risk = 1 AND))))))))))))))))))",
    "risk = 1 AND " * 600 + "risk = 1",
    "a" * (LONGEST + 1),
    "name = 'never closed",
    'name = "never closed',
    "risk = 1)",
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:20])
def test_a_filter_that_would_block_or_crash_the_parser_is_rejected_before_parsing(
    client: TestClient, text: str
) -> None:
    assert get_error(client, ITEMS, filter=text) == (400, "invalid-filter")


INVALID = [
    "",
    " ",
    "risk",
    "1",
    "'x'",
    "risk =",
    "risk = 1 AND",
    "risk = 'merah'",
    "name > 3",
    "name LIKE 3",
    "name LIKE name",
    "risk LIKE '3'",
    "risk = NULL",
    "risk = TRUE",
    "risk + 1",
    "name + 1 = 2",
    "CASEI(risk) = 'x'",
    "unknown = 1",
    "risk IN (1, 'x')",
    "frobnicate(risk) = 1",
    "S_DWITHIN(geometry, POINT(1 2), 3)",
    "S_INTERSECTS(risk, POINT(1 2))",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 0)))",
    "S_INTERSECTS(geometry, POLYGON((0 0, 1 1, 1 0, 0 1, 0 0)))",
    "S_INTERSECTS(geometry, POINT(1e999 0))",
    "S_INTERSECTS(geometry, POINT(1))",
    "S_INTERSECTS(geometry, BBOX(1,2,0,0))",
    "S_INTERSECTS(geometry, BBOX(0,0,1))",
    "S_INTERSECTS(geometry)",
    "geometry = POINT(1 2)",
    "date = DATE('2021-02-30')",
    "date = DATE('soon')",
    "date > 3",
    "date > TIMESTAMP('2021-07-01T00:00:00Z')",
    "T_AFTER(name, DATE('2021-07-01'))",
    "T_DURING(date, INTERVAL('2021-07-05', '2021-07-01'))",
    "T_DURING(date, INTERVAL('2021-07-01', '2021-07-05T00:00:00Z'))",
    "A_CONTAINS(name, ('x'))",
    "risk = 1e400",
    "name ILIKE 'x'",
]


@pytest.mark.parametrize("text", INVALID)
def test_an_invalid_filter_is_rejected(client: TestClient, text: str) -> None:
    assert get_error(client, ITEMS, filter=text) == (400, "invalid-filter")


@settings(deadline=None)
@given(st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5)
    | st.fixed_dictionaries({"property": st.sampled_from(["number", "name", "day", "geometry"])}),
    lambda nodes: st.lists(nodes, max_size=3) | st.fixed_dictionaries({
        "op": st.sampled_from([
            "and", "or", "not", "=", "<", "like", "in", "between", "isNull", "casei", "+", "div",
            "s_intersects", "t_after", "t_during", "nonsense",
        ]),
        "args": st.lists(nodes, max_size=3),
    }) | st.fixed_dictionaries({"interval": st.lists(nodes, max_size=3)})
    | st.fixed_dictionaries({"type": st.just("Polygon"), "coordinates": nodes})
    | st.fixed_dictionaries({"bbox": nodes}) | st.fixed_dictionaries({"date": nodes})
    | st.fixed_dictionaries({"timestamp": nodes}),
    max_leaves=8,
))  # fmt: skip
def test_any_json_is_evaluated_or_rejected(tree: Any) -> None:
    assert outcome(json.dumps(tree), "cql2-json") in {"evaluated", "invalid-filter"}


@settings(deadline=None)
@given(st.text(alphabet="()'\"=<>andorisklTS_-+ .,0123%*NOT\x00é", max_size=60))
def test_any_text_is_evaluated_or_rejected(text: str) -> None:
    # A collection rejects unknown properties; these features raise KeyError.
    with contextlib.suppress(KeyError):
        assert outcome(text, "cql2-text") in {"evaluated", "invalid-filter"}


# --- Over HTTP


def test_a_filter_selects_zones(client: TestClient, small_city: City) -> None:
    zones = small_city.zones()
    expected = zones[(zones["risk"] >= 1) & zones["name"].str.startswith("RT 00")]
    items = ask(client, ITEMS, filter="risk >= 1 AND name LIKE 'RT 00%'")
    assert ids(items) == expected["code"].tolist()
    assert 0 < items["numberMatched"] < len(zones)
    tree = cql2.parse_text("risk >= 1 AND name LIKE 'RT 00%'").to_json()
    items_by_json = ask(client, ITEMS, filter=json.dumps(tree), filter_lang="cql2-json")
    assert ids(items_by_json) == ids(items)


zone_filters = combine(
    st.one_of(
        st.tuples(st.sampled_from(["risk", "risk + 1", "2 * risk - 1"]), signs, numerals).map(
            " ".join
        ),
        st.tuples(st.just("date"), signs, st.integers(12, 16).map("DATE('2021-07-{}')".format)).map(
            " ".join
        ),
        st.tuples(
            st.sampled_from(["colour", "CASEI(colour)", "name", "rule", "kecamatan"]),
            st.sampled_from(["=", "<>"]),
            st.sampled_from(["colour", "'merah'", "'kuning'", "name", "rule", "CASEI('HIJAU')"]),
        ).map(" ".join),
        st.sampled_from(
            [
                "risk IN (0, 3)",
                "risk NOT IN (1, 2)",
                "risk BETWEEN 1 AND 2",
                "colour LIKE '%u%'",
                "colour IN ('merah', 'oranye')",
                "colour IS NULL",
                "name LIKE '%a%'",
                "parent IS NOT NULL",
            ]
        ),
    )
)


KELURAHAN, DAYS = "/collections/zones-kelurahan/items", "2021-07-13/.."


@pytest.fixture(scope="module")
def zones_of_days(client: TestClient) -> list[dict[str, Any]]:
    """Zones of three days with several risks, and a point as their geometry."""
    zones = ask(client, KELURAHAN, datetime=DAYS)["features"]
    properties = [zone["properties"] for zone in zones]
    assert len({(values["date"], values["risk"]) for values in properties}) > 6
    point = {"type": "Point", "coordinates": [0, 0]}
    return [{**zone, "geometry": point} for zone in zones]


@settings(deadline=None)
@given(zone_filters)
def test_a_filter_over_several_days_matches_the_zones_that_the_library_matches(
    client: TestClient, zones_of_days: list[dict[str, Any]], text: str
) -> None:
    expression = cql2.parse_text(text)
    expected = [zone["id"] for zone in zones_of_days if expression.matches(zone)]
    assert ids(ask(client, KELURAHAN, datetime=DAYS, filter=text)) == expected, text
