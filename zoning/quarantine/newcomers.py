"""Newcomers for officials: state on a day, verifications, possible duplicates."""

from datetime import date, datetime
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.calendar import FOR_EVER
from geodata.errors import InputError, NotFoundError
from geodata.ledger.matching.record_numbers import known_keys
from geodata.records.parsing.coded_values import parse_word
from geodata.store import Reads, Store
from zoning.placing.record_boundaries import RecordBoundaries
from zoning.placing.within import lies_within
from zoning.quarantine import ended_recently, quarantine_rules, with_states
from zoning.records import line_lists

StateFilter = Literal[
    "in-quarantine",
    "due-today",
    "overdue",
    "lapsed",
    "released",
    "exempt",
    "left",
    "unverified",
]
_NEVER_TO_VERIFY: Final = ("left", "exempt")
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
_ADD_VERIFICATION: Final = """
insert into verification (newcomer_id, verified_on, verified_by, recorded_at)
values ($1, $2, $3, $4) on conflict (newcomer_id, verified_on, verified_by) do nothing
"""
_ARRIVAL: Final = """
select arrived_on, coalesce(withdrawn, false) as withdrawn from newcomer_version
where newcomer_id = $1 order by version desc limit 1
"""
_STATE_COLUMNS: Final = ("due_on", "rule", "state")


def arrived_newcomers(
    reads: Reads, record_boundaries: RecordBoundaries, day: date, known_at: datetime | None = None
) -> pd.DataFrame:
    """Newcomers as known at a moment who arrived up to a day, each with its state on that day.

    Parameters
    ----------
    known_at
        UTC, without a timezone. Default: now.

    Returns
    -------
    DataFrame
        The columns of `zoning.records.line_lists.newcomers`, with ``verified_on, verified_by``
        (the newest verification up to that day) and ``due_on, rule, state``; see
        `zoning.quarantine.with_states`.
    """
    newcomers = line_lists.newcomers(reads, record_boundaries, known_at)
    return _with_states(reads, record_boundaries, newcomers, (day, known_at))


def newcomers_with_states(
    reads: Reads, record_boundaries: RecordBoundaries, day: date, known_at: datetime | None = None
) -> pd.DataFrame:
    """The line list of newcomers with their ``due_on, rule, state``; see `arrived_newcomers`.

    Newcomers who arrive after the day have null in these three columns.
    """
    newcomers = line_lists.newcomers(reads, record_boundaries, known_at)
    rows = _with_states(reads, record_boundaries, newcomers, (day, known_at))
    states = rows[["newcomer_id", *_STATE_COLUMNS]]
    return newcomers.merge(states, how="left", on="newcomer_id")


def list_newcomers(
    store: Store,
    record_boundaries: RecordBoundaries,
    day: date,
    *,
    area: str | None = None,
    state: StateFilter | None = None,
) -> pd.DataFrame:
    """Current newcomers who arrived up to a day, each with its state on that day.

    Parameters
    ----------
    area
        Only newcomers in this area or in areas within it.
    state
        Only newcomers in this state. ``unverified``: never verified; without newcomers who left,
        who are exempt, or whose due day is more than `OVERDUE_DAYS` ago.

    Returns
    -------
    DataFrame
        `COLUMNS`, by ``due_on`` and id; see `zoning.quarantine.with_states`.

    Raises
    ------
    NotFoundError
        ``no-area``.
    """
    rows = arrived_newcomers(store, record_boundaries, day)
    matches = np.ones(len(rows), dtype=np.bool_)
    if area is not None:
        matches &= lies_within(record_boundaries.boundaries, rows["area"].tolist(), area)
    if state == "unverified":
        matches &= _to_verify(rows, day)
    elif state is not None:
        matches &= (rows["state"] == state).to_numpy()
    filtered = rows.loc[matches, list(COLUMNS)].sort_values(["due_on", "newcomer_id"])
    return filtered.reset_index(drop=True)


