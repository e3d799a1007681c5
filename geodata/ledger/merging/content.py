"""Merge a row with its known record: the value of the row if there is one, else the known value.

A missing column and an empty cell leave the known value. A place, an outcome with its date, and the
dates of an episode are groups (`geodata.ledger.merging.place`): an old value is not combined with a
new value of the same group. A status that a row only implies never lowers the status of a case.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.calendar import day_numbers
from geodata.ledger.comparing import combined_array, differs
from geodata.ledger.matching.reinfection import CORRECTION_DAYS
from geodata.ledger.merging.persons import find_other_persons
from geodata.ledger.merging.place import PlaceChange, find_place_changes, merge_place
from geodata.ledger.merging.place_names import PlaceNames
from geodata.records import Kind, check_merged
from geodata.records.clearing import cleared_rows, contains_name
from geodata.records.parsing.cells import mask, valid
from geodata.records.parsing.findings import Finding, Mask

_OPEN_STATUSES: Final = ("suspect", "probable", "contact")
_PERSON_COLUMNS: Final = ("non_resident", "person")


class MergeContext(NamedTuple):
    """What a merge needs besides rows and records.

    Attributes
    ----------
    kind
        Kind of the records.
    names
        Names of the city's places, to compare areas and houses.
    today
        The city's day.
    replace
        Whether a row may also correct the NIK of its record, and the dates of an earlier test in
        the same episode.
    """

    kind: Kind
    names: PlaceNames
    today: date
    replace: bool


class MergeResult(NamedTuple):
    """Rows merged with their known records.

    Attributes
    ----------
    records
        `content_names` and ``withdrawn``; the known values if the row is rejected.
    present
        bool ``(n,)``: whether there is a record.
    rejections
        Why rows are rejected.
    """

    records: pa.Table
    present: Mask
    rejections: list[Finding]


def content_names(kind: Kind) -> list[str]:
    """Columns of a record's content. Columns that are no part of a correction come last."""
    names = [field.name for field in kind.stored_fields]
    names += ["point_reading"] if kind.has("lon") else []
    return names + ([] if kind.natural_key else list(_PERSON_COLUMNS))


def align_records(
    known: pa.Table, positions: Sequence[int] | np.ndarray, columns_like: pa.Table, kind: Kind
) -> pa.Table:
    """Content of the known record of each row; null where the position is -1."""
    rows = np.asarray(positions)
    indices = pa.array(rows, mask=rows < 0)
    columns = {
        name: combined_array(known[name]).take(indices).cast(columns_like[name].type)
        for name in content_names(kind)
    }
    columns["withdrawn"] = combined_array(known["withdrawn"]).take(indices)
    return pa.table(columns)


def merge_rows(
    base: pa.Table, present: Mask, rows: pa.Table, by_person: Mask, context: MergeContext
) -> MergeResult:
    """Merge rows with their known records.

    Parameters
    ----------
    base
        Known records in the order of the rows, as `align_records`.
    present
        bool ``(n,)``: whether there is a known record.
    rows
        As `geodata.records.CheckedSheet.accepted`.
    by_person
        bool ``(n,)``: rows whose record was found by NIK and day, not by a number.
    """
    kind = context.kind
    place_change = _place_changes(base, rows, context)
    other_persons = present & find_other_persons(
        base, rows, kind, place_change, replace=context.replace
    )
    is_withdrawn = np.asarray(pc.fill_null(combined_array(base["withdrawn"]), False))
    rejections = [Finding("id-reused", kind.key, other_persons & ~is_withdrawn)]
    if (other_persons & is_withdrawn).any():
        # The number of a withdrawn record is free, and no value of the other person stays.
        base = _clear_rows(base, other_persons & is_withdrawn)
        place_change = _place_changes(base, rows, context)
    contents = _contents(base, rows, place_change, by_person, context)
    checked, check_findings = check_merged(contents, kind, context.today)
    has_changed = ~same_content(base, pa.table(checked), kind) | ~present
    rejections += [finding._replace(rows=finding.rows & has_changed) for finding in check_findings]
    is_rejected = np.any([finding.rows for finding in rejections], axis=0)
    keeps_known = pa.array(is_rejected)
    columns = {
        name: pc.if_else(keeps_known, combined_array(base[name]), checked[name]) for name in checked
    }
    return MergeResult(
        pa.table(columns),
        present | ~is_rejected,
        [finding for finding in rejections if finding.rows.any()],
    )


