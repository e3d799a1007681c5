"""Settings of a city: time zone, secret, preference of coordinates or address, memory.

Only this module reads these settings from the environment. `geodata.store.open_store` and
`zoning.open_city` accept the settings as an argument; without the argument they read the
environment. An open database holds its settings: see `geodata.store.Reads`.
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
"""Source of the RT if a record's coordinates and its address name different RT."""
TIMEZONE: Final = "MIKROZONASI_TIMEZONE"
SECRET: Final = "MIKROZONASI_SECRET"  # noqa: S105  (the name of the variable)
PREFER: Final = "MIKROZONASI_PREFER"
REINFECTION_DAYS: Final = "MIKROZONASI_REINFECTION_DAYS"
DUCKDB_MEGABYTES: Final = "MIKROZONASI_DUCKDB_MEGABYTES"

_DEFAULT_TIMEZONE: Final = "Asia/Jakarta"
_DEFAULT_REINFECTION_DAYS: Final = 90
"""A positive test more than 90 days after the first test of an episode is a reinfection. An earlier
test is the same infection, because tests may find RNA for weeks (CDC, Investigative Criteria for
Suspected Cases of SARS-CoV-2 Reinfection, 2020; UKHSA counts 90 days from the first positive
test)."""
_MAX_REINFECTION_DAYS: Final = 3650
_DEFAULT_MEGABYTES: Final = 1024
_MIN_MEGABYTES: Final = 128
_MAX_MEGABYTES: Final = 1 << 24
"""More than any machine has; DuckDB rejects much larger numbers."""


@dataclass(frozen=True)
class CitySettings:
    """Settings of a city.

    Attributes
    ----------
    timezone
        Time zone of the city. A day begins at midnight in this zone.
    secret
        Text of the city's secret; None if the environment does not set it.
        `geodata.pseudonyms.city_secret` reads the text.
    prefer
        Source of the RT if a record's coordinates and its address name different RT.
    reinfection_days
        Days of one episode: a person who tests positive again within these days is the same case.
    duckdb_megabytes
        Memory that DuckDB may use in this process. Further data go to a temporary file next to
        the database.
    """

    timezone: ZoneInfo = field(default_factory=lambda: ZoneInfo(_DEFAULT_TIMEZONE))
    secret: str | None = field(default=None, repr=False)
    prefer: Preference = "coordinates"
    reinfection_days: int = _DEFAULT_REINFECTION_DAYS
    duckdb_megabytes: int = _DEFAULT_MEGABYTES

    def today(self) -> date:
        """Today in the city."""
        return datetime.now(self.timezone).date()

    def day_of(self, moment: datetime) -> date:
        """The day in the city at a moment; a moment without a zone is UTC."""
        return city_day(moment, self.timezone)


def read_city_settings(environment: Mapping[str, str] = os.environ) -> CitySettings:
    """Settings of a city from the environment.

    Raises
    ------
    InputError
        ``unknown-timezone``, ``unknown-preference``, ``reinfection-days``, ``duckdb-memory``; the
        sentence names the variable and its possible values.
    """
    return CitySettings(
        timezone=_parse_timezone(environment.get(TIMEZONE) or _DEFAULT_TIMEZONE),
        secret=environment.get(SECRET),
        prefer=_parse_preference(environment.get(PREFER) or "coordinates"),
        reinfection_days=_parse_days(
            environment.get(REINFECTION_DAYS) or str(_DEFAULT_REINFECTION_DAYS)
        ),
        duckdb_megabytes=_parse_megabytes(environment.get(DUCKDB_MEGABYTES, "").strip()),
    )


def _parse_timezone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise InputError(
            "unknown-timezone",
            f"{TIMEZONE} is no name of a time zone. Write for instance Asia/Jakarta.",
            indonesian=f"{TIMEZONE} bukan nama zona waktu. Tulis misalnya Asia/Jakarta.",
        ) from None


def _parse_preference(text: str) -> Preference:
    if text not in get_args(Preference):
        raise InputError(
            "unknown-preference",
            f"{PREFER} is neither coordinates nor address. Write one of these two words: it "
            "decides which RT counts if the coordinates and the address name different RT.",
            indonesian=f"{PREFER} bukan coordinates dan bukan address. Tulis salah satu dari dua "
            "kata itu: kata itu menentukan RT yang dipakai jika koordinat dan alamat menyebut RT "
            "yang berbeda.",
        )
    return cast("Preference", text)


def _parse_days(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > _MAX_REINFECTION_DAYS:
        raise InputError(
            "reinfection-days",
            f"{REINFECTION_DAYS} is no whole number of days from 0 to {_MAX_REINFECTION_DAYS}. "
            f"Write for instance {_DEFAULT_REINFECTION_DAYS}, which is also the default.",
            indonesian=f"{REINFECTION_DAYS} bukan bilangan bulat hari dari 0 sampai "
            f"{_MAX_REINFECTION_DAYS}. Tulis misalnya {_DEFAULT_REINFECTION_DAYS}, yang juga "
            "nilai bawaan.",
        )
    return int(text)


def _parse_megabytes(text: str) -> int:
    if not text:
        return _DEFAULT_MEGABYTES
    if not text.isdecimal() or not _MIN_MEGABYTES <= int(text[:20]) <= _MAX_MEGABYTES:
        raise InputError(
            "duckdb-memory",
            f"{DUCKDB_MEGABYTES} is no whole number of megabytes from {_MIN_MEGABYTES} to "
            f"{_MAX_MEGABYTES}. Write for instance {_DEFAULT_MEGABYTES}, which is also the "
            "default.",
            indonesian=f"{DUCKDB_MEGABYTES} bukan bilangan bulat megabita dari {_MIN_MEGABYTES} "
            f"sampai {_MAX_MEGABYTES}. Tulis misalnya {_DEFAULT_MEGABYTES}, yang juga nilai "
            "bawaan.",
        )
    return int(text)
