"""Any day as known at any moment: computed on request from the records known at that moment.

Nothing is published. With the secret of the city, a day computed from the inputs of its published
run has the id of that run, because ids are keyed with the secret. Without the secret (for instance
in the notebook of an epidemiologist) ids only distinguish runs. Moments are UTC, without a
timezone.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from secrets import token_bytes

import pandas as pd

from geodata.addresses import read_decisions
from geodata.boundaries import Boundaries, boundaries_in_force, timeline, version_in_force
from geodata.errors import InputError, NotFoundError, StoreError
from geodata.language import Bilingual
from geodata.ledger.current import VersionsStamp, current_cases, versions_stamp
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.settings import CitySettings
from geodata.store import Store
from zoning.caching import Cache
from zoning.counting.cases import PlacedCases, placed_cases
from zoning.days import runs
from zoning.days.classification import classify_days
from zoning.days.planning import plan_days
from zoning.days.runs import DayZones
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.public.source import KnownDays
from zoning.rules import Rule, Rulebook
from zoning.zones.series import DayCounts, days_with_runs, published_counts

RuledDay = tuple[date, Rule]


class DaysKnownAt:
    """Computes days from the records known at a moment. Thread-safe.

    Parameters
    ----------
    boundaries_of
        Gives the boundaries of an id, with their indexes.
    rules
        The rules of the city.
    """

    def __init__(
        self,
        store: Store,
        boundaries_of: Callable[[str], RecordBoundaries],
        cache: Cache,
        rules: Rulebook,
    ) -> None:
        self._store = store
        self._boundaries_of = boundaries_of
        self._cache = cache
        self._rules = rules

    def cases(self, record_boundaries: RecordBoundaries, known_at: datetime | None) -> PlacedCases:
        """The placed cases known at a moment.

        Raises
        ------
        NotFoundError
            ``nothing-known`` if no case was known: a city without records is not green.
        """
        address_decisions = frozenset(read_decisions(self._store, known_at).items())
        stamp = self._versions_stamp(known_at)
        return self._cache.get_or_build(
            ("placed cases", record_boundaries.boundaries.id, stamp, address_decisions),
            lambda: self._placed_cases(record_boundaries, stamp, address_decisions),
            lambda cases: cases.nbytes,
        )

    def day(self, day: date, known_at: datetime | None) -> DayZones:
        """The zones of one day; see `zoning.City.compute_day`."""
        _check_not_future(day, known_at, self._store.settings)
        self._versions_stamp(known_at)
        record_boundaries = self._boundaries_of(boundaries_in_force(self._store, day, known_at))
        published = runs.find_run(self._store, day, known_at=known_at)
        if published is None:
            rule = self._rules.in_force(day).rule
        else:
            rule = self._rules.rule(published.rule)
        cases = self.cases(record_boundaries, known_at)
        return compute_day(record_boundaries.boundaries, cases, day, rule, self._secret)

    def day_counts(self, known_days: KnownDays, boundaries: str | None) -> DayCounts:
        """Counts of some days; see `zoning.City.series`."""
        published = published_counts(self._store, known_days, self._rules)
        if boundaries is not None:
            ruled_days = self._rules_of_days(known_days, published.days)
            return self._counts(boundaries, ruled_days, known_days.known_at)
        if known_days.known_at is None:
            return published
        published_dates = set(published.days["date"])
        missing = [
            (day, rule)
            for day, rule in self._rules_of_days(known_days, published.days)
            if day not in published_dates
        ]
        versions = timeline(self._store, known_days.known_at)
        if not missing:
            return published
        groups = groupby(
            missing, key=lambda day_rule: version_in_force(versions, day_rule[0]).boundaries
        )
        computed = [
            self._counts(version, list(days), known_days.known_at) for version, days in groups
        ]
        days, counts = (pd.concat(frames) for frames in zip(published, *computed, strict=True))
        return DayCounts(days.sort_values("date"), counts)

    def _rules_of_days(self, known_days: KnownDays, published: pd.DataFrame) -> list[RuledDay]:
        """Days that are published now and not after the moment, with their rules at the moment."""
        rule_ids = dict(zip(published["date"], published["rule"], strict=True))
        settings = self._store.settings
        last = date.max if known_days.known_at is None else settings.day_of(known_days.known_at)
        days = days_with_runs(self._store, known_days._replace(known_at=None), self._rules)["date"]
        return [
            (
                day,
                self._rules.rule(rule_ids[day])
                if day in rule_ids
                else self._rules.in_force(day).rule,
            )
            for day in days
            if day <= last
        ]

    def _counts(
        self, version: str, days: Sequence[RuledDay], known_at: datetime | None
    ) -> DayCounts:
        record_boundaries = self._boundaries_of(version)
        cases = self.cases(record_boundaries, known_at)
        return compute_counts(record_boundaries.boundaries, cases, days, self._secret)

    @cached_property
    def _secret(self) -> Pseudonymiser:
        try:
            return open_pseudonymiser(self._store)
        except StoreError as error:
            if error.code != "no-secret":
                raise
            return Pseudonymiser(token_bytes(32))

    def _versions_stamp(self, known_at: datetime | None) -> VersionsStamp:
        stamp = versions_stamp(self._store, "cases", known_at)
        if stamp.newest is None:
            raise _nothing_known(known_at)
        return stamp

    def _placed_cases(
        self,
        record_boundaries: RecordBoundaries,
        stamp: VersionsStamp,
        address_decisions: frozenset[tuple[str, str]],
    ) -> PlacedCases:
        cases = current_cases(self._store, stamp.newest)
        placer = record_boundaries.placer.with_decisions(dict(address_decisions))
        return placed_cases(cases, record_boundaries.boundaries, placer)


def compute_day(
    boundaries: Boundaries, cases: PlacedCases, day: date, rule: Rule, secret: Pseudonymiser
) -> DayZones:
    """The zones of one day, as a run with these cases would publish them."""
    [plan] = plan_days(boundaries.id, cases, [(day, rule)], secret)
    classified = classify_days(boundaries, cases, [plan])
    return DayZones(
        of=classified.runs[plan.run.id],
        version=0,
        published_at=None,
        zones=classified.zones.drop_columns("run").sort_by("code"),
        unplaced=classified.unplaced.drop_columns("run").sort_by("code"),
    )


def compute_counts(
    boundaries: Boundaries, cases: PlacedCases, days: Sequence[RuledDay], secret: Pseudonymiser
) -> DayCounts:
    """Counts of many days, in the form of `zoning.zones.series.published_counts`."""
    plans = list(plan_days(boundaries.id, cases, days, secret))
    classified = classify_days(boundaries, cases, plans)
    counts: pd.DataFrame = classified.zones.to_pandas()
    counts.insert(0, "date", counts.pop("run").map({plan.run.id: plan.run.date for plan in plans}))
    days_rows = [(plan.run.date, plan.run.id, boundaries.id, plan.rule.id) for plan in plans]
    return DayCounts(pd.DataFrame(days_rows, columns=["date", "run", "boundaries", "rule"]), counts)


def _check_not_future(day: date, known_at: datetime | None, settings: CitySettings) -> None:
    today = settings.today() if known_at is None else settings.day_of(known_at)
    if day > today:
        raise InputError(
            "date-in-future",
            f"{day} was yet to come on {today}. Request the zones of {day} as known on {day} or "
            "later.",
            indonesian=f"{day} belum tiba pada {today}. Minta zona {day} menurut keadaan pada "
            f"{day} atau sesudahnya.",
        )


def _nothing_known(known_at: datetime | None) -> NotFoundError:
    moment = (
        Bilingual("", "yet")
        if known_at is None
        else Bilingual(f" pada {known_at:%Y-%m-%d %H:%M} UTC", f"at {known_at:%Y-%m-%d %H:%M} UTC")
    )
    return NotFoundError(
        "nothing-known",
        f"No case was known {moment.en}, so no zone has a colour: without records a city is not "
        "green but unknown. Request the zones as known at a later moment.",
        indonesian=f"Belum ada kasus yang diketahui{moment.id}, sehingga tidak ada zona yang punya "
        "warna: tanpa catatan, sebuah kota bukan hijau melainkan tidak diketahui. Minta zona "
        "menurut keadaan pada saat yang lebih akhir.",
    )
