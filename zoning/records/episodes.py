"""Episodes of persons: which positive tests are one case, and which case a new row belongs to.

An episode begins on its first day, and lasts the days of `zoning.records.reinfection`: with a limit
of 90 days, tests on day 0 and day 80 are one case, and one on day 160 is another. A suspect, a
contact or a discarded record is the same episode within 14 days only.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Final, NamedTuple

from zoning.records.reinfection import CORRECTION_DAYS

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
    """Episodes of persons, to which rows of a file are added one after the other."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._of: dict[str, list[Episode]] = defaultdict(list)

    def add(self, nik: str, episode: Episode) -> None:
        """Add a record of a person."""
        self._of[nik].append(episode)

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
        episodes = self._of.get(nik, [])
        if day is None:
            return _undated(episodes, until)
        near = [
            (abs(day - each.day), each.day, each.key, each)
            for each in episodes
            if each.day is not None and abs(day - each.day) <= self._within(each, is_case=is_case)
        ]
        return min(near)[-1] if near else None

    def _within(self, episode: Episode, *, is_case: bool) -> int:
        both = episode.is_case and is_case
        return self._limit if both else min(self._limit, CORRECTION_DAYS)


def _undated(episodes: Iterable[Episode], until: int | None) -> Episode | None:
    dated = [each for each in episodes if each.day is not None]
    if until is not None:
        dated = [each for each in dated if each.day is not None and each.day <= until]
        return max(dated, key=lambda each: (each.day, each.key), default=None)
    return dated[0] if len(dated) == 1 else None
