"""The columns of BPS, the statistics office, turned into ours: ``--source bps``.

Its files say the code of an area in parts (``kdprov``, ``kdkab``, ``kdkec``, ``kddesa``,
``kdsls``) or joined (``iddesa`` of 10 digits, ``idsls`` of 14 or 16), with names in ``nmprov`` to
``nmsls``. Numbers often lost their noughts in front, or came as ``3374010001.0``.
"""

import re
from typing import Final, Literal, NamedTuple, get_args

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from geodata.boundaries.files.columns import cell_text
from geodata.boundaries.files.rows import listed, row_name
from geodata.errors import BoundaryError, InputError
from geodata.language import Bilingual

Source = Literal["bps"]
SOURCES: Final[tuple[Source, ...]] = get_args(Source)


class _Part(NamedTuple):
    """A part of a code: the columns that may hold it, and its digits."""

    columns: tuple[str, ...]
    digits: int


_PARTS: Final = (
    _Part(("kdprov", "kdprop", "prov_no"), 2),
    _Part(("kdkab", "kdkabkota", "kab_no"), 2),
    _Part(("kdkec", "kec_no"), 3),
    _Part(("kddesa", "kdkel", "kddeskel", "desa_no"), 3),
)
_ENDS: Final = {"kota": 4, "kecamatan": 7, "kelurahan": 10}
"""Digits of a joined code down to each level; an SLS has 14, a part of one 16."""
_FIRST_CITY: Final = 71
_KIND: Final = re.compile(r"^(KOTA|KAB)", re.IGNORECASE)
_JOINED: Final = {
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


def with_source(frame: gpd.GeoDataFrame, source: str | None) -> gpd.GeoDataFrame:
    """The frame with our columns, made of those of a known source.

    Returns
    -------
    GeoDataFrame
        With ``kelurahan_code``, ``kecamatan_code``, ``kota_code``, and where the file has them
        ``rt_label`` and names; a row whose parts are empty has no code. Parts of an SLS have its
        label, so they become one area.

    Raises
    ------
    InputError
        ``unknown-source``.
    BoundaryError
        ``not-bps`` if the columns are not there; ``bad-code`` if a cell holds no code, or parts
        and joined code of a row differ.
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
    made = frame.copy()
    for level in ("kota", "kecamatan", "kelurahan"):
        cut = [None if code is None else code[: _ENDS[level]] for code in codes]
        made[f"{level}_code"] = pd.Series(cut, index=frame.index, dtype="str")
    for ours, theirs in _NAMES.items():
        column = _column(frame, theirs)
        if column is not None:
            cells = [cell_text(cell) for cell in frame[column].tolist()]
            made[ours] = pd.Series(cells, index=frame.index, dtype="str")
    if "kota_name" in made.columns:
        pairs = zip(made["kota_name"], codes, strict=True)
        made["kota_name"] = pd.Series(
            [_city_name(name, code) for name, code in pairs], index=frame.index, dtype="str"
        )
    return made


def _city_name(name: object, code: str | None) -> str | None:
    """A city's name with what it is, which BPS leaves to the code: cities count from 71."""
    if not isinstance(name, str) or code is None or _KIND.match(name):
        return name if isinstance(name, str) else None
    return f"{'Kota' if int(code[2:4]) >= _FIRST_CITY else 'Kabupaten'} {name}"


def _codes(frame: gpd.GeoDataFrame) -> list[str | None]:
    """The longest code each row says, at least that of a kelurahan; None where it says none."""
    whole = _joined(frame)
    parts = _put_together(frame)
    if whole is None and parts is None:
        present = ", ".join(str(name) for name in frame.columns if name != "geometry")
        raise BoundaryError(
            "not-bps",
            "The file does not have the columns of BPS: kdprov, kdkab, kdkec and kddesa, or "
            f"iddesa, or idsls. It has: {present or 'none'}. Name its columns one by one instead "
            "of --source bps.",
            indonesian="Berkas ini tidak punya kolom BPS: kdprov, kdkab, kdkec dan kddesa, atau "
            f"iddesa, atau idsls. Kolom yang ada: {present or 'tidak ada'}. Sebutkan kolomnya "
            "satu per satu sebagai ganti --source bps.",
        )
    if whole is None or parts is None:
        return whole or parts or []
    differ = np.array([_differ(one, other) for one, other in zip(whole, parts, strict=True)])
    if bool(differ.any()):
        raise BoundaryError(
            "bad-code",
            f"The joined code and its parts name different areas in {listed(frame, differ)}. Mend "
            "the rows, or leave them out with --leave-out.",
            indonesian="Kode gabungan dan bagian-bagiannya menunjuk wilayah yang berbeda pada "
            f"{listed(frame, differ, language='id')}. Perbaiki baris itu, atau keluarkan dengan "
            "--leave-out.",
        )
    pairs = zip(whole, parts, strict=True)
    return [max((one or "", other or ""), key=len) or None for one, other in pairs]


def _differ(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return False
    return not (one.startswith(other) or other.startswith(one))


def _joined(frame: gpd.GeoDataFrame) -> list[str | None] | None:
    for name in ("idsubsls", "idsls", "iddesa", "idkel"):
        column = _column(frame, (name,))
        if column is not None:
            cells = _digits(frame, column)
            wrong = [cell is not None and len(cell) not in _JOINED[name] for cell in cells]
            lengths = _JOINED[name]
            wanted = Bilingual(
                f"{' atau '.join(map(str, lengths))} angka",
                f"{' or '.join(map(str, lengths))} digits",
            )
            _refuse_cells(frame, column, np.array(wrong), wanted)
            return cells
    return None


def _put_together(frame: gpd.GeoDataFrame) -> list[str | None] | None:
    """Codes made of their parts, each with its noughts in front."""
    columns = [_column(frame, part.columns) for part in _PARTS]
    cells = []
    for column, part in zip(columns, _PARTS, strict=True):
        if column is None:
            return None
        own = _digits(frame, column)
        wrong = np.array([cell is not None and len(cell) > part.digits for cell in own])
        wanted = Bilingual(f"paling banyak {part.digits} angka", f"at most {part.digits} digits")
        _refuse_cells(frame, column, wrong, wanted)
        cells.append([None if cell is None else cell.zfill(part.digits) for cell in own])
    rows = zip(*cells, strict=True)
    return [None if None in row else "".join(map(str, row)) for row in rows]


def _digits(frame: gpd.GeoDataFrame, column: str) -> list[str | None]:
    cells = [cell_text(cell) for cell in frame[column].tolist()]
    wrong = np.array(
        [cell is not None and not (cell.isascii() and cell.isdigit()) for cell in cells]
    )
    _refuse_cells(frame, column, np.array(wrong), Bilingual("angka saja", "digits alone"))
    return cells


def _refuse_cells(
    frame: gpd.GeoDataFrame, column: str, wrong: NDArray[np.bool_], wanted: Bilingual
) -> None:
    if not bool(wrong.any()):
        return
    at = int(np.flatnonzero(wrong)[0])
    cell = cell_text(frame[column].iloc[at]) or ""
    raise BoundaryError(
        "bad-code",
        f"The column {column} holds {cell[:30]!r} in {row_name(frame, at)}, and {wanted.en} are "
        f"wanted ({int(wrong.sum())} rows in all). Mend the rows, or leave them out with "
        f"--leave-out {column}={cell[:30]}.",
        indonesian=f"Kolom {column} berisi {cell[:30]!r} pada "
        f"{row_name(frame, at, language='id')}, padahal isinya harus {wanted.id} "
        f"({int(wrong.sum())} baris seluruhnya). Perbaiki baris itu, atau keluarkan dengan "
        f"--leave-out {column}={cell[:30]}.",
    )


def _column(frame: gpd.GeoDataFrame, names: tuple[str, ...]) -> str | None:
    """The column of one of some names, whatever its capitals."""
    present = {str(name).casefold(): str(name) for name in frame.columns}
    return next((present[name] for name in names if name in present), None)
