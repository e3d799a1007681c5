"""Rows of a synthetic past, checked like files: the versions they become, and rejected rows.

Does not use the database.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import CheckedSheet, Kind, check_sheet
from geodata.records.keys import content_digests
from geodata.records.parsing.points import CityReference
from geodata.settings import CitySettings
from geodata.tables import sheet_from_frame

RECORDED: Final = "recorded_at"
MOMENT: Final = pa.timestamp("us")
_FIRST_LINE: Final = 2

Moments = NDArray[np.datetime64]


class PastRows(NamedTuple):
    """The checked rows of a kind.

    Attributes
    ----------
    kind
        The kind of the records.
    read
        Number of rows by moment; the rows of one moment are one file.
    versions
        The rows that `geodata.records.check_sheet` accepts, with ``version`` and ``recorded_at``.
    rejected
        The rows that `check_sheet` rejects, with ``recorded_at``; ``row_number`` is the line in
        the file.
    """

    kind: Kind
    read: "pd.Series[int]"
    versions: pa.Table
    rejected: pa.Table


def check_past(
    rows: pd.DataFrame,
    kind: Kind,
    secret: Pseudonymiser,
    city: CityReference,
    settings: CitySettings,
) -> PastRows:
    """Check all rows of a kind.

    Parameters
    ----------
    rows
        Rows with an id and ``recorded_at``, oldest first.
    city
        Facts about the city, for the checks of coordinates.
    """
    moments = rows[RECORDED].to_numpy("datetime64[us]")
    line = rows.groupby(RECORDED).cumcount().to_numpy() + _FIRST_LINE
    versions, rejected = [], []
    for position in _positions_by_version(rows[kind.key]):
        cells = rows.iloc[position].drop(columns=RECORDED)
        sheet = sheet_from_frame(cells, kind.name)._replace(rows=position)
        checked = check_sheet(
            sheet, kind, secret, today=settings.today(), timezone=settings.timezone, city=city
        )
        versions.append(_with_moments(checked, kind, cells[kind.key], moments[position]))
        rejected_positions = checked.rejected["row_number"].to_numpy()
        rejected_rows = checked.rejected.drop_columns(["row_number"])
        lines = pa.array(line[rejected_positions])
        rejected_rows = rejected_rows.append_column("row_number", lines)
        recorded = pa.array(moments[rejected_positions], MOMENT)
        rejected.append(rejected_rows.append_column(RECORDED, recorded))
    read = rows.groupby(RECORDED).size()
    numbered = _with_numbers(pa.concat_tables(versions), kind.key)
    return PastRows(kind, read, numbered, _distinct(rejected))


def _positions_by_version(keys: "pd.Series[str]") -> Iterator[NDArray[np.int64]]:
    """Positions of the first versions of all records, then of the second versions, and so on.

    A check takes only one row of each record.
    """
    version = keys.groupby(keys).cumcount().to_numpy()
    for number in range(int(version.max()) + 1):
        yield np.flatnonzero(version == number)


def _with_moments(
    checked: CheckedSheet, kind: Kind, ids: "pd.Series[str]", moments: Moments
) -> pa.Table:
    """The accepted records, sorted by key, with the moment of each.

    Every row of the past is complete, so nothing is merged; persons are not matched.
    """
    moment_of = dict(zip(ids.str.casefold(), moments, strict=True))
    keys = checked.accepted[kind.key].to_pylist()
    sorted_moments = np.array([moment_of[key.casefold()] for key in keys], dtype="datetime64[us]")
    recorded = pa.array(sorted_moments, MOMENT)
    records = checked.accepted.combine_chunks()
    columns = {name: records[name].combine_chunks() for name in records.column_names}
    columns |= {RECORDED: recorded, "digest": content_digests(columns, kind)}
    if kind.episodes:
        columns["withdrawn"] = pc.equal(columns["status"], "withdrawn")
    return pa.table(columns)


def _with_numbers(versions: pa.Table, key: str) -> pa.Table:
    """Versions with their numbers, without versions that repeat the version before."""
    frame = pd.DataFrame({name: versions[name].to_pandas() for name in (key, "digest", RECORDED)})
    ordered = frame.sort_values([key, RECORDED], kind="stable")
    changed = ordered[ordered["digest"] != ordered.groupby(key)["digest"].shift()]
    number = pa.array(changed.groupby(key).cumcount().to_numpy(np.int64) + 1)
    return versions.take(pa.array(changed.index.to_numpy())).append_column("version", number)


def _distinct(rejected: Sequence[pa.Table]) -> pa.Table:
    rows = pa.concat_tables(rejected)
    is_repeated = rows["digest"].to_pandas().duplicated()
    return rows.filter(pa.array(~is_repeated.to_numpy(dtype=bool)))
