"""Parse columns of text into typed columns, and report findings."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final, cast
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.compute as pc

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records.indicator_names import parse_indicator_name
from geodata.records.kinds import Form, Kind
from geodata.records.layout.source import Source
from geodata.records.parsing import cells
from geodata.records.parsing.amounts import negative_numbers, read_counts, read_numbers, read_stocks
from geodata.records.parsing.coded_values import Vocabulary, parse_word
from geodata.records.parsing.dates import read_dates
from geodata.records.parsing.findings import Findings
from geodata.records.parsing.moments import read_moments

_Reader = Callable[[str, pa.Array, Findings, Source | None], pa.Array]
_WARNING_CODES: Final = {
    "outcome": "outcome-unknown",
    "test_result": "test-result-unknown",
    "health_letter": "health-letter-unknown",
    "origin_risk": "origin-risk-unknown",
    "reported_by": "reporter-unknown",
}
_AREA_NAME_FIELDS: Final = ("kelurahan", "kecamatan")
_REASON_CODES: Final = {"status": "status-unknown", "place_kind": "place-kind-unknown"}


def typed_columns(
    texts: Mapping[str, pa.Array],
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    findings: Findings,
    timezone: ZoneInfo,
    source: Source | None = None,
) -> dict[str, pa.Array]:
    """Typed columns of all fields but name and coordinates; NIK and KK as pseudonyms.

    Parameters
    ----------
    texts
        Text ``(n,)`` of every field, null for a blank cell or a missing column.
    timezone
        Time zone of the city, for the day of a moment with an offset.
    source
        Order of dates, and words, of such files.
    """
    columns = {}
    readers: dict[Form, _Reader] = {
        **_READERS,
        "date": partial(_dates, timezone),
        "moment": partial(_moments, timezone),
    }
    for field in kind.fields:
        if field.form == "number16":
            columns[field.name] = _identity_numbers(
                field.name, texts[field.name], pseudonymiser, findings
            )
        elif field.form in readers:
            columns[field.name] = readers[field.form](
                field.name, texts[field.name], findings, source
            )
    if "outcome" in columns:
        outcomes = _parse_words("outcome_in_status", texts["status"], source)
        columns["outcome"] = pc.coalesce(columns["outcome"], outcomes)
        columns["status"] = _apply_discarded(columns["status"], texts["outcome"], source)
    return columns


def _identity_numbers(
    name: str, texts: pa.Array, pseudonymiser: Pseudonymiser, findings: Findings
) -> pa.Array:
    """Pseudonyms of NIK or KK, or the signed pseudonyms in a mended row."""
    carried = pseudonymiser.verify_pseudonyms("nik" if name == "nik" else "kk", texts)
    plain_texts = pc.if_else(carried.is_valid(), None, texts)
    digits = _sixteen_digits(name, plain_texts, findings)
    return pc.coalesce(carried, pseudonyms(name, digits, pseudonymiser))


def _apply_discarded(status: pa.Array, outcomes: pa.Array, source: Source | None) -> pa.Array:
    """Set the status of suspects and contacts from an outcome such as "discarded"."""
    new_status = _parse_words("status_in_outcome", outcomes, source)
    is_open = pc.is_in(status, pa.array(["suspect", "probable", "contact"]))
    return pc.if_else(pc.and_(is_open, pc.is_valid(new_status)), new_status, status)


def pseudonyms(name: str, texts: pa.Array, pseudonymiser: Pseudonymiser) -> pa.Array:
    """Pseudonyms of a column of NIK or KK."""
    return pseudonymiser.column("nik" if name == "nik" else "kk", texts)


def _sixteen_digits(name: str, texts: pa.Array, findings: Findings) -> pa.Array:
    digits, rounded, unusable = cells.read_sixteen_digits(texts)
    findings.warn(f"{name}-mangled", name, rounded)
    findings.warn(f"{name}-unusable", name, unusable)
    return digits


def _texts(name: str, texts: pa.Array, findings: Findings, _source: Source | None) -> pa.Array:
    if name in _AREA_NAME_FIELDS:
        findings.warn("area-mangled", name, cells.is_rounded_number(texts))
    return cells.read_text(texts)


def _areas(name: str, texts: pa.Array, findings: Findings, _source: Source | None) -> pa.Array:
    findings.warn("area-mangled", name, cells.is_rounded_number(texts))
    return cells.read_area(texts)


def _ordinals(name: str, texts: pa.Array, findings: Findings, _source: Source | None) -> pa.Array:
    numbers, invalid = cells.read_ordinals(texts)
    findings.warn(f"{name}-unreadable", name, invalid)
    return numbers


def _dates(
    timezone: ZoneInfo, name: str, texts: pa.Array, findings: Findings, source: Source | None
) -> pa.Array:
    month_first = source is not None and source.month_first
    dates, invalid = read_dates(texts, timezone, month_first=month_first)
    findings.reject("date-impossible", name, invalid)
    return dates


def _counts(name: str, texts: pa.Array, findings: Findings, _source: Source | None) -> pa.Array:
    counts, invalid = read_counts(texts)
    is_negative = negative_numbers(texts)
    findings.reject("count-negative", name, is_negative)
    findings.warn("count-unreadable", name, invalid & ~is_negative)
    return counts


def _decimal_numbers(
    name: str, texts: pa.Array, findings: Findings, _source: Source | None
) -> pa.Array:
    numbers = read_numbers(texts)
    findings.reject("number-unreadable", name, numbers.invalid)
    findings.reject("number-ambiguous", name, numbers.ambiguous)
    return numbers.values


def _stocks(name: str, texts: pa.Array, findings: Findings, _source: Source | None) -> pa.Array:
    stocks, invalid = read_stocks(texts)
    findings.warn("stock-unreadable", name, invalid)
    return stocks


def _moments(
    timezone: ZoneInfo, name: str, texts: pa.Array, findings: Findings, source: Source | None
) -> pa.Array:
    month_first = source is not None and source.month_first
    moments, invalid = read_moments(texts, timezone, month_first=month_first)
    findings.reject("date-impossible", name, invalid)
    return moments


def _indicators(
    _name: str, texts: pa.Array, _findings: Findings, _source: Source | None
) -> pa.Array:
    return cells.map_distinct(texts, parse_indicator_name, pa.string())


def _words(name: str, texts: pa.Array, findings: Findings, source: Source | None) -> pa.Array:
    words = _parse_words(cast("Vocabulary", name), texts, source)
    invalid = cells.valid(texts) & ~cells.valid(words)
    if name in _WARNING_CODES:
        findings.warn(_WARNING_CODES[name], name, invalid, cells.redact_numbers(texts))
    else:
        findings.reject(_REASON_CODES[name], name, invalid, cells.redact_numbers(texts))
    return pc.if_else(pc.equal(words, "none"), None, words)


def _parse_words(vocabulary: Vocabulary, texts: pa.Array, source: Source | None) -> pa.Array:
    source_words = {} if source is None else source.translations(vocabulary)
    return cells.map_distinct(
        texts, lambda text: parse_word(vocabulary, text, source_words), pa.string()
    )


_READERS: Final[Mapping[Form, _Reader]] = {
    "id": lambda _name, texts, _findings, _source: texts,
    "text": _texts,
    "ordinal": _ordinals,
    "word": _words,
    "indicator": _indicators,
    "count": _counts,
    "number": _decimal_numbers,
    "stock": _stocks,
    "area": _areas,
    "contact": lambda _name, texts, _findings, _source: cells.read_contact(texts),
}
