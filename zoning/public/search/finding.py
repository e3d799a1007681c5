"""Find the RT that a search names; never by a guess.

A search has one answer only if every word of it is the name of an area and its numbers name one
RT. Otherwise the answer is a list, from which the resident chooses. The script ``finding.js`` finds
in the same way.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import reduce
from itertools import groupby
from typing import Final, Literal, NamedTuple

from geodata.addresses.names import Names, Rows
from geodata.text.area_names import fold_name
from geodata.text.rt_rw import Pair, parse_number
from zoning.public.search.name_index import NameIndex, ZoneName
from zoning.public.search.queries import Query, Word

Outcome = Literal["found", "zones", "rw", "kelurahan", "unknown", "empty"]
"""``found``: one RT. ``zones``, ``rw``, ``kelurahan``: the resident chooses one of these.
``unknown``: no kelurahan has the name. ``empty``: the search has no name."""
_MOST_WORDS: Final = 4
"""Words of the longest names."""
_SHORTEST_BEGINNING: Final = 3
"""Letters from which on the beginning of a name is searched."""
_NONE: Final[Rows] = frozenset()


class Finding(NamedTuple):
    """The answer to a search.

    Attributes
    ----------
    kelurahan
        Positions of the kelurahan that the search may mean, in `NameIndex.kelurahan`.
    zones
        Positions of the zones that the search may mean, in `NameIndex.zones`.
    is_missing
        Whether the kelurahan has no RT of these numbers.
    """

    outcome: Outcome
    kelurahan: tuple[int, ...] = ()
    zones: tuple[int, ...] = ()
    is_missing: bool = False


NOTHING: Final = Finding("empty")
"""The answer before there is a search."""


class _Claim(NamedTuple):
    """Areas that a name may mean."""

    kelurahan: Rows
    kecamatan: Rows


@dataclass
class _Reading:
    """The names in a search; see `_read_names`."""

    claims: list[_Claim] = field(default_factory=list)
    unknown: list[Word] = field(default_factory=list)


class _Kelurahan(NamedTuple):
    rows: tuple[int, ...]
    is_certain: bool


def find(index: NameIndex, query: Query) -> Finding:
    """Find the RT that a search names."""
    if query.kelurahan:
        row = index.kelurahan_rows.get(query.kelurahan)
        kelurahan = _Kelurahan(() if row is None else (row,), is_certain=True)
        unknown: list[Word] = []
    elif not query.words:
        return Finding("empty" if query.is_blank or query.pairs else "unknown")
    else:
        reading = _read_names(index, query.words)
        kelurahan, unknown = _find_kelurahan(index, reading), reading.unknown
    if not kelurahan.rows:
        return Finding("unknown")
    is_certain = kelurahan.is_certain and query.is_exact and not query.has_wrong_number
    if len(kelurahan.rows) == 1 and (named := _named_zones(index, kelurahan.rows[0], unknown)):
        is_found = is_certain and not query.pairs
        return _choose_of(index, kelurahan.rows, named, is_certain=is_found)
    is_certain = is_certain and not unknown
    zones = tuple(_numbered_zones(index, kelurahan.rows, query.pairs))
    if zones:
        return _choose_of(index, kelurahan.rows, zones, is_certain=is_certain)
    if len(kelurahan.rows) > 1:
        return Finding("kelurahan", kelurahan.rows, (), _has_zone_numbers(index, query.pairs))
    return _choose_within(index, kelurahan.rows[0], query)


def _choose_of(
    index: NameIndex, rows: tuple[int, ...], zones: tuple[int, ...], *, is_certain: bool
) -> Finding:
    """One zone that is certain, or a list of zones."""
    is_found = is_certain and len(zones) == len(rows) == 1 and index.zones[zones[0]].is_zone
    return Finding("found" if is_found else "zones", rows, zones)


def find_near_code(index: NameIndex, code: str) -> Finding:
    """The areas that are nearest to a code that does not exist: of its RW, kelurahan, kecamatan."""
    for row, kelurahan in enumerate(index.kelurahan):
        if code.startswith(f"{kelurahan.code}-"):
            rw, _, rt = code.removeprefix(f"{kelurahan.code}-").partition("-")
            pair = parse_number(rt), parse_number(rw)
            query = Query((), () if pair == (None, None) else (pair,), kelurahan.code)
            return _choose_within(index, row, query)._replace(is_missing=True)
    parents = [
        position for position, parent in enumerate(index.kecamatan) if code.startswith(parent.code)
    ]
    rows = [row for row, kelurahan in enumerate(index.kelurahan) if kelurahan.kecamatan in parents]
    return Finding("kelurahan" if rows else "unknown", tuple(rows), (), is_missing=True)


def _choose_within(index: NameIndex, row: int, query: Query) -> Finding:
    """The RW or the zones of a kelurahan, from which the resident chooses."""
    zones = [(position, index.zones[position]) for position in index.kelurahan[row].zones]
    rws = {rw for _, rw in query.pairs if rw is not None}
    rts = {rt for rt, _ in query.pairs if rt is not None}
    in_rw = tuple(position for position, zone in zones if zone.rw in rws)
    same_rt = tuple(position for position, zone in zones if zone.rt in rts)
    is_missing = query.has_wrong_number or _has_zone_numbers(index, query.pairs)
    if in_rw:
        return Finding("zones", (row,), in_rw, is_missing)
    if same_rt and not rws:
        return Finding("zones", (row,), same_rt, is_missing)
    if index.zones_are_rw or len(rw_numbers(index, row)) < 2:
        every = tuple(position for position, _ in zones)
        return Finding("zones", (row,), every, is_missing or bool(query.pairs))
    return Finding("rw", (row,), (), is_missing or bool(query.pairs))


def rw_numbers(index: NameIndex, row: int) -> list[int]:
    """Numbers of the RW of a kelurahan, in order."""
    zones = (index.zones[position] for position in index.kelurahan[row].zones)
    return sorted({zone.rw for zone in zones if zone.rw is not None})


def _numbered_zones(index: NameIndex, rows: Iterable[int], pairs: Sequence[Pair]) -> Iterator[int]:
    """Zones of the kelurahan with the numbers of a search, each zone once."""
    seen: set[int] = set()
    for row in rows:
        for position in index.kelurahan[row].zones:
            zone = index.zones[position]
            if position not in seen and any(_has_numbers(index, zone, pair) for pair in pairs):
                seen.add(position)
                yield position


def _has_numbers(index: NameIndex, zone: ZoneName, pair: Pair) -> bool:
    rt, rw = pair
    if rw is None or zone.rw != rw:
        return False
    return index.zones_are_rw or (rt is not None and zone.rt == rt)


def _has_zone_numbers(index: NameIndex, pairs: Sequence[Pair]) -> bool:
    return any(rw is not None and (index.zones_are_rw or rt is not None) for rt, rw in pairs)


def _named_zones(index: NameIndex, row: int, unknown: Sequence[Word]) -> tuple[int, ...]:
    """Zones whose name the other words of a search are: ``dusun krajan``."""
    wanted = _zone_key([word.text for word in unknown])
    return tuple(
        position
        for position in index.kelurahan[row].zones
        if wanted and _zone_key(index.zones[position].name.lower().split()) == wanted
    )


def _zone_key(words: Sequence[str]) -> str:
    """Name of a zone for comparison: ``Dusun II`` and ``dusun 02`` are the same."""
    numbers = [parse_number(word) for word in words[1:]]
    parts = [*words[:1], *(str(n or word) for n, word in zip(numbers, words[1:], strict=True))]
    return fold_name(" ".join(parts))


def _read_names(index: NameIndex, words: Sequence[Word]) -> _Reading:
    reading = _Reading()
    cities = {fold_name(name) for name in index.cities}
    for _, group in groupby(words, key=lambda word: word.phrase):
        phrase = list(group)
        start = 0
        while start < len(phrase):
            mark = phrase[0].mark if start == 0 else ""
            end = min(len(phrase), start + _MOST_WORDS)
            while end > start:
                joined = "".join(word.text for word in phrase[start:end])
                claim = _claim(index, joined, mark)
                is_city = joined in cities and (mark == "kota" or not any(claim))
                if is_city or any(claim):
                    reading.claims += [] if is_city else [claim]
                    break
                end -= 1
            if end == start:
                reading.unknown.append(phrase[start])
                end += 1
            start = end
    return reading


def _claim(index: NameIndex, joined: str, mark: str) -> _Claim:
    folded = fold_name(joined)
    return _Claim(
        _NONE if mark == "kecamatan" else index.kelurahan_names.exact(folded),
        _NONE if mark == "kelurahan" else index.kecamatan_names.exact(folded),
    )


def _find_kelurahan(index: NameIndex, reading: _Reading) -> _Kelurahan:
    own = [claim for claim in reading.claims if claim.kelurahan and not claim.kecamatan]
    shared = [claim for claim in reading.claims if claim.kelurahan and claim.kecamatan]
    kecamatan = frozenset[int]().union(
        *(claim.kecamatan for claim in reading.claims if not claim.kelurahan)
    )
    if own:
        around = kecamatan.union(*(claim.kecamatan for claim in shared))
        common = _common([claim.kelurahan for claim in own])
        rows = common or frozenset[int]().union(*(claim.kelurahan for claim in own))
        inside = _within(index, rows, around) if around else rows
        return _Kelurahan(tuple(sorted(inside or rows)), bool(common and inside))
    if shared:
        return _find_shared(index, shared, kecamatan)
    similar = _similar_names(index, reading.unknown)
    if kecamatan:
        everywhere = frozenset(range(len(index.kelurahan)))
        rows = _within(index, similar, kecamatan) or _within(index, everywhere, kecamatan)
        return _Kelurahan(tuple(sorted(rows)), is_certain=False)
    return _Kelurahan(tuple(sorted(similar)), is_certain=False)


def _find_shared(index: NameIndex, shared: Sequence[_Claim], kecamatan: Rows) -> _Kelurahan:
    """A name of both a kelurahan and its kecamatan.

    It means the kelurahan if the search also names the kecamatan, or has the name twice. Otherwise
    it may mean every kelurahan of the kecamatan.
    """
    common = _common([claim.kelurahan for claim in shared])
    around = kecamatan.union(*(claim.kecamatan for claim in shared))
    if common and (len(shared) > 1 or _within(index, common, kecamatan)):
        return _Kelurahan(tuple(sorted(common)), is_certain=True)
    named = frozenset[int]().union(*(claim.kelurahan for claim in shared))
    others = _within(index, frozenset(range(len(index.kelurahan))), around) - named
    return _Kelurahan((*sorted(named), *sorted(others)), is_certain=False)


def _common(rows: Sequence[Rows]) -> Rows:
    return reduce(frozenset.intersection, rows)


def _within(index: NameIndex, rows: Rows, kecamatan: Rows) -> Rows:
    return frozenset(row for row in rows if index.kelurahan[row].kecamatan in kecamatan)


def _similar_names(index: NameIndex, words: Sequence[Word]) -> Rows:
    """Kelurahan whose names begin with the words, or differ from the words by few letters."""
    names = index.kelurahan_names
    texts = [word.text for word in words]
    for count in range(min(_MOST_WORDS, len(texts)), 0, -1):
        for start in range(len(texts) - count + 1):
            joined = fold_name("".join(texts[start : start + count]))
            rows = _beginning(names, joined) or names.nearest(joined)
            if rows:
                return rows
    return _NONE


def _beginning(names: Names, joined: str) -> Rows:
    return names.beginning_with(joined) if len(joined) >= _SHORTEST_BEGINNING else _NONE
