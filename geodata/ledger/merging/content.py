"""Merges a row with its known record: the value of the row where there is one, else the known one.

A column that is not in the file and an empty cell leave the known value. A place, an outcome with
its date, and the dates of an episode are groups (`geodata.ledger.merging.place`): an old value is
not combined with a new value that it does not belong to. A status that a row only implies never
lowers the status of a case.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.calendar import day_numbers
from geodata.ledger.comparing import array_of, differs
from geodata.ledger.matching.reinfection import CORRECTION_DAYS
from geodata.ledger.merging.persons import other_persons
from geodata.ledger.merging.place import Change, changed_place, merged_place
from geodata.ledger.merging.place_names import PlaceNames
from geodata.records import Kind, judge
from geodata.records.clearing import clears, lists_name
from geodata.records.parsing.findings import Finding, Mask

_PLACE: Final = ("address", "rt", "rw", "kelurahan", "kecamatan", "lon", "lat", "point_reading")
_OPEN: Final = ("suspect", "probable", "contact")
_OF_PERSONS: Final = ("non_resident", "person")


class Merging(NamedTuple):
    """With what rows are merged.

    Attributes
    ----------
    kind
        Of the records.
    names
        Says which names are the same area and which addresses the same house.
    today
        The city's day.
    replace
        Whether the row's word stands also where it is usually doubted.
    """

    kind: Kind
    names: PlaceNames
    today: date
    replace: bool


class Merged(NamedTuple):
    """Rows merged with what was known.

    Attributes
    ----------
    records
        `content_names` and ``withdrawn``; where a row is turned away, what was known.
    present
        bool ``(n,)``: whether there is a record at all.
    turned
        Why rows are turned away.
    """

    records: pa.Table
    present: Mask
    turned: list[Finding]


def content_names(kind: Kind) -> list[str]:
    """Columns of a record's content, those that are no part of a correction last."""
    names = [field.name for field in kind.kept]
    names += ["point_reading"] if kind.has("lon") else []
    return names + ([] if kind.named_by else list(_OF_PERSONS))


def aligned(
    known: pa.Table, at: Sequence[int] | np.ndarray, like: pa.Table, kind: Kind
) -> pa.Table:
    """Content of known records, one for each row: null where the position is below 0."""
    rows = np.asarray(at)
    indices = pa.array(rows, mask=rows < 0)
    columns = {
        name: array_of(known[name]).take(indices).cast(like[name].type)
        for name in content_names(kind)
    }
    columns["withdrawn"] = array_of(known["withdrawn"]).take(indices)
    return pa.table(columns)


def merge(base: pa.Table, present: Mask, rows: pa.Table, by_person: Mask, how: Merging) -> Merged:
    """Merge rows with their known records, one beside the other.

    Parameters
    ----------
    base
        As `aligned`.
    present
        bool ``(n,)``: whether there is a known record.
    rows
        As `geodata.records.Checked.accepted`.
    by_person
        Rows that were found by NIK and day, not by a number.
    """
    kind = how.kind
    change = _changes(base, rows, how)
    other = present & other_persons(base, rows, kind, change, replace=how.replace)
    gone = np.asarray(pc.fill_null(array_of(base["withdrawn"]), False))
    turned = [Finding("id-reused", kind.key, other & ~gone)]
    if (other & gone).any():
        # The record was withdrawn: its number is free, and nothing of the other person stays.
        base = _blank(base, other & gone)
        change = _changes(base, rows, how)
    merged = _contents(base, rows, change, by_person, how)
    judged, reasons = judge(merged, kind, how.today)
    fresh = ~same_content(base, pa.table(judged), kind) | ~present
    turned += [reason._replace(rows=reason.rows & fresh) for reason in reasons]
    away = np.any([reason.rows for reason in turned], axis=0)
    keep_base = pa.array(away)
    columns = {name: pc.if_else(keep_base, array_of(base[name]), judged[name]) for name in judged}
    return Merged(pa.table(columns), present | ~away, [each for each in turned if each.rows.any()])