def verify(store: Store, newcomer_id: str, office: str, verified_on: date | None = None) -> None:
    """Store that an office verified a newcomer. The same verification twice changes nothing.

    Parameters
    ----------
    office
        An office (lurah, camat, babinsa, puskesmas, ...), never the name of a person.
    verified_on
        Default: the current day in the city.

    Raises
    ------
    InputError
        ``no-office``, ``date-in-future``, ``before-arrival``.
    NotFoundError
        ``no-record``.
    """
    office_word = parse_word("reported_by", office)
    if office_word in {None, "none", "self"}:
        raise InputError(
            "no-office",
            "Name the office that verified, not a person: rt, rw, lurah, camat, puskesmas, "
            "babinsa, bhabinkamtibmas or officer.",
            indonesian="Sebutkan kantor yang memverifikasi, bukan orang: rt, rw, lurah, camat, "
            "puskesmas, babinsa, bhabinkamtibmas atau officer.",
        )
    today = store.settings.today()
    day = verified_on or today
    if day > today:
        raise InputError(
            "date-in-future",
            "The day of the verification is in the future. Name today or an earlier day.",
            indonesian="Hari verifikasi itu belum tiba. Sebutkan hari ini atau hari sebelumnya.",
        )
    with store.transaction() as work:
        keys = known_keys(work, "newcomers", [newcomer_id])
        rows = work.read(_ARRIVAL, keys[0]).to_pylist() if keys else []
        if not rows or rows[0]["withdrawn"]:
            raise NotFoundError(
                "no-record",
                "No newcomer has this id. List the ids with `mikrozonasi records list newcomers`.",
                indonesian="Tidak ada pendatang dengan id itu. Lihat semua id dengan "
                "`mikrozonasi records list newcomers`.",
            )
        if day < rows[0]["arrived_on"]:
            raise InputError(
                "before-arrival",
                "The day of the verification is before the arrival of the newcomer. Name the day "
                "of arrival or a later day.",
                indonesian="Hari verifikasi itu mendahului kedatangan pendatang. Sebutkan hari "
                "kedatangan atau hari sesudahnya.",
            )
        work.execute(_ADD_VERIFICATION, keys[0], day, office_word, work.moment)


def duplicates(store: Store, record_boundaries: RecordBoundaries) -> pd.DataFrame:
    """Newcomers that may be one person or one family; never merged.

    Returns
    -------
    DataFrame
        ``why`` (``person``: the same NIK within 14 days; ``family``: the same family card on the
        same day), ``group`` (a number), ``newcomer_id, area, arrived_on``.
    """
    newcomers = line_lists.newcomers(store, record_boundaries)
    arrived = pd.to_datetime(newcomers["arrived_on"])
    ordered = newcomers.assign(arrived=arrived).sort_values(["nik", "arrived", "newcomer_id"])
    starts_new_stay = ordered.groupby("nik")["arrived"].diff() > pd.Timedelta(days=14)
    person = ordered.assign(stay=starts_new_stay.groupby(ordered["nik"]).cumsum())
    groups = [
        _groups(person[person["nik"].notna()], ["nik", "stay"], "person"),
        _groups(ordered[ordered["kk"].notna()], ["kk", "arrived"], "family"),
    ]
    return pd.concat(groups, ignore_index=True)


def _with_states(
    reads: Reads,
    record_boundaries: RecordBoundaries,
    newcomers: pd.DataFrame,
    moment: tuple[date, datetime | None],
) -> pd.DataFrame:
    day, known_at = moment
    rules = quarantine_rules(record_boundaries.boundaries.level("kota")["code"])
    verified = reads.read(_VERIFICATIONS, day, known_at or FOR_EVER).to_pandas()
    return with_states(newcomers.merge(verified, how="left", on="newcomer_id"), day, rules)


def _to_verify(rows: pd.DataFrame, day: date) -> NDArray[np.bool_]:
    is_unverified = rows["verified_on"].isna() & ~rows["state"].isin(_NEVER_TO_VERIFY)
    is_recent = [due is None or ended_recently(due, day) for due in rows["due_on"]]
    return is_unverified.to_numpy(dtype=np.bool_) & np.array(is_recent, dtype=np.bool_)


def _groups(rows: pd.DataFrame, columns: list[str], reason: str) -> pd.DataFrame:
    group_rows = rows[rows.duplicated(columns, keep=False)]
    if reason == "family":
        n_persons = group_rows.groupby(columns)["nik"].transform("nunique")
        group_rows = group_rows[n_persons != 1]
    numbers = group_rows.groupby(columns, sort=True).ngroup() + 1
    numbered = group_rows.assign(why=reason, group=numbers)
    ordered = numbered.sort_values(["group", "newcomer_id"])
    return ordered[["why", "group", "newcomer_id", "area", "arrived_on"]]
