"""How days, moments and intervals lie to each other: the temporal functions of CQL2.

The relations are those of Allen (1983), as CQL2 names them.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from api.ogc.columns import Column
from api.ogc.cql.reading import names_in
from api.ogc.cql.values import OPEN_END, Interval, Truth, alike, literal, refused

RELATIONS: Final[dict[str, Callable[[Any, Any, Any, Any], Any]]] = {
    # a and b: start and end of the first time; c and d: start and end of the second.
    "t_after": lambda a, _b, _c, d: a > d,
    "t_before": lambda _a, b, c, _d: b < c,
    "t_contains": lambda a, b, c, d: (a < c) & (b > d),
    "t_disjoint": lambda a, b, c, d: (b < c) | (a > d),
    "t_during": lambda a, b, c, d: (a > c) & (b < d),
    "t_equals": lambda a, b, c, d: (a == c) & (b == d),
    "t_finishedby": lambda a, b, c, d: (a < c) & (b == d),
    "t_finishes": lambda a, b, c, d: (a > c) & (b == d),
    "t_intersects": lambda a, b, c, d: (b >= c) & (a <= d),
    "t_meets": lambda _a, b, c, _d: b == c,
    "t_metby": lambda a, _b, _c, d: a == d,
    "t_overlappedby": lambda a, b, c, d: (a > c) & (a < d) & (b > d),
    "t_overlaps": lambda a, b, c, d: (a < c) & (b > c) & (b < d),
    "t_startedby": lambda a, b, c, d: (a == c) & (b > d),
    "t_starts": lambda a, b, c, d: (a == c) & (b < d),
}


def relate(name: str, left: Interval, right: Interval) -> Truth:
    """Whether one time lies so to the other."""
    start, other_start = alike(left.start, right.start)
    end, other_end = alike(left.end, right.end)
    if start.kind not in {"day", "moment"}:
        raise refused(
            "Times are days, moments or intervals of them.",
            indonesian="Waktu adalah hari, saat, atau rentangnya.",
        )
    true = RELATIONS[name](start.values, end.values, other_start.values, other_end.values)
    return Truth.of(true, start.known & end.known & other_start.known & other_end.known)


def interval(ends: list[Any], value_of: Callable[[Any], Column]) -> Interval:
    """``INTERVAL('2021-07-01', '..')``; two dots leave an end open."""
    if len(ends) != 2:
        raise refused(
            "An interval has two ends, like INTERVAL('2021-07-01', '..').",
            indonesian="Rentang punya dua ujung, seperti INTERVAL('2021-07-01', '..').",
        )
    start, end = (None if end == ".." else _time(value_of(end)) for end in ends)
    kind = next((found.kind for found in (start, end) if found is not None), "day")
    span = Interval(start or _open(kind, -OPEN_END), end or _open(kind, OPEN_END))
    if span.start.kind != span.end.kind:
        raise refused(
            "Both ends of an interval are days, or both moments.",
            indonesian="Kedua ujung rentang harus hari, atau keduanya saat.",
        )
    backwards = span.start.values > span.end.values
    if np.any(backwards) and not any(True for _ in names_in(ends)):
        raise refused(
            "An interval ends before it starts.",
            indonesian="Sebuah rentang berakhir sebelum mulai.",
        )
    # Of a feature whose day lies on the wrong side of the other end there is no interval.
    return Interval(span.start._replace(known=span.start.known & ~backwards), span.end)


def _time(column: Column) -> Column:
    """An end as a day or a moment; a text is whichever it looks like."""
    if column.kind != "text":
        return column
    text = str(column.values)
    return literal({"date" if len(text) == len("2021-07-15") else "timestamp": text})


def _open(kind: Any, value: int) -> Column:  # noqa: ANN401  (a kind, checked where it is used)
    return Column(kind, np.array(value), np.array(True))
