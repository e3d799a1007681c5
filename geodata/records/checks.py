"""Check every row of a sheet: accept it with typed columns and no names, or reject it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import row_rules
from geodata.records.clearing import cleared_fields, join_names
from geodata.records.keys import content_texts, group_duplicates, person_pseudonyms, record_keys
from geodata.records.kinds import Kind
from geodata.records.layout.date_order import check_date_orders
from geodata.records.layout.headings import (
    ADDRESS_FIELDS,
    AREA_FIELDS,
    known_spellings,
    match_columns,
)
from geodata.records.layout.source import Source
from geodata.records.parsing import cells, points
from geodata.records.parsing.findings import Finding, Findings, Mask
from geodata.records.parsing.points import CityReference
from geodata.records.rejects import rejected_rows
from geodata.records.residence import non_residents
from geodata.records.typed import typed_columns
from geodata.tables import Sheet
from geodata.text.cells import drop_zero_decimals

_CODE_FIELDS: Final = (*AREA_FIELDS, "area")
"""Fields with codes, which a spreadsheet may write as ``1,0`` or ``3374101001.0``."""


class CheckedSheet(NamedTuple):
    """The records of a sheet after the check.

    Attributes
    ----------
    read
        Rows of the sheet: the sum of ``accepted["count"]`` and the rows of ``rejected``.
    accepted
        Records, sorted by key and then by row; equal rows of one record are one. Columns: key and
        fields of the kind (int64, float64, date32, text), ``point_reading`` (how the coordinates
        were read, see `geodata.records.parsing.points`), ``non_resident`` (bool: lives in another
        city or regency), ``count`` of rows. Columns for merging with a known record: ``numbered``
        (bool: the key is a number of the file), ``person`` (pseudonym of the name),
        ``residence_said`` (bool: the row names the city), ``assumed`` and ``cleared`` (names of
        fields, joined by commas), ``position``.
    rejected
        Result of `geodata.records.rejects.rejected_rows`.
    reasons
        Number of rejected rows by reason; a row counts under its first reason.
    warnings
        Number of accepted rows by warning.
    details
        Row numbers of each warning and reason, and the unknown words.
    rows
        Input of `reject_records`.
    """

    read: int
    accepted: pa.Table
    rejected: pa.Table
    reasons: dict[str, int]
    warnings: dict[str, int]
    details: dict[str, str]
    rows: "SheetRows"


class SheetRows(NamedTuple):
    """Rows of a sheet as text, the findings in them, and the record of each row.

    Attributes
    ----------
    position
        int64 ``(n,)``: ``accepted["position"]`` of the record of a row; -1 for a rejected row.
    """

    sheet: Sheet
    texts: Mapping[str, pa.Array]
    findings: Findings
    position: NDArray[np.int64]


class Rejection(NamedTuple):
    """A reason to reject accepted records, and their ``position``."""

    code: str
    field: str
    positions: NDArray[np.int64]


def check_sheet(  # noqa: PLR0913  (most have defaults)
    sheet: Sheet,
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    *,
    today: date,
    timezone: ZoneInfo,
    city: CityReference | None = None,
    source: Source | None = None,
    updates: bool = False,
    replace: bool = False,
    numbered: bool = True,
) -> CheckedSheet:
    """Check every row.

    Parameters
    ----------
    today
        The current day of the city; later dates are rejected.
    timezone
        Time zone of the city, for the day of a moment with an offset.
    city
        Reference for wrong coordinates and other cities; None skips these checks.
    source
        Description of such files.
    updates
        Whether a row with a number or a NIK may omit values of its known record. Then the caller
        must check the merged records with `check_merged`.
    replace
        Whether an empty cell clears the known value, for columns that the file has.
    numbered
        Whether the numbers in the file identify its records; else they are ignored.

    Raises
    ------
    RecordError
        ``no-usable-columns``, ``swapped-axes``: the whole file is refused.
    """
    findings = Findings(sheet.misaligned, sheet.faults_by_position())
    texts, present = _field_texts(sheet, kind, source)
    original_texts = dict(texts)
    cleared = cleared_fields(texts, kind, present=present, replace=replace)
    if not numbered:
        texts[kind.key] = pa.nulls(sheet.cells.num_rows, pa.string())
    check_date_orders(texts, kind, sheet.rows, findings, source)
    columns = typed_columns(texts, kind, pseudonymiser, findings, timezone, source)
    persons = texts.get("person", pa.nulls(sheet.cells.num_rows, pa.string()))
    if kind.has("lon"):
        columns |= points.point_columns(texts, columns, city, findings)
    if kind.check_rows is not None:
        kind.check_rows(texts, columns, findings)
    kind.check(columns, today, findings)
    row_rules.check_days(columns, kind, today, findings)
    if not kind.natural_key:
        columns["non_resident"] = non_residents(sheet, texts, city, source)
        row_rules.check_identity(columns, persons, kind, findings)
    if updates:
        findings.defer(kind.deferred_reasons, _completable_rows(columns, kind))
    columns["cleared"], columns["assumed"] = cleared, _assumed_fields(texts, columns, findings)
    columns["residence_said"] = _states_residence(texts, columns, kind)
    accepted, position = _accepted_records(columns, persons, kind, pseudonymiser, findings)
    rows = SheetRows(sheet, original_texts, findings, position)
    return _checked_sheet(accepted, rows, kind, pseudonymiser)


def reject_records(
    checked: CheckedSheet, rejections: Sequence[Rejection], kind: Kind, pseudonymiser: Pseudonymiser
) -> CheckedSheet:
    """The same sheet with some accepted records rejected, with all their rows."""
    findings = checked.rows.findings
    for rejection in rejections:
        findings.reject(
            rejection.code, rejection.field, np.isin(checked.rows.position, rejection.positions)
        )
    positions = [rejection.positions for rejection in rejections]
    accepted = ~np.isin(checked.accepted["position"].to_numpy(), np.concatenate([[], *positions]))
    return _checked_sheet(
        checked.accepted.filter(pa.array(accepted)), checked.rows, kind, pseudonymiser
    )


def check_merged(
    columns: Mapping[str, pa.Array], kind: Kind, today: date
) -> tuple[dict[str, pa.Array], list[Finding]]:
    """Check the required fields of records after merging.

    Returns
    -------
    dict, list
        The columns, with missing dates of confirmation filled from other dates; and the reasons
        against some of the records.
    """
    findings = Findings(np.zeros(len(columns[kind.fields[-1].name]), dtype=bool))
    merged = dict(columns)
    kind.check(merged, today, findings)
    return merged, findings.reasons


def _checked_sheet(
    accepted: pa.Table, rows: SheetRows, kind: Kind, pseudonymiser: Pseudonymiser
) -> CheckedSheet:
    findings = rows.findings
    return CheckedSheet(
        read=rows.sheet.cells.num_rows,
        accepted=accepted,
        rejected=rejected_rows(rows.sheet, rows.texts, kind, pseudonymiser, findings),
        reasons=findings.reason_counts(),
        warnings=findings.warning_counts(~findings.rejected_rows()),
        details=findings.details(~findings.rejected_rows(), rows.sheet.rows),
        rows=rows,
    )


def _completable_rows(columns: Mapping[str, pa.Array], kind: Kind) -> Mask:
    """Rows with a number or a NIK: a known record may complete them."""
    has_number = cells.valid(columns[kind.key])
    return has_number | cells.valid(columns["nik"]) if "nik" in columns else has_number


def _assumed_fields(
    texts: Mapping[str, pa.Array], columns: Mapping[str, pa.Array], findings: Findings
) -> pa.Array:
    """Fields of each row with an assumed value: a known value takes precedence."""
    status = findings.warned_rows("status-assumed")
    if "outcome" in columns:
        # "Meninggal" alone means a probable case, unless the known record is confirmed.
        died = pc.and_(
            pc.equal(columns["status"], "probable"), pc.equal(columns["outcome"], "died")
        )
        status = status | (cells.mask(died) & ~_contains(texts["status"], "prob"))
    masks = {"status": status, "confirmed_on": findings.warned_rows("confirmed-on-assumed")}
    return join_names(masks, findings.size)


def _contains(texts: pa.Array, part: str) -> Mask:
    return cells.mask(pc.match_substring(texts, part, ignore_case=True))


def _states_residence(
    texts: Mapping[str, pa.Array], columns: Mapping[str, pa.Array], kind: Kind
) -> pa.Array:
    """Whether each row states if the person lives in the city."""
    if "non_resident" not in columns:
        return pa.nulls(len(texts[kind.key]), pa.bool_())
    return pc.or_(columns["non_resident"], texts["regency"].is_valid())


def _field_texts(
    sheet: Sheet, kind: Kind, source: Source | None
) -> tuple[dict[str, pa.Array], frozenset[str]]:
    """Text of every field, and the fields for which the sheet has a column."""
    spellings = known_spellings(kind) if source is None else source.spellings(kind)
    field_columns = match_columns(sheet.cells.column_names, kind, spellings)
    aligned = pa.array(~sheet.misaligned)

    def first_text(positions: Sequence[int]) -> pa.Array:
        columns_texts = [cells.without_blanks(sheet.cells.column(k)) for k in positions]
        return pc.if_else(aligned, pc.coalesce(*columns_texts), None)

    blank = pa.nulls(sheet.cells.num_rows, pa.string())
    columns = {field.name: blank for field in kind.fields}
    for name, positions in field_columns.fields.items():
        if name not in ADDRESS_FIELDS:
            columns[name] = first_text(positions)
    address_texts = [
        {name: first_text(positions) for name, positions in address.items()}
        for address in field_columns.addresses
    ]
    if source is not None and source.prefer == "identity-card":
        address_texts.reverse()
    columns |= _first_address(address_texts, blank)
    for name in _CODE_FIELDS:
        if name in columns:
            columns[name] = drop_zero_decimals(columns[name])
    if "rt" in columns:
        columns["rt"], columns["rw"] = cells.split_rt_rw(columns["rt"], columns["rw"])
    return columns, frozenset(field_columns.fields)


def _first_address(
    addresses: Sequence[Mapping[str, pa.Array]], blank: pa.Array
) -> dict[str, pa.Array]:
    """For each row, the first address with any text; two addresses are never mixed."""
    names = dict.fromkeys(name for address in addresses for name in address)
    columns = dict.fromkeys(names, blank)
    has_address = np.zeros(len(blank), dtype=bool)
    for address in addresses:
        has_text = (
            np.any([cells.valid(column) for column in address.values()], axis=0) & ~has_address
        )
        for name, column in address.items():
            columns[name] = pc.if_else(pa.array(has_text), column, columns[name])
        has_address |= has_text
    return columns


def _accepted_records(
    columns: Mapping[str, pa.Array],
    persons: pa.Array,
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    findings: Findings,
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Accepted records sorted by key, and the position of the record of each row."""
    rejected = findings.rejected_rows()
    accepted_rows = np.flatnonzero(~rejected)
    accepted = {name: column.take(pa.array(accepted_rows)) for name, column in columns.items()}
    names = persons.take(pa.array(accepted_rows))
    keys = record_keys(accepted, names, kind, pseudonymiser)
    # Rows with different cleared or assumed fields are not equal.
    extra_columns = [
        name for name in ("cleared", "assumed") if accepted[name].null_count < len(accepted_rows)
    ]
    duplicates = group_duplicates(keys, content_texts(accepted, kind, *extra_columns))
    position = np.full(len(rejected), -1, dtype=np.int64)
    position[accepted_rows] = duplicates["position"].to_numpy()
    extra = {
        kind.key: keys,
        "numbered": accepted[kind.key].is_valid(),
        "person": person_pseudonyms(names, pseudonymiser),
        "count": pa.array(duplicates["count"].to_numpy()),
        "position": pa.array(duplicates["position"].to_numpy()),
    }
    records = pa.table(accepted | extra).filter(pa.array(duplicates["taken"].to_numpy()))
    return records.sort_by([(kind.key, "ascending"), ("position", "ascending")]), position
