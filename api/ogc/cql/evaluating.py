"""Evaluation of a filter over columns: which features match.

The logic has three values, as in SQL: a condition on a missing value is unknown, and a feature with
the value unknown does not match.
"""

import unicodedata
from collections.abc import Callable, Hashable, Iterable, Sequence
from functools import reduce
from typing import Any, Final

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from api.ogc.columns import Column
from api.ogc.cql import spatial, temporal
from api.ogc.cql.cost_estimate import Cost, Features, estimate_cost
from api.ogc.cql.reading import Filter, property_names
from api.ogc.cql.values import Interval, TruthValues, comparable, literal_column, refused
from api.ogc.crs import Crs

_COMPARISONS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_ARITHMETIC: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
    "div": lambda left, right: np.trunc(np.divide(left, right)),
}
_VALUE_FUNCTIONS: Final = frozenset({"casei", "accenti", *_ARITHMETIC})


class FilterEvaluator:
    """Evaluates a filter for the features of many days.

    Parameters
    ----------
    crs
        Coordinate system of the coordinates in the filter.
    """

    def __init__(self, cql_filter: Filter, crs: Crs) -> None:
        self._filter = cql_filter
        self._crs = crs
        self._static_results = _StaticResults()

    def cost(self, days: Iterable[Features]) -> float:
        """Estimated cost of `matches` for the features of all days, in microseconds of a core."""
        costs: dict[Hashable, Cost] = {}
        total = 0.0
        for features in days:
            if features.static_key not in costs:
                costs[features.static_key] = estimate_cost(self._filter, features, self._crs)
                total += costs[features.static_key].static_cost
            total += costs[features.static_key].per_day_cost
        return total

    def matches(self, features: Features) -> NDArray[np.bool_]:
        """Which features match the filter: an array with the shape of the features.

        Raises
        ------
        InputError
            ``invalid-filter`` if the filter cannot be evaluated.
        """
        evaluation = _Evaluation(features, self._crs, self._static_results)
        return np.broadcast_to(evaluation.evaluate(self._filter.tree).true, features.shape)


class _StaticResults:
    """Results of the conditions that are the same on every day."""

    def __init__(self) -> None:
        self.results: dict[tuple[int, Hashable], TruthValues] = {}
        self._is_static: dict[int, bool] = {}

    def is_static(self, tree: Any, per_day: frozenset[str]) -> bool:  # noqa: ANN401  (JSON)
        """Whether a condition uses no property that changes from day to day."""
        if id(tree) not in self._is_static:
            self._is_static[id(tree)] = per_day.isdisjoint(property_names(tree))
        return self._is_static[id(tree)]


class _Evaluation:
    def __init__(self, features: Features, crs: Crs, static_results: _StaticResults) -> None:
        self._features = features
        self._crs = crs
        self._static_results = static_results
        self._day_results: dict[tuple[int, Hashable], TruthValues] = {}

    def evaluate(self, tree: Any) -> TruthValues:  # noqa: ANN401  (JSON)
        """The truth values of a condition; a static condition is evaluated once for all days."""
        per_day = self._features.per_day_properties
        is_static = self._static_results.is_static(tree, per_day)
        results = self._static_results.results if is_static else self._day_results
        key = id(tree), self._features.static_key
        if key not in results:
            results[key] = self._evaluate(tree)
        return results[key]

    def _evaluate(self, tree: Any) -> TruthValues:  # noqa: ANN401
        if isinstance(tree, bool):
            return TruthValues.of(np.array(tree), np.array(True))
        op, args = _operation(tree)
        if op in {"and", "or"}:
            results = [self.evaluate(condition) for condition in args]
            return reduce(_and if op == "and" else _or, results)
        if op == "not":
            true, false = self.evaluate(_one_argument(args))
            return TruthValues(false, true)
        if op == "isnull":
            return TruthValues.of(~self._known(_one_argument(args)), np.array(True))
        return self._relation(op, args)

    def _relation(self, op: str, args: list[Any]) -> TruthValues:
        if op in _COMPARISONS:
            return self._compare(op, *_two_arguments(args))
        if op in spatial.RELATIONS:
            return self._relate_shapes(op, *_two_arguments(args))
        if op in temporal.RELATIONS:
            left_time, right_time = (self._time(node) for node in _two_arguments(args))
            return temporal.relate(op, left_time, right_time)
        if op == "like":
            return _like(*(self._value(node) for node in _two_arguments(args)))
        if op == "between":
            value, low, high = _three_arguments(args)
            return _and(self._compare(">=", value, low), self._compare("<=", value, high))
        if op == "in":
            value, items = _two_arguments(args)
            if not isinstance(items, list) or not items:
                raise refused(
                    "IN needs a list in brackets, like risk IN (2, 3).",
                    indonesian="IN memerlukan daftar dalam kurung, seperti risk IN (2, 3).",
                )
            return self._is_member(self._value(value), [self._value(item) for item in items])
        raise refused(
            f"The operator {op[:30]} is not supported. /ogc/conformance lists the supported parts "
            "of CQL2.",
            indonesian=f"Operator {op[:30]} tidak didukung. /ogc/conformance mendaftar bagian CQL2 "
            "yang didukung.",
        )

    def _compare(self, op: str, left: Any, right: Any) -> TruthValues:  # noqa: ANN401
        left_column, right_column = comparable(self._value(left), self._value(right))
        return TruthValues.of(
            np.asarray(_COMPARISONS[op](left_column.values, right_column.values), dtype=np.bool_),
            left_column.known & right_column.known,
        )

    def _relate_shapes(self, op: str, left: Any, right: Any) -> TruthValues:  # noqa: ANN401
        if left == right:
            return spatial.relate_to_itself(op, self._value(left))
        return spatial.relate(op, self._value(left), self._value(right))

    def _is_member(self, column: Column, items: list[Column]) -> TruthValues:
        pairs = [comparable(column, item) for item in items]
        if all(item.values.ndim == 0 for item in items):
            values, known = pairs[0][0].values, pairs[0][0].known
            is_item = pd.Index(values.ravel()).isin([item.values[()] for _, item in pairs])
            return TruthValues.of(np.reshape(is_item, values.shape), known)
        equal = [TruthValues.of(np.equal(a.values, b.values), a.known & b.known) for a, b in pairs]
        return reduce(_or, equal)

    def _known(self, tree: Any) -> NDArray[np.bool_]:  # noqa: ANN401
        if isinstance(tree, dict) and "interval" in tree:
            interval = self._time(tree)
            return np.asarray(interval.start.known & interval.end.known)
        if isinstance(tree, dict) and "op" in tree and _operation(tree)[0] not in _VALUE_FUNCTIONS:
            result = self.evaluate(tree)
            return result.true | result.false
        return self._value(tree).known

    def _value(self, tree: Any) -> Column:  # noqa: ANN401
        if isinstance(tree, dict) and isinstance(tree.get("property"), str):
            return self._features.column(tree["property"], self._crs.plane)
        if spatial.is_shape(tree):
            return spatial.shape_column(tree, self._crs)
        if isinstance(tree, dict) and "op" in tree:
            op, args = _operation(tree)
            if op in {"casei", "accenti"}:
                return _fold(op, self._value(_one_argument(args)))
            if op in _ARITHMETIC:
                return _calculate(op, *(self._value(node) for node in _two_arguments(args)))
            raise refused(
                "Only CASEI, ACCENTI and arithmetic give a value. Write one of these, a property "
                "or a literal.",
                indonesian="Hanya CASEI, ACCENTI dan aritmetika yang memberi nilai. Tulis salah "
                "satunya, sebuah kolom, atau sebuah nilai.",
            )
        return literal_column(tree)

    def _time(self, tree: Any) -> Interval:  # noqa: ANN401
        if isinstance(tree, dict) and isinstance(tree.get("interval"), list):
            return temporal.read_interval(tree["interval"], self._value)
        moment = self._value(tree)
        return Interval(moment, moment)


