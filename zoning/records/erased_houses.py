"""Marks of houses: who shared a house with an erased person goes on sharing it.

A house is known by its family card or its address. Both go; in their place the erased case, and
every case that has that card or address, gets one random mark. `zoning.counting.cases` reads it.
"""

from typing import Final
from uuid import uuid4

import pyarrow as pa

from geodata.store import Transaction
from zoning.counting.cases import house_texts

_OF_CARD: Final = "select max(house) as house from case_version where kk = $1"
_OF_ADDRESSES: Final = """
select max(house) as house from case_version where kk is null and address = any($1)
"""
_ADDRESSES: Final = """
select distinct address from case_version where kk is null and address is not null order by address
"""
_MARK_CARD: Final = "update case_version set house = $1 where kk = $2"
_MARK_ADDRESSES: Final = """
update case_version set house = $1 where kk is null and address = any($2)
"""


def mark_houses(work: Transaction, rows: pa.Table) -> pa.Array:
    """Mark the houses of some versions of cases, also on all others who share them.

    Returns
    -------
    pa.Array
        The mark of each row, null where it has no known house: ``k...`` of a card, ``a...`` of an
        address, which is a house within its RT only.
    """
    cards = rows["kk"].to_pylist()
    texts = house_texts(rows["address"])
    kept = rows["house"].to_pylist()
    by_card = {card: _card_mark(work, card) for card in sorted({c for c in cards if c})}
    by_text = _address_marks(
        work, sorted({t for t, c in zip(texts, cards, strict=True) if t and not c})
    )
    marks = [
        by_card[card] if card else by_text.get(text or "", already)
        for card, text, already in zip(cards, texts, kept, strict=True)
    ]
    return pa.array(marks, pa.string())


def _card_mark(work: Transaction, card: str) -> str:
    mark = work.read(_OF_CARD, card)["house"][0].as_py() or f"k{uuid4().hex}"
    work.execute(_MARK_CARD, mark, card)
    return str(mark)


def _address_marks(work: Transaction, texts: list[str]) -> dict[str, str]:
    if not texts:
        return {}
    addresses = work.read(_ADDRESSES)["address"]
    of_text: dict[str, list[str]] = {}
    for address, text in zip(addresses.to_pylist(), house_texts(addresses), strict=True):
        if text in texts:
            of_text.setdefault(text, []).append(address)
    marks = {}
    for text, same in of_text.items():
        mark = work.read(_OF_ADDRESSES, same)["house"][0].as_py() or f"a{uuid4().hex}"
        work.execute(_MARK_ADDRESSES, mark, same)
        marks[text] = str(mark)
    return marks
