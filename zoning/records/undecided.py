"""Addresses of records that wait for a person: what each says of its area, and how many say so."""

from typing import Final

import pandas as pd
import pyarrow as pa

from geodata.addresses import Certainty, ColumnReader, decisions
from geodata.boundaries import Boundaries, load_boundaries
from geodata.ledger.current import current_records
from geodata.records import kinds_of_persons
from geodata.store import Reads

COLUMNS: Final = ("area_part", "doubt", "reading", "candidates", "records")


def undecided_frame(reads: Reads, boundaries: Boundaries | None = None) -> pd.DataFrame:
    """What is ambiguous in the addresses of records as known now, most frequent first.

    Parameters
    ----------
    boundaries
        Those in force where not given.

    Returns
    -------
    DataFrame
        ``area_part`` (what `decide_address` takes), ``doubt``, ``reading`` (in words),
        ``candidates`` (codes, spaces between), ``records`` (how many). No street, house or
        person is in it.
    """
    reader = ColumnReader(boundaries or load_boundaries(reads), decisions(reads))
    rows = [
        (reading.area_part, str(reading.doubt), reading.in_words(), " ".join(reading.candidates))
        for kind in kinds_of_persons()
        for reading in reader.readings(_unnamed(reader, current_records(reads, kind)))
        if reading.certainty is Certainty.AMBIGUOUS
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS[:-1]).value_counts().rename("records").reset_index()
    return frame.sort_values(["records", "area_part"], ascending=[False, True], ignore_index=True)


def _unnamed(reader: ColumnReader, records: pa.Table) -> pa.Table:
    """Records whose columns name no RT by themselves."""
    _, row = reader.find(records)
    return records.filter(pa.array(row < 0))
