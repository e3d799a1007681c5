"""Read what to divide: kelurahan or RW of a file, and the requested number of RT of each.

Messages use the row numbers of the file.
"""

from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.areas import parse_dusun_label, parse_rw_label
from geodata.boundaries.files.columns import cell_text
from geodata.boundaries.files.rows import join_names, list_rows, row_name
from geodata.errors import BoundaryError, InputError
from geodata.language import Bilingual
from geodata.tables import read_table
from geodata.text.rt_rw import parse_number, parse_number_cell

_MAX_RT: Final = 999
"""Maximum number of RT in one area: RT numbers have three digits."""
_CODE_COLUMNS: Final = ("code", "kode", "kelurahan_code", "kelurahan", "iddesa")


def rw_numbers(frame: gpd.GeoDataFrame, cells: "pd.Series[str]") -> "pd.Series[int]":
    """Number of the RW of each polygon; a dusun or lingkungan counts as an RW.

    Parameters
    ----------
    cells
        Labels or numbers: ``RW 01``, ``4``, ``DUSUN II``, ``LINGKUNGAN 3``.

    Raises
    ------
    BoundaryError
        ``rw-unreadable``; the message names the row.
    """
    numbers = [_rw_number(str(cell)) for cell in cells]
    is_wrong = pd.Series([rw is None for rw in numbers])
    if bool(is_wrong.any()):
        row = int(is_wrong.to_numpy().argmax())
        raise BoundaryError(
            "rw-unreadable",
            f"{cells.iloc[row]!r} in {row_name(frame, row)} is not a number of an RW or dusun "
            f"({int(is_wrong.sum())} rows in total). Labels have the form 'RW 01' or 'DUSUN II'. "
            "Number areas with other names in a separate column, and name the column with --rw.",
            indonesian=f"{cells.iloc[row]!r} pada {row_name(frame, row, language='id')} bukan "
            f"nomor RW atau dusun ({int(is_wrong.sum())} baris seluruhnya). Label ditulis seperti "
            "'RW 01' atau 'DUSUN II'. Beri nomor wilayah yang bernama lain di kolom "
            "tersendiri, lalu sebutkan kolom itu dengan --rw.",
        )
    return pd.Series(numbers, index=frame.index, dtype="int64")


def dusun_labels(cells: "pd.Series[str]") -> list[str]:
    """Labels of dusun and lingkungan among labels of RW, each once."""
    labels = dict.fromkeys(str(cell) for cell in cells)
    return [label for label in labels if parse_dusun_label(label) is not None]


def rt_counts(frame: gpd.GeoDataFrame, column: str) -> "pd.Series[int]":
    """Requested number of RT of each polygon, from a column of its file.

    Raises
    ------
    InputError
        ``rt-number`` for a cell that is not a number from 1 to 999; the message names the row.
    """
    counts = [_count(cell_text(cell)) for cell in frame[column].tolist()]
    is_wrong = pd.Series([count is None for count in counts])
    if bool(is_wrong.any()):
        row = int(is_wrong.to_numpy().argmax())
        cell_value = cell_text(frame[column].iloc[row]) or ""
        raise InputError(
            "rt-number",
            f"The column {column} has {cell_value[:30]!r} in {row_name(frame, row)}, not a number "
            f"of RT from 1 to {_MAX_RT}. Correct the cell, or exclude the row with --leave-out.",
            indonesian=f"Kolom {column} berisi {cell_value[:30]!r} pada "
            f"{row_name(frame, row, language='id')}, bukan jumlah RT dari 1 sampai {_MAX_RT}. "
            "Perbaiki sel itu, atau keluarkan baris itu dengan --leave-out.",
        )
    return pd.Series(counts, index=frame.index, dtype="int64")


def read_rt_count_table(
    path: Path, frame: gpd.GeoDataFrame, codes: "pd.Series[str]", rw: "pd.Series[int] | None"
) -> "pd.Series[int]":
    """Requested number of RT of each polygon, from a table ``code,rw,rt`` or ``code,rt``.

    Parameters
    ----------
    codes, rw
        Code of the kelurahan of each polygon, and its RW if the polygons are RW.

    Raises
    ------
    InputError
        ``rt-table`` for a missing column or number, or rows that do not match the polygons.
    """
    counts_by_key = _table_counts(path, by_rw=rw is not None)
    numbers = [0] * len(codes) if rw is None else rw.tolist()
    keys = list(zip(codes.tolist(), numbers, strict=True))
    unknown = [_key_name(key) for key in counts_by_key if key not in set(keys)]
    if unknown:
        raise _table_error(
            path,
            Bilingual(
                "memuat wilayah yang tidak ada di berkas batas: "
                f"{join_names(unknown, language='id')}",
                f"has areas that are not in the boundary file: {join_names(unknown)}",
            ),
        )
    is_missing = pd.Series([key not in counts_by_key for key in keys])
    if bool(is_missing.any()):
        missing_rows = is_missing.to_numpy()
        raise _table_error(
            path,
            Bilingual(
                f"tidak menyebut jumlah RT untuk {list_rows(frame, missing_rows, language='id')}",
                f"has no number of RT for {list_rows(frame, missing_rows)}",
            ),
        )
    return pd.Series([counts_by_key[key] for key in keys], index=frame.index, dtype="int64")


