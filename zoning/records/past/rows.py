"""Rows of a made-up past, checked as files are: which versions they become, and which are no use.

Knows nothing of the database.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import Checked, Kind, check
from geodata.records.keys import content_digests
from geodata.records.parsing.points import Surroundings
from geodata.settings import CitySettings
from geodata.tables import sheet_of

RECORDED: Final = "recorded_at"
MOMENT: Final = pa.timestamp("us")
_FIRST_LINE: Final = 2

Moments = NDArray[np.datetime64]


class PastRows(NamedTuple):
    """The rows of a kind.

    Attributes
    ----------
    kind
        The kind.
    read
        Rows by moment; those of one moment are one file.
    versions
        As `geodata.records.check` accepts them, with ``version`` and ``recorded_at``.
    rejected
        As it gives them, ``row_number`` being the line in the file, with ``recorded_at``.
    """

    kind: Kind
    read: "pd.Series[int]"
    versions: pa.Table
    rejected: pa.Table


def check_past(
    rows: pd.DataFrame,
    kind: Kind,
    secret: Pseudonymiser,
    around: Surroundings,
    settings: CitySettings,
) -> PastRows:
    """Check all rows of a kind.

    Parameters
    ----------
    rows
        With an id each, and ``recorded_at``, oldest first.
    """
    moments = rows[RECORDED].to_numpy("datetime64[us]")
    line = rows.groupby(RECORDED).cumcount().to_numpy() + _FIRST_LINE
    versions, rejected = [], []
    for position in _rounds(rows[kind.key]):
        cells = rows.iloc[position].drop(columns=RECORDED)
        sheet = sheet_of(cells, kind.name)._replace(rows=position)
        checked = check(
            sheet, kind, secret, today=settings.today(), timezone=settings.timezone, city=around
        )
        versions.append(_dated(checked, kind, cells[kind.key], moments[position]))
        bad = checked.rejected["row_number"].to_numpy()
        turned_away = checked.rejected.drop_columns(["row_number"])
        turned_away = turned_away.append_column("row_number", pa.array(line[bad]))
        rejected.append(turned_away.append_column(RECORDED, pa.array(moments[bad], MOMENT)))
    read = rows.groupby(RECORDED).size()
    return PastRows(kind, read, _numbered(pa.concat_tables(versions), kind.key), _once(rejected))


def _rounds(keys: "pd.Series[str]") -> Iterator[NDArray[np.int64]]:
    """Positions of the first version of every record, of the second, ...: a check has one each."""
    turn = keys.groupby(keys).cumcount().to_numpy()
    for number in range(int(turn.max()) + 1):
        yield np.flatnonzero(turn == number)


def _dated(checked: Checked, kind: Kind, ids: "pd.Series[str]", moments: Moments) -> pa.Table:
    """The accepted records, which come in the order of their keys, with the moment of each.

    Every row of the past is whole, so that nothing is merged; its persons are not put together.
    """
    when = dict(zip(ids.str.casefold(), moments, strict=True))
    each = [when[one.casefold()] for one in checked.accepted[kind.key].to_pylist()]
    recorded = pa.array(np.array(each, dtype="datetime64[us]"), MOMENT)
    records = checked.accepted.combine_chunks()
    columns = {name: records[name].combine_chunks() for name in records.column_names}
    columns |= {RECORDED: recorded, "digest": content_digests(columns, kind)}
    if kind.episodes:
        columns["withdrawn"] = pc.equal(columns["status"], "withdrawn")
    return pa.table(columns)


def _numbered(versions: pa.Table, key: str) -> pa.Table:
    """Versions with their numbers, without those that say what the one before says."""
    frame = pd.DataFrame({name: versions[name].to_pandas() for name in (key, "digest", RECORDED)})
    ordered = frame.sort_values([key, RECORDED], kind="stable")
    fresh = ordered[ordered["digest"] != ordered.groupby(key)["digest"].shift()]
    number = pa.array(fresh.groupby(key).cumcount().to_numpy(np.int64) + 1)
    return versions.take(pa.array(fresh.index.to_numpy())).append_column("version", number)


def _once(rejected: Sequence[pa.Table]) -> pa.Table:
    rows = pa.concat_tables(rejected)
    again = rows["digest"].to_pandas().duplicated()
    return rows.filter(pa.array(~again.to_numpy(dtype=bool)))
