"""Codes and names of the smallest zones and of their parents, from the columns of a file."""

import re
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.areas import OTHER, RtNumber, SmallestZone, parse_rt_label, rt_name
from geodata.boundaries.files.codes import add_zone_codes
from geodata.boundaries.files.columns import (
    CANONICAL,
    Columns,
    common_code,
    parents_by_dots,
    required_texts,
    texts,
)
from geodata.boundaries.files.rows import join_names, row_name
from geodata.boundaries.files.smallest_zones import name_small_zones
from geodata.errors import BoundaryError
from geodata.language import Bilingual

_NUMBER: Final = re.compile(r"^(?:R[TW][\s.:]*)?0*(\d{1,3})$", re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"^\d{1,3}(?:[.,]\d{3})+$")
_DOTTED: Final = re.compile(r"^\d{2}\.\d{2}\.\d{2}$")
_UNDOTTED: Final = re.compile(r"^\d{6,7}$")


def name_areas(
    frame: gpd.GeoDataFrame, columns: Columns = CANONICAL, smallest: SmallestZone = "rt"
) -> gpd.GeoDataFrame:
    """Give every polygon its code and name, and the codes and names of its parents.

    Parameters
    ----------
    frame
        EPSG:4326.
    columns
        Names of the columns.
    smallest
        Kind of the polygons: RT, or the kind that the city has instead; see `name_small_zones`.

    Returns
    -------
    GeoDataFrame
        In order of code, then shape: ``code``, ``kind`` (``rt``, another of `SmallestZone`, or
        ``other``), ``name``, ``rw``, ``rt``, ``rw_code`` (null without an RW), ``population``, code
        and name of the kelurahan, the kecamatan and the kota, ``geometry``. The result does not
        depend on the order of rows in the file.

    Raises
    ------
    BoundaryError
        ``missing-column``, ``empty-cells``, ``no-rt``, ``no-small-zones``, ``rt-are-drawn``,
        ``two-kota``, ``no-kota-code``, ``code-not-nested``, ``two-names``, ``not-a-number``.
    """
    areas = gpd.GeoDataFrame(geometry=frame.geometry)
    _name_parents(areas, frame, columns)
    if smallest == "rt":
        _name_rt(areas, frame, columns)
    else:
        name_small_zones(areas, frame, columns, smallest)
    areas["population"] = _populations(frame, columns)
    add_zone_codes(areas)
    _use_file_codes(areas, frame, columns)
    _check_nesting(areas)
    _check_names(areas)
    return _sort_rows(areas)


def _name_rt(areas: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns) -> None:
    numbers = read_rt_numbers(frame, columns)
    if numbers is None or all(number is None for number in numbers):
        raise _no_rt_error()
    areas["rw"] = pd.array([None if n is None else n.rw for n in numbers], dtype="Int64")
    areas["rt"] = pd.array([None if n is None else n.rt for n in numbers], dtype="Int64")
    areas["kind"] = [OTHER if n is None else "rt" for n in numbers]
    areas["name"] = _names(frame, columns, numbers)


def _name_parents(areas: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns) -> None:
    kelurahan = required_texts(frame, columns, "kelurahan_code")
    kecamatan = texts(frame, columns, "kecamatan_code")
    if kecamatan is None:
        kecamatan = parents_by_dots(kelurahan)
    if kecamatan is None or bool(kecamatan.isna().any()):
        kecamatan = required_texts(frame, columns, "kecamatan_code")
    derived_kota = derive_kota_codes(kecamatan)
    if derived_kota is not None:
        check_one_kota(frame, derived_kota)
    kota = texts(frame, columns, "kota_code")
    if kota is None:
        kota = derived_kota
    if kota is None:
        kota = pd.Series(_common_kota(kecamatan), index=frame.index, dtype="str")
    check_one_kota(frame, kota)
    for level, codes in (("kelurahan", kelurahan), ("kecamatan", kecamatan), ("kota", kota)):
        names = texts(frame, columns, f"{level}_name")
        default_names = level.title() + " " + codes
        areas[f"{level}_code"] = codes
        areas[f"{level}_name"] = default_names if names is None else names.fillna(default_names)


def derive_kota_codes(kecamatan: "pd.Series[str]") -> "pd.Series[str] | None":
    """Codes of the city, from codes of kecamatan of Kemendagri or BPS; None for other codes.

    ``33.74`` of ``33.74.06``, ``3374`` of ``3374010`` (BPS) and of ``337406``.
    """
    codes = kecamatan.unique()
    if all(_DOTTED.match(code) for code in codes):
        return kecamatan.str[:5]
    return kecamatan.str[:4] if all(_UNDOTTED.match(code) for code in codes) else None


def _common_kota(kecamatan: "pd.Series[str]") -> str:
    code = common_code(sorted(kecamatan.unique()))
    if code is None:
        raise BoundaryError(
            "no-kota-code",
            "The code of the city does not follow from the codes of the kecamatan. Give it with "
            "--kota-code =CODE; the codes of the kecamatan must begin with it.",
            indonesian="Kode kota tidak dapat ditentukan dari kode kecamatan. Sebutkan dengan "
            "--kota-code =KODE; kode kecamatan harus diawali kode itu.",
        )
    return code


