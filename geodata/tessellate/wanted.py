"""What a file asks to be divided: kelurahan or RW, and how many RT each is to have.

Row numbers in sentences are those of the file.
"""

from pathlib import Path
from typing import Final

import geopandas as gpd
import pandas as pd
import shapely

from geodata.areas import parse_dusun_label, parse_rw_label
from geodata.boundaries.files.columns import cell_text
from geodata.boundaries.files.rows import listed, row_name, several
from geodata.errors import BoundaryError, InputError
from geodata.language import Bilingual
from geodata.tables import read_table
from geodata.text.rt_rw import number, ordinal

_MOST: Final = 999
"""RT of one area: their numbers have three digits."""
_CODES: Final = ("code", "kode", "kelurahan_code", "kelurahan", "iddesa")


def rw_numbers(frame: gpd.GeoDataFrame, cells: "pd.Series[str]") -> "pd.Series[int]":
    """Number of the RW each polygon is; a dusun or lingkungan stands in the place of one.

    Parameters
    ----------
    cells
        Of the column of labels or numbers: ``RW 01``, ``4``, ``DUSUN II``, ``LINGKUNGAN 3``.

    Raises
    ------
    BoundaryError
        ``rw-unreadable``, with the row.
    """
    found = [_rw_number(str(cell)) for cell in cells]
    wrong = pd.Series([rw is None for rw in found])
    if bool(wrong.any()):
        at = int(wrong.to_numpy().argmax())
        raise BoundaryError(
            "rw-unreadable",
            f"{cells.iloc[at]!r} in {row_name(frame, at)} is no number of an RW or dusun "
            f"({int(wrong.sum())} rows in all). Labels look like 'RW 01' or 'DUSUN II'; give areas "
            "with other names numbers in a column of their own and name it with --rw.",
            indonesian=f"{cells.iloc[at]!r} pada {row_name(frame, at, language='id')} bukan "
            f"nomor RW atau dusun ({int(wrong.sum())} baris seluruhnya). Label ditulis seperti "
            "'RW 01' atau 'DUSUN II'; beri wilayah yang bernama lain nomor di kolom "
            "tersendiri, lalu sebutkan kolom itu dengan --rw.",
        )
    return pd.Series(found, index=frame.index, dtype="int64")


def named_dusun(cells: "pd.Series[str]") -> list[str]:
    """Labels of dusun and lingkungan among those of RW, each once."""
    labels = dict.fromkeys(str(cell) for cell in cells)
    return [label for label in labels if parse_dusun_label(label) is not None]


def rt_counts(frame: gpd.GeoDataFrame, column: str) -> "pd.Series[int]":
    """How many RT each polygon is to have, from a column of its file.

    Raises
    ------
    InputError
        ``rt-number`` for a cell that is no number from 1 to 999, with the row.
    """
    found = [_count(cell_text(cell)) for cell in frame[column].tolist()]
    wrong = pd.Series([count is None for count in found])
    if bool(wrong.any()):
        at = int(wrong.to_numpy().argmax())
        said = cell_text(frame[column].iloc[at]) or ""
        raise InputError(
            "rt-number",
            f"The column {column} holds {said[:30]!r} in {row_name(frame, at)}, and a number of RT "
            f"from 1 to {_MOST} is wanted. Mend it, or leave the row out with --leave-out.",
            indonesian=f"Kolom {column} berisi {said[:30]!r} pada "
            f"{row_name(frame, at, language='id')}, padahal isinya harus jumlah RT dari 1 "
            f"sampai {_MOST}. Perbaiki, atau keluarkan baris itu dengan --leave-out.",
        )
    return pd.Series(found, index=frame.index, dtype="int64")


def counts_of_table(
    path: Path, frame: gpd.GeoDataFrame, codes: "pd.Series[str]", rw: "pd.Series[int] | None"
) -> "pd.Series[int]":
    """How many RT each polygon is to have, from a table ``code,rw,rt`` or ``code,rt``.

    Parameters
    ----------
    codes, rw
        Code of the kelurahan of each polygon, and its RW where the polygons are RW.

    Raises
    ------
    InputError
        ``rt-table`` if a column or number is missing, or rows and polygons do not fit each other.
    """
    wanted = _table_counts(path, by_rw=rw is not None)
    numbers = [0] * len(codes) if rw is None else rw.tolist()
    keys = list(zip(codes.tolist(), numbers, strict=True))
    unknown = [_key_name(key) for key in wanted if key not in set(keys)]
    if unknown:
        raise _wrong_table(
            path,
            Bilingual(
                f"menghitung wilayah yang tidak ada di berkas: {several(unknown, language='id')}",
                f"counts areas that are not in the file: {several(unknown)}",
            ),
        )
    missing = pd.Series([key not in wanted for key in keys])
    if bool(missing.any()):
        without = missing.to_numpy()
        raise _wrong_table(
            path,
            Bilingual(
                f"tidak menyebut jumlah RT untuk {listed(frame, without, language='id')}",
                f"counts no RT for {listed(frame, without)}",
            ),
        )
    return pd.Series([wanted[key] for key in keys], index=frame.index, dtype="int64")


