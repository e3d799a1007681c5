"""Codes and names of the leaves: what each polygon of a file is, and in what it lies."""

import re
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.areas import OTHER, RtNumber, SmallestZone, parse_rt_label, rt_name
from geodata.boundaries.files.codes import name_leaves
from geodata.boundaries.files.columns import (
    CANONICAL,
    Columns,
    common_code,
    parents_by_dots,
    required,
    texts,
)
from geodata.boundaries.files.rows import row_name, several
from geodata.boundaries.files.smallest_zones import small_zones
from geodata.errors import BoundaryError
from geodata.language import Bilingual

_NUMBER: Final = re.compile(r"^(?:R[TW][\s.:]*)?0*(\d{1,3})$", re.IGNORECASE)
_THOUSANDS: Final = re.compile(r"^\d{1,3}(?:[.,]\d{3})+$")
_DOTTED: Final = re.compile(r"^\d{2}\.\d{2}\.\d{2}$")
_PLAIN: Final = re.compile(r"^\d{6,7}$")


def name_areas(
    frame: gpd.GeoDataFrame, columns: Columns = CANONICAL, smallest: SmallestZone = "rt"
) -> gpd.GeoDataFrame:
    """Give every polygon its code and name, and those of the areas it lies in.

    Parameters
    ----------
    frame
        EPSG:4326.
    columns
        Which column says what.
    smallest
        What the polygons are: RT, or what a city has drawn instead; see `small_zones`.

    Returns
    -------
    GeoDataFrame
        By code, then shape: ``code``, ``kind`` (``rt``, another of `SmallestZone`, or ``other``),
        ``name``, ``rw``, ``rt``, ``rw_code`` (null above which no RW lies), ``population``, code
        and name of the kelurahan, the kecamatan and the kota, ``geometry``. The order of rows in
        the file does not matter.

    Raises
    ------
    BoundaryError
        ``missing-column``, ``empty-cells``, ``no-rt``, ``no-small-zones``, ``rt-are-drawn``,
        ``two-kota``, ``no-kota-code``, ``code-not-nested``, ``two-names``, ``not-a-number``.
    """
    found = gpd.GeoDataFrame(geometry=frame.geometry)
    _name_parents(found, frame, columns)
    if smallest == "rt":
        _name_rt(found, frame, columns)
    else:
        small_zones(found, frame, columns, smallest)
    found["population"] = _populations(frame, columns)
    name_leaves(found)
    _take_own_codes(found, frame, columns)
    _check_nesting(found)
    _check_names(found)
    return _in_order(found)


def _name_rt(found: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns) -> None:
    numbers = numbers_of(frame, columns)
    if numbers is None or all(number is None for number in numbers):
        raise _no_rt()
    found["rw"] = pd.array([None if n is None else n.rw for n in numbers], dtype="Int64")
    found["rt"] = pd.array([None if n is None else n.rt for n in numbers], dtype="Int64")
    found["kind"] = [OTHER if n is None else "rt" for n in numbers]
    found["name"] = _names(frame, columns, numbers)


def _name_parents(found: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns) -> None:
    kelurahan = required(frame, columns, "kelurahan_code")
    kecamatan = texts(frame, columns, "kecamatan_code")
    if kecamatan is None:
        kecamatan = parents_by_dots(kelurahan)
    if kecamatan is None or bool(kecamatan.isna().any()):
        kecamatan = required(frame, columns, "kecamatan_code")
    known = kota_codes(kecamatan)
    if known is not None:
        refuse_two_kota(frame, known)
    kota = texts(frame, columns, "kota_code")
    if kota is None:
        kota = known
    if kota is None:
        kota = pd.Series(_common_kota(kecamatan), index=frame.index, dtype="str")
    refuse_two_kota(frame, kota)
    for level, codes in (("kelurahan", kelurahan), ("kecamatan", kecamatan), ("kota", kota)):
        names = texts(frame, columns, f"{level}_name")
        usual = level.title() + " " + codes
        found[f"{level}_code"] = codes
        found[f"{level}_name"] = usual if names is None else names.fillna(usual)


def kota_codes(kecamatan: "pd.Series[str]") -> "pd.Series[str] | None":
    """Codes of the city with which codes of kecamatan of Kemendagri or BPS begin, else None.

    ``33.74`` of ``33.74.06``, ``3374`` of ``3374010`` (BPS) and of ``337406``.
    """
    codes = kecamatan.unique()
    if all(_DOTTED.match(code) for code in codes):
        return kecamatan.str[:5]
    return kecamatan.str[:4] if all(_PLAIN.match(code) for code in codes) else None


