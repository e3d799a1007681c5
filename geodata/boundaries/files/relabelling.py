"""Numbers for unreadable labels, from a table ``label,rt,rw``; option ``--labels``."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd

from geodata.areas import RtNumber, parse_rt_label, rt_name
from geodata.boundaries.files.columns import Columns, cell_text, missing_column_error, texts
from geodata.boundaries.files.rows import join_names
from geodata.errors import BoundaryError
from geodata.language import Bilingual
from geodata.tables import read_table

_DIGITS: Final = re.compile(r"^0*[1-9]\d{0,2}$", re.ASCII)
_COLUMNS: Final = ("label", "rt", "rw")


class RelabelledRows(NamedTuple):
    """Frame with readable labels, and a remark on the changes."""

    frame: gpd.GeoDataFrame
    remarks: tuple[Bilingual, ...]


def read_labels(path: Path) -> dict[str, RtNumber]:
    """Read the numbers of labels from a table.

    Parameters
    ----------
    path
        File for `geodata.tables.read_table`, with the columns ``label,rt,rw``.

    Raises
    ------
    BoundaryError
        ``labels-table`` for a missing column, an unreadable number, or two numbers of a label.
    MikrozonasiError
        For an unreadable file.
    """
    sheet = read_table(path)
    column_by_name = {name.strip().casefold(): name for name in sheet.cells.column_names}
    missing = [name for name in _COLUMNS if name not in column_by_name]
    if missing:
        raise _table_error(
            path,
            Bilingual(
                f"tidak punya kolom {' dan '.join(missing)}",
                f"has no column {' and '.join(missing)}",
            ),
        )
    rows = sheet.cells.select([column_by_name[name] for name in _COLUMNS]).to_pylist()
    number_by_label: dict[str, RtNumber] = {}
    for line, cells in zip(sheet.rows.tolist(), rows, strict=True):
        label, rt, rw = (cell_text(cell) for cell in cells.values())
        number = _number(rt, rw)
        if label is None or number is None:
            raise _table_error(
                path,
                Bilingual(
                    f"tidak punya label, atau nomor dari 1 sampai 999, pada baris {line}",
                    f"has no label, or no numbers from 1 to 999, in row {line}",
                ),
            )
        if number_by_label.setdefault(_fold_label(label), number) != number:
            raise _table_error(
                path,
                Bilingual(
                    f"punya dua nomor untuk label {label!r}, yang kedua pada baris {line}",
                    f"has two numbers for the label {label!r}, the second in row {line}",
                ),
            )
    return number_by_label


def relabel(
    frame: gpd.GeoDataFrame, columns: Columns, numbers: Mapping[str, RtNumber]
) -> RelabelledRows:
    """Replace the labels of a table by readable labels: ``RT 005 RW 031``.

    Raises
    ------
    BoundaryError
        ``missing-column`` without a column of labels; ``labels-table`` for a label that is not in
        the file.
    """
    labels = texts(frame, columns, "rt_label")
    if labels is None:
        raise missing_column_error(frame, columns.rt_label, "rt_label")
    cells = [None if pd.isna(label) else str(label) for label in labels]
    known_labels = {_fold_label(label) for label in cells if label is not None}
    unknown = [label for label in numbers if label not in known_labels]
    if unknown:
        raise BoundaryError(
            "labels-table",
            f"{len(unknown)} labels of --labels are not in the column {columns.rt_label}: "
            f"{join_names(map(repr, unknown))}. Write the labels as in the file.",
            indonesian=f"{len(unknown)} label pada --labels tidak ada di kolom "
            f"{columns.rt_label}: {join_names(map(repr, unknown), language='id')}. Tulis label "
            "seperti di berkas.",
        )
    new_labels = [
        rt_name(numbers[_fold_label(label)])
        if label is not None and _fold_label(label) in numbers
        else label
        for label in cells
    ]
    changed = [
        (repr(old_label), new_label)
        for old_label, new_label in zip(cells, new_labels, strict=True)
        if _numbers_differ(old_label, new_label)
    ]
    relabelled = frame.copy()
    relabelled[columns.rt_label] = pd.Series(new_labels, index=frame.index, dtype="str")
    remark = Bilingual(
        "Nomor diambil dari --labels: "
        f"{join_names((f'{old} menjadi {new}' for old, new in changed), language='id')}.",
        f"Numbered by --labels: {join_names(f'{old} is {new}' for old, new in changed)}.",
    )
    return RelabelledRows(relabelled, (remark,))


def _numbers_differ(old: str | None, new: str | None) -> bool:
    return old is not None and new is not None and parse_rt_label(old) != parse_rt_label(new)


def _fold_label(label: str) -> str:
    return " ".join(label.casefold().split())


def _number(rt: str | None, rw: str | None) -> RtNumber | None:
    if rt is None or rw is None or not _DIGITS.match(rt) or not _DIGITS.match(rw):
        return None
    return RtNumber(rw=int(rw), rt=int(rt))


def _table_error(path: Path, problem: Bilingual) -> BoundaryError:
    return BoundaryError(
        "labels-table",
        f"{path.name} {problem.en}. A table of labels has the columns label, rt and rw, and a row "
        "for each label.",
        indonesian=f"{path.name} {problem.id}. Tabel label punya kolom label, rt dan rw, dan satu "
        "baris untuk setiap label.",
    )
