"""Every row of a sheet checked: taken, typed and without names, or turned away with reasons."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.identity import Pseudonymiser
from geodata.records import cells, points, rules
from geodata.records.findings import Findings
from geodata.records.headings import match_headings
from geodata.records.keys import digests, record_keys, repeated
from geodata.records.kinds import CASES, Kind
from geodata.records.points import Surroundings
from geodata.records.rejects import rejected_rows
from geodata.records.typed import typed_columns
from geodata.tables import Sheet


class Checked(NamedTuple):
    """What a sheet holds.

    Attributes
    ----------
    read
        Rows of the sheet: the sum of ``accepted["count"]`` and the rows of ``rejected``.
    accepted
        One row a record, by key: the kind's key and fields (int64, float64, date32, text),
        ``point_reading`` (how its coordinates were taken, see `geodata.records.points`),
        ``digest`` of the fields, ``count`` of rows that say the same.
    rejected
        As `geodata.records.rejects.rejected_rows` gives it.
    reasons
        Rows turned away by reason; a row counts under its first.
    warnings
        Rows taken although something was noticed, by what it was.
    """

    read: int
    accepted: pa.Table
    rejected: pa.Table
    reasons: dict[str, int]
    warnings: dict[str, int]


def check(
    sheet: Sheet,
    kind: Kind,
    pseudonymiser: Pseudonymiser,
    *,
    today: date,
    city: Surroundings | None = None,
) -> Checked:
    """Check every row.

    Parameters
    ----------
    today
        The city's own day; later dates are turned away.
    city
        Tells coordinates that cannot be right; without it they are taken as they are.

    Raises
    ------
    RecordError
        ``no-usable-columns``, ``swapped-axes``: of the file as a whole.
    """
    found = Findings(sheet.misaligned)
    raw = _raw_columns(sheet, kind)
    columns = typed_columns(raw, kind, pseudonymiser, found)
    columns |= points.point_columns(raw, columns, city, found)
    if kind == CASES:
        if raw["status"].null_count == len(raw["status"]):
            rules.assume_status(columns, found)
        rules.check_case(columns, found)
    else:
        rules.check_newcomer(columns, found)
    rules.check_days(columns, kind, today, found)
    rules.check_identity(columns, raw["person"], kind, found)
    accepted = _accepted(columns, raw["person"], kind, pseudonymiser, found)
    return Checked(
        read=sheet.cells.num_rows,
        accepted=accepted,
        rejected=rejected_rows(sheet, raw, kind, pseudonymiser, found),
        reasons=found.counts(),
        warnings=found.warned(~found.rejected()),
    )


def _raw_columns(sheet: Sheet, kind: Kind) -> dict[str, pa.Array]:
    positions = match_headings(sheet.cells.column_names, kind)
    aligned = pa.array(~sheet.misaligned)
    columns = {}
    for field in kind.fields:
        if field.name in positions:
            found = [cells.without_blanks(sheet.cells.column(k)) for k in positions[field.name]]
            columns[field.name] = pc.if_else(aligned, pc.coalesce(*found), None)
        else:
            columns[field.name] = pa.nulls(sheet.cells.num_rows, pa.string())
    return columns


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
    content = digests(taken, [field.name for field in kind.kept])
    keys = record_keys(taken, persons.take(pa.array(good)), content, kind, pseudonymiser)
    groups = repeated(keys, content)
    superseded = np.zeros(len(rejected), dtype=bool)
    superseded[good[~groups["same"].to_numpy()]] = True
    found.reject("superseded-in-file", kind.key, superseded)
    own = {kind.key: keys, "digest": content, "count": pa.array(groups["count"].to_numpy())}
    records = pa.table(taken | own).filter(pa.array(groups["taken"].to_numpy()))
    return records.sort_by(kind.key)
