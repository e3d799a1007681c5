"""Every row of a sheet checked: taken, typed and without names, or turned away with reasons."""

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
from geodata.records.clearing import cleared_fields, joined_names
from geodata.records.keys import contents, person_pseudonyms, record_keys, repeated
from geodata.records.kinds import Kind
from geodata.records.layout.date_order import check_orders
from geodata.records.layout.headings import ADDRESS, AREA, match_columns, spellings_of
from geodata.records.layout.source import Source
from geodata.records.parsing import cells, points
from geodata.records.parsing.findings import Finding, Findings, Mask
from geodata.records.parsing.points import Surroundings
from geodata.records.rejects import rejected_rows
from geodata.records.residence import lives_elsewhere
from geodata.records.typed import typed_columns
from geodata.tables import Sheet
from geodata.text.cells import whole_numbers

_CODES: Final = (*AREA, "area")
"""Fields in which a spreadsheet writes a code as ``1,0`` or ``3374101001.0``."""


class Checked(NamedTuple):
    """What a sheet holds.

    Attributes
    ----------
    read
        Rows of the sheet: the sum of ``accepted["count"]`` and the rows of ``rejected``.
    accepted
        Rows that say the same of the same record as one, by key and then in the order of the
        sheet: the kind's key and fields (int64, float64, date32, text), ``point_reading`` (how
        its coordinates were taken, see `geodata.records.parsing.points`), ``non_resident``
        (bool: lives in another city or regency), ``count`` of rows; and what merging with a
        known record must know: ``numbered`` (bool: the key is a number of the file), ``person``
        (pseudonym of the name), ``residence_said`` (bool: the row says which city), ``assumed``
        and ``cleared`` (names of fields, joined by commas), ``position``.
    rejected
        As `geodata.records.rejects.rejected_rows` gives it.
    reasons
        Rows turned away by reason; a row counts under its first.
    warnings
        Rows taken although something was noticed, by what it was.
    details
        Of each warning and reason which rows these are, and which words are not known.
    rows
        What `turn_away` needs.
    """

    read: int
    accepted: pa.Table
    rejected: pa.Table
    reasons: dict[str, int]
    warnings: dict[str, int]
    details: dict[str, str]
    rows: "SheetRows"


class SheetRows(NamedTuple):
    """Rows of a sheet as text, what was found in them, and the record of each.

    Attributes
    ----------
    position
        int64 ``(n,)``: ``accepted["position"]`` of the record that a row says, -1 of none.
    """

    sheet: Sheet
    raw: Mapping[str, pa.Array]
    found: Findings
    position: NDArray[np.int64]


class Turned(NamedTuple):
    """A reason to turn accepted records away, and their ``position``."""

    code: str
    field: str
    positions: NDArray[np.int64]


def check(  # noqa: PLR0913  (most have their defaults)
    sheet: Sheet,
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    *,
    today: date,
    timezone: ZoneInfo,
    city: Surroundings | None = None,
    source: Source | None = None,
    updates: bool = False,
    replace: bool = False,
    numbered: bool = True,
) -> Checked:
    """Check every row.

    Parameters
    ----------
    today
        The city's own day; later dates are turned away.
    timezone
        The city's time zone: a moment with an offset is brought to its day.
    city
        Tells coordinates that cannot be right, and other cities; without it nothing is told.
    source
        What is known of such files.
    updates
        A row with a number or a NIK may leave out what its record is known to say; `judge` the
        merged records then.
    replace
        An empty cell of a column that the file has clears what is known.
    numbered
        Whether the numbers of the file name its records; else they are not used.

    Raises
    ------
    RecordError
        ``no-usable-columns``, ``swapped-axes``: of the file as a whole.
    """
    found = Findings(sheet.misaligned, sheet.faults_by_position())
    raw, present = _raw_columns(sheet, kind, source)
    as_it_came = dict(raw)
    cleared = cleared_fields(raw, kind, present=present, replace=replace)
    if not numbered:
        raw[kind.key] = pa.nulls(sheet.cells.num_rows, pa.string())
    check_orders(raw, kind, sheet.rows, found, source)
    columns = typed_columns(raw, kind, pseudonymiser, found, timezone, source)
    persons = raw.get("person", pa.nulls(sheet.cells.num_rows, pa.string()))
    if kind.has("lon"):
        columns |= points.point_columns(raw, columns, city, found)
    if kind.check_rows is not None:
        kind.check_rows(raw, columns, found)
    kind.check(columns, today, found)
    row_rules.check_days(columns, kind, today, found)
    if not kind.named_by:
        columns["non_resident"] = lives_elsewhere(sheet, raw, city, source)
        row_rules.check_identity(columns, persons, kind, found)
    if updates:
        found.defer(kind.answered_later, _may_be_known(columns, kind))
    columns["cleared"], columns["assumed"] = cleared, _assumed(raw, columns, found)
    columns["residence_said"] = _residence_said(raw, columns, kind)
    accepted, position = _accepted(columns, persons, kind, pseudonymiser, found)
    rows = SheetRows(sheet, as_it_came, found, position)
    return _result(accepted, rows, kind, pseudonymiser)


