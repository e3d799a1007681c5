"""The daily run: count, classify, publish; all days of a call in one transaction.

Each day uses the boundaries in force on the day. Does not know how a day is shown.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, groupby
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa

from geodata.addresses import read_decisions
from geodata.boundaries import Boundaries, load_boundaries, timeline, version_in_force
from geodata.calendar import DayRange
from geodata.errors import InputError
from geodata.language import Bilingual, Progress
from geodata.ledger.current import current_cases, versions_stamp
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.runs import RunData
from geodata.store import Reads, Store
from zoning.counting.cases import placed_cases
from zoning.days.classification import classify_days
from zoning.days.planning import ENGINE, plan_days
from zoning.days.publishing import (
    PublishedRun,
    newest_classes,
    public_ids,
    publish,
    stored_runs,
)
from zoning.placing.placements import Placer
from zoning.rules import Rule, Rulebook, built_in

CLASSIFYING: Final = Bilingual("Menentukan warna hari", "Classifying days")


@dataclass(frozen=True)
class DayResult(RunData):
    """One day as published now; the id of its run is the public id, which links use."""

    input_digest: str
    """Hash of the inputs of the run, keyed with the secret of the city; for officials."""
    retrospective: bool
    """True for a day before the first law that coloured RT."""
    state: Literal["published", "unchanged"]
    """Unchanged if the published run has the same inputs."""

    def to_dict(self) -> dict[str, Any]:
        """The day as JSON types."""
        return {
            "date": self.date,
            "run": self.run,
            "input_digest": self.input_digest,
            "rule": self.rule,
            "retrospective": self.retrospective,
            "state": self.state,
            **self.counts,
        }


def every_day(first: date, last: date) -> list[date]:
    """The days of a range, both ends included.

    Raises
    ------
    InputError
        ``days-order`` if the last day is before the first.
    """
    days = DayRange(first, last)
    days.check_order()
    return days.dates()


def run_days(  # noqa: PLR0913 - all that a run depends on
    store: Store,
    boundaries: Boundaries | None,
    days: Sequence[date],
    *,
    rule_id: str | None = None,
    progress: Progress | None = None,
    today: date | None = None,
    pseudonymiser: Pseudonymiser | None = None,
    rules: Rulebook | None = None,
) -> list[DayResult]:
    """Classify days by the current records and publish them in one transaction.

    Parameters
    ----------
    boundaries
        Boundaries for all days. Default: the boundaries in force on each day.
    days
        Days in any order; see `every_day`.
    rule_id
        Rule for all days. Default: the rule in force on each day.
    today
        Later days are refused. Default: the current day in the city.
    pseudonymiser
        With the secret of the city. Default: with the secret of the database.
    rules
        The rules of the city. Default: the rules of the project.

    Returns
    -------
    list of DayResult
        One for each day, in order. A day with the same inputs as its published run is unchanged.

    Raises
    ------
    InputError
        ``no-days`` without a day, ``date-in-future`` for a future day, ``no-records`` if no case
        was ever loaded (a city without records is not green), ``no-rule-in-force`` for a day
        without a rule.
    NotFoundError
        ``no-rule`` for an unknown `rule_id`.
    StoreError
        ``no-secret``, ``other-secret``: see `geodata.pseudonyms.identity.open_pseudonymiser`;
        ``other-classes`` if published days have other classes than the rules.
    """
    ordered = sorted(set(days))
    _check_days(ordered, today or store.settings.today())
    book = rules or built_in()
    rule = None if rule_id is None else book.rule(rule_id)
    secret = pseudonymiser or open_pseudonymiser(store)
    count_planned = _progress_counter(progress, len(ordered))
    # One transaction from the first read to the last write: no record can arrive in between, so
    # the zones published at a moment agree with the records known at that moment.
    with store.transaction() as work:
        book.check_classes(newest_classes(work))
        records = _records(work)
        parts = [
            _run_days_of_placer(
                work,
                placer,
                records,
                _rules_of_days(placer_days, rule, book),
                secret,
                count_planned,
            )
            for placer, placer_days in _placers(work, boundaries, ordered)
        ]
        runs = [run for part in parts for run in part.runs]
        zones = pa.concat_tables([part.zones for part in parts])
        unplaced = pa.concat_tables([part.unplaced for part in parts])
        changed_days = publish(work, runs, zones, unplaced)
        public_id_of = public_ids(work, [run.date for run in runs])
    return [
        DayResult(
            of=run.of._replace(id=public_id_of[run.date]),
            input_digest=run.run,
            retrospective=book.is_retrospective(run.date),
            state="published" if run.date in changed_days else "unchanged",
        )
        for run in runs
    ]


def _rules_of_days(
    days: Sequence[date], rule: Rule | None, rules: Rulebook
) -> list[tuple[date, Rule]]:
    return [(day, rule or rules.in_force(day).rule) for day in days]


class _RunsOfBoundaries(NamedTuple):
    """The runs of days with the same boundaries; zones and unplaced cases of the new runs."""

    runs: list[PublishedRun]
    zones: pa.Table
    unplaced: pa.Table


def _placers(
    work: Reads, fixed_boundaries: Boundaries | None, days: Sequence[date]
) -> Iterator[tuple[Placer, list[date]]]:
    """A placer for each version of the boundaries, with the days that use the version."""
    address_decisions, prefer = read_decisions(work), work.settings.prefer
    if fixed_boundaries is not None:
        yield Placer(fixed_boundaries, prefer=prefer, decisions=address_decisions), list(days)
        return
    versions = timeline(work)
    days_by_version = groupby(days, key=lambda day: version_in_force(versions, day).boundaries)
    for version, days_of_version in days_by_version:
        boundaries = load_boundaries(work, version)
        yield (
            Placer(boundaries, prefer=prefer, decisions=address_decisions),
            list(days_of_version),
        )


def _run_days_of_placer(
    work: Reads,
    placer: Placer,
    records: pa.Table,
    days: Sequence[tuple[date, Rule]],
    secret: Pseudonymiser,
    count_planned: Callable[[], None],
) -> _RunsOfBoundaries:
    boundaries = placer.boundaries
    cases = placed_cases(records, boundaries, placer)
    plans = list(plan_days(boundaries.id, cases, days, secret, count_planned))
    # A stored run with the same id has the same inputs, so it is not computed again.
    runs = stored_runs(work, [plan.run.id for plan in plans])
    new = [plan for plan in plans if plan.run.id not in runs]
    classified = classify_days(boundaries, cases, new)
    for plan in new:
        runs[plan.run.id] = PublishedRun(classified.runs[plan.run.id], plan.records, ENGINE)
    return _RunsOfBoundaries(
        [runs[plan.run.id] for plan in plans], classified.zones, classified.unplaced
    )


def _progress_counter(progress: Progress | None, total: int) -> Callable[[], None]:
    days_done = count(1)
    return lambda: None if progress is None else progress(CLASSIFYING, next(days_done), total)


def _check_days(days: Sequence[date], today: date) -> None:
    if not days:
        raise InputError(
            "no-days",
            "No day was named. Name at least one day.",
            indonesian="Tidak ada hari yang disebut. Sebutkan sedikitnya satu hari.",
        )
    if days[-1] > today:
        raise InputError(
            "date-in-future",
            f"{days[-1]} is in the future; today is {today}. Name days up to today.",
            indonesian=f"{days[-1]} belum tiba; hari ini {today}. Sebutkan hari paling lambat hari "
            "ini.",
        )


def _records(work: Reads) -> pa.Table:
    if versions_stamp(work, "cases").newest is None:
        raise InputError(
            "no-records",
            "No case was ever loaded, so no zone has a colour: without records a city is not "
            "green but unknown. Load cases first: `mikrozonasi records load cases FILE`.",
            indonesian="Belum ada kasus yang pernah dimuat, sehingga zona tidak punya warna: "
            "tanpa catatan, sebuah kota bukan hijau melainkan tidak diketahui. Muat kasus "
            "dahulu: `mikrozonasi records load cases FILE`.",
        )
    return current_cases(work)
