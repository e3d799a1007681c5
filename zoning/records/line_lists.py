"""Line lists for notebooks: cases and newcomers as known at a moment, each with its area.

NIK and KK are pseudonyms. This module does not check who may read a line list.
"""

from datetime import datetime

import pandas as pd
import pyarrow as pa

from geodata.addresses import read_decisions
from geodata.ledger.current import cases_and_doubles, current_newcomers
from geodata.store import Reads
from zoning.placing.record_boundaries import RecordBoundaries


def cases(
    reads: Reads, record_boundaries: RecordBoundaries, known_at: datetime | None = None
) -> pd.DataFrame:
    """Cases as known at a moment. Default: now.

    The columns of a case, then ``area``, ``placed``, ``disagrees``. ``area`` is the code of the
    RT, or of the smallest known area if the RT is unknown. A second record of a case has the
    status ``double`` and is not counted; ``double_of`` is the id of the case.
    """
    records = cases_and_doubles(reads, known_at)
    frame = _with_placement(records, record_boundaries, read_decisions(reads, known_at))
    frame["status"] = frame["status"].mask(frame["double_of"].notna(), "double")
    return frame


def newcomers(
    reads: Reads, record_boundaries: RecordBoundaries, known_at: datetime | None = None
) -> pd.DataFrame:
    """Newcomers as known at a moment: their columns and the same three columns; see `cases`."""
    records = current_newcomers(reads, known_at)
    return _with_placement(records, record_boundaries, read_decisions(reads, known_at))


def _with_placement(
    records: pa.Table, record_boundaries: RecordBoundaries, address_decisions: dict[str, str]
) -> pd.DataFrame:
    placement = record_boundaries.placer.with_decisions(address_decisions).place(records)
    frame: pd.DataFrame = records.to_pandas()
    frame["area"] = placement.area
    frame["placed"] = placement.methods
    frame["disagrees"] = placement.disagrees
    return frame
