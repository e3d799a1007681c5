"""Name and code of the city: from the file, or an error that asks for them."""

import re
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.boundaries.files.columns import Columns, cell_text, parents_by_dots, texts
from geodata.boundaries.files.naming import check_one_kota, derive_kota_codes
from geodata.errors import BoundaryError
from geodata.language import Bilingual
from geodata.regions import regency_name

_CITY: Final = re.compile(r"^(KOTA|KABUPATEN|KAB\.?)( ADM\w*\.?)?\s+\w", re.IGNORECASE)
_CODE_COLUMN: Final = re.compile(r"kab|kota|dati|regency|city", re.IGNORECASE)


def add_city(frame: gpd.GeoDataFrame, columns: Columns) -> Columns:
    """Complete `Columns` with the name and code of the city.

    The code follows from the codes of kecamatan of Kemendagri or BPS, or is the single value of a
    column of the city with which all codes of kecamatan begin. The name is the single value of a
    column, such as ``KOTA SURAKARTA``, or the official name of the code.

    Raises
    ------
    BoundaryError
        ``no-kota-code`` or ``no-kota-name`` if the file does not have it; ``two-kota``.
    """
    kecamatan = _kecamatan_codes(frame, columns)
    if kecamatan is None:
        return columns  # `name_areas` raises the error
    derived_codes = derive_kota_codes(kecamatan)
    if derived_codes is not None:
        check_one_kota(frame, derived_codes)
    code = texts(frame, columns, "kota_code")
    code = derived_codes if code is None else code
    city_code = code.iloc[0] if code is not None else _code_in_file(frame, kecamatan)
    if city_code is None:
        raise _missing_error(
            "code",
            Bilingual("kode", "code"),
            Bilingual(
                "--kota-code =KODE (kode kecamatan diawali kode itu)",
                "--kota-code =CODE (the codes of the kecamatan begin with it)",
            ),
        )
    if texts(frame, columns, "kota_code") is None:
        columns = replace(columns, kota_code=f"={city_code}")
    name = texts(frame, columns, "kota_name")
    if name is None or bool(name.isna().all()):
        city_name = _name_in_file(frame) or regency_name(str(city_code))
        if city_name is None:
            option = "--kota-name '=Kota X'"
            raise _missing_error("name", Bilingual("nama", "name"), Bilingual(option, option))
        columns = replace(columns, kota_name=f"={city_name}")
    return columns


def _kecamatan_codes(frame: gpd.GeoDataFrame, columns: Columns) -> "pd.Series[str] | None":
    codes = texts(frame, columns, "kecamatan_code")
    if codes is None or bool(codes.isna().any()):
        kelurahan = texts(frame, columns, "kelurahan_code")
        if kelurahan is None or bool(kelurahan.isna().any()):
            return None
        codes = parents_by_dots(kelurahan)
    return codes


def _code_in_file(frame: gpd.GeoDataFrame, kecamatan: "pd.Series[str]") -> str | None:
    """Longest single value of a column of the city with which all codes of kecamatan begin."""
    kecamatan_codes = kecamatan.unique()
    matching = [
        value
        for name, value in _constants(frame)
        if _CODE_COLUMN.search(name)
        and all(code.startswith(value) and code != value for code in kecamatan_codes)
    ]
    return max(matching, key=len, default=None)


def _name_in_file(frame: gpd.GeoDataFrame) -> str | None:
    return next((value for _, value in _constants(frame) if _CITY.match(value)), None)


def _constants(frame: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Columns with the same value in all rows, and the value."""
    constants = []
    for name in frame.columns:
        if name == frame.geometry.name:
            continue
        cells = {cell_text(cell) for cell in frame[name].unique().tolist()}
        if len(cells) == 1 and None not in cells:
            constants.append((str(name), str(cells.pop())))
    return constants


def _missing_error(field: str, value_name: Bilingual, option: Bilingual) -> BoundaryError:
    return BoundaryError(
        f"no-kota-{field}",
        f"The file does not have the {value_name.en} of the city. Give it with {option.en}, or "
        "name the column.",
        indonesian=f"Berkas ini tidak memuat {value_name.id} kota. Sebutkan dengan {option.id}, "
        "atau sebutkan nama kolomnya.",
    )
