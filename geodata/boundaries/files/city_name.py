"""The city's own name and code: taken from the file where it says them, else asked for."""

import re
from dataclasses import replace
from typing import Final

import geopandas as gpd
import pandas as pd

from geodata.boundaries.files.columns import Columns, cell_text, parents_by_dots, texts
from geodata.boundaries.files.naming import kota_codes, refuse_two_kota
from geodata.errors import BoundaryError
from geodata.language import Bilingual
from geodata.regions import regency_name

_CITY: Final = re.compile(r"^(KOTA|KABUPATEN|KAB\.?)( ADM\w*\.?)?\s+\w", re.IGNORECASE)
_CODE_COLUMN: Final = re.compile(r"kab|kota|dati|regency|city", re.IGNORECASE)


def with_city(frame: gpd.GeoDataFrame, columns: Columns) -> Columns:
    """Columns that say the city's name and code, found in the file where nobody named them.

    The code follows from codes of kecamatan of Kemendagri or BPS, or stands in a column of the
    city that has one value with which all codes of kecamatan begin. The name stands in a column
    that has one value like ``KOTA SURAKARTA``, or belongs to the code by law.

    Raises
    ------
    BoundaryError
        ``no-kota-code`` or ``no-kota-name`` if the file does not say it; ``two-kota``.
    """
    kecamatan = _kecamatan(frame, columns)
    if kecamatan is None:
        return columns  # `name_areas` says what is missing
    known = kota_codes(kecamatan)
    if known is not None:
        refuse_two_kota(frame, known)
    code = texts(frame, columns, "kota_code")
    code = known if code is None else code
    one = code.iloc[0] if code is not None else _code_in_file(frame, kecamatan)
    if one is None:
        raise _asked(
            "code",
            Bilingual("kode", "code"),
            Bilingual(
                "--kota-code =KODE, yang mengawali kode kecamatan",
                "--kota-code =CODE, with which the codes of the kecamatan begin",
            ),
        )
    if texts(frame, columns, "kota_code") is None:
        columns = replace(columns, kota_code=f"={one}")
    name = texts(frame, columns, "kota_name")
    if name is None or bool(name.isna().all()):
        found = _name_in_file(frame) or regency_name(str(one))
        if found is None:
            how = "--kota-name '=Kota X'"
            raise _asked("name", Bilingual("nama", "name"), Bilingual(how, how))
        columns = replace(columns, kota_name=f"={found}")
    return columns


def _kecamatan(frame: gpd.GeoDataFrame, columns: Columns) -> "pd.Series[str] | None":
    codes = texts(frame, columns, "kecamatan_code")
    if codes is None or bool(codes.isna().any()):
        kelurahan = texts(frame, columns, "kelurahan_code")
        if kelurahan is None or bool(kelurahan.isna().any()):
            return None
        codes = parents_by_dots(kelurahan)
    return codes


def _code_in_file(frame: gpd.GeoDataFrame, kecamatan: "pd.Series[str]") -> str | None:
    """The longest code of a column of the city with which all codes of kecamatan begin."""
    below = kecamatan.unique()
    fitting = [
        value
        for name, value in _constants(frame)
        if _CODE_COLUMN.search(name)
        and all(code.startswith(value) and code != value for code in below)
    ]
    return max(fitting, key=len, default=None)


def _name_in_file(frame: gpd.GeoDataFrame) -> str | None:
    return next((value for _, value in _constants(frame) if _CITY.match(value)), None)


def _constants(frame: gpd.GeoDataFrame) -> list[tuple[str, str]]:
    """Columns that say one thing in all rows, and what."""
    found = []
    for name in frame.columns:
        if name == frame.geometry.name:
            continue
        cells = {cell_text(cell) for cell in frame[name].unique().tolist()}
        if len(cells) == 1 and None not in cells:
            found.append((str(name), str(cells.pop())))
    return found


def _asked(field: str, what: Bilingual, how: Bilingual) -> BoundaryError:
    return BoundaryError(
        f"no-kota-{field}",
        f"The file does not say the {what.en} of the city. Say it with {how.en}, or name its "
        "column.",
        indonesian=f"Berkas ini tidak menyebut {what.id} kota. Sebutkan dengan {how.id}, atau "
        "sebutkan nama kolomnya.",
    )
