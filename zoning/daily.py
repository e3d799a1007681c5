"""The daily run: count, judge, publish; every day of a call in one transaction or none.

A run is a pure function of the day, the records that bear on it, the rule and the boundaries; its
id is the hash of these. Knows nothing of how a day is shown.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Final, Literal, NamedTuple

from geodata.boundaries import Boundaries
from geodata.clock import city_today
from geodata.errors import InputError
from geodata.store import Store
from zoning import bearing
from zoning.cases import PlacedCases, current_cases, placed_cases
from zoning.judging import Plan, day_number, judge_days
from zoning.placing import Placer
from zoning.publishing import PublishedRun, publish, stored_runs
from zoning.rules import Rule, rule, rule_in_force

ENGINE: Final = "1"
"""Raised when the same inputs would be judged differently."""

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is, and of how much."""


class Run(NamedTuple):
    """One day as it stands published now."""

    date: date
    run: str
    rule: str
    retrospective: bool
    """True for a day before any law coloured RT."""
    state: Literal["published", "unchanged"]
    """Unchanged where the published run was computed from the very same."""
    green: int
    yellow: int
    orange: int
    red: int


def every_day(first: date, last: date) -> list[date]:
    """The days of a range, both ends included.

    Raises
    ------
    InputError
        ``days-order`` if the last is before the first.
    """
    if last < first:
        raise InputError(
            "days-order", f"The last day {last} is before the first day {first}. Swap the two."
        )
    return [first + timedelta(days=k) for k in range((last - first).days + 1)]


def run_days(
    store: Store,
    boundaries: Boundaries,
    days: Sequence[date],
    *,
    rule_id: str | None = None,
    progress: Progress | None = None,
    today: date | None = None,
    placer: Placer | None = None,
) -> list[Run]:
    """Judge days by the records as they are now and publish them, all or nothing.

    Parameters
    ----------
    days
        In any order; see `every_day`.
    rule_id
        Judge by this rule rather than by the one in force on each day.
    today
        The city's own day where not given; later days are refused.
    placer
        Of these boundaries, where a process that runs again and again holds one.

    Returns
    -------
    list of Run
        One a day, in order. A day computed from the same as its published run is left unchanged.

    Raises
    ------
    InputError
        ``no-days`` without a day, ``date-in-future`` for a day yet to come, ``no-records`` where
        no case was ever loaded: a city without records is not a green one.
    NotFoundError
        ``no-rule`` for an unknown `rule_id`.
    """
    ordered = sorted(set(days))
    _check_days(ordered, today or city_today())
    asked = None if rule_id is None else rule(rule_id)
    cases = _placed_cases(store, boundaries, placer)
    plans = list(_plans(boundaries, cases, ordered, asked, progress))
    # A run of the same id was computed from the same: there is nothing to compute again.
    runs = stored_runs(store, [plan.run for plan in plans])
    new = [plan for plan in plans if plan.run not in runs]
    judged = judge_days(boundaries, cases, new)
    runs |= {plan.run: _run(plan, boundaries.id, judged.colours[plan.run]) for plan in new}
    chosen = [runs[plan.run] for plan in plans]
    fresh = publish(store, chosen, judged.zones, judged.unplaced)
    return [
        Run(
            date=one.date,
            run=one.run,
            rule=one.rule,
            retrospective=rule_in_force(one.date).retrospective,
            state="published" if one.date in fresh else "unchanged",
            green=one.green,
            yellow=one.yellow,
            orange=one.orange,
            red=one.red,
        )
        for one in chosen
    ]


def _check_days(days: Sequence[date], today: date) -> None:
    if not days:
        raise InputError("no-days", "No day was given. Name at least one.")
    if days[-1] > today:
        raise InputError(
            "date-in-future",
            f"{days[-1]} is in the future; today is {today}. A day can be judged once it has come.",
        )


def _placed_cases(store: Store, boundaries: Boundaries, placer: Placer | None) -> PlacedCases:
    records = current_cases(store)
    if records.num_rows == 0:
        raise InputError(
            "no-records",
            "No case was ever loaded, so no zone can be judged: without records a city is not "
            "green but unknown. Load them first: `mikrozonasi records load cases FILE`.",
        )
    return placed_cases(records, boundaries, placer or Placer(boundaries))


def _plans(
    boundaries: Boundaries,
    cases: PlacedCases,
    days: Sequence[date],
    asked: Rule | None,
    progress: Progress | None,
) -> Iterator[Plan]:
    done = 0
    rules = [asked or rule_in_force(day).rule for day in days]
    for by, group in groupby(zip(days, rules, strict=True), key=itemgetter(1)):
        judged = [day for day, _ in group]
        numbers = [day_number(day) for day in judged]
        found = bearing.digests(cases.table, cases.area, numbers, window=by.window)
        for day, records in zip(judged, found, strict=True):
            yield Plan(day, by, records, _run_id(day, by, records, boundaries.id))
            done += 1
            if progress is not None:
                progress("judging days", done, len(days))


def _run_id(day: date, by: Rule, records: str, boundaries: str) -> str:
    inputs = {
        "boundaries": boundaries,
        "date": day.isoformat(),
        "engine": ENGINE,
        "records": records,
        "rule": by.id,
        "rule_digest": by.digest,
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]


def _run(plan: Plan, boundaries: str, colours: Sequence[int]) -> PublishedRun:
    green, yellow, orange, red = colours
    return PublishedRun(
        run=plan.run,
        date=plan.day,
        rule=plan.rule.id,
        rule_digest=plan.rule.digest,
        records=plan.records,
        boundaries=boundaries,
        engine=ENGINE,
        green=green,
        yellow=yellow,
        orange=orange,
        red=red,
    )
