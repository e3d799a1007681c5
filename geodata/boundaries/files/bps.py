"""Convert the columns of BPS, the statistics office, to canonical columns: ``--source bps``.

BPS files have the code of an area in parts (``kdprov``, ``kdkab``, ``kdkec``, ``kddesa``,
``kdsls``) or joined (``iddesa`` of 10 digits, ``idsls`` of 14 or 16), and names in ``nmprov`` to
``nmsls``. Numbers often lack leading zeros, or have the form ``3374010001.0``.
"""

import re
from typing import Final, Literal, NamedTuple, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.boundaries.files.columns import cell_text
from geodata.boundaries.files.rows import list_rows, row_name
from geodata.errors import BoundaryError, InputError
from geodata.language import Bilingual

Source = Literal["bps"]
SOURCES: Final[tuple[Source, ...]] = get_args(Source)


class _CodePart(NamedTuple):
    """Part of a code: possible columns, and number of digits."""

    columns: tuple[str, ...]
    digits: int


_CODE_PARTS: Final = (
    _CodePart(("kdprov", "kdprop", "prov_no"), 2),
    _CodePart(("kdkab", "kdkabkota", "kab_no"), 2),
    _CodePart(("kdkec", "kec_no"), 3),
    _CodePart(("kddesa", "kdkel", "kddeskel", "desa_no"), 3),
)
_CODE_LENGTHS: Final = {"kota": 4, "kecamatan": 7, "kelurahan": 10}
"""Digits of a joined code for each level; an SLS has 14, a part of an SLS has 16."""
_FIRST_CITY: Final = 71
_KIND: Final = re.compile(r"^(KOTA|KAB)", re.IGNORECASE)
_JOINED_LENGTHS: Final = {
    "idkab": (4,),
    "idkec": (7,),
    "iddesa": (10,),
    "idkel": (10,),
    "idsls": (14, 16),
    "idsubsls": (16,),
}
_NAMES: Final = {
    "kota_name": ("nmkab", "nmkabkota", "kabkot"),
    "kecamatan_name": ("nmkec", "kecamatan"),
    "kelurahan_name": ("nmdesa", "nmkel", "desa"),
    "rt_label": ("nmsls", "nama_sls"),
}


def convert_source(frame: gpd.GeoDataFrame, source: str | None) -> gpd.GeoDataFrame:
    """Add canonical columns from the columns of a known source.

    Returns
    -------
    GeoDataFrame
        With ``kelurahan_code``, ``kecamatan_code``, ``kota_code``, and, if the file has them,
        ``rt_label`` and names; a row with empty parts has no code. Parts of an SLS have the label
        of the SLS, so they become one area.

    Raises
    ------
    InputError
        ``unknown-source``.
    BoundaryError
        ``not-bps`` for missing columns; ``bad-code`` for a cell without a code, or a row whose
        parts differ from its joined code.
    """
    if source is None:
        return frame
    if source not in SOURCES:
        raise InputError(
            "unknown-source",
            f"{source!r} is not a known source. Choose one of: {', '.join(SOURCES)}.",
            indonesian=f"Sumber {source!r} tidak dikenal di sini. Pilih salah satu: "
            f"{', '.join(SOURCES)}.",
        )
    codes = _codes(frame)
    converted = frame.copy()
    for level in ("kota", "kecamatan", "kelurahan"):
        codes_of_level = [None if code is None else code[: _CODE_LENGTHS[level]] for code in codes]
        converted[f"{level}_code"] = pd.Series(codes_of_level, index=frame.index, dtype="str")
    for canonical, bps_names in _NAMES.items():
        column = _column(frame, bps_names)
        if column is not None:
            cells = [cell_text(cell) for cell in frame[column].tolist()]
            converted[canonical] = pd.Series(cells, index=frame.index, dtype="str")
    if "kota_name" in converted.columns:
        pairs = zip(converted["kota_name"], codes, strict=True)
        converted["kota_name"] = pd.Series(
            [_city_name(name, code) for name, code in pairs], index=frame.index, dtype="str"
        )
    return converted


def _city_name(name: object, code: str | None) -> str | None:
    """Add the kind to the name of a city: BPS codes of cities begin at 71."""
    if not isinstance(name, str) or code is None or _KIND.match(name):
        return name if isinstance(name, str) else None
    return f"{'Kota' if int(code[2:4]) >= _FIRST_CITY else 'Kabupaten'} {name}"


