"""Numbers in addresses: of a house, with suffix or range; of a block, a floor, a unit.

Each function looks at the text from a position on and says what it found and where that ends.
"""

import re
from typing import Final, NamedTuple

from geodata.houses.address import HouseNumber
from geodata.houses.address_words import roman

_FURTHEST_RANGE: Final = 10
"""Numbers that one house may span."""
_NEXT: Final = 2
"""From a house number to the next on its side of the street."""
_NUMBER_WORD: Final = r"(?:no|nomor|nomer|nmr|nr|nom|kav|kavling|kapling)(?![a-z])[\s.:]*"
_TAIL: Final = re.compile(
    r"(?P<first>\d{1,4})(?!\d)"
    r"(?:\s?[-./]?\s?(?P<suffix>[a-z]|bis)(?![a-z0-9]|\s?[./]\s?[a-z](?![a-z])|\s?[-.]?\s?\d))?"
    rf"(?:\s*(?P<by>-|&|\+|/|,|(?:sd|sampai|dan|hingga)(?![a-z]))\s*(?:{_NUMBER_WORD})?"
    r"(?P<last>\d{1,4})(?!\d)(?P<end>[a-z](?![a-z0-9]))?)?"
)
_NOT_A_BLOCK: Final = (
    r"(?!(?:no|nr|rt|rw|lt|fl|gg|jl|kp|dk|km|sd|tk|kel|kec|kav|kos|dan|nom|unit|sh|se)(?![a-z]))"
)
_BLOCK: Final = re.compile(
    rf"[\s.:'-]*(?:{_NOT_A_BLOCK}(?P<letters>[a-z]{{1,3}})(?![a-z])(?P<gap>[\s.'-]*))?"
    r"(?:(?P<digits>\d{1,4})(?!\d)(?P<letter>[a-z](?![a-z]))?|(?P<roman>[ivx]{1,4})(?=\s*/|\s+no\W))?"
    rf"(?:(?P<by>[\s.,/-]*{_NUMBER_WORD}|\s*[/.-]\s*|\s+)(?P<number>\d{{1,4}})(?!\d))?"
)
_FLOOR: Final = re.compile(
    r"[\s.:-]*(?:ke[\s-]*)?(?P<floor>\d{1,2}(?!\d)|[ivx]+(?![a-z])|dasar|satu|dua|tiga|empat|lima)"
)
_UNIT: Final = re.compile(
    rf"[\s.:-]*(?:{_NUMBER_WORD})?"
    r"(?:(?P<floor>\d{1,2})[./-](?P<on_floor>\d{1,2})|(?P<unit>[a-z]{0,2}[\s-]?\d{1,4}[a-z]?))(?![a-z0-9])"
)
_IN_WORDS: Final = {"dasar": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5}


class Block(NamedTuple):
    """A block, and the house in it where the text says one; where the text goes on."""

    block: str
    number: HouseNumber | None
    end: int


def house_number(text: str, at: int) -> tuple[HouseNumber, int] | None:
    """The house number that begins at a position, and where the text goes on."""
    found = _TAIL.match(text, at)
    if found is None:
        return None
    first, suffix = int(found["first"]), found["suffix"] or ""
    if found["last"] is None:
        return HouseNumber(first, suffix), found.end()
    last, end = int(found["last"]), found["end"] or ""
    furthest = {"/": _NEXT, ",": 2 * _NEXT}.get(found["by"], _FURTHEST_RANGE)
    if first < last <= first + furthest and (found["by"] not in "/," or (last - first) % 2 == 0):
        return HouseNumber(first, suffix, last, end), found.end()
    if found["by"] == "/":
        return HouseNumber(first, f"{suffix}/{last}{end}"), found.end()
    return HouseNumber(first, suffix), found.start("by")


def block_number(text: str, at: int) -> Block | None:
    """The block that begins at a position: ``A1 No 2``, ``A1/2``, ``A12``, ``3 No 5``."""
    found = _BLOCK.match(text, at)
    if found is None or not (found["letters"] or found["digits"]):
        return None
    letters, digits = _in_digits(found["letters"] or ""), found["digits"]
    if letters and digits and (found["number"] is None or _is_range(found)):
        # `Blok A12` is house 12 of block A: no other number is the house's.
        number = house_number(text, found.start("digits"))
        return Block(letters, *(number or (None, found.end())))
    block = f"{letters}{_plain(digits)}{found['letter'] or ''}{roman(found['roman'] or '') or ''}"
    if found["number"] is not None:
        number = house_number(text, found.start("number"))
        return Block(block, *(number or (None, found.end())))
    end = max(found.end(name) for name in ("letters", "digits", "letter", "roman"))
    return Block(block, None, end)


def _is_range(found: re.Match[str]) -> bool:
    """Whether ``Blok C 8-10`` names houses 8 to 10, and not house 10 of block C8."""
    first, last = int(found["digits"]), int(found["number"])
    spaced = " " in (found["gap"] or "") and found["by"].strip() == "-"
    return spaced and first < last <= first + 2 * _NEXT and (last - first) % 2 == 0


def floor_number(text: str, at: int) -> tuple[int, int] | None:
    """The floor that is named at a position, and where the text goes on."""
    found = _FLOOR.match(text, at)
    if found is None:
        return None
    word = found["floor"]
    number = word if word.isdigit() else str(_IN_WORDS.get(word, roman(word)))
    return (int(number), found.end()) if number.isdigit() else None


def unit_number(text: str, at: int) -> tuple[str, int] | None:
    """The unit or room that is named at a position, and where the text goes on."""
    found = _UNIT.match(text, at)
    if found is None:
        return None
    if found["floor"] is not None:
        return f"{int(found['floor'])}{int(found['on_floor']):02d}", found.end()
    return re.sub(r"^([a-z]*)0+(?=\d)", r"\1", re.sub(r"[\s-]", "", found["unit"])), found.end()


def _plain(digits: str | None) -> str:
    return "" if digits is None else str(int(digits))


def _in_digits(letters: str) -> str:
    """Letters of a block, a Roman numeral of several letters as digits."""
    return (roman(letters) if len(letters) > 1 else None) or letters
