"""Episodes of persons: which positive tests are one case, and which case a new row belongs to.

An episode begins on its first day and lasts the days of `geodata.ledger.matching.reinfection`. With
a limit of 90 days, tests on day 0 and day 80 are one case, and a test on day 160 is another case. A
suspect, a contact or a discarded record is the same episode within 14 days only.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from typing import Final, NamedTuple

from geodata.ledger.matching.reinfection import CORRECTION_DAYS

CASE_STATUS: Final = ("confirmed", "probable", None)
"""A status of a case; a row without a status may be one."""


class Episode(NamedTuple):
    """One record of a person.

    Attributes
    ----------
    key
        Of the record.
    day
        Its first day, days since 1970-01-01; None where no date is known.
    is_case
        Whether it is confirmed or probable.
    numbered
        Whether its key is a number of a file.
    stands
        Key of the record that is counted: its own, unless it is the double of another.
    """

    key: str
    day: int | None
    is_case: bool
    numbered: bool
    stands: str


class Episodes:
    """Episodes of persons, to which rows of a file are added one after the other.

    A number that a list puts in the place of a NIK can be the NIK of every row of it: what is asked
    here costs as many steps as the person has days within the limit, not as it has records.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._of: dict[str, _Person] = defaultdict(_Person)

    def add(self, nik: str, episode: Episode) -> None:
        """Add a record of a person."""
        self._of[nik].add(episode)

    def find(
        self, nik: str, day: int | None, *, is_case: bool, until: int | None
    ) -> Episode | None:
        """The episode that a row of a person belongs to; None where it is another one.

        Parameters
        ----------
        day
            First day of the row; None where it has no date.
        until
            Day of the outcome: for a row without a date, the last episode before it is meant.
        """
        person = self._of.get(nik)
        if person is None:
            return None
        if day is None:
            return person.only() if until is None else person.last(until)
        for when in person.nearest(day, self._limit):
            near = [
                each
                for each in person.firsts(when)
                if abs(day - when) <= self._within(each, is_case=is_case)
            ]
            if near:
                return min(near)
        return None

    def _within(self, episode: Episode, *, is_case: bool) -> int:
        both = episode.is_case and is_case
        return self._limit if both else min(self._limit, CORRECTION_DAYS)


class _Person:
    """Records of a person by their first days; of many on one day those that can be an answer."""

    def __init__(self) -> None:
        self._days: list[int] = []
        self._first: dict[int, dict[bool, Episode]] = {}
        self._last: dict[int, Episode] = {}
        self._dated = 0

    def add(self, episode: Episode) -> None:
        """Add a record; one without a day is never an answer."""
        day = episode.day
        if day is None:
            return
        self._dated += 1
        if day not in self._first:
            insort(self._days, day)
            self._first[day] = {}
        firsts = self._first[day]
        firsts[episode.is_case] = min(firsts.get(episode.is_case, episode), episode)
        self._last[day] = max(self._last.get(day, episode), episode)

    def nearest(self, day: int, limit: int) -> list[int]:
        """Days with records within a limit, the nearest first, of two the earlier."""
        start, end = bisect_left(self._days, day - limit), bisect_right(self._days, day + limit)
        return sorted(self._days[start:end], key=lambda each: (abs(day - each), each))

    def firsts(self, day: int) -> list[Episode]:
        """Of the cases of a day the one with the lowest key, and of its other records."""
        return list(self._first[day].values())

    def last(self, until: int) -> Episode | None:
        """The last record up to a day."""
        before = bisect_right(self._days, until)
        return self._last[self._days[before - 1]] if before else None

    def only(self) -> Episode | None:
        """The record, where there is just one with a day."""
        return self._last[self._days[0]] if self._dated == 1 else None
