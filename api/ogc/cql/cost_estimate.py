"""Cost estimate of a filter, before its evaluation: an expensive filter is refused at once.

In microseconds of a core, as measured with the 10,628 RT of the sample city: what an operation
takes for one value, times the values it looks at. As `evaluating` does, it takes equal conditions
once, and those that last from day to day once for all days; values are made anew wherever they are
asked for.
"""

import math
from collections.abc import Hashable, Iterator
from functools import cache
from typing import Any, Final, NamedTuple, Protocol

import numpy as np

from api.ogc.columns import Column
from api.ogc.cql.edges import Near
from api.ogc.cql.reading import Filter, names_in
from api.ogc.cql.spatial import BY_EDGES, RELATIONS, is_shape, shape
from api.ogc.crs import Crs

_PART: Final = 8.0
"""Of every part, however little it looks at."""
_COMPARED: Final = 0.02
_EACH: Final = {
    "and": 0.002,
    "or": 0.002,
    "not": 0.0,
    "isnull": 0.002,
    "like": 0.1,
    "in": 0.15,
    "casei": 0.2,
    "accenti": 1.5,
}
"""Of a value; where nothing is said here, what it takes to compare two."""
_READ: Final = 1.0
"""Of a coordinate or a sign of a text in the filter: patterns are compiled."""
_KEPT: Final = 0.005
"""Of a feature, whatever the filter."""
_JOINING: Final = frozenset({"and", "or", "not"})


class Features(Protocol):
    """The features that a filter tests."""

    static_key: Hashable
    """Features with the same key differ in the `per_day_properties` alone."""
    per_day_properties: frozenset[str]

    @property
    def shape(self) -> tuple[int, ...]:
        """What all columns of them can be broadcast to."""

    def column(self, name: str, plane: str) -> Column:
        """Values of a property; geometries as they lie in a plane."""


class Cost(NamedTuple):
    """Microseconds of a core.

    Attributes
    ----------
    static_cost
        Once for all features with the same `Features.static_key`.
    per_day_cost
        For the features of each day.
    """

    static_cost: float
    per_day_cost: float


def estimate_cost(chosen: Filter, features: Features, crs: Crs) -> Cost:
    """Estimate the cost of a filter over some features.

    Raises
    ------
    InputError
        ``invalid-filter`` if a geometry in it is none.
    """
    estimator = _Estimator(features, crs)
    static_cost, per_day_cost = 0.0, _KEPT * math.prod(features.shape)
    for condition in _conditions(chosen.tree, set()):
        price = estimator.price(condition)
        if features.per_day_properties.isdisjoint(names_in(condition)):
            static_cost += price
        else:
            per_day_cost += price
    return Cost(static_cost, per_day_cost)


def _conditions(tree: Any, known: set[int]) -> Iterator[Any]:  # noqa: ANN401  (JSON)
    """Every condition, equal ones once: those that are joined, and what joins them."""
    if id(tree) in known:
        return
    known.add(id(tree))
    yield tree
    if _op(tree) in _JOINING:
        for part in tree["args"]:
            yield from _conditions(part, known)


class _Estimator:
    def __init__(self, features: Features, crs: Crs) -> None:
        self._features = features
        self._crs = crs
        self._column = cache(lambda name: features.column(name, crs.plane))
        self._values = cache(self._count)
        self._near = cache(lambda name: Near(self._column(name).values))

    def price(self, tree: Any) -> float:  # noqa: ANN401
        """Of a part and all that is in it, but of conditions that it joins."""
        if isinstance(tree, list):
            return sum(self.price(part) for part in tree)
        if not isinstance(tree, dict):
            return _PART + (_READ * len(tree) if isinstance(tree, str) else 0)
        if "interval" in tree:
            return _PART + self.price(tree["interval"])
        op, args = _op(tree), tree.get("args", [])
        if op is None:
            return _PART + _READ * _numbers(tree)
        own = _PART + self._operation(op, args)
        return own if op in _JOINING else own + self.price(args)

    def _operation(self, op: str, args: list[Any]) -> float:
        values = self._values(frozenset(names_in(args)))
        if op in RELATIONS:
            return values * _COMPARED + self._held_against(op, args)
        if op in _JOINING:
            return values * _EACH[op] * len(args)
        if op == "in" and any(self._values(frozenset(names_in(part))) > 1 for part in args[1:]):
            return values * _COMPARED * sum(len(part) for part in args if isinstance(part, list))
        return values * _EACH.get(op, _COMPARED)

    def _held_against(self, op: str, args: list[Any]) -> float:
        held = [shape(part, self._crs).values.item() for part in args if is_shape(part)]
        names = [name for name in names_in(args) if self._column(name).kind == "shape"]
        fully = op in BY_EDGES
        return sum((self._near(name).work(one, fully=fully) for name in names for one in held), 0.0)

    def _count(self, names: frozenset[str]) -> int:
        return math.prod(np.broadcast_shapes(*(self._column(name).values.shape for name in names)))


def _op(tree: Any) -> str | None:  # noqa: ANN401
    """The operation, in small letters; None where it is none."""
    if not isinstance(tree, dict) or not isinstance(tree.get("args"), list):
        return None
    return str(tree.get("op")).lower()


def _numbers(tree: Any) -> int:  # noqa: ANN401
    """How many numbers stand in it."""
    if isinstance(tree, dict):
        tree = list(tree.values())
    if isinstance(tree, list):
        return sum(_numbers(part) for part in tree)
    return isinstance(tree, int | float)
