"""Parse days, moments, levels and numbers from user input, mostly in notebooks.

A day or moment may be an ISO text, a date, a pandas timestamp or a NumPy date, if the value is not
ambiguous. Any other value raises `InputError`.
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
"""A day in user input; a pandas timestamp is a date too."""
Moment = datetime | str | np.datetime64


@overload
def read_day(value: None) -> None: ...


@overload
def read_day(value: Day) -> date: ...


@overload
def read_day(value: Day | None) -> date | None: ...


def read_day(value: Day | None) -> date | None:
    """Parse a day; None stays None.

    Raises
    ------
    InputError
        ``invalid-day`` if the value is no day, or a moment of a day: the day of a moment depends
        on the time zone.
    """
    if value is None or type(value) is date:
        return value
    if not isinstance(value, date | str | np.datetime64) or pd.isna(value):
        raise _invalid_day(
            Bilingual(
                f"nilai berjenis {type(value).__name__} bukan hari",
                f"a value of type {type(value).__name__} is not a day",
            )
        )
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError:
        raise _invalid_day(Bilingual("teks ini bukan hari", "this text is not a day")) from None
    if moment.time() != datetime.min.time():
        raise _invalid_day(
            Bilingual(
                f"{moment:%Y-%m-%d %H:%M} adalah saat dalam suatu hari",
                f"{moment:%Y-%m-%d %H:%M} is a moment of a day",
            )
        )
    return moment.date()


def read_known_at(value: Moment | None) -> datetime | None:
    """Parse a moment into UTC without a zone; None stays None. Without an offset it is UTC.

    Raises
    ------
    InputError
        ``moment`` if the value is no moment, ``moment-in-future`` if a text names a future moment.
    """
    if value is None:
        return None
    if isinstance(value, datetime) and not pd.isna(value):
        return in_utc(value.to_pydatetime() if isinstance(value, pd.Timestamp) else value)
    return read_moment(str(value) if isinstance(value, str | np.datetime64) else "")


def read_level(value: str) -> Level:
    """Parse a level of areas.

    Raises
    ------
    InputError
        ``invalid-level`` if there is no level of this name.
    """
    for level in LEVELS:
        if isinstance(value, str) and value == level:
            return level
    raise InputError(
        "invalid-level",
        f"There is no such level. A level is one of {', '.join(LEVELS)}.",
        indonesian="Tingkat wilayah itu tidak ada. Tingkat wilayah adalah salah satu dari "
        f"{', '.join(LEVELS)}.",
    )


def read_count(value: SupportsIndex, of: str) -> int:
    """Parse a whole number of at least 1.

    Parameters
    ----------
    of
        The counted noun, for the code and the sentence: ``days``.

    Raises
    ------
    InputError
        ``invalid-days`` (with the counted noun) if the value is less than 1 or no whole number.
    """
    try:
        count = 0 if isinstance(value, bool) else operator.index(value)
    except TypeError:
        count = 0
    if count < 1:
        raise InputError(
            f"invalid-{of}",
            f"The number of {of} must be a whole number of at least 1.",
            indonesian=f"Jumlah {of} harus bilangan bulat, paling sedikit 1.",
        )
    return count


def _invalid_day(problem: Bilingual) -> InputError:
    return InputError(
        "invalid-day",
        f"A day looks like 2021-07-15, but {problem.en}. Write a date, its text, or a timestamp "
        "without a time of day.",
        indonesian=f"Hari ditulis seperti 2021-07-15, padahal {problem.id}. Tulis tanggal, "
        "teksnya, atau cap waktu tanpa jam.",
    )