def _common_kota(kecamatan: "pd.Series[str]") -> str:
    code = common_code(sorted(kecamatan.unique()))
    if code is None:
        raise BoundaryError(
            "no-kota-code",
            "The codes of the kecamatan do not say the code of the city. Say it with "
            "--kota-code =CODE; the codes of the kecamatan must begin with it.",
            indonesian="Kode kota tidak dapat diketahui dari kode kecamatan. Sebutkan dengan "
            "--kota-code =KODE; kode kecamatan harus diawali kode itu.",
        )
    return code


def refuse_two_kota(frame: gpd.GeoDataFrame, kota: "pd.Series[str]") -> None:
    """Refuse rows of several cities: cases of the one would be published under the other.

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
        several((f"{code} ({n} baris)" for code, n in sizes.items()), language="id"),
        several(f"{code} ({n} rows)" for code, n in sizes.items()),
    )
    raise BoundaryError(
        "two-kota",
        f"The file holds {len(sizes)} cities or regencies: {cities.en}. A database holds one: give "
        "each a database of its own, and load the file into each with the rows of the others left "
        "out, by --leave-out COLUMN=VALUE with the column of their code or name (the first row of "
        f"{fewest} is {row_name(frame, int((kota == fewest).to_numpy().argmax()))}).",
        indonesian=f"Berkas ini memuat {len(sizes)} kota atau kabupaten: {cities.id}. Satu basis "
        "data hanya memuat satu kota: buat basis data sendiri untuk setiap kota, lalu muat "
        "berkas ini ke masing-masing tanpa baris kota lain, dengan --leave-out KOLOM=NILAI "
        f"memakai kolom kode atau nama kota (baris pertama {fewest} ialah "
        f"{row_name(frame, int((kota == fewest).to_numpy().argmax()), language='id')}).",
    )


def numbers_of(frame: gpd.GeoDataFrame, columns: Columns) -> list[RtNumber | None] | None:
    """Numbers of the RT from a column of labels or two of numbers; None where there are none.

    A single None is an area that is no RT.
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
                rw=number_in(frame, at, columns.rw, rw), rt=number_in(frame, at, columns.rt, rt)
            )
            for at, (rw, rt) in enumerate(zip(rws, rts, strict=True))
        ]
    else:
        return None
    kinds = texts(frame, columns, "kind")
    if kinds is None:
        return numbers
    return [None if kind == OTHER else n for kind, n in zip(kinds, numbers, strict=True)]


def number_in(frame: gpd.GeoDataFrame, at: int, column: str, text: str) -> int:
    """The number of an RT or RW in a cell.

    Raises
    ------
    BoundaryError
        ``not-a-number``, with the row and what stands in it.
    """
    found = _NUMBER.match(text)
    if found is None or int(found[1]) == 0:
        raise BoundaryError(
            "not-a-number",
            f"The column {column} holds {text[:30]!r} in {row_name(frame, at)}, and a number from "
            "1 to 999 is wanted. Mend it, or leave it empty for an area that is no RT.",
            indonesian=f"Kolom {column} berisi {text[:30]!r} pada "
            f"{row_name(frame, at, language='id')}, padahal isinya harus angka dari 1 sampai "
            "999. Perbaiki, atau kosongkan untuk wilayah yang bukan RT.",
        )
    return int(found[1])


def _no_rt() -> BoundaryError:
    return BoundaryError(
        "no-rt",
        "No polygon here is an RT. Name the column of labels like 'RT 002 RW 003' with "
        "--rt-label, or those of the numbers with --rw and --rt. If RT are not drawn, there are "
        "two ways: divide the RW, dusun or kelurahan into RT with `mikrozonasi boundaries make` "
        "(where they overlap, after `mikrozonasi boundaries mend`), or take RW, dusun or SLS for "
        "the smallest zones with --smallest-zone rw, dusun or sls.",
        indonesian="Tidak ada poligon di sini yang berupa RT. Sebutkan kolom label seperti 'RT "
        "002 RW 003' dengan --rt-label, atau kolom nomornya dengan --rw dan --rt. Jika RT "
        "tidak digambar, ada dua cara: bagi RW, dusun atau kelurahan menjadi RT dengan "
        "`mikrozonasi boundaries make` (jika tumpang tindih, setelah `mikrozonasi boundaries "
        "mend`), atau pakai RW, dusun atau SLS sebagai zona terkecil dengan --smallest-zone "
        "rw, dusun atau sls.",
    )


def _names(frame: gpd.GeoDataFrame, columns: Columns, numbers: list[RtNumber | None]) -> list[str]:
    given = texts(frame, columns, "rt_label")
    if given is None:
        given = texts(frame, columns, "name")
    own = [None] * len(frame) if given is None else [None if pd.isna(g) else g for g in given]
    return [
        (name or "Lain-lain") if number is None else rt_name(number)
        for name, number in zip(own, numbers, strict=True)
    ]


