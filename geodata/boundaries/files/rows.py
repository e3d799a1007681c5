"""Names of rows of a boundary file for messages: row number and name of the area.

The number of a row is its index value plus one, so that rows keep their numbers after other rows
are excluded.
"""

import re
from collections.abc import Iterable
from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.language import Bilingual, Language, format_indonesian

MAX_LISTED: Final = 5
"""Maximum number of rows named in one sentence; further rows are counted."""
_NAME_COLUMNS: Final = re.compile(r"^(nm|label|sls|kel|desa|village|wadm)|nama|name", re.IGNORECASE)
_CITY_COLUMNS: Final = re.compile(r"kota|kab|kec|prov|dati|district|country", re.IGNORECASE)


def list_rows(
    frame: gpd.GeoDataFrame,
    is_selected: "pd.Series[bool] | NDArray[np.bool_]",
    codes: NDArray[np.object_] | None = None,
    *,
    language: Language = "en",
) -> str:
    """List selected rows for a sentence: ``row 5 (DANAU), row 9 (SAWAH)``.

    Parameters
    ----------
    is_selected
        Flag of each row of the frame.
    codes
        Name of each row; None for the names in the columns of the frame.
    """
    positions = np.flatnonzero(np.asarray(is_selected, dtype=bool))
    names = [row_name(frame, int(position), codes, language=language) for position in positions]
    return join_names(names, language=language)


def row_count_text(count: int, *, language: Language = "en") -> str:
    """Number of rows as text: ``1 row``, ``3 rows``; in Indonesian ``3 baris``."""
    if language == "id":
        return f"{format_indonesian(count)} baris"
    return "1 row" if count == 1 else f"{count:,} rows"


def join_names(names: Iterable[str], shown: int = MAX_LISTED, *, language: Language = "en") -> str:
    """Join the first names, and add the number of further names."""
    all_names = list(names)
    further_count = len(all_names) - shown
    suffix = (
        Bilingual(f" dan {further_count} lagi", f" and {further_count} more").text(language)
        if further_count > 0
        else ""
    )
    return ", ".join(all_names[:shown]) + suffix


def row_name(
    frame: gpd.GeoDataFrame,
    position: int,
    codes: NDArray[np.object_] | None = None,
    *,
    language: Language = "en",
) -> str:
    """Name of a row: its number and the smallest area in its columns: ``row 5 (DANAU)``.

    Parameters
    ----------
    position
        Position in the frame, from 0.
    """
    row = int(frame.index[position]) + 1
    number = Bilingual(f"baris {row}", f"row {row}").text(language)
    area_name = _area_name(frame, position) if codes is None else str(codes[position])
    if area_name == f"row {row}":
        return number
    return f"{number} ({area_name})" if area_name else number


def _area_name(frame: gpd.GeoDataFrame, position: int) -> str:
    """Name of the smallest area in a row: the last column of names that is not empty.

    In the files of all offices, columns of names go from the city to the smallest area.
    """
    columns = [str(name) for name in frame.columns if name != "geometry"]
    names = [
        name for name in columns if _NAME_COLUMNS.search(name) and not _CITY_COLUMNS.search(name)
    ]
    for column in reversed(names):
        cell = frame[column].iloc[position]
        if isinstance(cell, str) and cell.strip():
            return cell.strip()[:40]
    return ""
