"""Records with their ids, for officials: filtered by status, day, area, placing method, id text.

The list never has the NIK, family card, name or address. An id that was computed from a person is a
pseudonym; the list has it, because `withdraw`, `history` and `erase` need it.
"""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.addresses import read_decisions
from geodata.calendar import DayRange
from geodata.errors import InputError
from geodata.ledger.current import current_cases, newest_versions
from geodata.records import Kind, find_kind
from geodata.records.record_ids import normal_id, normal_ids
from geodata.store import Store
from zoning.placing.placements import PLACING_METHODS
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.placing.within import lies_within
from zoning.records.area_names import AreaFinder

COLUMNS: Final = ("id", "day", "status", "outcome", "area", "placed", "disagrees", "version")


class RecordFilter(NamedTuple):
    """A filter of records; None does not filter.

    Attributes
    ----------
    status
        ``confirmed``, ``probable``, ``suspect``, ``contact``, ``discarded``; ``withdrawn``;
        ``double`` for a case that is not counted because another record of the case is counted.
        For other kinds ``standing`` or ``withdrawn``.
    first, last
        First and last day, both included; either of them excludes records without a day.
    area
        Code of an area; records in the area and in all areas within it.
    placed
        One of `zoning.placing.placements.PLACING_METHODS`.
    text
        Part of the id, in its normal form.
    """

    status: str | None = None
    first: date | None = None
    last: date | None = None
    area: str | None = None
    placed: str | None = None
    text: str | None = None


def find_records(
    store: Store, record_boundaries: RecordBoundaries, kind: str, record_filter: RecordFilter
) -> pd.DataFrame:
    """Current records that match a filter.

    Returns
    -------
    DataFrame
        `COLUMNS`, by day and id. ``day`` is the first date of the episode; ``area`` and ``placed``
        are as in a line list. Withdrawn records are listed only with the status ``withdrawn``.

    Raises
    ------
    InputError
        ``no-kind``, ``no-status``, ``no-way``, ``days-out-of-order``.
    NotFoundError
        ``no-area``.
    """
    record_kind = find_kind(kind)
    _check_filter(record_kind, record_filter)
    with store.snapshot() as moment:
        versions = newest_versions(moment, kind)
        counted_ids = set()
        if record_kind.episodes:
            counted_ids = set(current_cases(moment)["case_id"].to_pylist())
        address_decisions = read_decisions(moment)
    frame = pd.DataFrame({"id": versions[record_kind.key].to_pylist()})
    frame["day"] = _days(versions, record_kind)
    frame["status"] = _statuses(versions, record_kind, counted_ids)
    has_outcome = "outcome" in versions.column_names
    frame["outcome"] = versions["outcome"].to_pylist() if has_outcome else None
    frame["version"] = versions["version"].to_pylist()
    # Cheap filters come first: placing is expensive.
    rows = np.flatnonzero(_matches(frame, versions, record_kind, record_filter))
    frame = frame.iloc[rows].reset_index(drop=True)
    records = versions.take(pa.array(rows))
    frame["area"], frame["placed"], frame["disagrees"] = _place(
        records, record_boundaries, address_decisions
    )
    if record_filter.area is not None:
        codes = frame["area"].tolist()
        frame = frame[lies_within(record_boundaries.boundaries, codes, record_filter.area)]
    if record_filter.placed is not None:
        frame = frame[frame["placed"] == record_filter.placed]
    ordered = frame.sort_values(["day", "id"], na_position="last").reset_index(drop=True)
    return ordered[list(COLUMNS)]


def _check_filter(kind: Kind, record_filter: RecordFilter) -> None:
    status, method = record_filter.status, record_filter.placed
    first, last = record_filter.first, record_filter.last
    if status is not None and status not in kind.statuses:
        raise InputError(
            "no-status",
            f"{status!r} is not a status of {kind.name}. Use one of these: "
            f"{', '.join(kind.statuses)}.",
            indonesian=f"{status!r} bukan status {kind.name}. Pakai salah satu dari ini: "
            f"{', '.join(kind.statuses)}.",
        )
    if method is not None and method not in PLACING_METHODS:
        raise InputError(
            "no-way",
            f"{method!r} is not a way to place records. Use one of these: "
            f"{', '.join(PLACING_METHODS)}.",
            indonesian=f"{method!r} bukan cara menempatkan catatan. Pakai salah satu dari ini: "
            f"{', '.join(PLACING_METHODS)}.",
        )
    if first is not None and last is not None and first > last:
        raise InputError(
            "days-out-of-order",
            f"The first day, {first}, is after the last day, {last}. Exchange --from and --to.",
            indonesian=f"Hari pertama, {first}, sesudah hari terakhir, {last}. Tukar --from dan "
            "--to.",
        )


def _days(versions: pa.Table, kind: Kind) -> list[date | None]:
    columns = [versions[name].cast(pa.date32()).to_pylist() for name in kind.days]
    rows = zip(*columns, strict=True)
    return [next((day for day in row if day is not None), None) for row in rows]


def _statuses(versions: pa.Table, kind: Kind, counted_ids: set[str]) -> list[str]:
    withdrawn = versions["withdrawn"].to_pylist()
    if not kind.episodes:
        return ["withdrawn" if is_withdrawn else "standing" for is_withdrawn in withdrawn]
    keys, statuses = versions[kind.key].to_pylist(), versions["status"].to_pylist()
    return [
        "withdrawn" if is_withdrawn else status if key in counted_ids else "double"
        for key, status, is_withdrawn in zip(keys, statuses, withdrawn, strict=True)
    ]


def _matches(
    frame: pd.DataFrame, versions: pa.Table, kind: Kind, record_filter: RecordFilter
) -> NDArray[np.bool_]:
    status = frame["status"].to_numpy(dtype=object)
    if record_filter.status is not None:
        matches = status == record_filter.status
    else:
        matches = status != "withdrawn"
    if record_filter.first is not None or record_filter.last is not None:
        days_wanted = DayRange.between(record_filter.first, record_filter.last)
        days = frame["day"].tolist()
        in_days = [day is not None and days_wanted.holds(day) for day in days]
        matches = matches & np.array(in_days, dtype=bool)
    if record_filter.text is not None:
        part = normal_id(record_filter.text)
        forms = normal_ids(versions[kind.key]).to_pylist()
        matches = matches & np.array([part in form for form in forms], dtype=bool)
    return np.asarray(matches, dtype=bool)


def _place(
    records: pa.Table, record_boundaries: RecordBoundaries, address_decisions: dict[str, str]
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.bool_]]:
    if "lon" not in records.column_names:
        area = AreaFinder(record_boundaries.boundaries).find(records)
        methods = np.where(pd.isna(area), "unplaced", "address").astype(object)
        return area, methods, np.zeros(records.num_rows, dtype=bool)
    placement = record_boundaries.placer.with_decisions(address_decisions).place(records)
    return placement.area, placement.methods, placement.disagrees
