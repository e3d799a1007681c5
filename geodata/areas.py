"""Levels of areas and their codes: kota > kecamatan > kelurahan > RW > RT.

Codes are Kemendagri codes down to the kelurahan, then RW, then RT
(``33.74.06.1010-014-002``). Codes of other systems stay as they are. A child's code begins with its
parent's code. `geodata.addresses` reads addresses in free text.
"""

import re
import unicodedata
from typing import Final, Literal, NamedTuple, get_args

from geodata.text import rt_rw

Level = Literal["kota", "kecamatan", "kelurahan", "rw", "rt"]
LEVELS: tuple[Level, ...] = get_args(Level)

OTHER = "other"
"""Kind of an area at the RT level that is no RT: a bus terminal, a market, a pond."""

SmallestZone = Literal["rt", "rw", "dusun", "sls"]
SMALLEST_ZONES: tuple[SmallestZone, ...] = get_args(SmallestZone)
"""Kinds of a city's smallest zones; in the law this is the RT.

``dusun`` (dusun, lingkungan, banjar and similar) are at the RW level, ``sls`` (the smallest units
of BPS) at the RT level.
"""

_RW_LABEL: Final = re.compile(r"^\s*(?:R\W?W\W?|RUKUN WARGA)\W*(\w+)\s*$", re.IGNORECASE)
_DUSUN_LABEL: Final = re.compile(
    r"^\s*(?:DUSUN|DSN|DUKUH|PEDUKUHAN|PADUKUHAN|LINGKUNGAN|LINGK|LK|LING|KAMPUNG|KP|BANJAR|BR|JORONG"
    r"|KORONG|NAGARI|HUTA|WIJK|KRING)\b\W*(.+?)\s*$",
    re.IGNORECASE,
)


class RtNumber(NamedTuple):
    """The two numbers of an RT within its kelurahan."""

    rw: int
    rt: int


def parse_rt_label(label: str) -> RtNumber | None:
    """Numbers in the label of an area (``"RT 002 RW 003"``), or None if the label names no RT.

    The spellings are those of addresses (``rt002rw001``, ``RW 1 RT II``), see `geodata.text.rt_rw`.
    The label must have no other words: ``"KAWASAN PERUMAHAN RT 03 RW 08"`` is a housing estate
    inside an RT, not the RT.
    """
    folded = label.casefold()
    mentions = rt_rw.find_mentions(folded)
    number_pairs = rt_rw.combine_mentions(mentions)
    is_alone = re.search(r"\w", rt_rw.replace_mentions(folded, mentions)) is None
    # Numbers without letters are ambiguous. A letter o for a zero needs a correction by hand.
    if len(number_pairs) != 1 or not is_alone or "r" not in folded or "o" in folded:
        return None
    rt, rw = number_pairs[0]
    return None if rt is None or rw is None else RtNumber(rw=rw, rt=rt)


def parse_rw_label(label: str) -> int | None:
    """Number of the RW in a label without other words (``"RW 01"``, ``"Rw IV"``), else None."""
    match = _RW_LABEL.match(label)
    return None if match is None else rt_rw.parse_number(match[1])


def parse_dusun_label(label: str) -> str | None:
    """The name after ``dusun``, ``lingkungan`` and similar words in a label (``"II"``), or None."""
    match = _DUSUN_LABEL.match(label)
    return None if match is None else match[1]


def label_code(kelurahan: str, label: str) -> str:
    """Code of an area that has only a label: ``33.74.06.1010-dusun-002`` for ``DUSUN II``.

    All spellings of a label give the same code; a Roman numeral counts as a number.
    """
    folded = unicodedata.normalize("NFKD", label.casefold()).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z]+|\d+", folded)
    last_number = rt_rw.parse_number(words[-1]) if len(words) > 1 else None
    if last_number is not None:
        words[-1] = f"{last_number:03d}"
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
    """Name of an RT: ``RT 002 RW 014``."""
    return f"RT {number.rt:03d} RW {number.rw:03d}"


def rw_name(rw: int) -> str:
    """Name of an RW: ``RW 014``."""
    return f"RW {rw:03d}"