def same_content(first: pa.Table, other: pa.Table, kind: Kind) -> Mask:
    """Where two versions of records say the same; how coordinates were read is no part of it."""
    names = [field.name for field in kind.kept] + ["withdrawn"]
    names += [] if kind.named_by else ["non_resident"]
    found = np.ones(first.num_rows, dtype=bool)
    for name in names:
        left, right = array_of(first[name]), array_of(other[name])
        if pa.types.is_boolean(left.type):
            left, right = (pc.fill_null(side, False) for side in (left, right))
        equal = pc.fill_null(pc.equal(left, right), False)
        both = pc.and_(pc.is_null(left), pc.is_null(right))
        found &= np.asarray(pc.or_(equal, both).to_numpy(zero_copy_only=False))
    return found


def contradicts(rows: pa.Table, final: pa.Table, kind: Kind) -> Mask:
    """Rows that say something else than the record that stands in the end."""
    found = np.zeros(rows.num_rows, dtype=bool)
    for field in kind.kept:
        found |= differs(final[field.name], rows[field.name])
    return found


def _changes(base: pa.Table, rows: pa.Table, how: Merging) -> Change:
    if how.kind.has("lon"):
        return changed_place(_columns(base), _columns(rows), how.names)
    nowhere = np.zeros(rows.num_rows, dtype=bool)
    return Change(nowhere, nowhere, nowhere, nowhere, nowhere)


def _contents(
    base: pa.Table, rows: pa.Table, change: Change, by_person: Mask, how: Merging
) -> dict[str, pa.Array]:
    kind = how.kind
    grouped = set(_PLACE) if kind.has("lon") else set()
    merged = {
        field.name: _said_or_known(base, rows, field.name)
        for field in kind.kept
        if field.name not in grouped
    }
    if kind.has("lon"):
        merged |= merged_place(_columns(base), rows, change)
    if kind.said_whole:
        merged |= _whole(base, rows, kind.said_whole)
    if kind.episodes:
        merged |= _dates(base, rows, by_person, how)
        merged |= _status(base, rows) | _outcome(base, rows)
    if not kind.named_by:
        merged["person"] = pc.coalesce(array_of(rows["person"]), array_of(base["person"]))
        merged["non_resident"] = _residence(base, rows, change)
    merged["withdrawn"] = _withdrawn(base, rows, merged, kind)
    return {name: merged[name] for name in [*content_names(kind), "withdrawn"]}


def _said_or_known(base: pa.Table, rows: pa.Table, name: str) -> pa.Array:
    known, gone = array_of(base[name]), clears(rows, name)
    if gone.any():
        known = pc.if_else(pa.array(gone), pa.scalar(None, known.type), known)
    return pc.coalesce(array_of(rows[name]), known)


def _status(base: pa.Table, rows: pa.Table) -> dict[str, pa.Array]:
    """A status that the row says; one that it implies only where it makes no less of a case."""
    said, known = array_of(rows["status"]), array_of(base["status"])
    implied = lists_name(rows["assumed"], "status")
    first = pc.and_(pc.is_null(array_of(base["confirmed_on"])), pc.is_in(known, pa.array(_OPEN)))
    raises = np.where(
        pc.fill_null(pc.equal(said, "confirmed"), False),
        first.to_numpy(zero_copy_only=False),
        pc.is_in(known, pa.array(("suspect", "contact"))).to_numpy(zero_copy_only=False),
    )
    keep = implied & np.asarray(known.is_valid().to_numpy(zero_copy_only=False)) & ~raises
    return {"status": pc.if_else(pa.array(keep), known, pc.coalesce(said, known))}