def same_content(first: pa.Table, second: pa.Table, kind: Kind) -> Mask:
    """Rows in which two versions have the same content, however coordinates were read."""
    names = [field.name for field in kind.stored_fields] + ["withdrawn"]
    names += [] if kind.natural_key else ["non_resident"]
    is_same = np.ones(first.num_rows, dtype=bool)
    for name in names:
        first_column, second_column = combined_array(first[name]), combined_array(second[name])
        if pa.types.is_boolean(first_column.type):
            first_column, second_column = (
                pc.fill_null(column, False) for column in (first_column, second_column)
            )
        equal = pc.fill_null(pc.equal(first_column, second_column), False)
        both_null = pc.and_(pc.is_null(first_column), pc.is_null(second_column))
        is_same &= mask(pc.or_(equal, both_null))
    return is_same


def contradicts(rows: pa.Table, final: pa.Table, kind: Kind) -> Mask:
    """Rows with a value that differs from the final record."""
    contradicting = np.zeros(rows.num_rows, dtype=bool)
    for field in kind.stored_fields:
        contradicting |= differs(final[field.name], rows[field.name])
    return contradicting


def _place_changes(base: pa.Table, rows: pa.Table, context: MergeContext) -> PlaceChange:
    if context.kind.has("lon"):
        return find_place_changes(_columns(base), _columns(rows), context.names)
    unchanged = np.zeros(rows.num_rows, dtype=bool)
    return PlaceChange(unchanged, unchanged, unchanged, unchanged, unchanged)


def _contents(
    base: pa.Table, rows: pa.Table, change: PlaceChange, by_person: Mask, context: MergeContext
) -> dict[str, pa.Array]:
    kind = context.kind
    merged = {field.name: _row_or_known(base, rows, field.name) for field in kind.stored_fields}
    if kind.has("lon"):
        merged |= merge_place(_columns(base), rows, change)
    if kind.merged_together:
        merged |= _grouped_columns(base, rows, kind.merged_together)
    if kind.episodes:
        merged |= _dates(base, rows, by_person, context)
        merged |= _status(base, rows) | {"outcome_on": _outcome_date(base, rows)}
    if not kind.natural_key:
        merged["person"] = pc.coalesce(
            combined_array(rows["person"]), combined_array(base["person"])
        )
        merged["non_resident"] = _residence(base, rows, change)
    merged["withdrawn"] = _withdrawn(base, rows, merged, kind)
    return {name: merged[name] for name in [*content_names(kind), "withdrawn"]}


def _row_or_known(base: pa.Table, rows: pa.Table, name: str) -> pa.Array:
    known, is_cleared = combined_array(base[name]), cleared_rows(rows, name)
    if is_cleared.any():
        known = pc.if_else(pa.array(is_cleared), None, known)
    return pc.coalesce(combined_array(rows[name]), known)


def _status(base: pa.Table, rows: pa.Table) -> dict[str, pa.Array]:
    """The row's status; a status that the row only implies must not lower the known status."""
    row_status, known_status = combined_array(rows["status"]), combined_array(base["status"])
    implied = contains_name(rows["assumed"], "status")
    is_first_confirmation = pc.and_(
        pc.is_null(combined_array(base["confirmed_on"])),
        pc.is_in(known_status, pa.array(_OPEN_STATUSES)),
    )
    raises = np.where(
        mask(pc.equal(row_status, "confirmed")),
        mask(is_first_confirmation),
        mask(pc.is_in(known_status, pa.array(("suspect", "contact")))),
    )
    keep = implied & valid(known_status) & ~raises
    return {
        "status": pc.if_else(pa.array(keep), known_status, pc.coalesce(row_status, known_status))
    }


