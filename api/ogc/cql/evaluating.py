"""A filter's tree over columns: which features it keeps.

Three-valued, as SQL: what is said of a missing value is unknown, and unknown is not kept.
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
from api.ogc.cql.reading import Filter, names_in
from api.ogc.cql.values import Interval, Truth, alike, literal, refused
from api.ogc.crs import Crs

_COMPARED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": np.equal,
    "<>": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
_COUNTED: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "+": np.add,
    "-": np.subtract,
    "*": np.multiply,
    "/": np.divide,
    "%": np.fmod,
    "^": np.power,
    "div": lambda left, right: np.trunc(np.divide(left, right)),
}
_GIVING_VALUES: Final = frozenset({"casei", "accenti", *_COUNTED})


class Test:
    """A filter, put to the features of one day after another.

    Parameters
    ----------
    crs
        Of the coordinates in the filter.
    """

    def __init__(self, chosen: Filter, crs: Crs) -> None:
        self._chosen = chosen
        self._crs = crs
        self._memory = _Memory()

    def work(self, every: Iterable[Features]) -> float:
        """How long `keeps` would take for all of these, in microseconds of a core, about."""
        costs: dict[Hashable, Cost] = {}
        total = 0.0
        for features in every:
            if features.static_key not in costs:
                costs[features.static_key] = estimate_cost(self._chosen, features, self._crs)
                total += costs[features.static_key].static_cost
            total += costs[features.static_key].per_day_cost
        return total

    def keeps(self, features: Features) -> NDArray[np.bool_]:
        """Which features it keeps: an array of their shape.

        Raises
        ------
        InputError
            ``invalid-filter`` if it says what cannot be evaluated.
        """
        truth = _Evaluation(features, self._crs, self._memory).truth(self._chosen.tree)
        return np.broadcast_to(truth.true, features.shape)


class _Memory:
    """What conditions of a filter say that does not change from day to day."""

    def __init__(self) -> None:
        self.said: dict[tuple[int, Hashable], Truth] = {}
        self._lasts: dict[int, bool] = {}

    def lasts(self, tree: Any, changing: frozenset[str]) -> bool:  # noqa: ANN401  (JSON)
        """Whether a condition speaks of nothing that changes."""
        if id(tree) not in self._lasts:
            self._lasts[id(tree)] = changing.isdisjoint(names_in(tree))
        return self._lasts[id(tree)]


class _Evaluation:
    def __init__(self, features: Features, crs: Crs, memory: _Memory) -> None:
        self._features = features
        self._crs = crs
        self._memory = memory
        self._of_day: dict[tuple[int, Hashable], Truth] = {}

    def truth(self, tree: Any) -> Truth:  # noqa: ANN401  (JSON)
        """What a condition says of the features; found once, for all days where it lasts."""
        lasting = self._memory.lasts(tree, self._features.per_day_properties)
        said = self._memory.said if lasting else self._of_day
        key = id(tree), self._features.static_key
        if key not in said:
            said[key] = self._said(tree)
        return said[key]

    def _said(self, tree: Any) -> Truth:  # noqa: ANN401
        if isinstance(tree, bool):
            return Truth.of(np.array(tree), np.array(True))
        op, args = _call(tree)
        if op in {"and", "or"}:
            said = [self.truth(part) for part in args]
            return reduce(_and if op == "and" else _or, said)
        if op == "not":
            true, false = self.truth(_one(args))
            return Truth(false, true)
        if op == "isnull":
            return Truth.of(~self._known(_one(args)), np.array(True))
        return self._relation(op, args)

    def _relation(self, op: str, args: list[Any]) -> Truth:
        if op in _COMPARED:
            return self._compared(op, *_two(args))
        if op in spatial.RELATIONS:
            return self._lying(op, *_two(args))
        if op in temporal.RELATIONS:
            left_time, right_time = (self._time(part) for part in _two(args))
            return temporal.relate(op, left_time, right_time)
        if op == "like":
            return _like(*(self._value(part) for part in _two(args)))
        if op == "between":
            value, low, high = _three(args)
            return _and(self._compared(">=", value, low), self._compared("<=", value, high))
        if op == "in":
            value, among = _two(args)
            if not isinstance(among, list) or not among:
                raise refused(
                    "IN takes a list in brackets, like risk IN (2, 3).",
                    indonesian="IN memerlukan daftar dalam kurung, seperti risk IN (2, 3).",
                )
            return self._among(self._value(value), [self._value(one) for one in among])
        raise refused(
            f"It says what is not evaluated here ({op[:30]}). /ogc/conformance lists what is.",
            indonesian=f"Saringan ini memuat hal yang tidak dihitung di sini ({op[:30]}). "
            "/ogc/conformance mendaftar yang dihitung.",
        )

    def _compared(self, op: str, left: Any, right: Any) -> Truth:  # noqa: ANN401
        one, other = alike(self._value(left), self._value(right))
        return Truth.of(
            np.asarray(_COMPARED[op](one.values, other.values), dtype=np.bool_),
            one.known & other.known,
        )

    def _lying(self, op: str, left: Any, right: Any) -> Truth:  # noqa: ANN401
        if left == right:
            return spatial.of_itself(op, self._value(left))
        return spatial.relate(op, self._value(left), self._value(right))

    def _among(self, column: Column, among: list[Column]) -> Truth:
        pairs = [alike(column, one) for one in among]
        if all(one.values.ndim == 0 for one in among):
            read = pairs[0][0]
            held = pd.Index(read.values.ravel()).isin([one.values[()] for _, one in pairs])
            return Truth.of(np.reshape(held, read.values.shape), read.known)
        equal = [Truth.of(np.equal(a.values, b.values), a.known & b.known) for a, b in pairs]
        return reduce(_or, equal)

    def _known(self, tree: Any) -> NDArray[np.bool_]:  # noqa: ANN401
        if isinstance(tree, dict) and "interval" in tree:
            span = self._time(tree)
            return np.asarray(span.start.known & span.end.known)
        if isinstance(tree, dict) and "op" in tree and _call(tree)[0] not in _GIVING_VALUES:
            truth = self.truth(tree)
            return truth.true | truth.false
        return self._value(tree).known

    def _value(self, tree: Any) -> Column:  # noqa: ANN401
        if isinstance(tree, dict) and isinstance(tree.get("property"), str):
            return self._features.column(tree["property"], self._crs.plane)
        if spatial.is_shape(tree):
            return spatial.shape(tree, self._crs)
        if isinstance(tree, dict) and "op" in tree:
            op, args = _call(tree)
            if op in {"casei", "accenti"}:
                return _folded(op, self._value(_one(args)))
            if op in _COUNTED:
                return _counted(op, *(self._value(part) for part in _two(args)))
            raise refused(
                "Functions that give a value are CASEI, ACCENTI and arithmetic.",
                indonesian="Fungsi yang memberi nilai ialah CASEI, ACCENTI dan hitungan "
                "aritmetika.",
            )
        return literal(tree)

    def _time(self, tree: Any) -> Interval:  # noqa: ANN401
        if isinstance(tree, dict) and isinstance(tree.get("interval"), list):
            return temporal.interval(tree["interval"], self._value)
        moment = self._value(tree)
        return Interval(moment, moment)


def _and(left: Truth, right: Truth) -> Truth:
    return Truth(left.true & right.true, left.false | right.false)


def _or(left: Truth, right: Truth) -> Truth:
    return Truth(left.true | right.true, left.false & right.false)


def _like(column: Column, pattern: Column) -> Truth:
    if column.kind != "text" or pattern.kind != "text" or pattern.values.ndim:
        raise refused(
            "LIKE takes a text and a pattern in single quotes, like name LIKE 'RT 00%'.",
            indonesian="LIKE memerlukan teks dan pola dalam tanda kutip tunggal, seperti name "
            "LIKE 'RT 00%'.",
        )
    # Linear in the text whatever the pattern, as backtracking expressions are not.
    found = pc.match_like(pa.array(column.values.ravel(), pa.string()), str(pattern.values))
    matched = found.to_numpy(zero_copy_only=False).astype(np.bool_)
    return Truth.of(matched.reshape(column.values.shape), column.known & pattern.known)


def _folded(op: str, column: Column) -> Column:
    if column.kind != "text":
        raise refused(
            "CASEI and ACCENTI take texts.",
            indonesian="CASEI dan ACCENTI memerlukan teks.",
        )
    fold = str.casefold if op == "casei" else _without_accents
    values = np.array([fold(text) for text in column.values.ravel()], dtype=object)
    return column._replace(values=values.reshape(column.values.shape))


def _without_accents(text: str) -> str:
    return "".join(
        sign for sign in unicodedata.normalize("NFD", text) if not unicodedata.combining(sign)
    )


def _counted(op: str, left: Column, right: Column) -> Column:
    if left.kind != "number" or right.kind != "number":
        raise refused(
            "Arithmetic takes numbers.",
            indonesian="Hitungan aritmetika memerlukan bilangan.",
        )
    with np.errstate(all="ignore"):
        values = np.asarray(_COUNTED[op](left.values, right.values), dtype=np.float64)
    # Of a division by zero nothing is known.
    return Column("number", values, left.known & right.known & np.isfinite(values))


def _call(tree: Any) -> tuple[str, list[Any]]:  # noqa: ANN401
    if isinstance(tree, dict) and isinstance(tree.get("op"), str):
        args = tree.get("args")
        if isinstance(args, list) and args:
            return tree["op"].lower(), args
    raise refused(
        "It wants conditions, like risk >= 2, joined by AND, OR and NOT.",
        indonesian="Saringan memerlukan syarat, seperti risk >= 2, yang digabung dengan AND, OR "
        "dan NOT.",
    )


def _one(args: Sequence[Any]) -> Any:  # noqa: ANN401
    return _exactly(args, 1)[0]


def _two(args: Sequence[Any]) -> Sequence[Any]:
    return _exactly(args, 2)


def _three(args: Sequence[Any]) -> Sequence[Any]:
    return _exactly(args, 3)


def _exactly(args: Sequence[Any], number: int) -> Sequence[Any]:
    if len(args) != number:
        raise refused(
            "A condition or function has too many or too few parts.",
            indonesian="Sebuah syarat atau fungsi punya bagian terlalu banyak atau terlalu "
            "sedikit.",
        )
    return args
