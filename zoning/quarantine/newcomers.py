"""Newcomers for officials: how each stands on a day, who verified it, who is listed twice."""

from datetime import date, datetime
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.calendar import FOR_EVER
from geodata.errors import InputError, NotFoundError
from geodata.ledger.matching.record_numbers import known_keys
from geodata.records.parsing.coded_values import read_word
from geodata.store import Reads, Store
from zoning.placing.record_boundaries import RecordGround
from zoning.placing.within import lies_within
from zoning.quarantine import ended_lately, with_states
from zoning.records import line_lists

Asked = Literal[
    "in-quarantine",
    "due-today",
    "overdue",
    "lapsed",
    "released",
    "exempt",
    "left",
    "unverified",
]
_NOT_TO_VERIFY: Final = ("left", "exempt")
COLUMNS: Final = (
    "newcomer_id",
    "area",
    "state",
    "due_on",
    "rule",
    "arrived_on",
    "origin",
    "origin_risk",
    "health_letter",
    "tested_on",
    "test_result",
    "left_on",
    "verified_on",
    "verified_by",
    "reported_by",
    "address",
    "placed",
)
_VERIFICATIONS: Final = """
select distinct on (newcomer_id) newcomer_id, verified_on, verified_by from verification
where verified_on <= $1 and recorded_at <= $2
order by newcomer_id, verified_on desc, recorded_at desc, verified_by
"""
_ADD: Final = """
insert into verification (newcomer_id, verified_on, verified_by, recorded_at)
values ($1, $2, $3, $4) on conflict (newcomer_id, verified_on, verified_by) do nothing
"""
_ARRIVED: Final = """
select arrived_on, coalesce(withdrawn, false) as withdrawn from newcomer_version
where newcomer_id = $1 order by version desc limit 1
"""
_STANDING: Final = ("due_on", "rule", "state")


def standing_on(
    reads: Reads, ground: RecordGround, on: date, known_at: datetime | None = None
) -> pd.DataFrame:
    """Newcomers as known at a moment who had arrived by a day, each with how it stands on it.

    Parameters
    ----------
    known_at
        UTC, without a zone; now where not given.

    Returns
    -------
    DataFrame
        As `zoning.records.line_lists.newcomers`, with ``verified_on, verified_by`` (the newest
        by that day) and ``due_on, rule, state``; see `zoning.quarantine.with_states`.
    """
    return _standing(reads, line_lists.newcomers(reads, ground, known_at), on, known_at)


def all_standing_on(
    reads: Reads, ground: RecordGround, on: date, known_at: datetime | None = None
) -> pd.DataFrame:
    """The line list of newcomers with their ``due_on, rule, state``; see `standing_on`.

    Who had not arrived by that day stays in the list, without these three.
    """
    known = line_lists.newcomers(reads, ground, known_at)
    stand = _standing(reads, known, on, known_at)
    return known.merge(stand[["newcomer_id", *_STANDING]], how="left", on="newcomer_id")


def newcomers_on(
    store: Store,
    ground: RecordGround,
    on: date,
    *,
    area: str | None = None,
    state: Asked | None = None,
) -> pd.DataFrame:
    """Newcomers who had arrived by a day, as known now, each with how it stands on that day.

    Parameters
    ----------
    area
        Only of this area, at any depth.
    state
        Only in this state; ``unverified``: who was never verified, without those who left, who
        are exempt, and whose quarantine is over for more than `OVERDUE_DAYS`.

    Returns
    -------
    DataFrame
        `COLUMNS`, by ``due_on`` and number; see `zoning.quarantine.with_states`.

    Raises
    ------
    NotFoundError
        ``no-area``.
    """
    rows = standing_on(store, ground, on)
    fit = np.ones(len(rows), dtype=np.bool_)
    if area is not None:
        fit &= lies_within(ground.boundaries, rows["area"].tolist(), area)
    if state == "unverified":
        fit &= _to_verify(rows, on)
    elif state is not None:
        fit &= (rows["state"] == state).to_numpy()
    chosen = rows.loc[fit, list(COLUMNS)].sort_values(["due_on", "newcomer_id"])
    return chosen.reset_index(drop=True)


