"""Columns of text as columns of their own types, with what was wrong in them."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records.indicator_names import read_figure
from geodata.records.kinds import Form, Kind
from geodata.records.layout.source import Source
from geodata.records.parsing import cells
from geodata.records.parsing.amounts import negative, read_counts, read_numbers, read_stocks
from geodata.records.parsing.coded_values import Vocabulary, read_word
from geodata.records.parsing.dates import read_dates
from geodata.records.parsing.findings import Findings
from geodata.records.parsing.moments import read_moments

_Reader = Callable[[str, pa.Array, Findings, Source | None], pa.Array]
_UNKNOWN_WORD: Final = {
    "outcome": "outcome-unknown",
    "test_result": "test-result-unknown",
    "health_letter": "health-letter-unknown",
    "origin_risk": "origin-risk-unknown",
    "reported_by": "reporter-unknown",
}
_NAMES_OF_AREAS: Final = ("kelurahan", "kecamatan")
_REFUSED_WORD: Final = {"status": "status-unknown", "place_kind": "place-kind-unknown"}


def typed_columns(
    raw: Mapping[str, pa.Array],
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    found: Findings,
    timezone: ZoneInfo,
    source: Source | None = None,
) -> dict[str, pa.Array]:
    """Every field of a kind but name and coordinates, typed; NIK and KK as pseudonyms.

    Parameters
    ----------
    raw
        Text ``(n,)`` of every field, null where blank or where the file lacks the column.
    timezone
        Time zone of the city: a moment with an offset is brought to its day.
    source
        Says the order of dates, and words of its own.
    """
    columns = {}
    readers: dict[Form, _Reader] = {
        **_READERS,
        "date": partial(_dates, timezone),
        "moment": partial(_moments, timezone),
    }
    for field in kind.fields:
        if field.form == "number16":
            columns[field.name] = _numbers(field.name, raw[field.name], pseudonymiser, found)
        elif field.form in readers:
            columns[field.name] = readers[field.form](field.name, raw[field.name], found, source)
    if "outcome" in columns:
        told = _take_words("outcome_in_status", raw["status"], source)
        columns["outcome"] = pc.coalesce(columns["outcome"], told)
        columns["status"] = _discarded(columns["status"], raw["outcome"], source)
    return columns


def _numbers(name: str, texts: pa.Array, pseudonymiser: Pseudonymiser, found: Findings) -> pa.Array:
    """Pseudonyms of NIK or KK, or those that a mended row brings back."""
    back = pseudonymiser.carried("nik" if name == "nik" else "kk", texts)
    typed = pc.if_else(back.is_valid(), None, texts)
    digits = _sixteen_digits(name, typed, found)
    return pc.coalesce(back, pseudonyms(name, digits, pseudonymiser))


def _discarded(status: pa.Array, outcomes: pa.Array, source: Source | None) -> pa.Array:
    """A suspect or contact whose result is that there is nothing; a confirmed case stays one."""
    told = _take_words("status_in_outcome", outcomes, source)
    open_ones = pc.is_in(status, pa.array(["suspect", "probable", "contact"]))
    return pc.if_else(pc.and_(open_ones, pc.is_valid(told)), told, status)


def pseudonyms(name: str, texts: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    """Pseudonyms of a column of NIK or KK."""
    return pseudonymiser.column("nik" if name == "nik" else "kk", texts)


def _sixteen_digits(name: str, texts: pa.Array, found: Findings) -> pa.Array:
    digits, mangled, unusable = cells.read_sixteen_digits(texts)
    found.warn(f"{name}-mangled", name, mangled)
    found.warn(f"{name}-unusable", name, unusable)
    return digits


def _texts(name: str, texts: pa.Array, found: Findings, _source: Source | None) -> pa.Array:
    if name in _NAMES_OF_AREAS:
        found.warn("area-mangled", name, cells.is_mangled(texts))
    return cells.read_text(texts)


def _areas(name: str, texts: pa.Array, found: Findings, _source: Source | None) -> pa.Array:
    found.warn("area-mangled", name, cells.is_mangled(texts))
    return cells.read_area(texts)


def _ordinals(name: str, texts: pa.Array, found: Findings, _source: Source | None) -> pa.Array:
    numbers, unread = cells.read_ordinals(texts)
    found.warn(f"{name}-unreadable", name, unread)
    return numbers


def _dates(
    timezone: ZoneInfo, name: str, texts: pa.Array, found: Findings, source: Source | None
) -> pa.Array:
    month_first = source is not None and source.month_first
    dates, unread = read_dates(texts, timezone, month_first=month_first)
    found.reject("date-impossible", name, unread)
    return dates


def _counts(name: str, texts: pa.Array, found: Findings, _source: Source | None) -> pa.Array:
    counts, unread = read_counts(texts)
    below = negative(texts)
    found.reject("count-negative", name, below)
    found.warn("count-unreadable", name, unread & ~below)
    return counts


def _figures(name: str, texts: pa.Array, found: Findings, _source: Source | None) -> pa.Array:
    numbers = read_numbers(texts)
    found.reject("number-unreadable", name, numbers.unread)
    found.reject("number-ambiguous", name, numbers.ambiguous)
    return numbers.values


def _stocks(name: str, texts: pa.Array, found: Findings, _source: Source | None) -> pa.Array:
    stocks, unread = read_stocks(texts)
    found.warn("stock-unreadable", name, unread)
    return stocks


def _moments(
    timezone: ZoneInfo, name: str, texts: pa.Array, found: Findings, source: Source | None
) -> pa.Array:
    month_first = source is not None and source.month_first
    moments, unread = read_moments(texts, timezone, month_first=month_first)
    found.reject("date-impossible", name, unread)
    return moments


def _indicators(_name: str, texts: pa.Array, _found: Findings, _source: Source | None) -> pa.Array:
    encoded = texts.dictionary_encode()
    names = [read_figure(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(names, type=pa.string()).take(encoded.indices)


def _words(name: str, texts: pa.Array, found: Findings, source: Source | None) -> pa.Array:
    words = _take_words(cast("Vocabulary", name), texts, source)
    unread = cells.valid(texts) & ~cells.valid(words)
    if name in _UNKNOWN_WORD:
        found.warn(_UNKNOWN_WORD[name], name, unread, cells.scrub(texts))
    else:
        found.reject(_REFUSED_WORD[name], name, unread, cells.scrub(texts))
    return pc.if_else(pc.equal(words, "none"), None, words)


def _take_words(vocabulary: Vocabulary, texts: pa.Array, source: Source | None) -> pa.Array:
    encoded = texts.dictionary_encode()
    own = {} if source is None else source.words_of(vocabulary)
    words = [read_word(vocabulary, text, own) for text in encoded.dictionary.to_pylist()]
    return pa.array(words, type=pa.string()).take(encoded.indices)


_READERS: Final[Mapping[Form, _Reader]] = {
    "id": lambda _name, texts, _found, _source: texts,
    "text": _texts,
    "ordinal": _ordinals,
    "word": _words,
    "indicator": _indicators,
    "count": _counts,
    "number": _figures,
    "stock": _stocks,
    "area": _areas,
    "contact": lambda _name, texts, _found, _source: cells.read_contact(texts),
}
