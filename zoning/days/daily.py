"""The daily run: count, judge, publish; every day of a call in one transaction or none.

Each day is judged on the boundaries in force on it. Knows nothing of how a day is shown.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count, groupby
from typing import Any, Final, Literal, NamedTuple

import pyarrow as pa

from geodata.addresses import decisions
from geodata.boundaries import Boundaries, load_boundaries, timeline, version_on
from geodata.calendar import DayRange
from geodata.errors import InputError
from geodata.language import Bilingual, Progress
from geodata.ledger.current import current_cases, versions_stamp
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.runs import OfRun
from geodata.store import Reads, Store
from zoning.counting.cases import placed_cases
from zoning.days.classification import judge_days
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

JUDGING: Final = Bilingual("Menentukan warna hari", "Judging days")


@dataclass(frozen=True)
class RanDay(OfRun):
    """One day as it stands published now; the id of its run is the public one, that of links."""

    input_digest: str
    """Hash of what it was computed from, keyed with the city's secret; for officials."""
    retrospective: bool
    """True for a day before any law coloured RT."""
    state: Literal["published", "unchanged"]
    """Unchanged where the published run was computed from the very same."""

    def plain(self) -> dict[str, Any]:
        """As JSON says it."""
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
        ``days-order`` if the last is before the first.
    """
    days = DayRange(first, last)
    days.check_order()
    return days.each()


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
) -> list[RanDay]:
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
    rules
        The city's; those of the project where not given.

    Returns
    -------
    list of RanDay
        One a day, in order. A day computed from the same as its published run is left unchanged.

    Raises
    ------
    InputError
        ``no-days`` without a day, ``date-in-future`` for a day yet to come, ``no-records`` where
        no case was ever loaded: a city without records is not a green one, ``no-rule-in-force``
        for a day that no rule covers.
    NotFoundError
        ``no-rule`` for an unknown `rule_id`.
    StoreError
        ``no-secret``, ``other-secret``: see `geodata.pseudonyms.identity.open_pseudonymiser`;
        ``other-classes`` where days with other classes are published.
    """
    ordered = sorted(set(days))
    _check_days(ordered, today or store.settings.today())
    book = rules or built_in()
    asked = None if rule_id is None else book.rule(rule_id)
    secret = pseudonymiser or open_pseudonymiser(store)
    planned = _counter(progress, len(ordered))
    # One transaction from the first read to the last write: no record can arrive in between, so
    # that what is published at a moment is what the records known at that moment say.
    with store.transaction() as work:
        book.check_classes(newest_classes(work))
        records = _records(work)
        parts = [
            _judged(work, ground, records, _Wanted(_ruled(own, asked, book), secret), planned)
            for ground, own in _grounds(work, boundaries, ordered)
        ]
        chosen = [run for part in parts for run in part.runs]
        zones, unplaced = (
            pa.concat_tables(each) for each in zip(*(part.rows for part in parts), strict=True)
        )
        fresh = publish(work, chosen, zones, unplaced)
        public = public_ids(work, [one.date for one in chosen])
    return [
        RanDay(
            of=one.of._replace(id=public[one.date]),
            input_digest=one.run,
            retrospective=book.is_retrospective(one.date),
            state="published" if one.date in fresh else "unchanged",
        )
        for one in chosen
    ]


def _ruled(days: Sequence[date], asked: Rule | None, rules: Rulebook) -> list[tuple[date, Rule]]:
    return [(day, asked or rules.in_force(day).rule) for day in days]


class _Part(NamedTuple):
    """Days on the same boundaries: their runs, and the zones and unplaced cases of the new ones."""

    runs: list[PublishedRun]
    rows: tuple[pa.Table, pa.Table]


class _Wanted(NamedTuple):
    days: list[tuple[date, Rule]]
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
    plans = list(plan_days(boundaries.id, cases, wanted.days, wanted.secret, planned))
    # A run of the same id was computed from the same: there is nothing to compute again.
    runs = stored_runs(work, [plan.of.id for plan in plans])
    new = [plan for plan in plans if plan.of.id not in runs]
    judged = judge_days(boundaries, cases, new)
    for plan in new:
        runs[plan.of.id] = PublishedRun(judged.runs[plan.of.id], plan.records, ENGINE)
    return _Part([runs[plan.of.id] for plan in plans], (judged.zones, judged.unplaced))


def _counter(progress: Progress | None, total: int) -> Callable[[], None]:
    done = count(1)
    return lambda: None if progress is None else progress(JUDGING, next(done), total)


def _check_days(days: Sequence[date], today: date) -> None:
    if not days:
        raise InputError(
            "no-days",
            "No day was given. Name at least one.",
            indonesian="Tidak ada hari yang disebut. Sebutkan sedikitnya satu.",
        )
    if days[-1] > today:
        raise InputError(
            "date-in-future",
            f"{days[-1]} is in the future; today is {today}. A day can be judged once it has come.",
            indonesian=f"{days[-1]} belum tiba; hari ini {today}. Zona suatu hari baru dapat "
            "ditentukan setelah hari itu tiba.",
        )


def _records(work: Reads) -> pa.Table:
    if versions_stamp(work, "cases").newest is None:
        raise InputError(
            "no-records",
            "No case was ever loaded, so no zone can be judged: without records a city is not "
            "green but unknown. Load them first: `mikrozonasi records load cases FILE`.",
            indonesian="Belum ada kasus yang pernah dimuat, sehingga zona tidak dapat "
            "ditentukan: tanpa catatan, sebuah kota bukan hijau melainkan tidak diketahui. "
            "Muat dahulu: `mikrozonasi records load cases FILE`.",
        )
    return current_cases(work)