def _outcome(base: pa.Table, rows: pa.Table) -> dict[str, pa.Array]:
    """An outcome with its date: another outcome does not take over the date of the old one."""
    said, known = array_of(rows["outcome"]), array_of(base["outcome"])
    cleared = clears(rows, "outcome")
    other = pc.fill_null(pc.not_equal(said, known), False)
    drop = pc.or_(other, pa.array(cleared | clears(rows, "outcome_on")))
    on = array_of(base["outcome_on"])
    on = pc.if_else(drop, pa.scalar(None, on.type), on)
    gone = pc.if_else(pa.array(cleared), pa.scalar(None, known.type), known)
    return {
        "outcome": pc.coalesce(said, gone),
        "outcome_on": pc.coalesce(array_of(rows["outcome_on"]), on),
    }


def _dates(base: pa.Table, rows: pa.Table, by_person: Mask, how: Merging) -> dict[str, pa.Array]:
    """Dates of an episode; of two tests far apart in one episode the first one's stand."""
    names = how.kind.dates
    days, base_days = (day_numbers(_first_day(of, names)) for of in (rows, base))
    gap = days.astype(np.int64) - base_days
    known = pc.is_valid(_first_day(base, names)).to_numpy(zero_copy_only=False)
    said = pc.is_valid(_first_day(rows, names)).to_numpy(zero_copy_only=False)
    far = by_person & known & said & (np.abs(gap) > CORRECTION_DAYS)
    row_stands = far & ((gap < 0) | how.replace)
    base_stands = far & ~row_stands
    assumed = lists_name(rows["assumed"], "confirmed_on")
    merged = {}
    for name in names:
        value = _said_or_known(base, rows, name)
        if name == "confirmed_on" and assumed.any():
            weak = pa.array(assumed)
            value = pc.if_else(weak, pc.coalesce(array_of(base[name]), array_of(rows[name])), value)
        if far.any():
            value = pc.if_else(pa.array(row_stands), array_of(rows[name]), value)
            value = pc.if_else(pa.array(base_stands), array_of(base[name]), value)
        merged[name] = value
    return merged


def _first_day(records: pa.Table, names: Sequence[str]) -> pa.Array:
    return pc.coalesce(*(array_of(records[name]) for name in names))


def _whole(base: pa.Table, rows: pa.Table, names: Sequence[str]) -> dict[str, pa.Array]:
    """Columns that are one statement: a row that says one of them says all."""
    said = np.zeros(rows.num_rows, dtype=bool)
    for name in names:
        said |= np.asarray(array_of(rows[name]).is_valid().to_numpy(zero_copy_only=False))
    take = pa.array(said)
    return {name: pc.if_else(take, array_of(rows[name]), array_of(base[name])) for name in names}


def _residence(base: pa.Table, rows: pa.Table, change: Change) -> pa.Array:
    said = pc.or_(array_of(rows["residence_said"]), pa.array(change.any))
    known = pc.coalesce(array_of(base["non_resident"]), array_of(rows["non_resident"]))
    return pc.if_else(said, array_of(rows["non_resident"]), known)


def _withdrawn(base: pa.Table, rows: pa.Table, merged: dict[str, pa.Array], kind: Kind) -> pa.Array:
    """A case is brought back by a row that says a status; anything else by any row of it."""
    if not kind.episodes:
        return pa.array(np.zeros(rows.num_rows, dtype=bool))
    by_status = pc.fill_null(pc.equal(merged["status"], "withdrawn"), False)
    says = array_of(rows["status"]).is_valid().to_numpy(zero_copy_only=False)
    silent = pa.array(~says | lists_name(rows["assumed"], "status"))
    return pc.or_(by_status, pc.and_(silent, pc.fill_null(array_of(base["withdrawn"]), False)))


def _blank(base: pa.Table, rows: Mask) -> pa.Table:
    gone = pa.array(rows)
    columns = {
        name: pc.if_else(gone, pa.scalar(None, base[name].type), array_of(base[name]))
        for name in base.column_names
    }
    return pa.table(columns)


def _columns(table: pa.Table) -> dict[str, pa.Array]:
    return {name: array_of(table[name]) for name in table.column_names}
