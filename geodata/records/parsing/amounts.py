"""Counts, numbers and stocks as people write them: ``1.250``, ``3,5``, ``oksigen: 12; APD: 300``.

A dot or a comma before three digits may part thousands or decimals. For a count it parts
thousands. For a number the other cells of its column say which; where none does, it is not
guessed.
"""

import json
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.parsing.cells import mask, scrub, valid
from geodata.records.parsing.findings import Mask

_COUNT: Final = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+)(?:\.0+)?")
_MOST: Final = 10**12
_PLAIN: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_POWER: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}")
"""A program's own way to write a number: what parts it is the decimal point, whichever it is."""
_NEGATIVE: Final = r"^-\s?\d|^\(\s?\d[\d.,]*\s?\)$"
"""``-5``, or ``(5)`` as book-keepers write it."""
_EITHER: Final = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
_PARTED: Final = {
    # What parts the decimals, and how a number looks that says so.
    ".": re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|\d+\.\d+)"),
    ",": re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+,\d+)"),
}
_LONGEST_NAME: Final = 40


class Numbers(NamedTuple):
    """``n`` cells as float64, null where there is none; where a text is none, or may be two."""

    values: pa.Array
    unread: Mask
    ambiguous: Mask


def read_counts(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Whole numbers from nought; and where there is none in a text."""
    counts = pa.array([_count(text) for text in cells.to_pylist()], type=pa.int64())
    return counts, valid(cells) & ~valid(counts)


def negative(cells: pa.Array) -> Mask:
    """Where a text is a number below nought."""
    written = pc.match_substring_regex(cells, _NEGATIVE)
    return mask(pc.and_(written, pc.match_substring_regex(cells, "[1-9]")))


def read_numbers(cells: pa.Array) -> Numbers:
    """Finite numbers, decimals parted as the column parts them; see the module."""
    texts = [None if text is None else text.replace(" ", "") for text in cells.to_pylist()]
    decimal = _decimal_sign(texts)
    either = np.array(
        [text is not None and bool(_EITHER.fullmatch(text)) for text in texts], dtype=np.bool_
    )
    ambiguous = either & (decimal is None)
    found = [
        None if doubtful else _number(text, decimal)
        for text, doubtful in zip(texts, ambiguous, strict=True)
    ]
    values = pa.array(found, type=pa.float64())
    return Numbers(values, valid(cells) & ~valid(values) & ~ambiguous, ambiguous)


def read_stocks(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Stocks as JSON objects of a number each, by name; and where a text names none.

    Parameters
    ----------
    cells
        ``oksigen: 12; APD: 300``, or a JSON object.
    """
    stocks = pa.array([_stock(text) for text in scrub(cells).to_pylist()], type=pa.string())
    return stocks, valid(cells) & ~valid(stocks)


def _count(text: str | None) -> int | None:
    found = None if text is None else _COUNT.fullmatch(text.replace(" ", ""))
    number = None if found is None else int(re.sub(r"[.,]", "", found[1]))
    return number if number is not None and number < _MOST else None


def _decimal_sign(texts: Sequence[str | None]) -> str | None:
    """What parts decimals in a column, None where nothing or both is said."""
    said = {
        sign
        for text in set(texts)
        if text is not None and not _EITHER.fullmatch(text)
        for sign, form in _PARTED.items()
        if form.fullmatch(text)
    }
    return said.pop() if len(said) == 1 else None


def _number(text: str | None, decimal: str | None) -> float | None:
    if text is None:
        return None
    if _POWER.fullmatch(text):
        power = float(text.replace(",", "."))
        return power if np.isfinite(power) else None
    sign = decimal or next((s for s, form in _PARTED.items() if form.fullmatch(text)), ".")
    bare = text.replace("," if sign == "." else ".", "").replace(sign, ".")
    well_formed = _PLAIN.fullmatch(text) or _PARTED[sign].fullmatch(text) or _EITHER.fullmatch(text)
    number = float(bare) if well_formed and _PLAIN.fullmatch(bare) else None
    return number if number is not None and np.isfinite(number) else None


def _stock(text: str | None) -> str | None:
    if text is None:
        return None
    items = _json_items(text) if text.startswith("{") else _listed_items(text)
    return None if not items else json.dumps(dict(sorted(items.items())), ensure_ascii=False)


def _json_items(text: str) -> dict[str, int] | None:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _items([(str(name), str(number)) for name, number in found.items()])


def _listed_items(text: str) -> dict[str, int] | None:
    parts = [_item(part) for part in re.split(r"[;\n]|,(?!\d)", text) if part.strip()]
    return _items([("", "") if part is None else part for part in parts])


def _item(text: str) -> tuple[str, str] | None:
    """Name and number of ``oksigen: 12``; None where there is none, or a number below nought."""
    whole = text.strip()
    before = whole.rstrip("0123456789.,")
    named = before
    if before.rstrip().endswith((":", "=")):
        named = before.rstrip()[:-1]
    if before == whole or re.search(r"[:=;]", named) or _ends_below(named):
        return None
    return (named, whole[len(before) :]) if re.search(r"[^\W\d]", named) else None


def _ends_below(text: str) -> bool:
    return text.endswith("-") and text[-2:-1].isspace()


def _items(pairs: Sequence[tuple[str, str]]) -> dict[str, int] | None:
    found = {name.strip(" -")[:_LONGEST_NAME]: _count(number) for name, number in pairs}
    known = {name: number for name, number in found.items() if name and number is not None}
    return known if len(known) == len(pairs) else None
