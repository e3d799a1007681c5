"""Leaving rows of a file out: lakes, forests, rows of another city; each is named.

A row is left out because somebody said so, never by a guess.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geodata.boundaries.files.columns import Columns, cell_text, missing_column, texts
from geodata.boundaries.files.rows import listed, rows_counted
from geodata.errors import BoundaryError
from geodata.language import Bilingual

NO_CODE: Final = "no-code"
NO_POLYGON: Final = "no-polygon"


class LeftOut(NamedTuple):
    """What is left of a file, and a remark for each rule of what was left out."""

    frame: gpd.GeoDataFrame
    remarks: tuple[Bilingual, ...]


def leave_out(
    frame: gpd.GeoDataFrame,
    rules: Sequence[str],
    columns: Columns,
    lacking: NDArray[np.bool_] | None = None,
) -> LeftOut:
    """Leave rows out.

    Parameters
    ----------
    rules
        ``COLUMN=VALUE`` for rows with that value (``COLUMN=`` for empty cells), ``no-code`` for
        rows without a code of the kelurahan, ``no-polygon`` for rows without a shape.
    columns
        Which column holds the code.
    lacking
        Flags of the rows without a polygon.

    Returns
    -------
    LeftOut
        Rows keep their numbers in the index.

    Raises
    ------
    BoundaryError
        ``leave-out`` if a rule cannot be read or fits no row, or if no row would be left;
        ``missing-column``.
    """
    gone = np.zeros(len(frame), dtype=bool)
    remarks = []
    for rule in rules:
        fits = _fitting(frame, rule, columns, lacking)
        if not bool(fits.any()):
            raise BoundaryError(
                "leave-out",
                f"--leave-out {rule!r} fits no row of the file. Check its spelling, or take it "
                "away.",
                indonesian=f"--leave-out {rule!r} tidak cocok dengan satu baris pun di berkas "
                "ini. Periksa ejaannya, atau hapus pilihan itu.",
            )
        count = int(fits.sum())
        remarks.append(
            Bilingual(
                f"{rows_counted(count, language='id')} dikeluarkan oleh {rule!r}: "
                f"{listed(frame, fits, language='id')}.",
                f"{rows_counted(count)} left out by {rule!r}: {listed(frame, fits)}.",
            )
        )
        gone |= fits
    if bool(gone.all()) and len(frame):
        raise BoundaryError(
            "leave-out",
            "--leave-out would leave no row of the file.",
            indonesian="--leave-out akan mengeluarkan semua baris berkas ini. Sisakan "
            "sedikitnya satu baris.",
        )
    return LeftOut(frame[~gone], tuple(remarks))


def _fitting(
    frame: gpd.GeoDataFrame, rule: str, columns: Columns, lacking: NDArray[np.bool_] | None
) -> NDArray[np.bool_]:
    if rule == NO_POLYGON:
        return np.zeros(len(frame), dtype=bool) if lacking is None else lacking
    if rule == NO_CODE:
        codes = texts(frame, columns, "kelurahan_code")
        if codes is None:
            raise missing_column(frame, columns.kelurahan_code, "kelurahan_code")
        return np.asarray(codes.isna())
    column, equals, value = rule.partition("=")
    if not equals or not column.strip():
        raise BoundaryError(
            "leave-out",
            f"--leave-out {rule!r} is not understood. Write COLUMN=VALUE (COLUMN= for empty "
            f"cells), {NO_CODE} or {NO_POLYGON}.",
            indonesian=f"--leave-out {rule!r} tidak dapat dipahami. Tulis KOLOM=NILAI (KOLOM= "
            f"untuk sel kosong), {NO_CODE} atau {NO_POLYGON}.",
        )
    if column.strip() not in frame.columns:
        present = ", ".join(str(name) for name in frame.columns if name != "geometry")
        raise BoundaryError(
            "leave-out",
            f"--leave-out {rule!r} names a column that is not there. The file has: "
            f"{present or 'none'}.",
            indonesian=f"--leave-out {rule!r} menyebut kolom yang tidak ada. Kolom yang ada: "
            f"{present or 'tidak ada'}.",
        )
    cells = [cell_text(cell) or "" for cell in frame[column.strip()].tolist()]
    return np.array([cell.casefold() == value.strip().casefold() for cell in cells], dtype=bool)
