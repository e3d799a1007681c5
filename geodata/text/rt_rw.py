"""Parse numbers of RT and RW in text; all other modules use this parser.

Reads padding (``RT 003``), Roman numerals, the letter o for zero, both orders, numbers without
spaces (``RT03RW05``, ``RT 03/05``, ``003/005``), headings of identity cards (``RT/RW : 003/005``),
lists (``RT 4, 5 RW 3``) and ranges (``RT 1-3 RW 2``). Does not know the areas of a city.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, Literal, NamedTuple

Pair = tuple[int | None, int | None]
"""RT and RW; None for a number that the text does not give."""

_DIGITS: Final = r"[0-9o]{1,4}(?![0-9o])"
_N: Final = rf"(?:{_DIGITS}|[ivx]{{1,6}}(?![a-z0-9]))"
_RT: Final = r"(?:(?<![a-z])r[\s.]{0,2}t|rukun tetangga)"
_RW: Final = r"(?:(?<![a-z])r[\s.]{0,2}w|rukun warga)"
_GAP: Final = r"[\W_]{0,6}(?:(?:no|nomor)[\s.]{1,2})?"
_JOIN: Final = r"\s?(?:,|&|\+|-|/|dan|s/?d|sampai)\s?"
_LIST: Final = rf"{_N}(?:{_JOIN}{_N}){{1,20}}"
_MENTION: Final = re.compile(
    rf"(?P<both>{_RT}[\W_]{{0,3}}{_RW}{_GAP}(?P<b1>{_N})[\W_]{{1,4}}(?P<b2>{_N}))"
    rf"|(?P<back>{_RW}[\W_]{{0,3}}{_RT}{_GAP}(?P<k1>{_N})[\W_]{{1,4}}(?P<k2>{_N}))"
    rf"|{_RT}{_GAP}(?P<rts>{_LIST})(?=[\W_]{{0,4}}{_RW})"
    rf"|(?P<pair>{_RT}{_GAP}(?P<p1>{_N})\s?/\s?(?P<p2>{_N}))"
    rf"|{_RT}{_GAP}(?P<rt>{_N})"
    rf"|{_RW}{_GAP}(?P<rw>{_N}(?:\s?(?:&|dan)\s?{_N})*)"
    r"|(?P<bare>(?<![\w/.,-])(?P<n1>[0-9o]{3}|0[0-9o])\s?/\s?(?P<n2>[0-9o]{3}|0[0-9o])(?![\w/]))"
)
_HOUSE: Final = re.compile(r"(?:no|nomor|nomer|nmr|blok|kav|km)[\s.:]*$")
_ROMAN: Final = re.compile(r"(x{0,3})(ix|iv|v?i{0,3})")
_ONES: Final = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
_CELL: Final = re.compile(rf"(?:r\W*[tw]\W*)?({_N})(?:\.0+)?")
_PAIR_CELL: Final = re.compile(rf"({_N})\s?[/;|-]\s?({_N})")
_NUMBER: Final = re.compile(_N)
_RANGE: Final = re.compile(rf"({_N})\s?(?:-|s/?d|sampai)\s?({_N})")
_MAX_RANGE: Final = 20


class Mention(NamedTuple):
    """Position in a text of numbers of RT, of RW, or of both."""

    kind: Literal["rt", "rw", "pair"]
    rts: tuple[int, ...]
    rws: tuple[int, ...]
    start: int
    end: int


def parse_number(text: str) -> int | None:
    """Parse a number of an RT or RW, 1 to 999, in digits or Roman; None for 0 and other text."""
    folded = text.strip().casefold()
    if re.fullmatch("[0-9o]{1,4}", folded):
        value = int(folded.replace("o", "0"))
        return value if 0 < value < 1000 else None
    roman = _ROMAN.fullmatch(folded)
    if roman is None or not roman[1] + roman[2]:
        return None
    return 10 * len(roman[1]) + _ONES.index(roman[2])


def parse_number_cell(text: str) -> int | None:
    """Parse a cell with one number: ``002``, ``2``, ``RT 02``, ``II``; else None."""
    match = _CELL.fullmatch(text.strip().casefold())
    return None if match is None else parse_number(match[1])


def parse_pair_cell(text: str) -> Pair:
    """Parse a cell with both numbers (``003/005``, ``RT 3/RW 5``); RT comes first."""
    folded = text.strip().casefold()
    match = _PAIR_CELL.fullmatch(folded)
    if match is not None:
        return parse_number(match[1]), parse_number(match[2])
    text_pairs = combine_mentions(find_mentions(folded))
    return text_pairs[0] if len(text_pairs) == 1 else (None, None)


def find_mentions(folded: str) -> list[Mention]:
    """Find all mentions of RT and RW numbers in a casefolded text, in order."""
    return [
        _mention(match)
        for match in _MENTION.finditer(folded)
        if not _is_house_number(match, folded)
    ]


def combine_mentions(mentions: Sequence[Mention]) -> list[Pair]:
    """Combine mentions into pairs of RT and RW, each pair once; a zero is no number.

    An RT belongs to the RW after it. In a text that names RW first, an RT belongs to the RW
    before it.
    """
    candidates = list(dict.fromkeys(_combine(mentions)))
    complete = [pair for pair in candidates if None not in pair]
    incomplete = [
        (rt, rw)
        for rt, rw in candidates
        if (rt is None) != (rw is None)
        and not any(rt == pair[0] or rw == pair[1] for pair in complete)
    ]
    return complete + incomplete


def replace_mentions(folded: str, mentions: Sequence[Mention], replacement: str = " ") -> str:
    """Replace the mentions in a casefolded text."""
    pieces, last = [], 0
    for mention in mentions:
        pieces += [folded[last : mention.start], replacement]
        last = mention.end
    return "".join([*pieces, folded[last:]])


def _mention(match: re.Match[str]) -> Mention:
    for first, second in (("b1", "b2"), ("p1", "p2"), ("n1", "n2"), ("k2", "k1")):
        if match[first] is not None:
            return Mention(
                "pair",
                _single_number(match[first]),
                _single_number(match[second]),
                match.start(),
                match.end(),
            )
    if match["rw"] is not None:
        return Mention("rw", (), _parse_list(match["rw"]), match.start(), match.end())
    return Mention("rt", _parse_list(match["rts"] or match["rt"]), (), match.start(), match.end())


def _is_house_number(match: re.Match[str], folded: str) -> bool:
    """Whether ``003/005`` without ``RT`` is a house number."""
    return match["bare"] is not None and (
        _HOUSE.search(folded, max(0, match.start() - 12), match.start()) is not None
        or not any(map(str.isdigit, match["bare"]))
    )


def _single_number(text: str) -> tuple[int, ...]:
    value = parse_number(text)
    return () if value is None else (value,)


def _parse_list(text: str) -> tuple[int, ...]:
    interval = _RANGE.fullmatch(text)
    if interval is not None:
        first, last = parse_number(interval[1]), parse_number(interval[2])
        if first is not None and last is not None and first < last <= first + _MAX_RANGE:
            return tuple(range(first, last + 1))
    return tuple(n for part in _NUMBER.findall(text) if (n := parse_number(part)) is not None)


def _combine(mentions: Sequence[Mention]) -> Iterator[Pair]:
    first_kind = next((mention.kind for mention in mentions if mention.kind != "pair"), "rt")
    waiting: list[int] = []
    paired = False
    for mention in mentions:
        if mention.kind == "pair":
            yield from ((rt, rw) for rt in mention.rts or (None,) for rw in mention.rws or (None,))
        elif mention.kind == first_kind:
            waiting = [] if paired else waiting
            waiting += mention.rts or mention.rws
            paired = False
        else:
            # A zero is no number: the pair keeps only its other half.
            combinations = [*product(waiting or (None,), mention.rts or mention.rws or (None,))]
            yield from (
                combinations if first_kind == "rt" else ((rt, rw) for rw, rt in combinations)
            )
            paired = True
    if not paired:
        yield from ((n, None) if first_kind == "rt" else (None, n) for n in waiting)
