"""Classifies planned days: the zones of each run, its cases without an RT, and its counts.

Does not know which runs are stored already, nor how a run is published.
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
from zoning.risk import class_keys
from zoning.rules import Rule
from zoning.rules.classification import classify

_COUNTS: Final = ("houses", "houses_at_least", "cases", "active")


class Plan(NamedTuple):
    """A day to classify, and the inputs of its run."""

    run: Run
    """The run with its internal id, without counts."""
    rule: Rule
    records: str
    """Keyed hash of the cases that affect the day."""


class ClassifiedDays(NamedTuple):
    """The results of planned days."""

    runs: dict[str, Run]
    """Runs by id, with the number of RT of each class."""
    zones: pa.Table
    """``run, code, risk, houses, houses_at_least, cases, active`` of each RT with a count above
    zero."""
    unplaced: pa.Table
    """``run, code, cases, active`` of each area with cases in no RT."""


class _PlannedCounts(NamedTuple):
    """Counts of the planned days, and for each row the position of its day in the plans."""

    counts: Counts
    plan: NDArray[np.intp]


def classify_days(
    boundaries: Boundaries, cases: PlacedCases, plans: Sequence[Plan]
) -> ClassifiedDays:
    """Classify the zones of each planned day by its rule.

    Parameters
    ----------
    plans
        Sorted by day.
    """
    n_rt = len(boundaries.level("rt"))
    zone_codes = pa.array(boundaries.smallest_zones["code"], pa.string())
    # The row after the last area means outside the city.
    area_codes = pa.array([*boundaries.areas["code"], ELSEWHERE], pa.string())
    inside, outside = cases.table, _without_rt(cases)
    runs: dict[str, Run] = {}
    zones, unplaced = [_ZONES.empty_table()], [_UNPLACED.empty_table()]
    for rule in {plan.rule.id: plan.rule for plan in plans}.values():
        rule_plans = [plan for plan in plans if plan.rule.id == rule.id]
        planned_counts = _count(inside, rule_plans, rule.window)
        risk = classify(planned_counts.counts, rule)
        zones.append(_table(_ZONES, planned_counts, rule_plans, zone_codes, risk))
        shape = len(rule_plans), len(rule.classes)
        colours = count_colours(planned_counts.plan, risk, shape, n_rt).tolist()
        keys = class_keys(rule.classes)
        for plan, n_rt_of_classes in zip(rule_plans, colours, strict=True):
            counts = dict(zip(keys, n_rt_of_classes, strict=True))
            runs[plan.run.id] = plan.run._replace(counts=counts)
        planned_counts = _count(outside, rule_plans, rule.window)
        unplaced.append(_table(_UNPLACED, planned_counts, rule_plans, area_codes, None))
    return ClassifiedDays(runs, pa.concat_tables(zones), pa.concat_tables(unplaced))


def count_colours(
    day: NDArray[np.integer], risk: NDArray[np.uint8], shape: tuple[int, int], n_rt: int
) -> NDArray[np.int64]:
    """Number of RT of each class on each day.

    Parameters
    ----------
    day, risk
        For each row of counts: number of the day, from 0, and the risk; shape ``(n,)``.
    shape
        Number of days and of classes; the shape of the result.
    n_rt
        Number of RT; an RT without a row has the lowest class.
    """
    n_days, n_classes = shape
    cell = day.astype(np.int64) * n_classes + risk
    coloured = np.bincount(cell, minlength=n_days * n_classes).reshape(shape)
    coloured[:, 0] = n_rt - coloured[:, 1:].sum(axis=1)
    return coloured


def _without_rt(cases: PlacedCases) -> CaseTable:
    """The cases in no RT, with the smallest known area of each in place of the RT."""
    outside = cases.table.rt < 0
    return cases.table.take(outside)._replace(rt=cases.area[outside])


def _count(cases: CaseTable, plans: Sequence[Plan], window: int) -> _PlannedCounts:
    days = np.array([day_number(plan.run.date) for plan in plans])
    counts = houses_in_window(cases, DayNumbers(int(days[0]), int(days[-1])), window=window)
    position = np.searchsorted(days, counts.day)
    if len(days) == days[-1] - days[0] + 1:
        return _PlannedCounts(counts, position)
    planned_rows = np.flatnonzero(days[position] == counts.day)
    planned = Counts(*(column[planned_rows] for column in counts))
    return _PlannedCounts(planned, position[planned_rows])


_ZONES: Final = pa.schema(
    {"run": pa.string(), "code": pa.string(), "risk": pa.int64()}
    | dict.fromkeys(_COUNTS, pa.int64())
)
_UNPLACED: Final = pa.schema(
    {"run": pa.string(), "code": pa.string(), "cases": pa.int64(), "active": pa.int64()}
)


def _table(
    schema: pa.Schema,
    planned_counts: _PlannedCounts,
    plans: Sequence[Plan],
    codes: pa.Array,
    risk: NDArray[np.uint8] | None,
) -> pa.Table:
    runs = pa.array([plan.run.id for plan in plans])
    columns = {
        **planned_counts.counts._asdict(),
        "run": runs.take(pa.array(planned_counts.plan)),
        "code": codes.take(pa.array(planned_counts.counts.rt)),
        "risk": risk,
    }
    return pa.table([columns[name] for name in schema.names], schema.names).cast(schema)
