"""Cost estimate of a filter before its evaluation: an expensive filter is rejected at once.

The cost is in microseconds of a processor core, measured with the 10,628 RT of the sample city: the
time of an operation for one value, times the number of values. Like `evaluating`, the estimate
counts equal conditions once, and a condition without per-day properties once for all days; operands
are counted at every occurrence.
"""

import math
from collections.abc import Hashable, Iterator
from functools import cache
from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from api.ogc.columns import Column
from api.ogc.cql.edges import GeometryCost
from api.ogc.cql.reading import Filter, property_names
from api.ogc.cql.spatial import BY_EDGES, RELATIONS, is_shape, shape_column
from api.ogc.crs import Crs

_PER_NODE: Final = 8.0
"""Cost of every node of the filter."""
_PER_COMPARISON: Final = 0.02
_PER_VALUE: Final = {
    "and": 0.002,
    "or": 0.002,
    "not": 0.0,
    "isnull": 0.002,
    "like": 0.1,
    "in": 0.15,
    "casei": 0.2,
    "accenti": 1.5,
}
"""Cost of an operation for a value; the other operations cost `_PER_COMPARISON`."""
_PER_LITERAL: Final = 1.0
"""Cost of a coordinate or of a character of a text in the filter: patterns are compiled."""
_PER_FEATURE: Final = 0.005
"""Cost of a feature for every filter."""
_LOGICAL: Final = frozenset({"and", "or", "not"})


class Features(Protocol):
    """The features that a filter tests."""

    static_key: Hashable
    """Features with the same key differ only in the `per_day_properties`."""
    per_day_properties: frozenset[str]
    """Names of the properties that change from day to day."""

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape to which all columns can be broadcast."""

    def column(self, name: str, plane: str) -> Column:
        """Values of a property; geometries in a coordinate system, x first."""


class Cost(NamedTuple):
    """Microseconds of a processor core.

    Attributes
    ----------
    static_cost
        Cost for all features with the same `Features.static_key` together.
    per_day_cost
        Cost for the features of one day.
    """

    static_cost: float
    per_day_cost: float


def estimate_cost(cql_filter: Filter, features: Features, crs: Crs) -> Cost:
    """Estimate the cost of a filter over some features.

    Raises
    ------
    InputError
        ``invalid-filter`` if the filter contains an invalid geometry.
    """
    estimator = _Estimator(features, crs)
    static_cost, per_day_cost = 0.0, _PER_FEATURE * math.prod(features.shape)
    for condition in _conditions(cql_filter.tree, set()):
        cost = estimator.cost(condition)
        if features.per_day_properties.isdisjoint(property_names(condition)):
            static_cost += cost
        else:
            per_day_cost += cost
    return Cost(static_cost, per_day_cost)


def _conditions(tree: Any, visited: set[int]) -> Iterator[Any]:  # noqa: ANN401  (JSON)
    """Every condition and every AND, OR and NOT; equal conditions once."""
    if id(tree) in visited:
        return
    visited.add(id(tree))
    yield tree
    if _operator(tree) in _LOGICAL:
        for condition in tree["args"]:
            yield from _conditions(condition, visited)


class _Estimator:
    def __init__(self, features: Features, crs: Crs) -> None:
        self._features = features
        self._crs = crs
        self._column = cache(lambda name: features.column(name, crs.plane))
        self._values = cache(self._count)
        self._geometry_cost = cache(lambda name: GeometryCost(self._column(name).values))

    def cost(self, tree: Any) -> float:  # noqa: ANN401
        """Cost of a node and its operands; without the conditions of an AND, OR or NOT."""
        if isinstance(tree, list):
            return sum(self.cost(node) for node in tree)
        if not isinstance(tree, dict):
            return _PER_NODE + (_PER_LITERAL * len(tree) if isinstance(tree, str) else 0)
        if "interval" in tree:
            return _PER_NODE + self.cost(tree["interval"])
        op, args = _operator(tree), tree.get("args", [])
        if op is None:
            return _PER_NODE + _PER_LITERAL * _count_numbers(tree)
        cost = _PER_NODE + self._operation_cost(op, args)
        return cost if op in _LOGICAL else cost + self.cost(args)

    def _operation_cost(self, op: str, args: list[Any]) -> float:
        values = self._values(frozenset(property_names(args)))
        if op in RELATIONS:
            return values * _PER_COMPARISON + self._relation_cost(op, args)
        if op in _LOGICAL:
            return values * _PER_VALUE[op] * len(args)
        if op == "in" and any(
            self._values(frozenset(property_names(node))) > 1 for node in args[1:]
        ):
            length = sum(len(node) for node in args if isinstance(node, list))
            return values * _PER_COMPARISON * length
        return values * _PER_VALUE.get(op, _PER_COMPARISON)

    def _relation_cost(self, op: str, args: list[Any]) -> float:
        geometries = [
            shape_column(node, self._crs).values.item() for node in args if is_shape(node)
        ]
        names = [name for name in property_names(args) if self._column(name).kind == "shape"]
        costs = (
            self._geometry_cost(name).estimate(geometry, by_edges=op in BY_EDGES)
            for name in names
            for geometry in geometries
        )
        return sum(costs, 0.0)

    def _count(self, names: frozenset[str]) -> int:
        return math.prod(np.broadcast_shapes(*(self._column(name).values.shape for name in names)))


def _operator(tree: Any) -> str | None:  # noqa: ANN401
    """The operator of a node in lower case; None if the node has no operator."""
    if not isinstance(tree, dict) or not isinstance(tree.get("args"), list):
        return None
    return str(tree.get("op")).lower()


def _count_numbers(tree: Any) -> int:  # noqa: ANN401
    """The number of numeric literals in a node."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list):
        return sum(_count_numbers(node) for node in tree)
    return isinstance(tree, int | float)
