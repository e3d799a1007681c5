"""Days with their counts: published days, a day as published, a day as known at any moment."""

from datetime import date

from geodata.coercion import Day, Moment, read_day, read_known_at
from geodata.store import Store
from zoning.days import runs
from zoning.days.runs import DayZones
from zoning.rules import Rulebook
from zoning.zones.known_at import DaysKnownAt

DayOrZones = Day | DayZones | None
"""A day, see `geodata.coercion`; or the zones of a day; or None for the newest published day."""


class DayQuestions:
    """Questions about days, for officials and notebooks; a base class of `zoning.City`."""

    store: Store
    rules: Rulebook
    _past: DaysKnownAt

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""
        return runs.published_days(self.store)

    def latest(self) -> date:
        """The newest published day.

        Raises
        ------
        NotFoundError
            ``nothing-published`` if no day is published.
        """
        return runs.latest_day(self.store)

    def published(self, on: Day | None = None, known_at: Moment | None = None) -> DayZones:
        """The published run of a day. Default: the newest published day.

        Parameters
        ----------
        known_at
            Only publications up to this moment (UTC, unless it has a timezone). Default: now.

        Raises
        ------
        NotFoundError
            ``no-run`` if the day was not published by that moment, ``nothing-published`` if no
            day was.
        StoreError
            ``other-classes`` if the classes of the day differ from the classes of the rules.
        """
        moment = read_known_at(known_at)
        day = read_day(on) or runs.latest_day(self.store, moment)
        return self._checked(runs.read_run(self.store, day, known_at=moment))

    def day(self, on: DayOrZones = None, known_at: Moment | None = None) -> DayZones:
        """The zones of a day as published, or as known at a moment.

        Parameters
        ----------
        known_at
            UTC, unless it has a timezone. The zones published at that moment; if the day was not
            published yet, the zones that `compute_day` computes.

        Raises
        ------
        NotFoundError
            Without `known_at`: ``no-run`` for a day that is not published. With `known_at`: see
            `compute_day`.
        """
        if isinstance(on, DayZones):
            return on
        if known_at is None or on is None:
            return self.published(on, known_at)
        zones = runs.find_run(self.store, read_day(on), known_at=read_known_at(known_at))
        return self.compute_day(on, known_at) if zones is None else self._checked(zones)

    def compute_day(self, on: Day, known_at: Moment | None = None) -> DayZones:
        """The zones of a day, computed from the records known at a moment; nothing is published.

        With the boundaries in force on the day, and the rule of its published run or, for an
        unpublished day, the rule in force; all as known at that moment.

        Parameters
        ----------
        known_at
            UTC, unless it has a timezone. Default: now.

        Raises
        ------
        InputError
            ``date-in-future`` for a day after that moment.
        NotFoundError
            ``nothing-known`` if no case was known at that moment.
        """
        return self._past.day(read_day(on), read_known_at(known_at))

    def _checked(self, day: DayZones) -> DayZones:
        self.rules.check_classes([tuple(day.counts)])
        return day