def merge_rw(areas: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Bilingual]]:
    """One row for each RW, and a sentence for each that was drawn in several.

    Parameters
    ----------
    areas
        As `divide` takes them, with ``code`` and ``rw``. People of the rows are added up; a number
        of RT is the RW's, so it must be the same in all its rows.

    Raises
    ------
    InputError
        ``rt-number`` if it is not.
    """
    groups = areas.groupby(["code", "rw"], sort=False)
    if len(groups) == len(areas):
        return areas, []
    merged = groups.first()
    if "population" in areas.columns:
        merged["population"] = groups["population"].sum(min_count=1)
    said = []
    shapes = []
    for _, rows in groups:
        key = str(rows["code"].iloc[0]), int(rows["rw"].iloc[0])
        shapes.append(shapely.union_all(rows.geometry.to_numpy()))
        if len(rows) == 1:
            continue
        if "rt_count" in rows.columns and not (rows["rt_count"] == rows["rt_count"].iloc[0]).all():
            raise InputError(
                "rt-number",
                f"{_key_name(key)} is drawn in {len(rows)} rows that say different numbers "
                "of RT. Write the number of the whole RW in each of them.",
                indonesian=f"{_key_name(key)} digambar dalam {len(rows)} baris yang menyebut "
                "jumlah RT berbeda. Tulis jumlah RT seluruh RW itu pada setiap barisnya.",
            )
        said.append(
            Bilingual(
                f"{_key_name(key)} digambar dalam {len(rows)} baris; semuanya kini satu RW. "
                "Apakah salah satu labelnya keliru?",
                f"{_key_name(key)} is drawn in {len(rows)} rows; they are one RW now. Is one of "
                "them mislabelled?",
            )
        )
    flat = merged.drop(columns="geometry").reset_index()
    return gpd.GeoDataFrame(flat, geometry=shapes, crs=areas.crs), said


_Key = tuple[str, int]
"""Code of a kelurahan and number of an RW, 0 for the kelurahan itself."""


def _table_counts(path: Path, *, by_rw: bool) -> dict[_Key, int]:
    sheet = read_table(path)
    place = {name.strip().casefold(): name for name in sheet.cells.column_names}
    code = next((name for name in _CODES if name in place), None)
    missing = [name for name in ("rw", "rt") if name not in place and (by_rw or name != "rw")]
    if code is None:
        missing = ["code", *missing]
    if missing or code is None:
        raise _wrong_table(
            path,
            Bilingual(
                f"tidak punya kolom {' dan '.join(missing)}",
                f"has no column {' and '.join(missing)}",
            ),
        )
    names = [code, "rw", "rt"] if by_rw else [code, "rt"]
    found: dict[_Key, int] = {}
    for line, row in zip(
        sheet.rows.tolist(), sheet.cells.select([place[n] for n in names]).to_pylist(), strict=True
    ):
        cells = [cell_text(cell) for cell in row.values()]
        rw = ordinal(cells[1] or "") if by_rw else 0
        count = _count(cells[-1])
        if cells[0] is None or rw is None or count is None:
            raise _wrong_table(
                path,
                Bilingual(
                    f"tidak menyebut kode atau nomor pada baris {line}",
                    f"says no code or number in row {line}",
                ),
            )
        if (cells[0], rw) in found:
            name = _key_name((cells[0], rw))
            raise _wrong_table(
                path,
                Bilingual(
                    f"menghitung {name} dua kali, pada baris {line}",
                    f"counts {name} twice, in row {line}",
                ),
            )
        found[cells[0], rw] = count
    return found


def _key_name(key: _Key) -> str:
    return f"{key[0]} RW {key[1]}" if key[1] else key[0]


def _wrong_table(path: Path, what: Bilingual) -> InputError:
    return InputError(
        "rt-table",
        f"{path.name} {what.en}. A table of RT has the columns code (of the kelurahan), rw (where "
        "the polygons are RW) and rt (how many), and a row for each polygon.",
        indonesian=f"{path.name} {what.id}. Tabel RT punya kolom code (kode kelurahan), rw (jika "
        "poligonnya RW) dan rt (jumlah RT), dan satu baris untuk setiap poligon.",
    )


def _rw_number(text: str) -> int | None:
    known = parse_rw_label(text)
    if known is not None:
        return known
    dusun = parse_dusun_label(text)
    return number(text if dusun is None else dusun)


def _count(text: str | None) -> int | None:
    if text is None or not text.isascii() or not text.isdigit():
        return None
    return int(text) if 1 <= int(text) <= _MOST else None
