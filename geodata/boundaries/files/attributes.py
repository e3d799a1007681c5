"""Attributes of the polygons of a file, as far as the file has them.

Loading needs all codes. Checking uses the available attributes, so that a file can be checked
before its columns are known.
"""

from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import RtNumber, rt_code
from geodata.boundaries.files.columns import CANONICAL, Columns, texts
from geodata.boundaries.files.labels import are_rt_labels
from geodata.boundaries.files.naming import read_rt_numbers
from geodata.boundaries.files.rows import join_names
from geodata.language import Bilingual
from geodata.text.area_names import fold_name


class Attributes(NamedTuple):
    """Attributes of ``n`` polygons; None for an attribute that the file lacks.

    ``shown`` is the best name for people: a code, a label, or the row. In ``codes``, an
    area that is no RT has None.
    """

    shown: NDArray[np.object_]
    names: NDArray[np.object_]
    codes: NDArray[np.object_] | None
    kelurahan_codes: NDArray[np.object_] | None
    labels: list[str | None] | None
    numbers: list[RtNumber | None] | None
    remarks: tuple[Bilingual, ...]


def read_attributes(frame: gpd.GeoDataFrame, columns: Columns) -> Attributes:
    """Read the attributes of the polygons of a file.

    Raises
    ------
    BoundaryError
        ``missing-column`` for a missing column with a name other than the canonical one.
    """
    remarks: list[Bilingual] = []
    columns = _find_label_column(frame, columns, remarks)
    kelurahan_codes = _column(frame, columns, "kelurahan_code")
    labels = _column(frame, columns, "rt_label")
    numbers = read_rt_numbers(frame, columns)
    codes = _codes(frame, columns, kelurahan_codes, numbers)
    if codes is None:
        remarks.append(
            Bilingual(
                "Kode tidak diperiksa: berkas ini tidak punya kolom kelurahan_code. Sebutkan "
                "kolomnya dengan --kelurahan-code.",
                "Codes were not checked: the file has no column kelurahan_code. Name the column "
                "with --kelurahan-code.",
            )
        )
    rows = np.array([f"row {row + 1}" for row in frame.index], dtype=object)
    blank = np.full(len(frame), "", dtype=object)
    name_columns = [_column(frame, columns, field) for field in ("name", "kelurahan_name")]
    return Attributes(
        shown=_first_non_null(rows, codes, labels),
        names=_first_non_null(blank, labels, *name_columns),
        codes=codes,
        kelurahan_codes=None
        if kelurahan_codes is None or pd.isna(kelurahan_codes).any() or numbers is None
        else kelurahan_codes,
        labels=None if labels is None else labels.tolist(),
        numbers=numbers,
        remarks=tuple(remarks),
    )


def _find_label_column(
    frame: gpd.GeoDataFrame, columns: Columns, remarks: list[Bilingual]
) -> Columns:
    """Find the column of labels, unless the options name one or the canonical column exists."""
    is_default = columns.rt_label == CANONICAL.rt_label and columns.rw == CANONICAL.rw
    if not is_default or {CANONICAL.rt_label, CANONICAL.rw} & set(frame.columns):
        return columns
    for name in frame.columns:
        if name != "geometry" and are_rt_labels(frame[name].tolist()):
            remarks.append(
                Bilingual(
                    f"Kolom {name} dipakai sebagai label RT (--rt-label).",
                    f"The column {name} is used for the labels of the RT (--rt-label).",
                )
            )
            return replace(columns, rt_label=str(name))
    return columns


def _column(frame: gpd.GeoDataFrame, columns: Columns, field: str) -> NDArray[np.object_] | None:
    cells = texts(frame, columns, field)
    if cells is None:
        return None
    return np.array([None if pd.isna(cell) else cell for cell in cells], dtype=object)


def _codes(
    frame: gpd.GeoDataFrame,
    columns: Columns,
    kelurahan_codes: NDArray[np.object_] | None,
    numbers: list[RtNumber | None] | None,
) -> NDArray[np.object_] | None:
    """Codes of RT; codes of kelurahan for a file without RT."""
    code_column = _column(frame, columns, "code")
    if code_column is not None or kelurahan_codes is None or numbers is None:
        return _first_column(code_column, kelurahan_codes if numbers is None else None)
    codes = [
        None if kelurahan_code is None or number is None else rt_code(kelurahan_code, number)
        for kelurahan_code, number in zip(kelurahan_codes, numbers, strict=True)
    ]
    return np.array(codes, dtype=object)


def _first_column(*columns: NDArray[np.object_] | None) -> NDArray[np.object_] | None:
    return next((column for column in columns if column is not None), None)


def _first_non_null(
    default: NDArray[np.object_], *columns: NDArray[np.object_] | None
) -> NDArray[np.object_]:
    """First non-null cell of the columns in each row, else the cell of ``default``."""
    result = default
    for column in reversed(columns):
        if column is not None:
            result = np.where(pd.isna(column), result, column)
    return result


def same_name_remarks(areas: pd.DataFrame) -> list[Bilingual]:
    """Sentence for each name of several kelurahan in one kecamatan.

    Parameters
    ----------
    areas
        Code and name of the kelurahan, and code of the kecamatan.
    """
    columns = ["kelurahan_code", "kelurahan_name", "kecamatan_code"]
    kelurahan = areas[columns].drop_duplicates("kelurahan_code").sort_values("kelurahan_code")
    folded = kelurahan["kelurahan_name"].map(fold_name)
    remarks = []
    for (kecamatan_code, _), same_name in kelurahan.groupby(["kecamatan_code", folded]):
        if len(same_name) > 1:
            name, codes = same_name["kelurahan_name"].iloc[0], same_name["kelurahan_code"]
            remarks.append(
                Bilingual(
                    f"{len(same_name)} kelurahan di kecamatan {kecamatan_code} bernama {name}: "
                    f"{join_names(codes, language='id')}. Alamat dengan nama itu ambigu. "
                    "Periksa apakah salah satu kode salah tulis.",
                    f"{len(same_name)} kelurahan of the kecamatan {kecamatan_code} are called "
                    f"{name}: {join_names(codes)}. An address with this name is ambiguous. Check "
                    "whether one code is wrong.",
                )
            )
    return remarks
