"""Marks of houses: who shared a house with an erased person goes on sharing it.

A house is what family card and address connect. Both go; in their place the erased case, and every
case that has that card or that address, gets random marks. `zoning.counting.house_groups` reads
them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from itertools import chain
from typing import Final
from uuid import uuid4

import pyarrow as pa

from geodata.houses import HouseAddress, HouseReader, Verdict, compare_houses, shared_numbers
from geodata.store import Transaction
from zoning.counting.cases import read_houses
from zoning.counting.house_groups import ADDRESS_MARK, DOUBTFUL_MARK

_OF_CARD: Final = "k"
_ADDRESSES: Final = """
select distinct address from case_version where address is not null order by address
"""
_CLUES: Final = """
select case_id, version, kk, address, house from case_version
where kk = any($1) or address = any($2) order by case_id, version
"""
_MARK: Final = """
update case_version as v set house = stage.house from stage
where v.case_id = stage.case_id and v.version = stage.version
"""


def mark_houses(work: Transaction, rows: pa.Table, reader: HouseReader) -> pa.Array:
    """Mark the houses of some versions of cases, also on all others who share them.

    Returns
    -------
    pa.Array
        The marks of each row, words of one text, null where it has no known house: ``k...`` of a
        card, ``a...`` of an address, ``u...`` of an address that may be of the same house. Each is
        a house within its RT only.
    """
    cards = {card: _new(_OF_CARD) for card in sorted(set(rows["kk"].to_pylist()) - {None})}
    erased = {house for house in read_houses(rows["address"], reader) if house is not None}
    known = work.read(_ADDRESSES)["address"]
    marks = _marks_of(erased, dict(zip(known.to_pylist(), read_houses(known, reader), strict=True)))
    shared = work.read(_CLUES, list(cards), list(marks))
    if shared.num_rows:
        words = _with_marks(shared, cards, marks)
        work.append(_MARK, shared.select(["case_id", "version"]).append_column("house", words))
    return _with_marks(rows, cards, marks)


def _marks_of(
    erased: Iterable[HouseAddress], known: Mapping[str, HouseAddress | None]
) -> dict[str, list[str]]:
    """Marks of each address that is, or may be, that of an erased person."""
    by_number: dict[int, list[str]] = defaultdict(list)
    for text, house in known.items():
        for number in () if house is None else shared_numbers(house):
            by_number[number].append(text)
    marks: dict[str, list[str]] = defaultdict(list)
    for house in sorted(erased, key=repr):
        same, doubtful = _new(ADDRESS_MARK), _new(DOUBTFUL_MARK)
        for text in sorted({text for n in shared_numbers(house) for text in by_number[n]}):
            other = known[text]
            verdict = Verdict.DIFFERENT if other is None else compare_houses(house, other)
            if verdict == Verdict.SAME:
                marks[text] += [same, doubtful]
            elif verdict == Verdict.UNCLEAR:
                marks[text].append(doubtful)
    return marks


def _with_marks(
    rows: pa.Table, cards: Mapping[str, str], marks: Mapping[str, list[str]]
) -> pa.Array:
    """The marks of each row, those it has already among them."""
    columns = (rows[name].to_pylist() for name in ("kk", "address", "house"))
    words = [
        ((house or "").split(), marks.get(address, ()), [cards[kk]] if kk in cards else ())
        for kk, address, house in zip(*columns, strict=True)
    ]
    texts = [" ".join(dict.fromkeys(chain(*own))) or None for own in words]
    return pa.array(texts, pa.string())


def _new(kind: str) -> str:
    return f"{kind}{uuid4().hex}"