def _codes(frame: gpd.GeoDataFrame) -> list[str | None]:
    """Longest code of each row, at least the code of a kelurahan; None for no code."""
    joined = _joined_codes(frame)
    from_parts = _codes_from_parts(frame)
    if joined is None and from_parts is None:
        present_columns = ", ".join(str(name) for name in frame.columns if name != "geometry")
        raise BoundaryError(
            "not-bps",
            "The file does not have the columns of BPS: kdprov, kdkab, kdkec and kddesa, or "
            f"iddesa, or idsls. It has: {present_columns or 'none'}. Name the columns one by one "
            "instead of --source bps.",
            indonesian="Berkas ini tidak punya kolom BPS: kdprov, kdkab, kdkec dan kddesa, atau "
            f"iddesa, atau idsls. Kolom yang ada: {present_columns or 'tidak ada'}. Sebutkan "
            "kolomnya satu per satu sebagai ganti --source bps.",
        )
    if joined is None or from_parts is None:
        return joined or from_parts or []
    differ = np.array(
        [
            _differ(joined_code, code_from_parts)
            for joined_code, code_from_parts in zip(joined, from_parts, strict=True)
        ]
    )
    if bool(differ.any()):
        raise BoundaryError(
            "bad-code",
            f"The joined code and its parts name different areas in {list_rows(frame, differ)}. "
            "Correct the rows, or exclude them with --leave-out.",
            indonesian="Kode gabungan dan bagian-bagiannya menunjuk wilayah yang berbeda pada "
            f"{list_rows(frame, differ, language='id')}. Perbaiki baris itu, atau keluarkan dengan "
            "--leave-out.",
        )
    pairs = zip(joined, from_parts, strict=True)
    return [
        max((joined_code or "", code_from_parts or ""), key=len) or None
        for joined_code, code_from_parts in pairs
    ]


def _differ(first: str | None, second: str | None) -> bool:
    if first is None or second is None:
        return False
    return not (first.startswith(second) or second.startswith(first))


def _joined_codes(frame: gpd.GeoDataFrame) -> list[str | None] | None:
    for name in ("idsubsls", "idsls", "iddesa", "idkel"):
        column = _column(frame, (name,))
        if column is not None:
            cells = _digits(frame, column)
            is_wrong = [
                cell is not None and len(cell) not in _JOINED_LENGTHS[name] for cell in cells
            ]
            lengths = _JOINED_LENGTHS[name]
            expected = Bilingual(
                f"{' atau '.join(map(str, lengths))} angka",
                f"{' or '.join(map(str, lengths))} digits",
            )
            _check_cells(frame, column, np.array(is_wrong), expected)
            return cells
    return None


def _codes_from_parts(frame: gpd.GeoDataFrame) -> list[str | None] | None:
    """Codes from their parts, each with leading zeros."""
    columns = [_column(frame, part.columns) for part in _CODE_PARTS]
    cells = []
    for column, part in zip(columns, _CODE_PARTS, strict=True):
        if column is None:
            return None
        digits = _digits(frame, column)
        is_wrong = np.array([cell is not None and len(cell) > part.digits for cell in digits])
        expected = Bilingual(f"paling banyak {part.digits} angka", f"at most {part.digits} digits")
        _check_cells(frame, column, is_wrong, expected)
        cells.append([None if cell is None else cell.zfill(part.digits) for cell in digits])
    rows = zip(*cells, strict=True)
    return [None if None in row else "".join(map(str, row)) for row in rows]


def _digits(frame: gpd.GeoDataFrame, column: str) -> list[str | None]:
    cells = [cell_text(cell) for cell in frame[column].tolist()]
    is_wrong = np.array(
        [cell is not None and not (cell.isascii() and cell.isdigit()) for cell in cells]
    )
    _check_cells(frame, column, np.array(is_wrong), Bilingual("angka saja", "digits only"))
    return cells


def _check_cells(
    frame: gpd.GeoDataFrame, column: str, is_wrong: NDArray[np.bool_], expected: Bilingual
) -> None:
    if not bool(is_wrong.any()):
        return
    row = int(np.flatnonzero(is_wrong)[0])
    cell = cell_text(frame[column].iloc[row]) or ""
    raise BoundaryError(
        "bad-code",
        f"The column {column} has {cell[:30]!r} in {row_name(frame, row)} instead of {expected.en} "
        f"({int(is_wrong.sum())} rows in total). Correct the rows, or exclude them with "
        f"--leave-out {column}={cell[:30]}.",
        indonesian=f"Kolom {column} berisi {cell[:30]!r} pada "
        f"{row_name(frame, row, language='id')}, seharusnya {expected.id} "
        f"({int(is_wrong.sum())} baris seluruhnya). Perbaiki baris itu, atau keluarkan dengan "
        f"--leave-out {column}={cell[:30]}.",
    )


def _column(frame: gpd.GeoDataFrame, names: tuple[str, ...]) -> str | None:
    """Column with one of the names, in any case."""
    present = {str(name).casefold(): str(name) for name in frame.columns}
    return next((present[name] for name in names if name in present), None)
