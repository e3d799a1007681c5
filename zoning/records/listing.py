"""Records with their ids, for officials: looked up by status, day, area, placement, text of the id.

NIK, family card, name and address are never in the list. An id that was made of a person is a
pseudonym; it is shown, because `withdraw`, `history` and `erase` ask for it.
"""

from datetime import date
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from geodata.addresses import decisions
from geodata.calendar import DayRange
from geodata.errors import InputError
from geodata.ledger.current import current_cases, newest_versions
from geodata.records import Kind, kind_of
from geodata.records.record_ids import normal_id, normal_ids
from geodata.store import Store
from zoning.placing.placements import WAYS
from zoning.placing.record_boundaries import RecordGround
from zoning.placing.within import lies_within
from zoning.records.area_names import AreaFinder

COLUMNS: Final = ("id", "day", "status", "outcome", "area", "placed", "disagrees", "version")


class Asked(NamedTuple):
    """Which records are wanted; all where nothing is said.

    Attributes
    ----------
    status
        ``confirmed``, ``probable``, ``suspect``, ``contact``, ``discarded``; ``withdrawn``;
        ``double`` for a case that is not counted because another record is. Of other kinds
        ``standing`` or ``withdrawn``.
    first, last
        Days, both included; records without a day are left out where one is given.
    area
        Code of an area, with all that lies in it.
    placed
        One of `zoning.placing.placements.WAYS`.
    text
        Part of the id, in its normal form.
    """

    status: str | None = None
    first: date | None = None
    last: date | None = None
    area: str | None = None
    placed: str | None = None
    text: str | None = None


def listed_records(store: Store, ground: RecordGround, kind: str, asked: Asked) -> pd.DataFrame:
    """Records as known now.

    Returns
    -------
    DataFrame
        `COLUMNS`, by day and id. ``day`` is the first date of the episode, ``area`` and ``placed``
        are as in a line list; withdrawn records are listed only where that status is asked for.

    Raises
    ------
    InputError
        ``no-kind``, ``no-status``, ``no-way``, ``days-out-of-order``.
    NotFoundError
        ``no-area``.
    """
    chosen = kind_of(kind)
    _check(chosen, asked)
    with store.snapshot() as moment:
        known = newest_versions(moment, kind)
        counted = set(current_cases(moment)["case_id"].to_pylist()) if chosen.episodes else set()
        decided = decisions(moment)
    frame = pd.DataFrame({"id": known[chosen.key].to_pylist()})
    frame["day"] = _days(known, chosen)
    frame["status"] = _statuses(known, chosen, counted)
    frame["outcome"] = known["outcome"].to_pylist() if "outcome" in known.column_names else None
    frame["version"] = known["version"].to_pylist()
    # What is cheap to ask comes before placing.
    rows = np.flatnonzero(_fits(frame, known, chosen, asked))
    frame = frame.iloc[rows].reset_index(drop=True)
    records = known.take(pa.array(rows))
    frame["area"], frame["placed"], frame["disagrees"] = _placed(records, ground, decided)
    if asked.area is not None:
        within = lies_within(ground.boundaries, frame["area"].tolist(), asked.area)
        frame = frame[within]
    if asked.placed is not None:
        frame = frame[frame["placed"] == asked.placed]
    ordered = frame.sort_values(["day", "id"], na_position="last").reset_index(drop=True)
    return ordered[list(COLUMNS)]


def _check(kind: Kind, asked: Asked) -> None:
    if asked.status is not None and asked.status not in kind.statuses:
        raise InputError(
            "no-status",
            f"No records of {kind.name} have the status {asked.status!r}. These are known: "
            f"{', '.join(kind.statuses)}.",
            indonesian=f"Tidak ada catatan {kind.name} yang berstatus {asked.status!r}. Yang "
            f"dikenal: {', '.join(kind.statuses)}.",
        )
    if asked.placed is not None and asked.placed not in WAYS:
        raise InputError(
            "no-way",
            f"No record is placed by {asked.placed!r}. These are known: {', '.join(WAYS)}.",
            indonesian=f"Tidak ada catatan yang ditempatkan dengan {asked.placed!r}. Yang "
            f"dikenal: {', '.join(WAYS)}.",
        )
    if asked.first is not None and asked.last is not None and asked.first > asked.last:
        raise InputError(
            "days-out-of-order",
            f"The first day, {asked.first}, is after the last, {asked.last}. Exchange --from and "
            "--to.",
            indonesian=f"Hari pertama, {asked.first}, sesudah hari terakhir, {asked.last}. Tukar "
            "--from dan --to.",
        )


def _days(known: pa.Table, kind: Kind) -> list[date | None]:
    columns = [known[name].cast(pa.date32()).to_pylist() for name in kind.days]
    rows = zip(*columns, strict=True)
    return [next((day for day in row if day is not None), None) for row in rows]


def _statuses(known: pa.Table, kind: Kind, counted: set[str]) -> list[str]:
    gone = known["withdrawn"].to_pylist()
    if not kind.episodes:
        return ["withdrawn" if out else "standing" for out in gone]
    rows = zip(known[kind.key].to_pylist(), known["status"].to_pylist(), gone, strict=True)
    return [
        "withdrawn" if out else status if key in counted else "double" for key, status, out in rows
    ]


def _fits(frame: pd.DataFrame, known: pa.Table, kind: Kind, asked: Asked) -> NDArray[np.bool_]:
    status = frame["status"].to_numpy(dtype=object)
    fit = status == asked.status if asked.status is not None else status != "withdrawn"
    if asked.first is not None or asked.last is not None:
        wanted = DayRange.between(asked.first, asked.last)
        days = frame["day"].tolist()
        fit = fit & np.array([day is not None and wanted.holds(day) for day in days], dtype=bool)
    if asked.text is not None:
        part = normal_id(asked.text)
        forms = normal_ids(known[kind.key]).to_pylist()
        fit = fit & np.array([part in form for form in forms], dtype=bool)
    return np.asarray(fit, dtype=bool)


def _placed(
    records: pa.Table, ground: RecordGround, decided: dict[str, str]
) -> tuple[NDArray[np.object_], NDArray[np.object_], NDArray[np.bool_]]:
    if "lon" not in records.column_names:
        area = AreaFinder(ground.boundaries).find(records)
        how = np.where(pd.isna(area), "unplaced", "address").astype(object)
        return area, how, np.zeros(records.num_rows, dtype=bool)
    placement = ground.placer.deciding(decided).place(records)
    return placement.area, placement.how, placement.disagrees