def merge_rw(areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Bilingual]]:
    """Merge the rows of each RW, and report each RW with several rows.

    Parameters
    ----------
    areas
        Rows for `divide`, with ``code`` and ``rw``. The population of an RW is the sum of its
        rows; ``rt_count`` must be equal in all rows of an RW.

    Raises
    ------
    InputError
        ``rt-number`` for different values of ``rt_count``.
    """
    groups = areas.groupby(["code", "rw"], sort=False)
    if len(groups) == len(areas):
        return areas, []
    merged = groups.first()
    if "population" in areas.columns:
        merged["population"] = groups["population"].sum(min_count=1)
    reports = []
    geometries = []
    for _, rows in groups:
        key = str(rows["code"].iloc[0]), int(rows["rw"].iloc[0])
        geometries.append(shapely.union_all(rows.geometry.to_numpy()))
        if len(rows) == 1:
            continue
        if "rt_count" in rows.columns and not (rows["rt_count"] == rows["rt_count"].iloc[0]).all():
            raise InputError(
                "rt-number",
                f"{_key_name(key)} is drawn in {len(rows)} rows with different numbers "
                "of RT. Write the number of the whole RW in each row.",
                indonesian=f"{_key_name(key)} digambar dalam {len(rows)} baris dengan jumlah "
                "RT berbeda. Tulis jumlah RT seluruh RW itu pada setiap baris.",
            )
        reports.append(
            Bilingual(
                f"{_key_name(key)} digambar dalam {len(rows)} baris; semuanya kini satu RW. "
                "Periksa apakah salah satu labelnya keliru.",
                f"{_key_name(key)} is drawn in {len(rows)} rows; they are one RW now. Check "
                "whether one label is wrong.",
            )
        )
    flat = merged.drop(columns="geometry").reset_index()
    return gpd.GeoDataFrame(flat, geometry=geometries, crs=areas.crs), reports


_Key = tuple[str, int]
"""Code of a kelurahan and number of an RW; 0 for the whole kelurahan."""


def _table_counts(path: Path, *, by_rw: bool) -> dict[_Key, int]:
    sheet = read_table(path)
    column_by_name = {name.strip().casefold(): name for name in sheet.cells.column_names}
    code_column = next((name for name in _CODE_COLUMNS if name in column_by_name), None)
    missing = [
        name for name in ("rw", "rt") if name not in column_by_name and (by_rw or name != "rw")
    ]
    if code_column is None:
        missing = ["code", *missing]
    if missing or code_column is None:
        raise _table_error(
            path,
            Bilingual(
                f"tidak punya kolom {' dan '.join(missing)}",
                f"has no column {' and '.join(missing)}",
            ),
        )
    names = [code_column, "rw", "rt"] if by_rw else [code_column, "rt"]
    counts: dict[_Key, int] = {}
    for line, row in zip(
        sheet.rows.tolist(),
        sheet.cells.select([column_by_name[name] for name in names]).to_pylist(),
        strict=True,
    ):
        cells = [cell_text(cell) for cell in row.values()]
        rw = parse_number_cell(cells[1] or "") if by_rw else 0
        count = _count(cells[-1])
        if cells[0] is None or rw is None or count is None:
            raise _table_error(
                path,
                Bilingual(
                    f"tidak punya kode atau nomor pada baris {line}",
                    f"has no code or no number in row {line}",
                ),
            )
        if (cells[0], rw) in counts:
            name = _key_name((cells[0], rw))
            raise _table_error(
                path,
                Bilingual(
                    f"memuat {name} dua kali, kedua kalinya pada baris {line}",
                    f"has {name} twice, the second time in row {line}",
                ),
            )
        counts[cells[0], rw] = count
    return counts


def _key_name(key: _Key) -> str:
    return f"{key[0]} RW {key[1]}" if key[1] else key[0]


def _table_error(path: Path, problem: Bilingual) -> InputError:
    return InputError(
        "rt-table",
        f"{path.name} {problem.en}. A table of RT has the columns code (of the kelurahan), rw (if "
        "the polygons are RW) and rt (the number of RT), and one row for each polygon.",
        indonesian=f"{path.name} {problem.id}. Tabel RT punya kolom code (kode kelurahan), rw "
        "(jika poligonnya RW) dan rt (jumlah RT), dan satu baris untuk setiap poligon.",
    )


def _rw_number(text: str) -> int | None:
    rw_number = parse_rw_label(text)
    if rw_number is not None:
        return rw_number
    dusun = parse_dusun_label(text)
    return parse_number(text if dusun is None else dusun)


def _count(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit():
        return None
    return int(text) if 1 <= int(text) <= _MAX_RT else None
