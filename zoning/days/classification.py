"""Days judged: what a run says of its zones, of its cases without an RT, and in all.

Knows nothing of what is stored already, nor of how a run is published.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.calendar import DayNumbers, day_number
from geodata.runs import Run
from zoning.counting.cases import PlacedCases
from zoning.counting.houses import CaseTable, Counts, houses_in_window
from zoning.placing.placements import ELSEWHERE
from zoning.risk import keys_of
from zoning.rules import Rule
from zoning.rules.classification import judge

_COUNTS: Final = ("houses", "houses_at_least", "cases", "active")


class Plan(NamedTuple):
    """A day to judge, and what its run is computed from."""

    of: Run
    """With its internal id, and no counts yet."""
    rule: Rule
    records: str


class Judged(NamedTuple):
    """What the runs of some plans say."""

    runs: dict[str, Run]
    """By id, with how many RT each class has."""
    zones: pa.Table
    """``run, code, risk, houses, houses_at_least, cases, active`` of RT with any of these."""
    unplaced: pa.Table
    """``run, code, cases, active`` of areas with cases in no RT."""


class _Counted(NamedTuple):
    """Counts of the planned days, and the position in the plans of each row's day."""

    counts: Counts
    plan: NDArray[np.intp]


def judge_days(boundaries: Boundaries, cases: PlacedCases, plans: Sequence[Plan]) -> Judged:
    """Judge each planned day by its rule.

    Parameters
    ----------
    plans
        In order of day.
    """
    n_rt = len(boundaries.level("rt"))
    leaves = pa.array(boundaries.leaves["code"], pa.string())
    # The row after the last area stands for everywhere else.
    areas = pa.array([*boundaries.areas["code"], ELSEWHERE], pa.string())
    inside, outside = cases.table, _without_rt(cases)
    runs: dict[str, Run] = {}
    zones, unplaced = [_ZONES.empty_table()], [_UNPLACED.empty_table()]
    for by in {plan.rule.id: plan.rule for plan in plans}.values():
        own = [plan for plan in plans if plan.rule.id == by.id]
        counted = _count(inside, own, by.window)
        risk = judge(counted.counts, by)
        zones.append(_table(_ZONES, counted, own, leaves, risk))
        by_day = colours_of(counted.plan, risk, (len(own), len(by.classes)), n_rt).tolist()
        keys = keys_of(by.classes)
        for plan, numbers in zip(own, by_day, strict=True):
            counts = dict(zip(keys, numbers, strict=True))
            runs[plan.of.id] = plan.of._replace(counts=counts)
        unplaced.append(_table(_UNPLACED, _count(outside, own, by.window), own, areas, None))
    return Judged(runs, pa.concat_tables(zones), pa.concat_tables(unplaced))


def colours_of(
    day: NDArray[np.integer], risk: NDArray[np.uint8], shape: tuple[int, int], n_rt: int
) -> NDArray[np.int64]:
    """How many RT have each colour on each day.

    Parameters
    ----------
    day, risk
        Of the rows of counts, shape ``(n,)``: which of the days, from 0 on, and the risk.
    shape
        How many days and classes there are; the shape of the answer.
    n_rt
        How many RT there are: those without a row have the lowest class.
    """
    n_days, n_classes = shape
    cell = day.astype(np.int64) * n_classes + risk
    coloured = np.bincount(cell, minlength=n_days * n_classes).reshape(shape)
    coloured[:, 0] = n_rt - coloured[:, 1:].sum(axis=1)
    return coloured


def _without_rt(cases: PlacedCases) -> CaseTable:
    """The cases in no RT, counted by the smallest area known of them as if it were one."""
    outside = cases.table.rt < 0
    return cases.table.take(outside)._replace(rt=cases.area[outside])


def _count(cases: CaseTable, plans: Sequence[Plan], window: int) -> _Counted:
    days = np.array([day_number(plan.of.date) for plan in plans])
    counts = houses_in_window(cases, DayNumbers(int(days[0]), int(days[-1])), window=window)
    plan = np.searchsorted(days, counts.day)
    if len(days) == days[-1] - days[0] + 1:
        return _Counted(counts, plan)
    chosen = np.flatnonzero(days[plan] == counts.day)
    return _Counted(Counts(*(column[chosen] for column in counts)), plan[chosen])


_ZONES: Final = pa.schema(
    {"run": pa.string(), "code": pa.string(), "risk": pa.int64()}
    | dict.fromkeys(_COUNTS, pa.int64())
)
_UNPLACED: Final = pa.schema(
    {"run": pa.string(), "code": pa.string(), "cases": pa.int64(), "active": pa.int64()}
)


def _table(
    schema: pa.Schema,
    counted: _Counted,
    plans: Sequence[Plan],
    codes: pa.Array,
    risk: NDArray[np.uint8] | None,
) -> pa.Table:
    runs = pa.array([plan.of.id for plan in plans])
    columns = {
        **counted.counts._asdict(),
        "run": runs.take(pa.array(counted.plan)),
        "code": codes.take(pa.array(counted.counts.rt)),
        "risk": risk,
    }
    return pa.table([columns[name] for name in schema.names], schema.names).cast(schema)
