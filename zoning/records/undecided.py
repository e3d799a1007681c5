"""Ambiguous addresses that an official has to decide: the area part of each, and its frequency."""

from typing import Final

import pandas as pd
import pyarrow as pa

from geodata.addresses import Certainty, ColumnReader, read_decisions
from geodata.boundaries import Boundaries, load_boundaries
from geodata.ledger.current import current_records
from geodata.records import person_kinds
from geodata.store import Reads

COLUMNS: Final = ("area_part", "doubt", "reading", "candidates", "records")


def undecided_frame(reads: Reads, boundaries: Boundaries | None = None) -> pd.DataFrame:
    """Ambiguous area parts in the addresses of current records, most frequent first.

    Parameters
    ----------
    boundaries
        Default: the boundaries in force.

    Returns
    -------
    DataFrame
        ``area_part`` (the key for `store_decision`), ``doubt``, ``reading`` (in words),
        ``candidates`` (codes, separated by spaces), ``records`` (number of records). The frame
        has no streets, houses or persons.
    """
    reader = ColumnReader(boundaries or load_boundaries(reads), read_decisions(reads))
    rows = [
        (reading.area_part, str(reading.doubt), reading.description(), " ".join(reading.candidates))
        for kind in person_kinds()
        for reading in reader.readings(_without_rt(reader, current_records(reads, kind)))
        if reading.certainty is Certainty.AMBIGUOUS
    ]
    frame = pd.DataFrame(rows, columns=COLUMNS[:-1]).value_counts().rename("records").reset_index()
    return frame.sort_values(["records", "area_part"], ascending=[False, True], ignore_index=True)


def _without_rt(reader: ColumnReader, records: pa.Table) -> pa.Table:
    """Records whose address names no certain RT."""
    _, row = reader.find(records)
    return records.filter(pa.array(row < 0))
