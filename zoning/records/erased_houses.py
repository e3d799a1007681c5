"""Marks of houses: after erasing, a case stays in the same house as the other cases of the house.

Family cards and addresses connect cases to houses. Erasing removes both from the erased case.
Before that, the erased case and every other case with the card or the address get the same random
marks, which `zoning.counting.house_groups` reads.
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

_CARD_MARK: Final = "k"
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
    """Mark the houses of the erased versions `rows`, also on all other cases of these houses.

    Returns
    -------
    pa.Array
        The marks of each row, separated by spaces, null for an unknown house: ``k...`` for a card,
        ``a...`` for an address, ``u...`` for an address that may be of the same house. A mark
        means a house only within an RT.
    """
    cards = {card: _new_mark(_CARD_MARK) for card in sorted(set(rows["kk"].to_pylist()) - {None})}
    erased_houses = {house for house in read_houses(rows["address"], reader) if house is not None}
    addresses = work.read(_ADDRESSES)["address"]
    houses = dict(zip(addresses.to_pylist(), read_houses(addresses, reader), strict=True))
    marks = _address_marks(erased_houses, houses)
    shared = work.read(_CLUES, list(cards), list(marks))
    if shared.num_rows:
        words = _all_marks(shared, cards, marks)
        work.append(_MARK, shared.select(["case_id", "version"]).append_column("house", words))
    return _all_marks(rows, cards, marks)


def _address_marks(
    erased: Iterable[HouseAddress], house_of_text: Mapping[str, HouseAddress | None]
) -> dict[str, list[str]]:
    """Marks of each address that is, or may be, the address of an erased person."""
    by_number: dict[int, list[str]] = defaultdict(list)
    for text, house in house_of_text.items():
        for number in () if house is None else shared_numbers(house):
            by_number[number].append(text)
    marks: dict[str, list[str]] = defaultdict(list)
    for house in sorted(erased, key=repr):
        same_mark, doubtful_mark = _new_mark(ADDRESS_MARK), _new_mark(DOUBTFUL_MARK)
        for text in sorted({text for n in shared_numbers(house) for text in by_number[n]}):
            other_house = house_of_text[text]
            verdict = (
                Verdict.DIFFERENT if other_house is None else compare_houses(house, other_house)
            )
            if verdict == Verdict.SAME:
                marks[text] += [same_mark, doubtful_mark]
            elif verdict == Verdict.UNCLEAR:
                marks[text].append(doubtful_mark)
    return marks


def _all_marks(
    rows: pa.Table, cards: Mapping[str, str], marks: Mapping[str, list[str]]
) -> pa.Array:
    """The marks of each row: existing marks, then new marks."""
    columns = (rows[name].to_pylist() for name in ("kk", "address", "house"))
    words = [
        ((house or "").split(), marks.get(address, ()), [cards[kk]] if kk in cards else ())
        for kk, address, house in zip(*columns, strict=True)
    ]
    texts = [" ".join(dict.fromkeys(chain(*row_words))) or None for row_words in words]
    return pa.array(texts, pa.string())


def _new_mark(kind: str) -> str:
    return f"{kind}{uuid4().hex}"
