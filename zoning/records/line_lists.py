"""Line lists for notebooks: cases and newcomers as known at a moment, each with where it lies.

NIK and KK are pseudonyms here as everywhere; who may read a line list is not decided here.
"""

from datetime import datetime

import pandas as pd
import pyarrow as pa

from geodata.addresses import decisions
from geodata.ledger.current import cases_and_doubles, current_newcomers
from geodata.store import Reads
from zoning.placing.record_boundaries import RecordGround


def cases(reads: Reads, ground: RecordGround, known_at: datetime | None = None) -> pd.DataFrame:
    """Cases as known at a moment, now where none is given.

    The columns of a case, then ``area``, ``placed``, ``disagrees``. ``area`` is the code of the
    RT, or of the smallest area known where there is no RT. A second record of a case is listed
    with the status ``double``; it is counted nowhere, and ``double_of`` is the id of the case.
    """
    records = cases_and_doubles(reads, known_at)
    frame = _placed(records, ground, decisions(reads, known_at))
    frame["status"] = frame["status"].mask(frame["double_of"].notna(), "double")
    return frame


def newcomers(reads: Reads, ground: RecordGround, known_at: datetime | None = None) -> pd.DataFrame:
    """Newcomers as known at a moment, with the same three columns beside their own; see `cases`."""
    return _placed(current_newcomers(reads, known_at), ground, decisions(reads, known_at))


def _placed(records: pa.Table, ground: RecordGround, decided: dict[str, str]) -> pd.DataFrame:
    placement = ground.placer.deciding(decided).place(records)
    frame: pd.DataFrame = records.to_pandas()
    frame["area"] = placement.area
    frame["placed"] = placement.how
    frame["disagrees"] = placement.disagrees
    return frame
