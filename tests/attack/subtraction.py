"""The attack on daily figures: everything that public ranges and colours together disclose.

The attacker knows for each area and day a range, for each RT and day a colour, and the tree of the
areas. He narrows the ranges as far as they go: in the system of inequalities of each area, and
between an area and its parts. This module shares no code with the engine.
"""

from typing import NamedTuple

import numpy as np
from fastapi.testclient import TestClient
from numpy.typing import NDArray

from tests.attack.inference import tightest_day_bounds

Ints = NDArray[np.int64]
WINDOW = 7
LONGEST = 10
"""Longest interval, in days, of which colours are combined."""
_NO_LIMIT = 1000
_CHUNK, _STEP = 48, 34
"""Days that are solved together, and days from one such part to the next."""


class Ranges(NamedTuple):
    """Lowest and highest possible count; shape ``(areas, days)``."""

    low: Ints
    high: Ints

    def copy(self) -> "Ranges":
        return Ranges(self.low.copy(), self.high.copy())


class Tree(NamedTuple):
    """The parent of each area by position; -1 for the city, whose other part has no RT."""

    parent: Ints
    city: int = 0

    def parts(self, area: int) -> Ints:
        return np.flatnonzero(self.parent == area)


class Figures(NamedTuple):
    """One figure as ``/indicators`` gives it, for every area and day."""

    codes: list[str]
    """The city first."""
    ranges: Ranges


def read_figures(client: TestClient, name: str, n_days: int) -> Figures:
    """Read one figure of all levels."""
    codes: list[str] = []
    ranges = []
    for level in ("kota", "kecamatan", "kelurahan"):
        answer = client.get(f"/indicators?name={name}&level={level}").json()
        assert answer["numberReturned"] == answer["numberMatched"]
        values = answer["values"]
        codes += [value["code"] for value in values[::n_days]]
        bounds = [(value["least"], value["most"]) for value in values]
        ranges.append(np.array(bounds, dtype=np.int64).reshape(-1, n_days, 2))
    both = np.concatenate(ranges)
    return Figures(codes, Ranges(both[..., 0], both[..., 1]))


def tree_of(codes: list[str]) -> Tree:
    """The tree of the areas, from their codes."""
    parents = [
        max((other for other in codes if code.startswith(f"{other}.")), key=len, default="")
        for code in codes
    ]
    return Tree(np.array([codes.index(code) if code else -1 for code in parents]))


def least_of_intervals(risks: NDArray[np.uint8], thresholds: Ints) -> dict[int, Ints]:
    """The least number of cases of each RT in every interval, by its length and first day.

    Parameters
    ----------
    risks
        Shape ``(days, rt)``.
    thresholds
        Houses of yellow, orange and red on each day; shape ``(days, 3)``.
    """
    n_days = len(risks)
    steps = np.hstack([np.zeros((n_days, 1), dtype=np.int64), thresholds,
                       np.full((n_days, 1), _NO_LIMIT)])  # fmt: skip
    day = np.arange(n_days)[:, None]
    least, most = steps[day, risks], steps[day, risks + 1] - 1
    result: dict[int, Ints] = {}
    for length in range(1, min(LONGEST, n_days) + 1):
        bound = np.zeros((n_days - length + 1, risks.shape[1]), dtype=np.int64)
        for start in range(n_days - length + 1):
            end = start + length - 1
            if start > 0:
                bound[start] = np.maximum(bound[start], least[end] - most[start - 1])
            if length >= WINDOW:
                bound[start] = np.maximum(bound[start], least[end])
            if length <= WINDOW and end + WINDOW < n_days:
                # Houses counted on day `start + 6` but not on day `end + 7` leave in between.
                left = least[start + WINDOW - 1] - most[end + WINDOW]
                bound[start] = np.maximum(bound[start], left)
        for shorter in range(1, length):
            both = result[shorter][: len(bound)] + result[length - shorter][shorter:]
            np.maximum(bound, both, out=bound)
        result[length] = bound
    return result


def narrow(
    ranges: Ranges,
    tree: Tree,
    intervals: dict[int, Ints],
    most: dict[int, Ints] | None = None,
) -> Ranges:
    """The narrowest ranges that follow from ranges, colours and sums.

    Parameters
    ----------
    intervals
        By length of the interval, the least number of cases with an RT of each area; shape
        ``(areas, first days)``.
    most
        The same for the highest number of cases; for leaks.
    """
    known = ranges.copy()
    while True:
        before = known.copy()
        _narrow_by_sums(known, tree)
        _narrow_by_days(known, intervals, most or {})
        if np.array_equal(before.low, known.low) and np.array_equal(before.high, known.high):
            return known


def narrow_by_recoveries(cases: Ranges, recovered: Ranges) -> tuple[Ranges, Ranges]:
    """Nobody recovers before a confirmation: up to each day, recoveries are at most cases."""
    spare = cases.high.cumsum(axis=1) - recovered.low.cumsum(axis=1)
    # What can be spared until a day is what can be spared on any day from then on.
    least_spare = np.minimum.accumulate(spare[:, ::-1], axis=1)[:, ::-1]
    return (
        Ranges(np.maximum(cases.low, cases.high - least_spare), cases.high),
        Ranges(recovered.low, np.minimum(recovered.high, recovered.low + least_spare)),
    )


def disclosed(known: Ranges, truth: Ints, minimum: int) -> list[tuple[int, int]]:
    """Area and day of each positive count below the minimum that the attacker knows exactly."""
    assert (known.low <= truth).all()
    assert (truth <= known.high).all()
    is_known = (known.low == known.high) & (truth > 0) & (truth < minimum)
    return [(int(area), int(day)) for area, day in zip(*np.nonzero(is_known), strict=True)]


def _narrow_by_sums(known: Ranges, tree: Tree) -> None:
    for area in range(len(known.low)):
        parts = tree.parts(area)
        if not len(parts):
            continue
        low, high = known.low[parts].sum(axis=0), known.high[parts].sum(axis=0)
        known.low[area] = np.maximum(known.low[area], low)
        if area != tree.city:
            # The city has cases without an RT too, so it may have more than its parts.
            known.high[area] = np.minimum(known.high[area], high)
            others = high - known.high[parts]
            known.low[parts] = np.maximum(known.low[parts], known.low[area] - others)
        known.high[parts] = np.minimum(
            known.high[parts], known.high[area] - (low - known.low[parts])
        )


def _narrow_by_days(known: Ranges, intervals: dict[int, Ints], most: dict[int, Ints]) -> None:
    n_days = known.low.shape[1]
    for first in range(0, max(1, n_days - _CHUNK + _STEP), _STEP):
        days = slice(first, min(first + _CHUNK, n_days))
        least = {length: bounds[:, days] for length, bounds in intervals.items()}
        highest = {length: bounds[:, days] for length, bounds in most.items()}
        low, high = tightest_day_bounds(known.low[:, days], known.high[:, days], least, highest)
        known.low[:, days], known.high[:, days] = low, high
