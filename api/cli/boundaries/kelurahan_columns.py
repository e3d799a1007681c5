"""Columns of a file of kelurahan, for ``boundaries make``."""

from pathlib import Path

import geopandas as gpd
import pandas as pd

from geodata.boundaries.files.columns import cell_text, missing_column_error
from geodata.boundaries.files.rows import join_names, list_rows
from geodata.errors import InputError
from geodata.language import NOTHING, Bilingual
from geodata.tessellate import dusun_labels, read_rt_count_table, rt_counts


def dusun_remarks(cells: "pd.Series[str]") -> list[Bilingual]:
    """A remark if a column of RW names dusun."""
    labels = dusun_labels(cells)
    if not labels:
        return []
    remark = Bilingual(
        "Dusun dan sejenisnya menggantikan RW, menurut nomornya: "
        f"{join_names(labels, language='id')}.",
        f"Dusun and similar areas replace RW, by their numbers: {join_names(labels)}.",
    )
    return [remark]


def with_rt_counts(
    frame: gpd.GeoDataFrame, kelurahan: gpd.GeoDataFrame, column: str | None, table: Path | None
) -> gpd.GeoDataFrame:
    """The frame with the wanted number of RT of each polygon, if a column or table gives it."""
    if column is not None and table is not None:
        raise InputError(
            "rt-number",
            "Give --rt-column or --rt-table, not both.",
            indonesian="Sebutkan --rt-column atau --rt-table, jangan keduanya.",
        )
    if column is not None:
        if column not in frame.columns:
            raise missing_column_error(frame, column, "rt_column")
        return kelurahan.assign(rt_count=rt_counts(frame, column))
    if table is not None:
        rw = kelurahan["rw"] if "rw" in kelurahan.columns else None
        counts = read_rt_count_table(table, frame, kelurahan["code"], rw)
        return kelurahan.assign(rt_count=counts)
    return kelurahan


def kelurahan_frame(
    frame: gpd.GeoDataFrame, options: dict[str, str | None], population: str | None
) -> gpd.GeoDataFrame:
    """The frame that `divide` takes.

    Parameters
    ----------
    options
        The column of the file for each option; None for an option without a column.
    """
    renamed = {"parent_code": "kecamatan_code", "parent_name": "kecamatan_name"}
    columns = {
        renamed.get(option, option): column_texts(frame, column, option)
        for option, column in options.items()
        if column is not None
    }
    if population is not None:
        if population not in frame.columns:
            raise missing_column_error(frame, population, "population")
        columns["population"] = frame[population]
    return gpd.GeoDataFrame(columns, geometry=frame.geometry, crs=frame.crs)


def column_texts(frame: gpd.GeoDataFrame, column: str, option: str) -> "pd.Series[str]":
    """The text of every cell of a column; ``=TEXT`` instead of a column is the text of every row.

    Raises
    ------
    InputError
        ``missing-column``, or ``empty-cells`` if a cell is empty.
    """
    if column.startswith("="):
        return pd.Series(column[1:].strip(), index=frame.index, dtype="str")
    if column not in frame.columns:
        raise missing_column_error(frame, column, option)
    cells = pd.Series(
        [cell_text(cell) for cell in frame[column].tolist()], index=frame.index, dtype="str"
    )
    empty = cells.isna().to_numpy()
    if bool(empty.any()):
        remedy = (
            Bilingual(
                ", atau keluarkan baris itu dengan --leave-out no-code",
                " or leave the rows out with --leave-out no-code",
            )
            if option == "code"
            else NOTHING
        )
        raise InputError(
            "empty-cells",
            f"{int(empty.sum())} of {len(frame)} rows have an empty cell in the column {column}, "
            f"which --{option.replace('_', '-')} needs: {list_rows(frame, empty)}. Fill the "
            f"cells{remedy.en}.",
            indonesian=f"{int(empty.sum())} dari {len(frame)} baris kosong pada kolom {column}, "
            f"yang diperlukan untuk --{option.replace('_', '-')}: "
            f"{list_rows(frame, empty, language='id')}. Isi sel-sel itu{remedy.id}.",
        )
    return cells
