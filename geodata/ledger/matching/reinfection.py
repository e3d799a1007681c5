"""Within how many days a person who tests positive again is still the same case."""

import os
from typing import Final

from geodata.errors import InputError

VARIABLE: Final = "MIKROZONASI_REINFECTION_DAYS"
DEFAULT: Final = 90
"""A positive test more than 90 days after the first of an episode is a reinfection; earlier ones
are the same infection, as RNA may be found for weeks (CDC, Investigative Criteria for Suspected
Cases of SARS-CoV-2 Reinfection, 2020; UKHSA counts 90 days from the first positive test)."""
CORRECTION_DAYS: Final = 14
"""Within this many days another date is a correction of the first; later it is another test."""
_MOST: Final = 3650


def reinfection_days() -> int:
    """90, or what ``MIKROZONASI_REINFECTION_DAYS`` says.

    Raises
    ------
    InputError
        ``reinfection-days`` where it is no whole number from 0 to 3650.
    """
    said = os.environ.get(VARIABLE) or str(DEFAULT)
    if not said.isascii() or not said.isdigit() or int(said) > _MOST:
        raise InputError(
            "reinfection-days",
            f"{VARIABLE} is no whole number of days from 0 to {_MOST}. Write for instance 90, or "
            "leave it out for 90.",
            indonesian=f"{VARIABLE} bukan jumlah hari yang bulat dari 0 sampai {_MOST}. Tulis "
            "misalnya 90, atau hapus untuk memakai 90.",
        )
    return int(said)
