"""Columns of a boundary file: canonical names, or the names in the options."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import geopandas as gpd
import pandas as pd

from geodata.boundaries.files.rows import list_rows
from geodata.errors import BoundaryError
from geodata.language import Bilingual
from geodata.text.cells import clean_text

_NUMBER_AS_TEXT = re.compile(r"^(\d{4,})[.,]0+$")
"""Code as a decimal number, written by a spreadsheet or GIS: ``3374010001.0``."""
_KEMENDAGRI = re.compile(r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$")


@dataclass(frozen=True)
class Columns:
    """Names of the columns of a file; ``=text`` is a constant text for every row.

    The defaults are the names in files of `mikrozonasi boundaries make`. Only ``kelurahan_code``,
    and ``rt_label`` or ``rw`` and ``rt``, are required: codes of the kecamatan and the kota follow
    from codes of Kemendagri (``33.74.06.1010``) or BPS, or from the common beginning of the codes
    of the kecamatan; names follow from codes. `add_city` finds name and code of the city.
    """

    kelurahan_code: str = "kelurahan_code"
    kelurahan_name: str = "kelurahan_name"
    kecamatan_code: str = "kecamatan_code"
    kecamatan_name: str = "kecamatan_name"
    kota_code: str = "kota_code"
    kota_name: str = "kota_name"
    rt_label: str = "rt_label"
    rw: str = "rw"
    rt: str = "rt"
    code: str = "code"
    kind: str = "kind"
    name: str = "name"
    population: str = "population"


CANONICAL = Columns()
_CODE_FIELDS = ("code", "kelurahan_code")


def texts(frame: gpd.GeoDataFrame, columns: Columns, field: str) -> "pd.Series[str] | None":
    """Column as stripped text, null for an empty cell; None if the file lacks the column.

    Parameters
    ----------
    field
        Name of a field of `Columns`.

    Raises
    ------
    BoundaryError
        ``missing-column`` for a missing column with a name other than the canonical one;
        ``empty-value`` for an empty constant text.
    """
    name = str(getattr(columns, field))
    if name.startswith("="):
        return pd.Series(_constant_text(name, field), index=frame.index, dtype="str")
    if name not in frame.columns:
        if name != getattr(CANONICAL, field):
            raise missing_column_error(frame, name, field)
        return None
    cells = [cell_text(cell) for cell in frame[name].tolist()]
    return pd.Series(cells, index=frame.index, dtype="str")


def _constant_text(value: str, field: str) -> str:
    """Constant text of ``=text``."""
    text = cell_text(value[1:])
    if text is None:
        option = "--" + field.replace("_", "-")
        raise BoundaryError(
            "empty-value",
            f"{option} '=' has no text after the equals sign. Write {option} "
            "=TEXT, or name a column.",
            indonesian=f"Pada {option} '=' tidak ada isi di belakang tanda =. Tulis {option} "
            "=TEKS, atau sebutkan nama kolom.",
        )
    return text


def required_texts(frame: gpd.GeoDataFrame, columns: Columns, field: str) -> "pd.Series[str]":
    """Like `texts`, for a column that must exist and have no empty cells.

    Raises
    ------
    BoundaryError
        ``missing-column``, or ``empty-cells``.
    """
    cells = texts(frame, columns, field)
    if cells is None:
        raise missing_column_error(frame, str(getattr(columns, field)), field)
    if bool(cells.isna().any()):
        is_empty = cells.isna().to_numpy()
        alternative = (
            Bilingual(
                ", atau keluarkan baris itu dengan --leave-out no-code",
                " or exclude the rows with --leave-out no-code",
            )
            if field in _CODE_FIELDS
            else Bilingual("", "")
        )
        raise BoundaryError(
            "empty-cells",
            f"{int(is_empty.sum())} of {len(cells)} rows are empty in the column "
            f"{getattr(columns, field)}, which is required for the {field.replace('_', ' ')}: "
            f"{list_rows(frame, is_empty)}. Fill in the cells{alternative.en}.",
            indonesian=f"{int(is_empty.sum())} dari {len(cells)} baris kosong pada kolom "
            f"{getattr(columns, field)}, yang diperlukan untuk {field.replace('_', ' ')}: "
            f"{list_rows(frame, is_empty, language='id')}. Isi sel itu{alternative.id}.",
        )
    return cells


def missing_column_error(frame: gpd.GeoDataFrame, column: str, field: str) -> BoundaryError:
    """Error for a missing column; the message lists the columns and suggests the most similar."""
    present = [str(name) for name in frame.columns if name != frame.geometry.name]
    similar = difflib.get_close_matches(column, present, n=1)
    option = "--" + field.replace("_", "-")
    suggestion = (
        Bilingual(f" Mungkin {option} {similar[0]}?", f" Perhaps {option} {similar[0]}?")
        if similar
        else Bilingual("", "")
    )
    return BoundaryError(
        "missing-column",
        f"There is no column {column!r} for the {field.replace('_', ' ')}. The file has: "
        f"{', '.join(present) or 'none'}. Name a column with {option}, or give one value for all "
        f"rows with {option} =VALUE.{suggestion.en}",
        indonesian=f"Tidak ada kolom {column!r} untuk {field.replace('_', ' ')}. Kolom yang ada: "
        f"{', '.join(present) or 'tidak ada'}. Sebutkan kolomnya dengan {option}, atau beri "
        f"satu nilai untuk semua baris dengan {option} =NILAI.{suggestion.id}",
    )


def parents_by_dots(codes: "pd.Series[str]") -> "pd.Series[str] | None":
    """Codes of the kecamatan, if all codes are Kemendagri codes of kelurahan; else None."""
    if not all(_KEMENDAGRI.match(code) for code in codes.unique()):
        return None
    return codes.str.rsplit(".", n=1).str[0]


def common_code(codes: Sequence[str]) -> str | None:
    """Code of the kota: the common beginning of the codes of kecamatan; None if empty.

    Codes with dots are cut at a dot. A single code without dots has no parent.
    """
    if all("." in code for code in codes):
        return ".".join(_common_prefix([code.split(".")[:-1] for code in codes])) or None
    prefix = "".join(_common_prefix(codes))
    return prefix if prefix and prefix not in codes else None


def _common_prefix(sequences: Sequence[Sequence[str]]) -> list[str]:
    """Common prefix."""
    columns = zip(*sequences, strict=False)
    return [first for first, *_ in takewhile(lambda column: len(set(column)) == 1, columns)]


def cell_text(cell: object) -> str | None:
    """Text of a cell, stripped; None for an empty cell."""
    if cell is None or pd.isna(cell):  # type: ignore[call-overload]
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # 3374.0: an integer column with a null is read as float
    text = clean_text(str(cell))
    return None if text is None else _NUMBER_AS_TEXT.sub(r"\1", text)
