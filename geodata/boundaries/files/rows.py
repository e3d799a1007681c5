"""Naming the rows of a file of polygons: by number, with what the row says it is.

A row's number is its label in the frame's index plus one, so that rows keep their numbers where
others were left out.
"""

import re
from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.language import Bilingual, Language, in_indonesian

LISTED: Final = 5
"""Rows named in one sentence; more are counted."""
_NAMES: Final = re.compile(r"^(nm|label|sls|kel|desa|village|wadm)|nama|name", re.IGNORECASE)
_OF_CITIES: Final = re.compile(r"kota|kab|kec|prov|dati|district|country", re.IGNORECASE)


def listed(
    frame: gpd.GeoDataFrame,
    chosen: "pd.Series[bool] | NDArray[np.bool_]",
    codes: NDArray[np.object_] | None = None,
    *,
    language: Language = "en",
) -> str:
    """Rows that were chosen, for a sentence: ``row 5 (DANAU), row 9 (SAWAH)``.

    Parameters
    ----------
    chosen
        A flag for each row of the frame, in its order.
    codes
        What each row is called, where that is known better than by its columns of names.
    """
    positions = np.flatnonzero(np.asarray(chosen, dtype=bool))
    names = [row_name(frame, int(at), codes, language=language) for at in positions]
    return several(names, language=language)


def rows_counted(count: int, *, language: Language = "en") -> str:
    """A number of rows: ``1 row``, ``3 rows``; in Indonesian ``3 baris``."""
    if language == "id":
        return f"{in_indonesian(count)} baris"
    return "1 row" if count == 1 else f"{count:,} rows"


def several(names: Iterable[str], shown: int = LISTED, *, language: Language = "en") -> str:
    """The first few of some names, and how many more there are."""
    every = list(names)
    more = len(every) - shown
    rest = Bilingual(f" dan {more} lagi", f" and {more} more").text(language) if more > 0 else ""
    return ", ".join(every[:shown]) + rest


def row_name(
    frame: gpd.GeoDataFrame,
    at: int,
    codes: NDArray[np.object_] | None = None,
    *,
    language: Language = "en",
) -> str:
    """One row, by its number and the smallest area it names: ``row 5 (DANAU)``.

    Parameters
    ----------
    at
        Position in the frame, from 0.
    """
    row = int(frame.index[at]) + 1
    number = Bilingual(f"baris {row}", f"row {row}").text(language)
    said = _said(frame, at) if codes is None else str(codes[at])
    if said == f"row {row}":
        return number
    return f"{number} ({said})" if said else number


def _said(frame: gpd.GeoDataFrame, at: int) -> str:
    """What a row says of itself: the last of its columns of names that says anything.

    Columns of names go from the city down to the smallest area in the files of every office.
    """
    columns = [str(name) for name in frame.columns if name != "geometry"]
    names = [name for name in columns if _NAMES.search(name) and not _OF_CITIES.search(name)]
    for column in reversed(names):
        cell = frame[column].iloc[at]
        if isinstance(cell, str) and cell.strip():
            return cell.strip()[:40]
    return ""
