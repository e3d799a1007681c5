"""Every row of a sheet checked: taken, typed and without names, or turned away with reasons."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.cells import whole_numbers
from geodata.identity import Pseudonymiser
from geodata.records import cells, points, rules
from geodata.records.findings import Findings
from geodata.records.headings import ADDRESS, AREA, match_columns, spellings_of
from geodata.records.keys import digests, record_keys, repeated
from geodata.records.kinds import CASES, INDICATORS, NEWCOMERS, PLACES, Kind
from geodata.records.orders import check_orders
from geodata.records.points import Surroundings
from geodata.records.rejects import rejected_rows
from geodata.records.residence import lives_elsewhere
from geodata.records.source import Source
from geodata.records.typed import typed_columns
from geodata.tables import Sheet

_CODES: Final = (*AREA, "area")
"""Fields in which a spreadsheet writes a code as ``1,0`` or ``3374101001.0``."""


class Checked(NamedTuple):
    """What a sheet holds.

    Attributes
    ----------
    read
        Rows of the sheet: the sum of ``accepted["count"]`` and the rows of ``rejected``.
    accepted
        One row a record, by key: the kind's key and fields (int64, float64, date32, text),
        ``point_reading`` (how its coordinates were taken, see `geodata.records.points`),
        ``non_resident`` (bool: lives in another city or regency),
        ``digest`` of the fields, ``count`` of rows that say the same.
    rejected
        As `geodata.records.rejects.rejected_rows` gives it.
    reasons
        Rows turned away by reason; a row counts under its first.
    warnings
        Rows taken although something was noticed, by what it was.
    details
        Of each warning and reason which rows these are, and which words are not known.
    """

    read: int
    accepted: pa.Table
    rejected: pa.Table
    reasons: dict[str, int]
    warnings: dict[str, int]
    details: dict[str, str] = {}  # noqa: RUF012  (never changed)


def check(
    sheet: Sheet,
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    *,
    today: date,
    city: Surroundings | None = None,
    source: Source | None = None,
) -> Checked:
    """Check every row.

    Parameters
    ----------
    today
        The city's own day; later dates are turned away.
    city
        Tells coordinates that cannot be right, and other cities; without it nothing is told.
    source
        What is known of such files.

    Raises
    ------
    RecordError
        ``no-usable-columns``, ``swapped-axes``: of the file as a whole.
    """
    found = Findings(sheet.misaligned, sheet.faults_by_position())
    raw = _raw_columns(sheet, kind, source)
    check_orders(raw, kind, sheet.rows, found, source)
    columns = typed_columns(raw, kind, pseudonymiser, found, source)
    persons = raw.get("person", pa.nulls(sheet.cells.num_rows, pa.string()))
    if kind.has("lon"):
        columns |= points.point_columns(raw, columns, city, found)
    _OWN_RULES[kind.name](raw, columns, today, found)
    rules.check_days(columns, kind, today, found)
    if not kind.named_by:
        columns["non_resident"] = lives_elsewhere(sheet, raw, city, source)
        rules.check_identity(columns, persons, kind, found)
    accepted = _accepted(columns, persons, kind, pseudonymiser, found)
    return Checked(
        read=sheet.cells.num_rows,
        accepted=accepted,
        rejected=rejected_rows(sheet, raw, kind, pseudonymiser, found),
        reasons=found.counts(),
        warnings=found.warned(~found.rejected()),
        details=found.details(~found.rejected(), sheet.rows),
    )


def _check_case(
    raw: Mapping[str, pa.Array], columns: dict[str, pa.Array], _today: date, found: Findings
) -> None:
    if raw["status"].null_count == len(raw["status"]):
        rules.assume_status(columns, found)
    rules.check_case(columns, found)


_OWN_RULES: Final[
    Mapping[str, Callable[[Mapping[str, pa.Array], dict[str, pa.Array], date, Findings], None]]
] = {
    CASES.name: _check_case,
    NEWCOMERS.name: lambda _raw, columns, _today, found: rules.check_newcomer(columns, found),
    PLACES.name: lambda _raw, columns, today, found: rules.check_place(columns, today, found),
    INDICATORS.name: lambda _raw, columns, _today, found: rules.check_indicator(columns, found),
}
"""What each kind asks of its rows beside what all do."""


def _raw_columns(sheet: Sheet, kind: Kind, source: Source | None) -> dict[str, pa.Array]:
    known = spellings_of(kind) if source is None else source.spellings(kind)
    matched = match_columns(sheet.cells.column_names, kind, known)
    aligned = pa.array(~sheet.misaligned)

    def first_said(positions: Sequence[int]) -> pa.Array:
        said = [cells.without_blanks(sheet.cells.column(k)) for k in positions]
        return pc.if_else(aligned, pc.coalesce(*said), None)

    blank = pa.nulls(sheet.cells.num_rows, pa.string())
    columns = {field.name: blank for field in kind.fields}
    for name, positions in matched.fields.items():
        if name not in ADDRESS:
            columns[name] = first_said(positions)
    addresses = [
        {name: first_said(positions) for name, positions in group.items()}
        for group in matched.addresses
    ]
    if source is not None and source.prefer == "identity-card":
        addresses.reverse()
    columns |= _first_address(addresses, blank)
    for name in _CODES:
        if name in columns:
            columns[name] = whole_numbers(columns[name])
    if "rt" in columns:
        columns["rt"], columns["rw"] = cells.split_rt_rw(columns["rt"], columns["rw"])
    return columns


def _first_address(
    addresses: Sequence[Mapping[str, pa.Array]], blank: pa.Array
) -> dict[str, pa.Array]:
    """Of each row the first address that says anything, whole: two are never mixed."""
    names = dict.fromkeys(name for group in addresses for name in group)
    columns = dict.fromkeys(names, blank)
    taken = np.zeros(len(blank), dtype=bool)
    for group in addresses:
        says = np.any([cells.valid(column) for column in group.values()], axis=0) & ~taken
        for name, column in group.items():
            columns[name] = pc.if_else(pa.array(says), column, columns[name])
        taken |= says
    return columns


def _content(columns: Mapping[str, pa.Array]) -> dict[str, pa.Array]:
    """What a correction is told by: that somebody lives elsewhere too, and nothing derived.

    Said in the kelurahan's place, so that the digest of every resident is what it was.
    """
    if "non_resident" not in columns:
        return dict(columns)
    said = pc.binary_join_element_wise(pc.fill_null(columns["kelurahan"], ""), "elsewhere", " ")
    place = pc.if_else(columns["non_resident"], said, columns["kelurahan"])
    return {**columns, "kelurahan": place}


def _accepted(
    columns: Mapping[str, pa.Array],
    persons: pa.Array,
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    found: Findings,
) -> pa.Table:
    """Records by key, rows that others of the file supersede turned away."""
    rejected = found.rejected()
    good = np.flatnonzero(~rejected)
    taken = {name: column.take(pa.array(good)) for name, column in columns.items()}
    content = digests(_content(taken), [field.name for field in kind.kept])
    keys = record_keys(taken, persons.take(pa.array(good)), content, kind, pseudonymiser)
    groups = repeated(keys, content)
    superseded = np.zeros(len(rejected), dtype=bool)
    superseded[good[~groups["same"].to_numpy()]] = True
    found.reject("superseded-in-file", kind.key, superseded)
    own = {kind.key: keys, "digest": content, "count": pa.array(groups["count"].to_numpy())}
    records = pa.table(taken | own).filter(pa.array(groups["taken"].to_numpy()))
    return records.sort_by(kind.key)