def _and(left: TruthValues, right: TruthValues) -> TruthValues:
    return TruthValues(left.true & right.true, left.false | right.false)


def _or(left: TruthValues, right: TruthValues) -> TruthValues:
    return TruthValues(left.true | right.true, left.false & right.false)


def _like(column: Column, pattern: Column) -> TruthValues:
    if column.kind != "text" or pattern.kind != "text" or pattern.values.ndim:
        raise refused(
            "LIKE needs a text and a pattern in single quotes, like name LIKE 'RT 00%'.",
            indonesian="LIKE memerlukan teks dan pola dalam tanda kutip tunggal, seperti name "
            "LIKE 'RT 00%'.",
        )
    # Linear time in the length of the text; a backtracking expression may need exponential time.
    matches = pc.match_like(pa.array(column.values.ravel(), pa.string()), str(pattern.values))
    matched = matches.to_numpy(zero_copy_only=False).astype(np.bool_)
    return TruthValues.of(matched.reshape(column.values.shape), column.known & pattern.known)


def _fold(op: str, column: Column) -> Column:
    if column.kind != "text":
        raise refused(
            "CASEI and ACCENTI need texts.",
            indonesian="CASEI dan ACCENTI memerlukan teks.",
        )
    fold = str.casefold if op == "casei" else _without_accents
    values = np.array([fold(text) for text in column.values.ravel()], dtype=object)
    return column._replace(values=values.reshape(column.values.shape))


def _without_accents(text: str) -> str:
    return "".join(
        character
        for character in unicodedata.normalize("NFD", text)
        if not unicodedata.combining(character)
    )


def _calculate(op: str, left: Column, right: Column) -> Column:
    if left.kind != "number" or right.kind != "number":
        raise refused(
            "Arithmetic needs numbers.",
            indonesian="Aritmetika memerlukan bilangan.",
        )
    with np.errstate(all="ignore"):
        values = np.asarray(_ARITHMETIC[op](left.values, right.values), dtype=np.float64)
    # The result of a division by zero is unknown.
    return Column("number", values, left.known & right.known & np.isfinite(values))


def _operation(tree: Any) -> tuple[str, list[Any]]:  # noqa: ANN401
    if isinstance(tree, dict) and isinstance(tree.get("op"), str):
        args = tree.get("args")
        if isinstance(args, list) and args:
            return tree["op"].lower(), args
    raise refused(
        "The filter is not a condition. Write conditions like risk >= 2, combined with AND, OR and "
        "NOT.",
        indonesian="Saringan ini bukan syarat. Tulis syarat seperti risk >= 2, yang digabung "
        "dengan AND, OR dan NOT.",
    )


def _one_argument(args: Sequence[Any]) -> Any:  # noqa: ANN401
    return _check_count(args, 1)[0]


def _two_arguments(args: Sequence[Any]) -> Sequence[Any]:
    return _check_count(args, 2)


def _three_arguments(args: Sequence[Any]) -> Sequence[Any]:
    return _check_count(args, 3)


def _check_count(args: Sequence[Any], count: int) -> Sequence[Any]:
    if len(args) != count:
        raise refused(
            f"A condition or function has {len(args)} arguments, but needs {count}.",
            indonesian=f"Sebuah syarat atau fungsi punya {len(args)} argumen, padahal perlu "
            f"{count}.",
        )
    return args
