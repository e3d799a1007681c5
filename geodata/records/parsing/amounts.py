"""Parse counts, numbers and stocks: ``1.250``, ``3,5``, ``oksigen: 12; APD: 300``.

A point or a comma before three digits may be a thousands separator or a decimal separator. In a
count it is a thousands separator. In a number the other cells of the column decide; if no cell
does, the number is ambiguous.
"""

import json
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.records.parsing.cells import mask, redact_numbers, valid
from geodata.records.parsing.findings import Mask

_COUNT: Final = re.compile(r"(\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+)(?:\.0+)?")
_MAX_COUNT: Final = 10**12
_PLAIN_NUMBER: Final = re.compile(r"[+-]?\d+(?:\.\d+)?")
_SCIENTIFIC: Final = re.compile(r"[+-]?\d+(?:[.,]\d+)?[eE][+-]?\d{1,3}")
"""Scientific notation of a program; the separator is always a decimal separator."""
_NEGATIVE: Final = r"^-\s?\d|^\(\s?\d[\d.,]*\s?\)$"
"""``-5``, or ``(5)`` in bookkeeping."""
_AMBIGUOUS: Final = re.compile(r"[+-]?[1-9]\d{0,2}([.,])\d{3}")
_DECIMAL_FORMS: Final = {
    # Decimal separator, and the form of a number that proves it.
    ".": re.compile(r"[+-]?(?:\d{1,3}(?:,\d{3})+\.\d+|\d{1,3}(?:,\d{3}){2,}|\d+\.\d+)"),
    ",": re.compile(r"[+-]?(?:\d{1,3}(?:\.\d{3})+,\d+|\d{1,3}(?:\.\d{3}){2,}|\d+,\d+)"),
}
_MAX_NAME_CHARACTERS: Final = 40


class Numbers(NamedTuple):
    """``n`` numbers as float64 or null; where a text is no number; where it is ambiguous."""

    values: pa.Array
    invalid: Mask
    ambiguous: Mask


def read_counts(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Integers from zero; and where a text is no such number."""
    counts = pa.array([_parse_count(text) for text in cells.to_pylist()], type=pa.int64())
    return counts, valid(cells) & ~valid(counts)


def negative_numbers(cells: pa.Array) -> Mask:
    """Where a text is a number below zero."""
    is_negative_form = pc.match_substring_regex(cells, _NEGATIVE)
    return mask(pc.and_(is_negative_form, pc.match_substring_regex(cells, "[1-9]")))


def read_numbers(cells: pa.Array) -> Numbers:
    """Finite numbers, with the decimal separator of the column; see the module."""
    texts = [None if text is None else text.replace(" ", "") for text in cells.to_pylist()]
    decimal = _decimal_sign(texts)
    is_ambiguous_form = np.array(
        [text is not None and bool(_AMBIGUOUS.fullmatch(text)) for text in texts], dtype=np.bool_
    )
    ambiguous = is_ambiguous_form & (decimal is None)
    numbers = [
        None if is_ambiguous else _parse_number(text, decimal)
        for text, is_ambiguous in zip(texts, ambiguous, strict=True)
    ]
    values = pa.array(numbers, type=pa.float64())
    return Numbers(values, valid(cells) & ~valid(values) & ~ambiguous, ambiguous)


def read_stocks(cells: pa.Array) -> tuple[pa.Array, Mask]:
    """Stocks as JSON objects of counts by name; and where a text is no stock.

    Parameters
    ----------
    cells
        ``oksigen: 12; APD: 300``, or a JSON object.
    """
    stocks = pa.array(
        [_parse_stock(text) for text in redact_numbers(cells).to_pylist()], type=pa.string()
    )
    return stocks, valid(cells) & ~valid(stocks)


def _parse_count(text: str | None) -> int | None:
    match = None if text is None else _COUNT.fullmatch(text.replace(" ", ""))
    number = None if match is None else int(re.sub(r"[.,]", "", match[1]))
    return number if number is not None and number < _MAX_COUNT else None


def _decimal_sign(texts: Sequence[str | None]) -> str | None:
    """The decimal separator of a column; None if no cell proves it, or cells contradict."""
    signs = {
        sign
        for text in set(texts)
        if text is not None and not _AMBIGUOUS.fullmatch(text)
        for sign, form in _DECIMAL_FORMS.items()
        if form.fullmatch(text)
    }
    return signs.pop() if len(signs) == 1 else None


def _parse_number(text: str | None, decimal: str | None) -> float | None:
    if text is None:
        return None
    if _SCIENTIFIC.fullmatch(text):
        power = float(text.replace(",", "."))
        return power if np.isfinite(power) else None
    sign = decimal or next((s for s, form in _DECIMAL_FORMS.items() if form.fullmatch(text)), ".")
    normalised = text.replace("," if sign == "." else ".", "").replace(sign, ".")
    well_formed = (
        _PLAIN_NUMBER.fullmatch(text)
        or _DECIMAL_FORMS[sign].fullmatch(text)
        or _AMBIGUOUS.fullmatch(text)
    )
    number = float(normalised) if well_formed and _PLAIN_NUMBER.fullmatch(normalised) else None
    return number if number is not None and np.isfinite(number) else None


def _parse_stock(text: str | None) -> str | None:
    if text is None:
        return None
    items = _json_items(text) if text.startswith("{") else _listed_items(text)
    return None if not items else json.dumps(dict(sorted(items.items())), ensure_ascii=False)


def _json_items(text: str) -> dict[str, int] | None:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return _counted_items([(str(name), str(number)) for name, number in document.items()])


def _listed_items(text: str) -> dict[str, int] | None:
    items = [_parse_item(item) for item in re.split(r"[;\n]|,(?!\d)", text) if item.strip()]
    return _counted_items([("", "") if item is None else item for item in items])


def _parse_item(text: str) -> tuple[str, str] | None:
    """Name and number of ``oksigen: 12``; None for another text or a negative number."""
    trimmed = text.strip()
    name_and_sign = trimmed.rstrip("0123456789.,")
    name = name_and_sign
    if name_and_sign.rstrip().endswith((":", "=")):
        name = name_and_sign.rstrip()[:-1]
    if name_and_sign == trimmed or re.search(r"[:=;]", name) or _ends_with_minus(name):
        return None
    return (name, trimmed[len(name_and_sign) :]) if re.search(r"[^\W\d]", name) else None


def _ends_with_minus(text: str) -> bool:
    return text.endswith("-") and text[-2:-1].isspace()


def _counted_items(pairs: Sequence[tuple[str, str]]) -> dict[str, int] | None:
    counts = {
        name.strip(" -")[:_MAX_NAME_CHARACTERS]: _parse_count(number) for name, number in pairs
    }
    valid_counts = {name: number for name, number in counts.items() if name and number is not None}
    return valid_counts if len(valid_counts) == len(pairs) else None
