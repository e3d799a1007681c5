"""What a city sets for itself: its time zone, its secret, what it believes, its memory.

The environment is read here and nowhere else. `geodata.store.open_store` and `zoning.open_city`
take the settings as an argument, and read them from the environment where none are given. An open
database carries its settings: see `geodata.store.Reads`.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, Literal, cast, get_args
from zoneinfo import ZoneInfo

from geodata.clock import city_day
from geodata.errors import InputError

Preference = Literal["coordinates", "address"]
"""What is believed where a record's coordinates and its address name different RT."""
TIMEZONE: Final = "MIKROZONASI_TIMEZONE"
SECRET: Final = "MIKROZONASI_SECRET"  # noqa: S105  (the name of the variable)
PREFER: Final = "MIKROZONASI_PREFER"
REINFECTION_DAYS: Final = "MIKROZONASI_REINFECTION_DAYS"
DUCKDB_MEGABYTES: Final = "MIKROZONASI_DUCKDB_MEGABYTES"

_TIMEZONE: Final = "Asia/Jakarta"
_REINFECTION_DAYS: Final = 90
"""A positive test more than 90 days after the first of an episode is a reinfection; earlier ones
are the same infection, as RNA may be found for weeks (CDC, Investigative Criteria for Suspected
Cases of SARS-CoV-2 Reinfection, 2020; UKHSA counts 90 days from the first positive test)."""
_MOST_REINFECTION_DAYS: Final = 3650
_MEGABYTES: Final = 1024
_LEAST_MEGABYTES: Final = 128
_MOST_MEGABYTES: Final = 1 << 24
"""More than any machine has; DuckDB takes no number far above this."""


@dataclass(frozen=True)
class CitySettings:
    """What a city sets for itself.

    Attributes
    ----------
    timezone
        Time zone of the city: a day begins at its midnight.
    secret
        Text of the city's secret, None where the environment does not set it; how the text is
        read is in `geodata.pseudonyms.city_secret`.
    prefer
        What is believed where a record's coordinates and its address name different RT.
    reinfection_days
        Days within which a person who tests positive again is still the same case.
    duckdb_megabytes
        Memory that DuckDB may use in this process; what does not fit goes to a file beside the
        database.
    """

    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo(_TIMEZONE))
    secret: str | None = field(default=None, repr=False)
    prefer: Preference = "coordinates"
    reinfection_days: int = _REINFECTION_DAYS
    duckdb_megabytes: int = _MEGABYTES

    def today(self) -> date:
        """The day it is in the city."""
        return datetime.now(self.timezone).date()

    def day_of(self, moment: datetime) -> date:
        """The day it is in the city at a moment, which is UTC where it names no zone."""
        return city_day(moment, self.timezone)


def read_city_settings(environment: Mapping[str, str] = os.environ) -> CitySettings:
    """Settings of a city from the environment.

    Raises
    ------
    InputError
        ``unknown-timezone``, ``unknown-preference``, ``reinfection-days``, ``duckdb-memory``,
        naming the variable and what it may hold.
    """
    return CitySettings(
        timezone=_zone(environment.get(TIMEZONE) or _TIMEZONE),
        secret=environment.get(SECRET),
        prefer=_preference(environment.get(PREFER) or "coordinates"),
        reinfection_days=_days(environment.get(REINFECTION_DAYS) or str(_REINFECTION_DAYS)),
        duckdb_megabytes=_megabytes(environment.get(DUCKDB_MEGABYTES, "").strip()),
    )


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(
            "unknown-timezone",
            f"{TIMEZONE} names no time zone. Write one like Asia/Jakarta.",
            indonesian=f"{TIMEZONE} bukan nama zona waktu. Tulis misalnya Asia/Jakarta.",
        ) from None


def _preference(text: str) -> Preference:
    if text not in get_args(Preference):
        raise InputError(
            "unknown-preference",
            f"{PREFER} is neither coordinates nor address. Write one of the two: it says what "
            "is believed where both name an RT and not the same.",
            indonesian=f"{PREFER} harus coordinates atau address: mana yang dipercaya bila "
            "keduanya menyebut RT yang berbeda.",
        )
    return cast("Preference", text)


def _days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _MOST_REINFECTION_DAYS:
        raise InputError(
            "reinfection-days",
            f"{REINFECTION_DAYS} is no whole number of days from 0 to {_MOST_REINFECTION_DAYS}. "
            f"Write for instance {_REINFECTION_DAYS}, or leave it out for {_REINFECTION_DAYS}.",
            indonesian=f"{REINFECTION_DAYS} harus bilangan bulat hari dari 0 sampai "
            f"{_MOST_REINFECTION_DAYS}. Tulis misalnya {_REINFECTION_DAYS}, atau kosongkan untuk "
            f"{_REINFECTION_DAYS}.",
        )
    return int(text)


def _megabytes(text: str) -> int:
    if not text:
        return _MEGABYTES
    if not text.isdecimal() or not _LEAST_MEGABYTES <= int(text[:20]) <= _MOST_MEGABYTES:
        raise InputError(
            "duckdb-memory",
            f"{DUCKDB_MEGABYTES} is a whole number of megabytes, at least {_LEAST_MEGABYTES} and "
            f"at most {_MOST_MEGABYTES}. Leave it out for {_MEGABYTES}.",
            indonesian=f"{DUCKDB_MEGABYTES} harus bilangan bulat megabita, paling sedikit "
            f"{_LEAST_MEGABYTES} dan paling banyak {_MOST_MEGABYTES}. Kosongkan untuk "
            f"{_MEGABYTES}.",
        )
    return int(text)
