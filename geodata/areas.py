"""Levels of areas and their codes: kota > kecamatan > kelurahan > RW > RT.

Codes are Kemendagri codes down to the kelurahan, then RW, then RT
(``33.74.06.1010-014-002``); other code systems are kept as given. A child's code begins with
its parent's. What an address says in free text is not known here.
"""

import re
import unicodedata
from typing import Final, Literal, NamedTuple, get_args

from geodata.text import rt_rw

Level = Literal["kota", "kecamatan", "kelurahan", "rw", "rt"]
LEVELS: tuple[Level, ...] = get_args(Level)

OTHER = "other"
"""Kind of an area at the level of RT that is no RT: a terminal, a market, a pond."""

SmallestZone = Literal["rt", "rw", "dusun", "sls"]
SMALLEST_ZONES: tuple[SmallestZone, ...] = get_args(SmallestZone)
"""Kinds of the smallest zones a city has drawn; the law means RT.

``dusun`` (dusun, lingkungan, banjar and the like) lie at the level of the RW, ``sls`` (the smallest
units of BPS) at that of the RT.
"""

_RW_LABEL: Final = re.compile(r"^\s*(?:R\W?W\W?|RUKUN WARGA)\W*(\w+)\s*$", re.IGNORECASE)
_DUSUN_LABEL: Final = re.compile(
    r"^\s*(?:DUSUN|DSN|DUKUH|PEDUKUHAN|PADUKUHAN|LINGKUNGAN|LINGK|LK|LING|KAMPUNG|KP|BANJAR|BR|JORONG"
    r"|KORONG|NAGARI|HUTA|WIJK|KRING)\b\W*(.+?)\s*$",
    re.IGNORECASE,
)


class RtNumber(NamedTuple):
    """The two numbers that name an RT within its kelurahan."""

    rw: int
    rt: int


def parse_rt_label(label: str) -> RtNumber | None:
    """Numbers in a drawn area's label (``"RT 002 RW 003"``), or None where it names no RT.

    Written as in addresses (``rt002rw001``, ``RW 1 RT II``), see `geodata.text.rt_rw`, but with
    nothing beside the two numbers: ``"KAWASAN PERUMAHAN RT 03 RW 08"`` is a housing estate inside
    an RT's territory, not the RT.
    """
    folded = label.casefold()
    said = rt_rw.mentions(folded)
    pairs = rt_rw.pairs(said)
    is_alone = re.search(r"\w", rt_rw.without(folded, said)) is None
    # Numbers alone do not say which is which; a letter o for a zero is for a person to mend.
    if len(pairs) != 1 or not is_alone or "r" not in folded or "o" in folded:
        return None
    rt, rw = pairs[0]
    return None if rt is None or rw is None else RtNumber(rw=rw, rt=rt)


def parse_rw_label(label: str) -> int | None:
    """Number of the RW in a label that is nothing else (``"RW 01"``, ``"Rw IV"``), else None."""
    found = _RW_LABEL.match(label)
    return None if found is None else rt_rw.number(found[1])


def parse_dusun_label(label: str) -> str | None:
    """What a label names after ``dusun``, ``lingkungan`` and the like: ``"II"``; else None."""
    found = _DUSUN_LABEL.match(label)
    return None if found is None else found[1]


def label_code(kelurahan: str, label: str) -> str:
    """Code of an area known by its label alone: ``33.74.06.1010-dusun-002`` of ``DUSUN II``.

    Spellings of one label have one code; a Roman number counts as a number.
    """
    folded = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z]+|\d+", folded)
    last = rt_rw.number(words[-1]) if len(words) > 1 else None
    if last is not None:
        words[-1] = f"{last:03d}"
    return "-".join([kelurahan, *words])


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
