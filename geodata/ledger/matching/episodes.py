"""Episodes of persons: which positive tests are one case, and which case a row belongs to.

An episode begins on its first day and lasts the days of `geodata.ledger.matching.reinfection`. With
a limit of 90 days, tests on day 0 and day 80 are one case, and a test on day 160 is another case. A
suspect, a contact or a discarded record is the same episode within 14 days only.
"""

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from typing import Final, NamedTuple

from geodata.ledger.matching.reinfection import CORRECTION_DAYS

CASE_STATUS: Final = ("confirmed", "probable", None)
"""Statuses of a case; a row without a status may be a case."""


class Episode(NamedTuple):
    """One record of a person.

    Attributes
    ----------
    key
        Key of the record.
    day
        First day of the record, days since 1970-01-01; None if no date is known.
    is_case
        Whether the record is confirmed or probable.
    numbered
        Whether the key is a number from a file.
    counted_key
        Key of the record that is counted: `key`, or another key if the record is a double.
    """

    key: str
    day: int | None
    is_case: bool
    numbered: bool
    counted_key: str


class Episodes:
    """Episodes of persons. Rows of a file are added one after the other.

    Some lists write the same number as NIK in every row. So the cost of a search grows with the
    person's days within the limit, not with the person's records.

    Parameters
    ----------
    limit
        Days of one episode.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._persons: dict[str, _PersonEpisodes] = defaultdict(_PersonEpisodes)

    def add(self, nik: str, episode: Episode) -> None:
        """Add a record of a person."""
        self._persons[nik].add(episode)

    def find(
        self, nik: str, day: int | None, *, is_case: bool, until: int | None
    ) -> Episode | None:
        """The episode that a row of a person belongs to; None for a new episode.

        Parameters
        ----------
        day
            First day of the row; None if the row has no date.
        until
            Day of the outcome: a row without a date belongs to the last episode up to this day.
        """
        person = self._persons.get(nik)
        if person is None:
            return None
        if day is None:
            return person.only_episode() if until is None else person.last(until)
        for first_day in person.nearest(day, self._limit):
            episodes = [
                episode
                for episode in person.firsts(first_day)
                if abs(day - first_day) <= self._day_limit(episode, is_case=is_case)
            ]
            if episodes:
                return min(episodes)
        return None

    def _day_limit(self, episode: Episode, *, is_case: bool) -> int:
        both_cases = episode.is_case and is_case
        return self._limit if both_cases else min(self._limit, CORRECTION_DAYS)


class _PersonEpisodes:
    """Records of a person by first day. For each day only possible answers are kept."""

    def __init__(self) -> None:
        self._days: list[int] = []
        self._first: dict[int, dict[bool, Episode]] = {}
        self._last: dict[int, Episode] = {}
        self._dated = 0

    def add(self, episode: Episode) -> None:
        """Add a record; a record without a day is never an answer."""
        day = episode.day
        if day is None:
            return
        self._dated += 1
        if day not in self._first:
            insort(self._days, day)
            self._first[day] = {}
        day_firsts = self._first[day]
        day_firsts[episode.is_case] = min(day_firsts.get(episode.is_case, episode), episode)
        self._last[day] = max(self._last.get(day, episode), episode)

    def nearest(self, day: int, limit: int) -> list[int]:
        """Days with records within a limit, the nearest first; of equally near days the earlier."""
        start, end = bisect_left(self._days, day - limit), bisect_right(self._days, day + limit)
        return sorted(
            self._days[start:end], key=lambda first_day: (abs(day - first_day), first_day)
        )

    def firsts(self, day: int) -> list[Episode]:
        """The case with the lowest key of a day, and the other record with the lowest key."""
        return list(self._first[day].values())

    def last(self, until: int) -> Episode | None:
        """The last record up to a day."""
        count = bisect_right(self._days, until)
        return self._last[self._days[count - 1]] if count else None

    def only_episode(self) -> Episode | None:
        """The only record with a day; None if there are several."""
        return self._last[self._days[0]] if self._dated == 1 else None
