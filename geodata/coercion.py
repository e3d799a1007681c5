"""Days, moments, levels and numbers as a person hands them to a method, mostly in a notebook.

One place says what is taken for each: an ISO text, a timestamp of pandas or a date of numpy where
it leaves no doubt which day is meant. What is no such thing is refused with a sentence.
"""

import operator
from datetime import date, datetime
from typing import SupportsIndex, overload

import numpy as np
import pandas as pd

from geodata.areas import LEVELS, Level
from geodata.clock import in_utc, read_moment
from geodata.errors import InputError
from geodata.language import Bilingual

Day = date | str | np.datetime64
"""A day as people have it at hand; a timestamp is a date too."""
Moment = datetime | str | np.datetime64


@overload
def read_day(given: None) -> None: ...


@overload
def read_day(given: Day) -> date: ...


@overload
def read_day(given: Day | None) -> date | None: ...


def read_day(given: Day | None) -> date | None:
    """The day meant; None where none was given.

    Raises
    ------
    InputError
        ``invalid-day`` for what is none, and for a moment of a day: which day of the city that
        is would be a guess.
    """
    if given is None or type(given) is date:
        return given
    if not isinstance(given, date | str | np.datetime64) or pd.isna(given):
        raise _no_day(
            Bilingual(
                f"nilai berjenis {type(given).__name__} bukan hari",
                f"a value of type {type(given).__name__} is not a day",
            )
        )
    try:
        moment = datetime.fromisoformat(str(given))
    except ValueError:
        raise _no_day(Bilingual("teks ini bukan hari", "this text is not a day")) from None
    if moment.time() != datetime.min.time():
        raise _no_day(
            Bilingual(
                f"{moment:%Y-%m-%d %H:%M} adalah saat dalam suatu hari",
                f"{moment:%Y-%m-%d %H:%M} is a moment of a day",
            )
        )
    return moment.date()


def read_known_at(given: Moment | None) -> datetime | None:
    """A moment in UTC without a zone, None where none was given; without an offset UTC is meant.

    Raises
    ------
    InputError
        ``moment`` for what is none, ``moment-in-future`` for a text that names one yet to come.
    """
    if given is None:
        return None
    if isinstance(given, datetime) and not pd.isna(given):
        return in_utc(given.to_pydatetime() if isinstance(given, pd.Timestamp) else given)
    return read_moment(str(given) if isinstance(given, str | np.datetime64) else "")


def read_level(given: str) -> Level:
    """The level of areas meant.

    Raises
    ------
    InputError
        ``invalid-level`` if there is none of that name.
    """
    for level in LEVELS:
        if isinstance(given, str) and given == level:
            return level
    raise InputError(
        "invalid-level",
        f"A level is one of {', '.join(LEVELS)}.",
        indonesian=f"Tingkat wilayah adalah salah satu dari {', '.join(LEVELS)}.",
    )


def read_count(given: SupportsIndex, of: str) -> int:
    """A whole number of some things, at least one.

    Parameters
    ----------
    of
        What is counted, for the code and the sentence: ``days``.

    Raises
    ------
    InputError
        ``invalid-days`` (of what is counted) for less than one, and for what is no whole number.
    """
    try:
        count = 0 if isinstance(given, bool) else operator.index(given)
    except TypeError:
        count = 0
    if count < 1:
        raise InputError(
            f"invalid-{of}",
            f"The number of {of} is a whole one and at least 1.",
            indonesian=f"Jumlah {of} harus bilangan bulat, paling sedikit 1.",
        )
    return count


def _no_day(why: Bilingual) -> InputError:
    return InputError(
        "invalid-day",
        f"A day looks like 2021-07-15; {why.en}. Give a date, its text, or a timestamp without a "
        "time of day.",
        indonesian=f"Hari ditulis seperti 2021-07-15; {why.id}. Berikan tanggal, teksnya, atau "
        "cap waktu tanpa jam.",
    )
