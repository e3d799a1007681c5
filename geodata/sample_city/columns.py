"""Columns of the sample city's record files and the text in their cells, still without a fault."""

from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.sample_city.epidemic import NEVER, Cases
from geodata.sample_city.homes import Homes
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
    """ISO dates of days since 1970-01-01; None where a day is `NEVER`."""
    return known(days.astype("datetime64[D]").astype(str), days != NEVER)


def known(cells: NDArray[Any], which: NDArray[np.bool_]) -> Texts:
    """Cells as objects, None where they are not known."""
    texts: Texts = cells.astype(object)
    texts[~which] = None
    return texts


def tidied(rows: pd.DataFrame) -> pd.DataFrame:
    """Every column but the coordinates as text."""
    texts = [column for column in rows.columns if column not in {"lon", "lat"}]
    return rows.astype(dict.fromkeys(texts, "str"))


def with_days(rows: pd.DataFrame, cases: Cases) -> pd.DataFrame:
    """Rows of cases with their status, days and outcome."""
    told = {
        "status": cases.status.astype(object),
        "confirmed_on": dates(cases.confirmed),
        "onset_on": dates(cases.onset),
        "specimen_on": dates(cases.specimen),
        "reported_on": dates(cases.reported),
        "outcome": known(cases.outcome, cases.outcome != ""),
        "outcome_on": dates(cases.ended),
    }
    return rows.assign(**told)


def people(homes: Homes, house: Ints, member: Ints) -> dict[str, Texts]:
    """Identity numbers that plainly are none: 16 digits from 0000, a province there is not.

    A house has one family card, few have two; a member's is always the same one.
    """
    card = house * 2 + member % homes.cards[house]
    return {
        "nik": _texts("0000{:012d}", house * 100 + member),
        "kk": _texts("00009{:011d}", card),
    }


def _texts(form: str, numbers: Ints) -> Texts:
    return np.array([form.format(number) for number in numbers.tolist()], dtype=object)
