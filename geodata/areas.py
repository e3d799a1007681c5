"""Levels of areas and their codes: kota > kecamatan > kelurahan > RW > RT.

Codes are Kemendagri codes down to the kelurahan, then RW, then RT
(``33.74.06.1010-014-002``); other code systems are kept as given. A child's code begins with
its parent's. What an address says in free text is not known here.
"""

import re
from typing import Literal, NamedTuple, get_args

Level = Literal["kota", "kecamatan", "kelurahan", "rw", "rt"]
LEVELS: tuple[Level, ...] = get_args(Level)

OTHER = "other"
"""Kind of an area at the level of RT that is no RT: a terminal, a market, a pond."""

_RT_RW = re.compile(r"^\s*RT\W*0*(\d{1,3})\W+RW\W*0*(\d{1,3})\s*$", re.IGNORECASE)


class RtNumber(NamedTuple):
    """The two numbers that name an RT within its kelurahan."""

    rw: int
    rt: int


def parse_rt_label(label: str) -> RtNumber | None:
    """Numbers in a drawn area's label (``"RT 002 RW 003"``), or None where it names no RT.

    Only a label that is nothing but the two numbers is taken: ``"KAWASAN PERUMAHAN RT 03 RW 08"``
    is a housing estate inside an RT's territory, not the RT.
    """
    found = _RT_RW.match(label)
    if found is None or int(found[1]) == 0 or int(found[2]) == 0:
        return None
    return RtNumber(rw=int(found[2]), rt=int(found[1]))


def rw_code(kelurahan: str, rw: int) -> str:
    """Code of an RW: ``33.74.06.1010-014``."""
    return f"{kelurahan}-{rw:03d}"


def rt_code(kelurahan: str, number: RtNumber) -> str:
    """Code of an RT: ``33.74.06.1010-014-002``."""
    return f"{kelurahan}-{number.rw:03d}-{number.rt:03d}"


def other_code(kelurahan: str, serial: int) -> str:
    """Code of an area that is no RT: ``33.74.06.1010-x-001``."""
    return f"{kelurahan}-x-{serial:03d}"


def rt_name(number: RtNumber) -> str:
    """How an RT is named: ``RT 002 RW 014``."""
    return f"RT {number.rt:03d} RW {number.rw:03d}"


def rw_name(rw: int) -> str:
    """How an RW is named: ``RW 014``."""
    return f"RW {rw:03d}"