def _populations(frame: gpd.GeoDataFrame, columns: Columns) -> "pd.Series[float]":
    given = texts(frame, columns, "population")
    if given is None:
        return pd.Series(float("nan"), index=frame.index)
    if not _are_numbers(frame, columns.population):
        # In text it parts thousands: `1.250` is no person and a quarter.
        parted = given.str.match(_THOUSANDS).fillna(value=False).astype(bool)
        given = given.mask(parted, given.str.replace(r"[.,]", "", regex=True))
    numbers = pd.to_numeric(given, errors="coerce")
    wrong = ((numbers.isna() & given.notna()) | (numbers < 0)).to_numpy()
    if bool(wrong.any()):
        at = int(wrong.argmax())
        raise BoundaryError(
            "not-a-number",
            f"The column {columns.population} holds {str(given.iloc[at])[:30]!r} in "
            f"{row_name(frame, at)}, which is not a number of people. Mend it, or leave it empty.",
            indonesian=f"Kolom {columns.population} berisi {str(given.iloc[at])[:30]!r} pada "
            f"{row_name(frame, at, language='id')}, yang bukan jumlah penduduk. Perbaiki, atau "
            "kosongkan.",
        )
    return numbers.astype("float64")


def _are_numbers(frame: gpd.GeoDataFrame, column: str) -> bool:
    return column in frame.columns and pd.api.types.is_numeric_dtype(frame[column])


def _take_own_codes(found: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns) -> None:
    """Take a file's own codes of RT; they must begin with the parent's.

    A column that happens to be called ``code`` is believed in a canonical file only.
    """
    canonical = columns.kelurahan_code == CANONICAL.kelurahan_code
    given = texts(frame, columns, "code")
    if given is None or (columns.code == CANONICAL.code and not canonical):
        return
    codes = given.fillna(found["code"])
    parents = found["rw_code"].fillna(found["kelurahan_code"])
    _refuse_unnested(codes, parents, "area", "RW or kelurahan")
    found["code"] = codes


def _check_nesting(found: gpd.GeoDataFrame) -> None:
    _refuse_unnested(found["kelurahan_code"], found["kecamatan_code"], "kelurahan", "kecamatan")
    _refuse_unnested(found["kecamatan_code"], found["kota_code"], "kecamatan", "kota")


def _refuse_unnested(
    children: "pd.Series[str]", parents: "pd.Series[str]", child: str, parent: str
) -> None:
    for row, own, above in zip(children.index, children, parents, strict=True):
        if not own.startswith(above) or own == above:
            raise BoundaryError(
                "code-not-nested",
                f"In row {row + 1} the code {own} of a {child} does not begin with the code "
                f"{above} of its {parent}. Codes must nest, like 33.74.06 and 33.74.06.1010: give "
                "columns whose codes do.",
                indonesian=f"Pada baris {row + 1}, kode {own} untuk {child} tidak diawali kode "
                f"{above} untuk {parent}. Kode harus bertingkat, seperti 33.74.06 dan "
                "33.74.06.1010: pakai kolom yang kodenya bertingkat.",
            )


def _check_names(found: gpd.GeoDataFrame) -> None:
    for level in ("kelurahan", "kecamatan", "kota"):
        code, name = f"{level}_code", f"{level}_name"
        pairs = found[[code, name]].drop_duplicates()
        twice = pairs[pairs[code].duplicated()]
        if len(twice):
            own = found[code] == twice[code].iloc[0]
            quoted = [f"{called!r}" for called in found[name][own].unique()]
            names = Bilingual(several(quoted, language="id"), several(quoted))
            other = own & (found[name] == twice[name].iloc[0])
            raise BoundaryError(
                "two-names",
                f"The {level} {twice[code].iloc[0]} has more than one name: {names.en}; the second "
                f"from {row_name(found, int(other.to_numpy().argmax()))} on. Make the column of "
                "names agree with the column of codes.",
                indonesian=f"{level} {twice[code].iloc[0]} punya lebih dari satu nama: "
                f"{names.id}; nama kedua mulai dari "
                f"{row_name(found, int(other.to_numpy().argmax()), language='id')}. Samakan "
                "kolom nama dengan kolom kode.",
            )


def _in_order(found: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """By code; rows of the same code by their shapes, whatever their order was."""
    twice = found["code"].duplicated(keep=False)
    shapes = found.geometry.normalize().to_wkb().where(twice, b"")
    return (
        found.assign(shape=shapes)
        .sort_values(["code", "shape"], ignore_index=True)
        .drop(columns="shape")
    )
