"""Exclude rows of a file, such as lakes, forests or rows of another city; each is reported.

Only rules in the options exclude rows, never a guess.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geodata.boundaries.files.columns import Columns, cell_text, missing_column_error, texts
from geodata.boundaries.files.rows import list_rows, row_count_text
from geodata.errors import BoundaryError
from geodata.language import Bilingual

NO_CODE: Final = "no-code"
NO_POLYGON: Final = "no-polygon"


class RemainingRows(NamedTuple):
    """Remaining rows of a file, and a remark on the excluded rows for each rule."""

    frame: gpd.GeoDataFrame
    remarks: tuple[Bilingual, ...]


def exclude_rows(
    frame: gpd.GeoDataFrame,
    rules: Sequence[str],
    columns: Columns,
    lacks_polygon: NDArray[np.bool_] | None = None,
) -> RemainingRows:
    """Exclude rows.

    Parameters
    ----------
    rules
        ``COLUMN=VALUE`` for rows with the value (``COLUMN=`` for empty cells), ``no-code`` for rows
        without a code of the kelurahan, ``no-polygon`` for rows without a polygon.
    columns
        Names of the columns.
    lacks_polygon
        Flags of the rows without a polygon.

    Returns
    -------
    RemainingRows
        Rows keep their index, which gives their row numbers.

    Raises
    ------
    BoundaryError
        ``leave-out`` for an unreadable rule, a rule without matching rows, or if no row remains;
        ``missing-column``.
    """
    is_excluded = np.zeros(len(frame), dtype=bool)
    remarks = []
    for rule in rules:
        matches = _matching_rows(frame, rule, columns, lacks_polygon)
        if not bool(matches.any()):
            raise BoundaryError(
                "leave-out",
                f"--leave-out {rule!r} matches no row of the file. Check its spelling, or delete "
                "the option.",
                indonesian=f"--leave-out {rule!r} tidak cocok dengan satu baris pun di berkas "
                "ini. Periksa ejaannya, atau hapus pilihan itu.",
            )
        count = int(matches.sum())
        remarks.append(
            Bilingual(
                f"{row_count_text(count, language='id')} dikeluarkan oleh {rule!r}: "
                f"{list_rows(frame, matches, language='id')}.",
                f"{row_count_text(count)} excluded by {rule!r}: {list_rows(frame, matches)}.",
            )
        )
        is_excluded |= matches
    if bool(is_excluded.all()) and len(frame):
        raise BoundaryError(
            "leave-out",
            "--leave-out would exclude all rows of the file. Keep at least one row.",
            indonesian="--leave-out akan mengeluarkan semua baris berkas ini. Sisakan "
            "sedikitnya satu baris.",
        )
    return RemainingRows(frame[~is_excluded], tuple(remarks))


def _matching_rows(
    frame: gpd.GeoDataFrame, rule: str, columns: Columns, lacks_polygon: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    if rule == NO_POLYGON:
        return np.zeros(len(frame), dtype=bool) if lacks_polygon is None else lacks_polygon
    if rule == NO_CODE:
        codes = texts(frame, columns, "kelurahan_code")
        if codes is None:
            raise missing_column_error(frame, columns.kelurahan_code, "kelurahan_code")
        return np.asarray(codes.isna())
    column, equals, value = rule.partition("=")
    if not equals or not column.strip():
        raise BoundaryError(
            "leave-out",
            f"--leave-out {rule!r} is not a rule. Write COLUMN=VALUE (COLUMN= for empty "
            f"cells), {NO_CODE} or {NO_POLYGON}.",
            indonesian=f"--leave-out {rule!r} bukan aturan. Tulis KOLOM=NILAI (KOLOM= "
            f"untuk sel kosong), {NO_CODE} atau {NO_POLYGON}.",
        )
    if column.strip() not in frame.columns:
        present = ", ".join(str(name) for name in frame.columns if name != "geometry")
        raise BoundaryError(
            "leave-out",
            f"--leave-out {rule!r} names a missing column. The file has: {present or 'none'}.",
            indonesian=f"--leave-out {rule!r} menyebut kolom yang tidak ada. Kolom yang ada: "
            f"{present or 'tidak ada'}.",
        )
    cells = [cell_text(cell) or "" for cell in frame[column.strip()].tolist()]
    return np.array([cell.casefold() == value.strip().casefold() for cell in cells], dtype=bool)