def check_one_kota(frame: gpd.GeoDataFrame, kota: "pd.Series[str]") -> None:
    """Raise for rows of several cities: cases of one city would appear under the other.

    Raises
    ------
    BoundaryError
        ``two-kota``.
    """
    sizes = kota.value_counts().sort_index()
    if len(sizes) < 2:
        return
    fewest = str(sizes.idxmin())
    cities = Bilingual(
        join_names((f"{code} ({count} baris)" for code, count in sizes.items()), language="id"),
        join_names(f"{code} ({count} rows)" for code, count in sizes.items()),
    )
    raise BoundaryError(
        "two-kota",
        f"The file has {len(sizes)} cities or regencies: {cities.en}. A database is for one city: "
        "make a database for each city, and load the file into each without the rows of the "
        "others, with --leave-out COLUMN=VALUE and the column of their code or name (the first "
        f"row of {fewest} is {row_name(frame, int((kota == fewest).to_numpy().argmax()))}).",
        indonesian=f"Berkas ini memuat {len(sizes)} kota atau kabupaten: {cities.id}. Satu basis "
        "data hanya untuk satu kota: buat basis data untuk setiap kota, lalu muat "
        "berkas ini ke masing-masing tanpa baris kota lain, dengan --leave-out KOLOM=NILAI "
        f"memakai kolom kode atau nama kota (baris pertama {fewest} ialah "
        f"{row_name(frame, int((kota == fewest).to_numpy().argmax()), language='id')}).",
    )


def read_rt_numbers(frame: gpd.GeoDataFrame, columns: Columns) -> list[RtNumber | None] | None:
    """RT and RW numbers from a column of labels or two columns of numbers.

    None for a file without these columns; None in the list for an area that is no RT.
    """
    labels = texts(frame, columns, "rt_label")
    rws, rts = texts(frame, columns, "rw"), texts(frame, columns, "rt")
    if labels is not None:
        numbers = [None if pd.isna(label) else parse_rt_label(label) for label in labels]
    elif rws is not None and rts is not None:
        numbers = [
            None
            if pd.isna(rw) or pd.isna(rt)
            else RtNumber(
                rw=parse_area_number(frame, row, columns.rw, rw),
                rt=parse_area_number(frame, row, columns.rt, rt),
            )
            for row, (rw, rt) in enumerate(zip(rws, rts, strict=True))
        ]
    else:
        return None
    kinds = texts(frame, columns, "kind")
    if kinds is None:
        return numbers
    return [None if kind == OTHER else number for kind, number in zip(kinds, numbers, strict=True)]


def parse_area_number(frame: gpd.GeoDataFrame, row: int, column: str, text: str) -> int:
    """Parse a cell with a number of an RT or RW.

    Raises
    ------
    BoundaryError
        ``not-a-number``; the message has the row and the cell.
    """
    match = _NUMBER.match(text)
    if match is None or int(match[1]) == 0:
        raise BoundaryError(
            "not-a-number",
            f"The column {column} has {text[:30]!r} in {row_name(frame, row)}, not a number from 1 "
            "to 999. Correct the cell, or leave it empty for an area that is no RT.",
            indonesian=f"Kolom {column} berisi {text[:30]!r} pada "
            f"{row_name(frame, row, language='id')}, bukan angka dari 1 sampai 999. Perbaiki sel "
            "itu, atau kosongkan untuk wilayah yang bukan RT.",
        )
    return int(match[1])


def _no_rt_error() -> BoundaryError:
    return BoundaryError(
        "no-rt",
        "No polygon of the file is an RT. Name the column of labels like 'RT 002 RW 003' with "
        "--rt-label, or the columns of numbers with --rw and --rt. If the file has no RT, there "
        "are two ways: divide the RW, dusun or kelurahan into RT with `mikrozonasi boundaries "
        "make` (if they overlap, after `mikrozonasi boundaries mend`), or use RW, dusun or SLS "
        "as the smallest zones with --smallest-zone rw, dusun or sls.",
        indonesian="Tidak ada poligon di berkas ini yang berupa RT. Sebutkan kolom label seperti "
        "'RT 002 RW 003' dengan --rt-label, atau kolom nomornya dengan --rw dan --rt. Jika berkas "
        "ini tidak memuat RT, ada dua cara: bagi RW, dusun atau kelurahan menjadi RT dengan "
        "`mikrozonasi boundaries make` (jika tumpang tindih, setelah `mikrozonasi boundaries "
        "mend`), atau pakai RW, dusun atau SLS sebagai zona terkecil dengan --smallest-zone rw, "
        "dusun atau sls.",
    )


