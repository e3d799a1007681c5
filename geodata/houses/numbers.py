"""Parse numbers in addresses: of a house (with suffix or range), a block, a floor, a unit.

Each function parses the text at a position and returns the value and the end position.
"""

import re
from typing import Final, NamedTuple

from geodata.houses.address import HouseNumber
from geodata.houses.address_words import roman_to_digits

_MAX_RANGE: Final = 10
"""Largest difference between the numbers of one house."""
_STEP: Final = 2
"""Difference between neighbouring house numbers on one side of a street."""
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
_FLOOR_WORDS: Final = {"dasar": 0, "satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5}


class Block(NamedTuple):
    """Block, house number in the block or None, and end position in the text."""

    block: str
    number: HouseNumber | None
    end: int


def house_number(text: str, start: int) -> tuple[HouseNumber, int] | None:
    """House number at a position, and its end position."""
    match = _TAIL.match(text, start)
    if match is None:
        return None
    first, suffix = int(match["first"]), match["suffix"] or ""
    if match["last"] is None:
        return HouseNumber(first, suffix), match.end()
    last, last_suffix = int(match["last"]), match["end"] or ""
    furthest = {"/": _STEP, ",": 2 * _STEP}.get(match["by"], _MAX_RANGE)
    if first < last <= first + furthest and (match["by"] not in "/," or (last - first) % 2 == 0):
        return HouseNumber(first, suffix, last, last_suffix), match.end()
    if match["by"] == "/":
        return HouseNumber(first, f"{suffix}/{last}{last_suffix}"), match.end()
    return HouseNumber(first, suffix), match.start("by")


def block_number(text: str, start: int) -> Block | None:
    """Block at a position: ``A1 No 2``, ``A1/2``, ``A12``, ``3 No 5``."""
    match = _BLOCK.match(text, start)
    if match is None or not (match["letters"] or match["digits"]):
        return None
    letters, digits = _letters_or_digits(match["letters"] or ""), match["digits"]
    if letters and digits and (match["number"] is None or _is_range(match)):
        # `Blok A12` is house 12 of block A, if no other number is the house number.
        number = house_number(text, match.start("digits"))
        return Block(letters, *(number or (None, match.end())))
    numeral = roman_to_digits(match["roman"] or "") or ""
    block = f"{letters}{_strip_zeros(digits)}{match['letter'] or ''}{numeral}"
    if match["number"] is not None:
        number = house_number(text, match.start("number"))
        return Block(block, *(number or (None, match.end())))
    end = max(match.end(name) for name in ("letters", "digits", "letter", "roman"))
    return Block(block, None, end)


def _is_range(match: re.Match[str]) -> bool:
    """Whether ``Blok C 8-10`` means houses 8 to 10 of block C, not house 10 of block C8."""
    first, last = int(match["digits"]), int(match["number"])
    has_spaces = " " in (match["gap"] or "") and match["by"].strip() == "-"
    return has_spaces and first < last <= first + 2 * _STEP and (last - first) % 2 == 0


def floor_number(text: str, start: int) -> tuple[int, int] | None:
    """Floor at a position, and its end position."""
    match = _FLOOR.match(text, start)
    if match is None:
        return None
    word = match["floor"]
    number = word if word.isdigit() else str(_FLOOR_WORDS.get(word, roman_to_digits(word)))
    return (int(number), match.end()) if number.isdigit() else None


def unit_number(text: str, start: int) -> tuple[str, int] | None:
    """Unit or room at a position, and its end position."""
    match = _UNIT.match(text, start)
    if match is None:
        return None
    if match["floor"] is not None:
        return f"{int(match['floor'])}{int(match['on_floor']):02d}", match.end()
    return re.sub(r"^([a-z]*)0+(?=\d)", r"\1", re.sub(r"[\s-]", "", match["unit"])), match.end()


def _strip_zeros(digits: str | None) -> str:
    return "" if digits is None else str(int(digits))


def _letters_or_digits(letters: str) -> str:
    """Convert a Roman numeral of several letters to digits; keep other letters."""
    return (roman_to_digits(letters) if len(letters) > 1 else None) or letters
