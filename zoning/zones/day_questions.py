"""Days with their counts: which are published, one as published, one as known at any moment."""

from datetime import date

from geodata.coercion import Day, Moment, read_day, read_known_at
from geodata.store import Store
from zoning.days import runs
from zoning.days.runs import DayZones
from zoning.rules import Rulebook
from zoning.zones.known_at import Past

OnDay = Day | DayZones | None
"""A day, see `geodata.coercion`; or its zones at hand; or None for the newest published day."""


class DayQuestions:
    """Questions about days, for officials and notebooks; a part of `zoning.City`."""

    store: Store
    rules: Rulebook
    _past: Past

    def published_days(self) -> list[date]:
        """Days with published zones, in order."""
        return runs.published_days(self.store)

    def latest(self) -> date:
        """The newest published day.

        Raises
        ------
        NotFoundError
            ``nothing-published`` if there is none.
        """
        return runs.latest_day(self.store)

    def published(self, on: Day | None = None, known_at: Moment | None = None) -> DayZones:
        """The published run of a day, the newest day where none is given.

        Parameters
        ----------
        known_at
            As it stood at that moment (UTC where it names no zone); now where not given.

        Raises
        ------
        NotFoundError
            ``no-run`` if that day was not published by then, ``nothing-published`` if none was.
        StoreError
            ``other-classes`` if the day has classes that the city's rules do not have.
        """
        moment = read_known_at(known_at)
        day = read_day(on) or runs.latest_day(self.store, moment)
        return self._checked(runs.read_run(self.store, day, known_at=moment))

    def day(self, on: OnDay = None, known_at: Moment | None = None) -> DayZones:
        """A day's zones as they stand published, or as they were known at a moment.

        Parameters
        ----------
        known_at
            UTC where it names no zone. What stood published then; where nothing of the day was
            published yet, what `judged` says of it.

        Raises
        ------
        NotFoundError
            ``no-run`` for a day that is not published, where no moment is given; else see
            `judged`.
        """
        if isinstance(on, DayZones):
            return on
        if known_at is None or on is None:
            return self.published(on, known_at)
        found = runs.find_run(self.store, read_day(on), known_at=read_known_at(known_at))
        return self.judged(on, known_at) if found is None else self._checked(found)

    def judged(self, on: Day, known_at: Moment | None = None) -> DayZones:
        """A day's zones from the records known at a moment, whatever was published of it.

        On the boundaries in force on the day, by the rule of its publication or else the one in
        force, all as known at that moment. Nothing is published.

        Parameters
        ----------
        known_at
            UTC where it names no zone; now where not given.

        Raises
        ------
        InputError
            ``date-in-future`` for a day still to come at that moment.
        NotFoundError
            ``nothing-known`` where no case was known then.
        """
        return self._past.day(read_day(on), read_known_at(known_at))

    def _checked(self, day: DayZones) -> DayZones:
        self.rules.check_classes([tuple(day.counts)])
        return day
