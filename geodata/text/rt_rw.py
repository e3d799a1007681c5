"""Numbers of RT and RW as people write them: the one reader of them in the house.

Padding (``RT 003``), Roman numerals, the letter o for zero, both orders, run together
(``RT03RW05``, ``RT 03/05``, ``003/005``), headings of identity cards (``RT/RW : 003/005``), lists
(``RT 4, 5 RW 3``) and ranges (``RT 1-3 RW 2``). Which area they name is not known here.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final, Literal, NamedTuple

Pair = tuple[int | None, int | None]
"""RT and RW, each None where it is not said."""

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
_LONGEST_RANGE: Final = 20


class Mention(NamedTuple):
    """One place in a text that says numbers of RT, of RW, or both."""

    kind: Literal["rt", "rw", "pair"]
    rts: tuple[int, ...]
    rws: tuple[int, ...]
    start: int
    end: int


def number(text: str) -> int | None:
    """A number of an RT or RW, 1 to 999, in digits or Roman; None for 0 and anything else."""
    folded = text.strip().casefold()
    if re.fullmatch("[0-9o]{1,4}", folded):
        found = int(folded.replace("o", "0"))
        return found if 0 < found < 1000 else None
    roman = _ROMAN.fullmatch(folded)
    if roman is None or not roman[1] + roman[2]:
        return None
    return 10 * len(roman[1]) + _ONES.index(roman[2])


def ordinal(text: str) -> int | None:
    """The number in a cell of its own: ``002``, ``2``, ``RT 02``, ``II``; else None."""
    found = _CELL.fullmatch(text.strip().casefold())
    return None if found is None else number(found[1])


def pair_of(text: str) -> Pair:
    """RT and RW in a cell that holds both (``003/005``, ``RT 3/RW 5``), RT first."""
    folded = text.strip().casefold()
    plain = _PAIR_CELL.fullmatch(folded)
    if plain is not None:
        return number(plain[1]), number(plain[2])
    found = pairs(mentions(folded))
    return found[0] if len(found) == 1 else (None, None)


def mentions(folded: str) -> list[Mention]:
    """Every place in a casefolded text that says numbers, in order."""
    return [_mention(found) for found in _MENTION.finditer(folded) if not _of_house(found, folded)]


def pairs(found: Sequence[Mention]) -> list[Pair]:
    """RT and RW that mentions say together, each pair once, zeros not said at all.

    An RT belongs to the RW after it, or to the one before it where a text names RW first.
    """
    said = list(dict.fromkeys(_together(found)))
    whole = [pair for pair in said if None not in pair]
    rest = [
        (rt, rw)
        for rt, rw in said
        if (rt is None) != (rw is None)
        and not any(rt == pair[0] or rw == pair[1] for pair in whole)
    ]
    return whole + rest


def without(folded: str, found: Sequence[Mention], by: str = " ") -> str:
    """A casefolded text with its mentions replaced."""
    parts, last = [], 0
    for mention in found:
        parts += [folded[last : mention.start], by]
        last = mention.end
    return "".join([*parts, folded[last:]])


def _mention(found: re.Match[str]) -> Mention:
    for first, second in (("b1", "b2"), ("p1", "p2"), ("n1", "n2"), ("k2", "k1")):
        if found[first] is not None:
            return Mention(
                "pair", _known(found[first]), _known(found[second]), found.start(), found.end()
            )
    if found["rw"] is not None:
        return Mention("rw", (), _listed(found["rw"]), found.start(), found.end())
    return Mention("rt", _listed(found["rts"] or found["rt"]), (), found.start(), found.end())


def _of_house(found: re.Match[str], folded: str) -> bool:
    """Whether a bare ``003/005`` is the number of a house."""
    return found["bare"] is not None and (
        _HOUSE.search(folded, max(0, found.start() - 12), found.start()) is not None
        or not any(map(str.isdigit, found["bare"]))
    )


def _known(text: str) -> tuple[int, ...]:
    found = number(text)
    return () if found is None else (found,)


def _listed(text: str) -> tuple[int, ...]:
    between = _RANGE.fullmatch(text)
    if between is not None:
        first, last = number(between[1]), number(between[2])
        if first is not None and last is not None and first < last <= first + _LONGEST_RANGE:
            return tuple(range(first, last + 1))
    return tuple(n for part in _NUMBER.findall(text) if (n := number(part)) is not None)


def _together(found: Sequence[Mention]) -> Iterator[Pair]:
    first = next((mention.kind for mention in found if mention.kind != "pair"), "rt")
    waiting: list[int] = []
    used = False
    for mention in found:
        if mention.kind == "pair":
            yield from ((rt, rw) for rt in mention.rts or (None,) for rw in mention.rws or (None,))
        elif mention.kind == first:
            waiting = [] if used else waiting
            waiting += mention.rts or mention.rws
            used = False
        else:
            # A number of nought leaves the other half standing alone.
            named = [*product(waiting or (None,), mention.rts or mention.rws or (None,))]
            yield from (named if first == "rt" else ((rt, rw) for rw, rt in named))
            used = True
    if not used:
        yield from ((n, None) if first == "rt" else (None, n) for n in waiting)