def turn_away(
    checked: Checked, turned: Sequence[Turned], kind: Kind, pseudonymiser: Pseudonymiser
) -> Checked:
    """The same sheet with some of the accepted records turned away, all rows of each."""
    found = checked.rows.found
    for reason in turned:
        found.reject(reason.code, reason.field, np.isin(checked.rows.position, reason.positions))
    gone = [each.positions for each in turned]
    kept = ~np.isin(checked.accepted["position"].to_numpy(), np.concatenate([[], *gone]))
    return _result(checked.accepted.filter(pa.array(kept)), checked.rows, kind, pseudonymiser)


def judge(
    columns: Mapping[str, pa.Array], kind: Kind, today: date
) -> tuple[dict[str, pa.Array], list[Finding]]:
    """What a record must say, asked of records as they are after merging.

    Returns
    -------
    dict, list
        The columns, with a date of confirmation where another date stands in for it; and why
        some of the records cannot be.
    """
    found = Findings(np.zeros(len(columns[kind.fields[-1].name]), dtype=bool))
    judged = dict(columns)
    kind.check(judged, today, found)
    return judged, found.reasons


def _result(
    accepted: pa.Table, rows: SheetRows, kind: Kind, pseudonymiser: Pseudonymiser
) -> Checked:
    found = rows.found
    return Checked(
        read=rows.sheet.cells.num_rows,
        accepted=accepted,
        rejected=rejected_rows(rows.sheet, rows.raw, kind, pseudonymiser, found),
        reasons=found.counts(),
        warnings=found.warned(~found.rejected()),
        details=found.details(~found.rejected(), rows.sheet.rows),
        rows=rows,
    )


def _may_be_known(columns: Mapping[str, pa.Array], kind: Kind) -> Mask:
    """Rows that a known record may complete: a number or a NIK says which."""
    named = cells.valid(columns[kind.key])
    return named | cells.valid(columns["nik"]) if "nik" in columns else named


def _assumed(
    raw: Mapping[str, pa.Array], columns: Mapping[str, pa.Array], found: Findings
) -> pa.Array:
    """Fields of each row that it does not say itself: what is known comes before them."""
    status = found.warned_rows("status-assumed")
    if "outcome" in columns:
        # "Meninggal" alone is a probable case's, unless the case is known to be confirmed.
        died = pc.and_(
            pc.equal(columns["status"], "probable"), pc.equal(columns["outcome"], "died")
        )
        status = status | (cells.mask(died) & ~_says(raw["status"], "prob"))
    masks = {"status": status, "confirmed_on": found.warned_rows("confirmed-on-assumed")}
    return joined_names(masks, found.size)


def _says(texts: pa.Array, part: str) -> Mask:
    return cells.mask(pc.match_substring(texts, part, ignore_case=True))


def _residence_said(
    raw: Mapping[str, pa.Array], columns: Mapping[str, pa.Array], kind: Kind
) -> pa.Array:
    """Rows that say whether the person lives in the city."""
    if "non_resident" not in columns:
        return pa.nulls(len(raw[kind.key]), pa.bool_())
    return pc.or_(columns["non_resident"], raw["regency"].is_valid())


def _raw_columns(
    sheet: Sheet, kind: Kind, source: Source | None
) -> tuple[dict[str, pa.Array], frozenset[str]]:
    """Text of every field, and the fields of which the sheet has a column."""
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
    return columns, frozenset(matched.fields)


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


def _accepted(
    columns: Mapping[str, pa.Array],
    persons: pa.Array,
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    found: Findings,
) -> tuple[pa.Table, NDArray[np.int64]]:
    """Records by key, and the position of the record of each row."""
    rejected = found.rejected()
    good = np.flatnonzero(~rejected)
    taken = {name: column.take(pa.array(good)) for name, column in columns.items()}
    names = persons.take(pa.array(good))
    keys = record_keys(taken, names, kind, pseudonymiser)
    # What a row clears and assumes is part of what it says.
    more = [name for name in ("cleared", "assumed") if taken[name].null_count < len(good)]
    groups = repeated(keys, contents(taken, kind, *more))
    position = np.full(len(rejected), -1, dtype=np.int64)
    position[good] = groups["position"].to_numpy()
    own = {
        kind.key: keys,
        "numbered": taken[kind.key].is_valid(),
        "person": person_pseudonyms(names, pseudonymiser),
        "count": pa.array(groups["count"].to_numpy()),
        "position": pa.array(groups["position"].to_numpy()),
    }
    records = pa.table(taken | own).filter(pa.array(groups["taken"].to_numpy()))
    return records.sort_by([(kind.key, "ascending"), ("position", "ascending")]), position