def _names(frame: gpd.GeoDataFrame, columns: Columns, numbers: list[RtNumber | None]) -> list[str]:
    labels = texts(frame, columns, "rt_label")
    if labels is None:
        labels = texts(frame, columns, "name")
    names = (
        [None] * len(frame)
        if labels is None
        else [None if pd.isna(label) else label for label in labels]
    )
    return [
        (name or "Lain-lain") if number is None else rt_name(number)
        for name, number in zip(names, numbers, strict=True)
    ]


def _populations(frame: gpd.GeoDataFrame, columns: Columns) -> "pd.Series[float]":
    cells = texts(frame, columns, "population")
    if cells is None:
        return pd.Series(float("nan"), index=frame.index)
    if not _are_numbers(frame, columns.population):
        # A separator of thousands in text: `1.250` is 1250 people.
        has_thousands = cells.str.match(_THOUSANDS).fillna(value=False).astype(bool)
        cells = cells.mask(has_thousands, cells.str.replace(r"[.,]", "", regex=True))
    numbers = pd.to_numeric(cells, errors="coerce")
    is_wrong = ((numbers.isna() & cells.notna()) | (numbers < 0)).to_numpy()
    if bool(is_wrong.any()):
        row = int(is_wrong.argmax())
        raise BoundaryError(
            "not-a-number",
            f"The column {columns.population} has {str(cells.iloc[row])[:30]!r} in "
            f"{row_name(frame, row)}, which is not a number of people. Correct or empty the cell.",
            indonesian=f"Kolom {columns.population} berisi {str(cells.iloc[row])[:30]!r} pada "
            f"{row_name(frame, row, language='id')}, yang bukan jumlah penduduk. Perbaiki atau "
            "kosongkan sel itu.",
        )
    return numbers.astype("float64")


def _are_numbers(frame: gpd.GeoDataFrame, column: str) -> bool:
    return column in frame.columns and pd.api.types.is_numeric_dtype(frame[column])


def _use_file_codes(areas: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns) -> None:
    """Use the codes of RT in the file; they must begin with the code of the parent.

    A column with the default name ``code`` is used only in a file with canonical columns.
    """
    canonical = columns.kelurahan_code == CANONICAL.kelurahan_code
    file_codes = texts(frame, columns, "code")
    if file_codes is None or (columns.code == CANONICAL.code and not canonical):
        return
    codes = file_codes.fillna(areas["code"])
    parents = areas["rw_code"].fillna(areas["kelurahan_code"])
    _check_prefixes(codes, parents, "area", "RW or kelurahan")
    areas["code"] = codes


def _check_nesting(areas: gpd.GeoDataFrame) -> None:
    _check_prefixes(areas["kelurahan_code"], areas["kecamatan_code"], "kelurahan", "kecamatan")
    _check_prefixes(areas["kecamatan_code"], areas["kota_code"], "kecamatan", "kota")


def _check_prefixes(
    children: "pd.Series[str]", parents: "pd.Series[str]", child: str, parent: str
) -> None:
    for row, code, parent_code in zip(children.index, children, parents, strict=True):
        if not code.startswith(parent_code) or code == parent_code:
            raise BoundaryError(
                "code-not-nested",
                f"In row {row + 1} the code {code} of a {child} does not begin with the code "
                f"{parent_code} of its {parent}. Codes must nest, like 33.74.06 and 33.74.06.1010: "
                "use columns with such codes.",
                indonesian=f"Pada baris {row + 1}, kode {code} untuk {child} tidak diawali kode "
                f"{parent_code} untuk {parent}. Kode harus bertingkat, seperti 33.74.06 dan "
                "33.74.06.1010: pakai kolom yang kodenya bertingkat.",
            )


def _check_names(areas: gpd.GeoDataFrame) -> None:
    for level in ("kelurahan", "kecamatan", "kota"):
        code, name = f"{level}_code", f"{level}_name"
        pairs = areas[[code, name]].drop_duplicates()
        repeated = pairs[pairs[code].duplicated()]
        if len(repeated):
            has_code = areas[code] == repeated[code].iloc[0]
            quoted = [f"{area_name!r}" for area_name in areas[name][has_code].unique()]
            names = Bilingual(join_names(quoted, language="id"), join_names(quoted))
            is_other_name = has_code & (areas[name] == repeated[name].iloc[0])
            raise BoundaryError(
                "two-names",
                f"The {level} {repeated[code].iloc[0]} has more than one name: {names.en}; the "
                f"second from {row_name(areas, int(is_other_name.to_numpy().argmax()))} on. Make "
                "the column of names match the column of codes.",
                indonesian=f"{level} {repeated[code].iloc[0]} punya lebih dari satu nama: "
                f"{names.id}; nama kedua mulai dari "
                f"{row_name(areas, int(is_other_name.to_numpy().argmax()), language='id')}. "
                "Samakan kolom nama dengan kolom kode.",
            )


def _sort_rows(areas: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Sort by code; sort rows of the same code by shape."""
    is_repeated = areas["code"].duplicated(keep=False)
    geometries = areas.geometry.normalize().to_wkb().where(is_repeated, b"")
    return (
        areas.assign(shape=geometries)
        .sort_values(["code", "shape"], ignore_index=True)
        .drop(columns="shape")
    )
