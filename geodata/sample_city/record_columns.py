"""Columns and cell texts of the record files of the sample city, before errors are added."""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.sample_city.epidemic import NEVER, Cases
from geodata.sample_city.houses import Houses
from geodata.tessellate.ridges import Ints

Texts = NDArray[np.object_]

CASE_COLUMNS: Final = (
    "case_id",
    "nik",
    "kk",
    "address",
    "rt",
    "rw",
    "kelurahan",
    "kecamatan",
    "lon",
    "lat",
    "status",
    "confirmed_on",
    "onset_on",
    "specimen_on",
    "reported_on",
    "outcome",
    "outcome_on",
)
NEWCOMER_COLUMNS: Final = (
    "newcomer_id",
    "nik",
    "kk",
    "address",
    "rt",
    "rw",
    "kelurahan",
    "kecamatan",
    "lon",
    "lat",
    "origin",
    "arrived_on",
    "quarantine_until",
    "tested_on",
    "test_result",
    "left_on",
)


def dates(days: Ints) -> Texts:
    """ISO dates of days since 1970-01-01; None for `NEVER`."""
    return mask_unknown(days.astype("datetime64[D]").astype(str), days != NEVER)


def mask_unknown(cells: NDArray[Any], is_known: NDArray[np.bool_]) -> Texts:
    """Cells as objects; None for unknown cells."""
    texts: Texts = cells.astype(object)
    texts[~is_known] = None
    return texts


def as_text(rows: pd.DataFrame) -> pd.DataFrame:
    """Convert all columns except the coordinates to text."""
    texts = [column for column in rows.columns if column not in {"lon", "lat"}]
    return rows.astype(dict.fromkeys(texts, "str"))


def add_days(rows: pd.DataFrame, cases: Cases) -> pd.DataFrame:
    """Add status, days and outcome to rows of cases."""
    columns = {
        "status": cases.status.astype(object),
        "confirmed_on": dates(cases.confirmed),
        "onset_on": dates(cases.onset),
        "specimen_on": dates(cases.specimen),
        "reported_on": dates(cases.reported),
        "outcome": mask_unknown(cases.outcome, cases.outcome != ""),
        "outcome_on": dates(cases.ended),
    }
    return rows.assign(**columns)


def identity_numbers(houses: Houses, house: Ints, member: Ints) -> dict[str, Texts]:
    """Impossible identity numbers: 16 digits from 0000, a province code that does not exist.

    A house has one family card, few houses have two; a member always has the same card.
    """
    card = house * 2 + member % houses.cards[house]
    return {
        "nik": _texts("0000{:012d}", house * 100 + member),
        "kk": _texts("00009{:011d}", card),
    }


def _texts(form: str, numbers: Ints) -> Texts:
    return np.array([form.format(number) for number in numbers.tolist()], dtype=object)