def _outcome_date(base: pa.Table, rows: pa.Table) -> pa.Array:
    """The date of the outcome: another outcome does not keep the date of the old outcome."""
    row_outcome, known_outcome = combined_array(rows["outcome"]), combined_array(base["outcome"])
    is_other_outcome = pc.fill_null(pc.not_equal(row_outcome, known_outcome), False)
    is_cleared = cleared_rows(rows, "outcome") | cleared_rows(rows, "outcome_on")
    drops_date = pc.or_(is_other_outcome, pa.array(is_cleared))
    known_date = pc.if_else(drops_date, None, combined_array(base["outcome_on"]))
    return pc.coalesce(combined_array(rows["outcome_on"]), known_date)


def _dates(
    base: pa.Table, rows: pa.Table, by_person: Mask, context: MergeContext
) -> dict[str, pa.Array]:
    """Dates of an episode; of two distant tests in one episode, the dates of the first test."""
    names = context.kind.dates
    days, base_days = (day_numbers(_first_day(records, names)) for records in (rows, base))
    days_apart = days.astype(np.int64) - base_days
    has_days = valid(_first_day(base, names)) & valid(_first_day(rows, names))
    is_far = by_person & has_days & (np.abs(days_apart) > CORRECTION_DAYS)
    use_row = is_far & ((days_apart < 0) | context.replace)
    use_known = is_far & ~use_row
    is_assumed = pa.array(contains_name(rows["assumed"], "confirmed_on"))
    merged = {}
    for name in names:
        row_day, known_day = combined_array(rows[name]), combined_array(base[name])
        value = _row_or_known(base, rows, name)
        if name == "confirmed_on":
            value = pc.if_else(is_assumed, pc.coalesce(known_day, row_day), value)
        value = pc.if_else(pa.array(use_row), row_day, value)
        merged[name] = pc.if_else(pa.array(use_known), known_day, value)
    return merged


def _first_day(records: pa.Table, names: Sequence[str]) -> pa.Array:
    return pc.coalesce(*(combined_array(records[name]) for name in names))


def _grouped_columns(base: pa.Table, rows: pa.Table, names: Sequence[str]) -> dict[str, pa.Array]:
    """Columns that belong together: a row with a value in one of them replaces all of them."""
    has_value = np.zeros(rows.num_rows, dtype=bool)
    for name in names:
        has_value |= valid(combined_array(rows[name]))
    use_row = pa.array(has_value)
    return {
        name: pc.if_else(use_row, combined_array(rows[name]), combined_array(base[name]))
        for name in names
    }


def _residence(base: pa.Table, rows: pa.Table, change: PlaceChange) -> pa.Array:
    row_decides = pc.or_(combined_array(rows["residence_said"]), pa.array(change.any))
    known_residence = pc.coalesce(
        combined_array(base["non_resident"]), combined_array(rows["non_resident"])
    )
    return pc.if_else(row_decides, combined_array(rows["non_resident"]), known_residence)


def _withdrawn(base: pa.Table, rows: pa.Table, merged: dict[str, pa.Array], kind: Kind) -> pa.Array:
    """A row with a status ends the withdrawal of a case; any row ends it for other kinds."""
    if not kind.episodes:
        return pa.array(np.zeros(rows.num_rows, dtype=bool))
    by_status = pc.fill_null(pc.equal(merged["status"], "withdrawn"), False)
    has_status = valid(combined_array(rows["status"]))
    no_status = pa.array(~has_status | contains_name(rows["assumed"], "status"))
    return pc.or_(
        by_status, pc.and_(no_status, pc.fill_null(combined_array(base["withdrawn"]), False))
    )


def _clear_rows(base: pa.Table, rows: Mask) -> pa.Table:
    cleared = pa.array(rows)
    columns = {
        name: pc.if_else(cleared, None, combined_array(base[name])) for name in base.column_names
    }
    return pa.table(columns)


def _columns(table: pa.Table) -> dict[str, pa.Array]:
    return {name: combined_array(table[name]) for name in table.column_names}
