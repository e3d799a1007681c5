"""Any day as known at any moment: judged for whoever asks, from the records of then.

Nothing is published here. A day judged from what its published run was judged from has that
run's id, where the city's secret is at hand: ids are keyed with it. Who judges days without the
secret (an epidemiologist with a notebook) gets ids that tell runs apart and no more. Moments are
UTC, without a zone.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cached_property
from itertools import groupby
from secrets import token_bytes

import pandas as pd

from geodata.addresses import decisions
from geodata.boundaries import Boundaries, boundaries_in_force, timeline, version_on
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
from zoning.placing.record_boundaries import RecordGround
from zoning.public.source import KnownDays
from zoning.rules import Rule, Rulebook
from zoning.zones.series import Counted, days_in, published_counts

RuledDay = tuple[date, Rule]


class Past:
    """Judges days from the records of a moment. Safe for many threads.

    Parameters
    ----------
    ground
        Boundaries with their indexes, by id.
    rules
        The city's.
    """

    def __init__(
        self,
        store: Store,
        ground: Callable[[str], RecordGround],
        cache: Cache,
        rules: Rulebook,
    ) -> None:
        self._store = store
        self._ground = ground
        self._cache = cache
        self._rules = rules

    def cases(self, ground: RecordGround, known_at: datetime | None) -> PlacedCases:
        """The cases of a moment, placed.

        Raises
        ------
        NotFoundError
            ``nothing-known`` where there was none: a city without records is not a green one.
        """
        decided = frozenset(decisions(self._store, known_at).items())
        known = self._known(known_at)
        return self._cache.get_or_build(
            ("placed cases", ground.boundaries.id, known, decided),
            lambda: self._place(ground, known, decided),
            lambda placed: placed.nbytes,
        )

    def day(self, on: date, known_at: datetime | None) -> DayZones:
        """One day's zones; see `zoning.City.judged`."""
        _check_come(on, known_at, self._store.settings)
        self._known(known_at)
        ground = self._ground(boundaries_in_force(self._store, on, known_at))
        said = runs.find_run(self._store, on, known_at=known_at)
        by = self._rules.in_force(on).rule if said is None else self._rules.rule(said.rule)
        return judged_day(ground.boundaries, self.cases(ground, known_at), on, by, self._secret)

    def counted(self, known: KnownDays, boundaries: str | None) -> Counted:
        """Counts of some days; see `zoning.City.series`."""
        published = published_counts(self._store, known, self._rules)
        if boundaries is not None:
            return self._on(boundaries, self._ruled(known, published.days), known.known_at)
        if known.known_at is None:
            return published
        done = set(published.days["date"])
        lacking = [(day, by) for day, by in self._ruled(known, published.days) if day not in done]
        versions = timeline(self._store, known.known_at)
        if not lacking:
            return published
        groups = groupby(lacking, key=lambda each: version_on(versions, each[0]).boundaries)
        judged = [self._on(version, list(days), known.known_at) for version, days in groups]
        days, counts = (pd.concat(frames) for frames in zip(published, *judged, strict=True))
        return Counted(days.sort_values("date"), counts)

    def _ruled(self, known: KnownDays, published: pd.DataFrame) -> list[RuledDay]:
        """Days that are published now and had come at the moment, with the rule of each then."""
        ruled = dict(zip(published["date"], published["rule"], strict=True))
        settings = self._store.settings
        last = date.max if known.known_at is None else settings.day_of(known.known_at)
        days = days_in(self._store, known._replace(known_at=None), self._rules)["date"]
        return [
            (day, self._rules.rule(ruled[day]) if day in ruled else self._rules.in_force(day).rule)
            for day in days
            if day <= last
        ]

    def _on(self, version: str, days: Sequence[RuledDay], known_at: datetime | None) -> Counted:
        ground = self._ground(version)
        cases = self.cases(ground, known_at)
        return judged_counts(ground.boundaries, cases, days, self._secret)

    @cached_property
    def _secret(self) -> Pseudonymiser:
        try:
            return open_pseudonymiser(self._store)
        except StoreError as error:
            if error.code != "no-secret":
                raise
            return Pseudonymiser(token_bytes(32))

    def _known(self, known_at: datetime | None) -> VersionsStamp:
        known = versions_stamp(self._store, "cases", known_at)
        if known.newest is None:
            raise _nothing_known(known_at)
        return known

    def _place(
        self, ground: RecordGround, known: VersionsStamp, decided: frozenset[tuple[str, str]]
    ) -> PlacedCases:
        cases = current_cases(self._store, known.newest)
        return placed_cases(cases, ground.boundaries, ground.placer.deciding(dict(decided)))


def judged_day(
    boundaries: Boundaries, cases: PlacedCases, day: date, by: Rule, secret: Pseudonymiser
) -> DayZones:
    """One day's zones, as a run on these cases would publish them."""
    [plan] = plan_days(boundaries.id, cases, [(day, by)], secret)
    judged = classify_days(boundaries, cases, [plan])
    return DayZones(
        of=judged.runs[plan.run.id],
        version=0,
        published_at=None,
        zones=judged.zones.drop_columns("run").sort_by("code"),
        unplaced=judged.unplaced.drop_columns("run").sort_by("code"),
    )


def judged_counts(
    boundaries: Boundaries, cases: PlacedCases, days: Sequence[RuledDay], secret: Pseudonymiser
) -> Counted:
    """Many days' counts, as `zoning.zones.series.published_counts` gives published ones."""
    plans = list(plan_days(boundaries.id, cases, days, secret))
    judged = classify_days(boundaries, cases, plans)
    counts: pd.DataFrame = judged.zones.to_pandas()
    counts.insert(0, "date", counts.pop("run").map({plan.run.id: plan.run.date for plan in plans}))
    said = [(plan.run.date, plan.run.id, boundaries.id, plan.rule.id) for plan in plans]
    return Counted(pd.DataFrame(said, columns=["date", "run", "boundaries", "rule"]), counts)


def _check_come(day: date, known_at: datetime | None, settings: CitySettings) -> None:
    then = settings.today() if known_at is None else settings.day_of(known_at)
    if day > then:
        raise InputError(
            "date-in-future",
            f"{day} was yet to come on {then}. Ask for the zones as known on that day or later.",
            indonesian=f"{day} belum tiba pada {then}. Minta zona menurut keadaan pada hari itu "
            "atau sesudahnya.",
        )


def _nothing_known(known_at: datetime | None) -> NotFoundError:
    when = (
        Bilingual("", "yet")
        if known_at is None
        else Bilingual(f" pada {known_at:%Y-%m-%d %H:%M} UTC", f"at {known_at:%Y-%m-%d %H:%M} UTC")
    )
    return NotFoundError(
        "nothing-known",
        f"No case was known {when.en}, so nothing can be said of any zone: without records a "
        "city is not green but unknown. Ask as known at a later moment.",
        indonesian=f"Belum ada kasus yang diketahui{when.id}, sehingga tidak ada yang dapat "
        "dikatakan tentang zona: tanpa catatan, sebuah kota bukan hijau melainkan tidak "
        "diketahui. Minta keadaan yang diketahui pada saat yang lebih akhir.",
    )
