"""Which column of a file says what: the canonical names, or the ones somebody names."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile

import geopandas as gpd
import pandas as pd

from geodata.boundaries.files.rows import listed
from geodata.errors import BoundaryError
from geodata.language import Bilingual
from geodata.text.cells import clean_text

_NUMBER_AS_TEXT = re.compile(r"^(\d{4,})[.,]0+$")
"""A code that a spreadsheet or GIS wrote as a decimal number: ``3374010001.0``."""
_KEMENDAGRI = re.compile(r"^\d{2}\.\d{2}\.\d{2}\.\d{4}$")


@dataclass(frozen=True)
class Columns:
    """Names of a file's columns; ``=text`` is that text for every row.

    The defaults are the names in files that `mikrozonasi boundaries make` writes. Only
    ``kelurahan_code``, and ``rt_label`` or ``rw`` and ``rt``, must be there: codes of the
    kecamatan and the kota follow from codes of Kemendagri (``33.74.06.1010``) or BPS, or from what
    the codes of the kecamatan have in common; names from the codes. The city's own are found in
    the file, or asked for, by `with_city`.
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
_CODES = ("code", "kelurahan_code")


def texts(frame: gpd.GeoDataFrame, columns: Columns, field: str) -> "pd.Series[str] | None":
    """A column as text, stripped, null where empty; None where the file has no such column.

    Parameters
    ----------
    field
        Name of a field of `Columns`.

    Raises
    ------
    BoundaryError
        ``missing-column`` if the column was named by somebody and is not there;
        ``empty-value`` if a text for every row says nothing.
    """
    wanted = str(getattr(columns, field))
    if wanted.startswith("="):
        return pd.Series(_value(wanted, field), index=frame.index, dtype="str")
    if wanted not in frame.columns:
        if wanted != getattr(CANONICAL, field):
            raise missing_column(frame, wanted, field)
        return None
    cells = [cell_text(cell) for cell in frame[wanted].tolist()]
    return pd.Series(cells, index=frame.index, dtype="str")


def _value(wanted: str, field: str) -> str:
    """The text for every row that ``=text`` says."""
    text = cell_text(wanted[1:])
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


def required(frame: gpd.GeoDataFrame, columns: Columns, field: str) -> "pd.Series[str]":
    """Like `texts`, of a column that must be there and full.

    Raises
    ------
    BoundaryError
        ``missing-column``, or ``empty-cells`` if a row says nothing.
    """
    found = texts(frame, columns, field)
    if found is None:
        raise missing_column(frame, str(getattr(columns, field)), field)
    if bool(found.isna().any()):
        empty = found.isna().to_numpy()
        out = (
            Bilingual(
                ", atau keluarkan baris itu dengan --leave-out no-code",
                " or leave the rows out with --leave-out no-code",
            )
            if field in _CODES
            else Bilingual("", "")
        )
        raise BoundaryError(
            "empty-cells",
            f"{int(empty.sum())} of {len(found)} rows have nothing in the column "
            f"{getattr(columns, field)}, wanted for the {field.replace('_', ' ')}: "
            f"{listed(frame, empty)}. Fill it in{out.en}.",
            indonesian=f"{int(empty.sum())} dari {len(found)} baris kosong pada kolom "
            f"{getattr(columns, field)}, yang diperlukan untuk {field.replace('_', ' ')}: "
            f"{listed(frame, empty, language='id')}. Isi kolom itu{out.id}.",
        )
    return found


def missing_column(frame: gpd.GeoDataFrame, wanted: str, field: str) -> BoundaryError:
    """The error that names the columns there are, and the one perhaps meant."""
    present = [str(name) for name in frame.columns if name != frame.geometry.name]
    alike = difflib.get_close_matches(wanted, present, n=1)
    option = "--" + field.replace("_", "-")
    meant = (
        Bilingual(f" Mungkin {option} {alike[0]}?", f" Perhaps {option} {alike[0]}?")
        if alike
        else Bilingual("", "")
    )
    return BoundaryError(
        "missing-column",
        f"There is no column {wanted!r} for the {field.replace('_', ' ')}. The file has: "
        f"{', '.join(present) or 'none'}. Name one with {option}, or give one value for all rows "
        f"with {option} =VALUE.{meant.en}",
        indonesian=f"Tidak ada kolom {wanted!r} untuk {field.replace('_', ' ')}. Kolom yang ada: "
        f"{', '.join(present) or 'tidak ada'}. Sebutkan kolomnya dengan {option}, atau beri "
        f"satu nilai untuk semua baris dengan {option} =NILAI.{meant.id}",
    )


def parents_by_dots(codes: "pd.Series[str]") -> "pd.Series[str] | None":
    """Codes of the kecamatan, where all codes are Kemendagri codes of kelurahan."""
    if not all(_KEMENDAGRI.match(code) for code in codes.unique()):
        return None
    return codes.str.rsplit(".", n=1).str[0]


def common_code(codes: Sequence[str]) -> str | None:
    """What the kecamatan's codes have in common, as the kota's code; None if there is nothing.

    Dotted codes are cut at a dot, and one code alone must be dotted to have a parent.
    """
    if all("." in code for code in codes):
        return ".".join(_common([code.split(".")[:-1] for code in codes])) or None
    shared = "".join(_common(codes))
    return shared if shared and shared not in codes else None


def _common(sequences: Sequence[Sequence[str]]) -> list[str]:
    """What all begin with."""
    columns = zip(*sequences, strict=False)
    return [first for first, *rest in takewhile(lambda column: len(set(column)) == 1, columns)]


def cell_text(cell: object) -> str | None:
    """What a cell of a file says, stripped; None where it says nothing."""
    if cell is None or pd.isna(cell):  # type: ignore[call-overload]
        return None
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))  # 3374.0: a number column with a null in it
    text = clean_text(str(cell))
    return None if text is None else _NUMBER_AS_TEXT.sub(r"\1", text)
