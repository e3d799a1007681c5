"""Numbers for labels that cannot be read, by a small table: ``label,rt,rw``; ``--labels``."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import geopandas as gpd
import pandas as pd

from geodata.areas import RtNumber, parse_rt_label, rt_name
from geodata.boundaries.files.columns import Columns, cell_text, missing_column, texts
from geodata.boundaries.files.rows import several
from geodata.errors import BoundaryError
from geodata.language import Bilingual
from geodata.tables import read_table

_DIGITS: Final = re.compile(r"^0*[1-9]\d{0,2}$", re.ASCII)
_WANTED: Final = ("label", "rt", "rw")


class Relabelled(NamedTuple):
    """The frame with labels that can be read, and a remark of what was changed."""

    frame: gpd.GeoDataFrame
    remarks: tuple[Bilingual, ...]


def read_labels(path: Path) -> dict[str, RtNumber]:
    """The number of each label of a table.

    Parameters
    ----------
    path
        Any kind that `geodata.tables.read_table` reads, with the columns ``label,rt,rw``.

    Raises
    ------
    BoundaryError
        ``labels-table`` if a column is missing, a number cannot be read, or a label has two.
    MikrozonasiError
        If the file cannot be read at all.
    """
    sheet = read_table(path)
    place = {name.strip().casefold(): name for name in sheet.cells.column_names}
    missing = [name for name in _WANTED if name not in place]
    if missing:
        raise _wrong(
            path,
            Bilingual(
                f"tidak punya kolom {' dan '.join(missing)}",
                f"has no column {' and '.join(missing)}",
            ),
        )
    rows = sheet.cells.select([place[name] for name in _WANTED]).to_pylist()
    found: dict[str, RtNumber] = {}
    for line, cells in zip(sheet.rows.tolist(), rows, strict=True):
        label, rt, rw = (cell_text(cell) for cell in cells.values())
        number = _number(rt, rw)
        if label is None or number is None:
            raise _wrong(
                path,
                Bilingual(
                    f"tidak menyebut label, atau nomor dari 1 sampai 999, pada baris {line}",
                    f"has no label, or no numbers from 1 to 999, in row {line}",
                ),
            )
        if found.setdefault(_folded(label), number) != number:
            raise _wrong(
                path,
                Bilingual(
                    f"memberi label {label!r} dua nomor, yang kedua pada baris {line}",
                    f"gives the label {label!r} two numbers, again in row {line}",
                ),
            )
    return found


def relabel(
    frame: gpd.GeoDataFrame, columns: Columns, numbers: Mapping[str, RtNumber]
) -> Relabelled:
    """Labels of a table written as they are read: ``RT 005 RW 031``.

    Raises
    ------
    BoundaryError
        ``missing-column`` if there is no column of labels; ``labels-table`` if a label of the
        table stands nowhere in the file.
    """
    labels = texts(frame, columns, "rt_label")
    if labels is None:
        raise missing_column(frame, columns.rt_label, "rt_label")
    cells = [None if pd.isna(label) else str(label) for label in labels]
    known = {_folded(label) for label in cells if label is not None}
    unknown = [label for label in numbers if label not in known]
    if unknown:
        raise BoundaryError(
            "labels-table",
            f"{len(unknown)} labels of --labels are not in the column {columns.rt_label}: "
            f"{several(map(repr, unknown))}. Write them as the file does.",
            indonesian=f"{len(unknown)} label pada --labels tidak ada di kolom "
            f"{columns.rt_label}: {several(map(repr, unknown), language='id')}. Tulis label "
            "seperti di berkas.",
        )
    new = [
        rt_name(numbers[_folded(label)])
        if label is not None and _folded(label) in numbers
        else label
        for label in cells
    ]
    changed = [(old, now) for old, now in zip(cells, new, strict=True) if _differ(old, now)]
    made = frame.copy()
    made[columns.rt_label] = pd.Series(new, index=frame.index, dtype="str")
    remark = Bilingual(
        f"Nomor diambil dari --labels: "
        f"{several((f'{old!r} menjadi {now}' for old, now in changed), language='id')}.",
        f"Numbered by --labels: {several(f'{old!r} is {now}' for old, now in changed)}.",
    )
    return Relabelled(made, (remark,))


def _differ(old: str | None, new: str | None) -> bool:
    return old is not None and new is not None and parse_rt_label(old) != parse_rt_label(new)


def _folded(label: str) -> str:
    return " ".join(label.casefold().split())


def _number(rt: str | None, rw: str | None) -> RtNumber | None:
    if rt is None or rw is None or not _DIGITS.match(rt) or not _DIGITS.match(rw):
        return None
    return RtNumber(rw=int(rw), rt=int(rt))


def _wrong(path: Path, what: Bilingual) -> BoundaryError:
    return BoundaryError(
        "labels-table",
        f"{path.name} {what.en}. A table of labels has the columns label, rt and rw, and a row for "
        "each label.",
        indonesian=f"{path.name} {what.id}. Tabel label punya kolom label, rt dan rw, dan satu "
        "baris untuk setiap label.",
    )
