"""The daily run: count, judge, publish; every day of a call in one transaction or none.

Each day is judged on the boundaries in force on it. Knows nothing of how a day is shown.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date, timedelta
from itertools import count, groupby
from typing import Literal, NamedTuple

import pyarrow as pa

from geodata.addresses import decisions
from geodata.boundaries import Boundaries, load_boundaries, timeline, version_on
from geodata.errors import InputError
from geodata.identity import Pseudonymiser, open_pseudonymiser
from geodata.store import Reads, Store
from zoning.counting.cases import current_cases, placed_cases, standing
from zoning.days.classification import Plan, judge_days
from zoning.days.planning import ENGINE, plan_days
from zoning.days.publishing import PublishedRun, public_ids, publish, stored_runs
from zoning.placing.placements import Placer
from zoning.rules import Rule, rule, rule_in_force

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is, and of how much."""


class Run(NamedTuple):
    """One day as it stands published now."""

    date: date
    run: str
    """Its public id, the one in links."""
    input_digest: str
    """Hash of what it was computed from, keyed with the city's secret; for officials."""
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
    boundaries: Boundaries | None,
    days: Sequence[date],
    *,
    rule_id: str | None = None,
    progress: Progress | None = None,
    today: date | None = None,
    pseudonymiser: Pseudonymiser | None = None,
) -> list[Run]:
    """Judge days by the records as they are now and publish them, all or nothing.

    Parameters
    ----------
    boundaries
        Judge on these rather than on those in force on each day.
    days
        In any order; see `every_day`.
    rule_id
        Judge by this rule rather than by the one in force on each day.
    today
        The city's own day where not given; later days are refused.
    pseudonymiser
        With the city's secret; the one of the database where not given.

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
    StoreError
        ``no-secret``, ``other-secret``: see `geodata.identity.open_pseudonymiser`.
    """
    ordered = sorted(set(days))
    _check_days(ordered, today or store.settings.today())
    asked = None if rule_id is None else rule(rule_id)
    secret = pseudonymiser or open_pseudonymiser(store)
    planned = _counter(progress, len(ordered))
    # One transaction from the first read to the last write: no record can arrive in between, so
    # that what is published at a moment is what the records known at that moment say.
    with store.transaction() as work:
        records = _records(work)
        parts = [
            _judged(work, ground, records, _Wanted(own, asked, secret), planned)
            for ground, own in _grounds(work, boundaries, ordered)
        ]
        chosen = [run for part in parts for run in part.runs]
        zones, unplaced = (
            pa.concat_tables(each) for each in zip(*(part.rows for part in parts), strict=True)
        )
        fresh = publish(work, chosen, zones, unplaced)
        public = public_ids(work, [one.date for one in chosen])
    return [_told(one, public[one.date], published=one.date in fresh) for one in chosen]


class _Part(NamedTuple):
    """Days on the same boundaries: their runs, and the zones and unplaced cases of the new ones."""

    runs: list[PublishedRun]
    rows: tuple[pa.Table, pa.Table]


class _Wanted(NamedTuple):
    days: list[date]
    rule: Rule | None
    """By this rule; by the one in force on each day where None."""
    secret: Pseudonymiser


class _Ground(NamedTuple):
    boundaries: Boundaries
    placer: Placer


def _grounds(
    work: Reads, given: Boundaries | None, days: Sequence[date]
) -> Iterator[tuple[_Ground, list[date]]]:
    """Boundaries and the days to judge on them: those given, else those in force on each day."""
    decided, prefer = decisions(work), work.settings.prefer
    if given is not None:
        yield (
            _Ground(given, Placer(given, prefer=prefer, decisions=decided)),
            list(days),
        )
        return
    versions = timeline(work)
    for version, own in groupby(days, key=lambda day: version_on(versions, day).boundaries):
        boundaries = load_boundaries(work, version)
        yield (
            _Ground(boundaries, Placer(boundaries, prefer=prefer, decisions=decided)),
            list(own),
        )


def _judged(
    work: Reads,
    ground: _Ground,
    records: pa.Table,
    wanted: _Wanted,
    planned: Callable[[], None],
) -> _Part:
    boundaries = ground.boundaries
    cases = placed_cases(records, boundaries, ground.placer)
    days = [(day, wanted.rule or _by_law(day)) for day in wanted.days]
    plans = list(plan_days(boundaries.id, cases, days, wanted.secret, planned))
    # A run of the same id was computed from the same: there is nothing to compute again.
    runs = stored_runs(work, [plan.run for plan in plans])
    new = [plan for plan in plans if plan.run not in runs]
    judged = judge_days(boundaries, cases, new)
    runs |= {plan.run: _run(plan, boundaries.id, judged.colours[plan.run]) for plan in new}
    return _Part([runs[plan.run] for plan in plans], (judged.zones, judged.unplaced))


def _told(one: PublishedRun, public: str, *, published: bool) -> Run:
    return Run(
        date=one.date,
        run=public,
        input_digest=one.run,
        rule=one.rule,
        retrospective=rule_in_force(one.date).retrospective,
        state="published" if published else "unchanged",
        green=one.green,
        yellow=one.yellow,
        orange=one.orange,
        red=one.red,
    )


def _by_law(day: date) -> Rule:
    return rule_in_force(day).rule


def _counter(progress: Progress | None, total: int) -> Callable[[], None]:
    done = count(1)
    return lambda: None if progress is None else progress("judging days", next(done), total)


def _check_days(days: Sequence[date], today: date) -> None:
    if not days:
        raise InputError("no-days", "No day was given. Name at least one.")
    if days[-1] > today:
        raise InputError(
            "date-in-future",
            f"{days[-1]} is in the future; today is {today}. A day can be judged once it has come.",
        )


def _records(work: Reads) -> pa.Table:
    if standing(work).newest is None:
        raise InputError(
            "no-records",
            "No case was ever loaded, so no zone can be judged: without records a city is not "
            "green but unknown. Load them first: `mikrozonasi records load cases FILE`.",
        )
    return current_cases(work)


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
