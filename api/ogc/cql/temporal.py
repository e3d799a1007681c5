"""The temporal functions of CQL2, for days, moments and intervals.

The relations are those of Allen (1983), with the names of CQL2.
"""

from collections.abc import Callable
from typing import Any, Final

import numpy as np

from api.ogc.columns import Column
from api.ogc.cql.reading import property_names
from api.ogc.cql.values import (
    OPEN_END,
    Interval,
    TruthValues,
    comparable,
    literal_column,
    refused,
)

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


def relate(name: str, left: Interval, right: Interval) -> TruthValues:
    """Whether a relation holds between two intervals."""
    start, other_start = comparable(left.start, right.start)
    end, other_end = comparable(left.end, right.end)
    if start.kind not in {"day", "moment"}:
        raise refused(
            "Temporal functions need days, moments or intervals.",
            indonesian="Fungsi waktu memerlukan hari, saat, atau rentang.",
        )
    true = RELATIONS[name](start.values, end.values, other_start.values, other_end.values)
    return TruthValues.of(true, start.known & end.known & other_start.known & other_end.known)


def read_interval(ends: list[Any], read_value: Callable[[Any], Column]) -> Interval:
    """An interval like ``INTERVAL('2021-07-01', '..')``; two dots are an open end."""
    if len(ends) != 2:
        raise refused(
            "An interval has two ends, like INTERVAL('2021-07-01', '..').",
            indonesian="Rentang punya dua ujung, seperti INTERVAL('2021-07-01', '..').",
        )
    start, end = (None if end == ".." else _time_column(read_value(end)) for end in ends)
    kind = next((column.kind for column in (start, end) if column is not None), "day")
    interval = Interval(start or _open_end(kind, -OPEN_END), end or _open_end(kind, OPEN_END))
    if interval.start.kind != interval.end.kind:
        raise refused(
            "The ends of an interval must be two days or two moments.",
            indonesian="Kedua ujung rentang harus hari, atau keduanya saat.",
        )
    is_backwards = interval.start.values > interval.end.values
    if np.any(is_backwards) and not any(True for _ in property_names(ends)):
        raise refused(
            "An interval ends before it starts. Exchange its ends.",
            indonesian="Sebuah rentang berakhir sebelum mulai. Tukar kedua ujungnya.",
        )
    # For a feature whose property makes the interval end before its start, the interval is unknown.
    known = interval.start.known & ~is_backwards
    return Interval(interval.start._replace(known=known), interval.end)


def _time_column(column: Column) -> Column:
    """An end as a day or a moment; the length of a text decides."""
    if column.kind != "text":
        return column
    text = str(column.values)
    return literal_column({"date" if len(text) == len("2021-07-15") else "timestamp": text})


def _open_end(kind: Any, value: int) -> Column:  # noqa: ANN401  (`relate` checks the kind)
    return Column(kind, np.array(value), np.array(True))