def verify(store: Store, newcomer_id: str, by: str, on: date | None = None) -> None:
    """Note that the officer of the area verified a newcomer; the same again changes nothing.

    Parameters
    ----------
    by
        An office (lurah, camat, babinsa, puskesmas, ...), never a name.
    on
        The day; the city's own today where not given.

    Raises
    ------
    InputError
        ``no-office``, ``date-in-future``, ``before-arrival``.
    NotFoundError
        ``no-record``.
    """
    office = read_word("reported_by", by)
    if office in {None, "none", "self"}:
        raise InputError(
            "no-office",
            "Who verified is said by office, never by name: rt, rw, lurah, camat, puskesmas, "
            "babinsa, bhabinkamtibmas or officer.",
            indonesian="Pelaku verifikasi disebut menurut kantornya, tidak pernah menurut nama: "
            "rt, rw, lurah, camat, puskesmas, babinsa, bhabinkamtibmas atau officer.",
        )
    today = store.settings.today()
    day = on or today
    if day > today:
        raise InputError(
            "date-in-future",
            "The day of the verification is yet to come.",
            indonesian="Hari verifikasi itu belum tiba. Sebutkan hari ini atau hari sebelumnya.",
        )
    with store.transaction() as work:
        keys = known_keys(work, "newcomers", [newcomer_id])
        found = work.read(_ARRIVED, keys[0]).to_pylist() if keys else []
        if not found or found[0]["withdrawn"]:
            raise NotFoundError(
                "no-record",
                "There is no newcomer of that number.",
                indonesian="Tidak ada pendatang dengan nomor itu.",
            )
        if day < found[0]["arrived_on"]:
            raise InputError(
                "before-arrival",
                "That day is before the newcomer's arrival.",
                indonesian="Hari itu mendahului kedatangan pendatang tersebut.",
            )
        work.execute(_ADD, keys[0], day, office, work.moment)


def duplicates(store: Store, ground: RecordGround) -> pd.DataFrame:
    """Newcomers that may be one person, or one family, listed and never merged.

    Returns
    -------
    DataFrame
        ``why`` (``person``: the same NIK within 14 days; ``family``: the same family card on the
        same day), ``group`` (a number), ``newcomer_id, area, arrived_on``.
    """
    known = line_lists.newcomers(store, ground)
    arrived = pd.to_datetime(known["arrived_on"])
    ordered = known.assign(arrived=arrived).sort_values(["nik", "arrived", "newcomer_id"])
    apart = ordered.groupby("nik")["arrived"].diff() > pd.Timedelta(days=14)
    person = ordered.assign(stay=apart.groupby(ordered["nik"]).cumsum())
    parts = [
        _groups(person[person["nik"].notna()], ["nik", "stay"], "person"),
        _groups(ordered[ordered["kk"].notna()], ["kk", "arrived"], "family"),
    ]
    return pd.concat(parts, ignore_index=True)


def _standing(
    reads: Reads, known: pd.DataFrame, on: date, known_at: datetime | None
) -> pd.DataFrame:
    verified = reads.read(_VERIFICATIONS, on, known_at or FOR_EVER).to_pandas()
    return with_states(known.merge(verified, how="left", on="newcomer_id"), on)


def _to_verify(rows: pd.DataFrame, on: date) -> NDArray[np.bool_]:
    open_still = rows["verified_on"].isna() & ~rows["state"].isin(_NOT_TO_VERIFY)
    lately = [due is None or ended_lately(due, on) for due in rows["due_on"]]
    return open_still.to_numpy(dtype=np.bool_) & np.array(lately, dtype=np.bool_)


def _groups(rows: pd.DataFrame, by: list[str], why: str) -> pd.DataFrame:
    several = rows[rows.duplicated(by, keep=False)]
    if why == "family":
        people = several.groupby(by)["nik"].transform("nunique")
        several = several[people != 1]
    numbered = several.assign(why=why, group=several.groupby(by, sort=True).ngroup() + 1)
    return numbered.sort_values(["group", "newcomer_id"])[
        ["why", "group", "newcomer_id", "area", "arrived_on"]
    ]
