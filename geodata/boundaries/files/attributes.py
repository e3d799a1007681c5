"""What a file of polygons says about each, as far as it says anything.

Loading needs every code; checking takes what there is, so that a file can be checked before
anybody knows its columns.
"""

from dataclasses import replace
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.areas import RtNumber, rt_code
from geodata.boundaries.files.columns import CANONICAL, Columns, texts
from geodata.boundaries.files.labels import looks_like_labels
from geodata.boundaries.files.naming import numbers_of
from geodata.boundaries.files.rows import several
from geodata.language import Bilingual
from geodata.text.area_names import fold_name


class Signs(NamedTuple):
    """What is known of ``n`` polygons; None where the file does not say.

    ``shown`` is the best name for people: a code, a label, or the row. ``codes`` are None in
    single rows where an area is no RT.
    """

    shown: NDArray[np.object_]
    names: NDArray[np.object_]
    codes: NDArray[np.object_] | None
    homes: NDArray[np.object_] | None
    labels: list[str | None] | None
    numbers: list[RtNumber | None] | None
    remarks: tuple[Bilingual, ...]


def signs_of(frame: gpd.GeoDataFrame, columns: Columns) -> Signs:
    """Read what a file says about its polygons.

    Raises
    ------
    BoundaryError
        ``missing-column`` for a column that somebody named.
    """
    remarks: list[Bilingual] = []
    columns = _with_label_column(frame, columns, remarks)
    homes = _column(frame, columns, "kelurahan_code")
    labels = _column(frame, columns, "rt_label")
    numbers = numbers_of(frame, columns)
    codes = _codes(frame, columns, homes, numbers)
    if codes is None:
        remarks.append(
            Bilingual(
                "Kode tidak diperiksa: berkas ini tidak punya kolom kelurahan_code. Sebutkan "
                "kolomnya dengan --kelurahan-code.",
                "Codes were not checked: the file has no column kelurahan_code. Name one with "
                "--kelurahan-code.",
            )
        )
    rows = np.array([f"row {row + 1}" for row in frame.index], dtype=object)
    blank = np.full(len(frame), "", dtype=object)
    given = [_column(frame, columns, field) for field in ("name", "kelurahan_name")]
    return Signs(
        shown=_filled(rows, codes, labels),
        names=_filled(blank, labels, *given),
        codes=codes,
        homes=None if homes is None or pd.isna(homes).any() or numbers is None else homes,
        labels=None if labels is None else labels.tolist(),
        numbers=numbers,
        remarks=tuple(remarks),
    )


def _with_label_column(
    frame: gpd.GeoDataFrame, columns: Columns, remarks: list[Bilingual]
) -> Columns:
    """Find the column of labels, where nobody named one and none has the canonical name."""
    untold = columns.rt_label == CANONICAL.rt_label and columns.rw == CANONICAL.rw
    if not untold or {CANONICAL.rt_label, CANONICAL.rw} & set(frame.columns):
        return columns
    for name in frame.columns:
        if name != "geometry" and looks_like_labels(frame[name].tolist()):
            remarks.append(
                Bilingual(
                    f"Kolom {name} dipakai sebagai label RT (--rt-label).",
                    f"The column {name} was taken for the labels of the RT (--rt-label).",
                )
            )
            return replace(columns, rt_label=str(name))
    return columns


def _column(frame: gpd.GeoDataFrame, columns: Columns, field: str) -> NDArray[np.object_] | None:
    found = texts(frame, columns, field)
    if found is None:
        return None
    return np.array([None if pd.isna(cell) else cell for cell in found], dtype=object)


def _codes(
    frame: gpd.GeoDataFrame,
    columns: Columns,
    homes: NDArray[np.object_] | None,
    numbers: list[RtNumber | None] | None,
) -> NDArray[np.object_] | None:
    """Codes of RT; of kelurahan where the file knows no RT."""
    own = _column(frame, columns, "code")
    if own is not None or homes is None or numbers is None:
        return _first(own, homes if numbers is None else None)
    codes = [
        None if home is None or number is None else rt_code(home, number)
        for home, number in zip(homes, numbers, strict=True)
    ]
    return np.array(codes, dtype=object)


def _first(*columns: NDArray[np.object_] | None) -> NDArray[np.object_] | None:
    return next((column for column in columns if column is not None), None)


def _filled(
    other: NDArray[np.object_], *columns: NDArray[np.object_] | None
) -> NDArray[np.object_]:
    """The first column's cells, then the next one's where that is null, and so on."""
    whole = other
    for column in reversed(columns):
        if column is not None:
            whole = np.where(pd.isna(column), whole, column)
    return whole


def same_names(found: pd.DataFrame) -> list[Bilingual]:
    """A sentence for each name that several kelurahan of one kecamatan have.

    Parameters
    ----------
    found
        With code and name of the kelurahan, and the code of the kecamatan.
    """
    columns = ["kelurahan_code", "kelurahan_name", "kecamatan_code"]
    villages = found[columns].drop_duplicates("kelurahan_code").sort_values("kelurahan_code")
    folded = villages["kelurahan_name"].map(fold_name)
    said = []
    for (above, _), alike in villages.groupby(["kecamatan_code", folded]):
        if len(alike) > 1:
            name, codes = alike["kelurahan_name"].iloc[0], alike["kelurahan_code"]
            said.append(
                Bilingual(
                    f"{len(alike)} kelurahan di kecamatan {above} bernama {name}: "
                    f"{several(codes, language='id')}. Alamat yang menyebut nama itu tidak dapat "
                    "dibedakan. Apakah salah satu kode itu salah tulis?",
                    f"{len(alike)} kelurahan of the kecamatan {above} are called {name}: "
                    f"{several(codes)}. An address that names it cannot tell which is meant. Is "
                    "one of the codes a slip?",
                )
            )
    return said
