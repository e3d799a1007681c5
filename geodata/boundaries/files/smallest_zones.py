"""Smallest zones of a city without RT boundaries: RW, dusun or SLS, as an option says.

The law is about RT; every output of such a city therefore contains the kind of its areas.
"""

from typing import Final

import geopandas as gpd
import numpy as np
import pandas as pd

from geodata.areas import (
    OTHER,
    SMALLEST_ZONES,
    SmallestZone,
    parse_rt_label,
    parse_rw_label,
    rt_name,
    rw_name,
)
from geodata.boundaries.files.columns import Columns, texts
from geodata.boundaries.files.rows import list_rows, row_count_text
from geodata.errors import BoundaryError, InputError
from geodata.language import Bilingual

LEVEL_OF: Final = {"rt": "rt", "rw": "rw", "dusun": "rw", "sls": "rt"}
"""Level of the smallest zones of each kind."""
_EXPECTED_COLUMNS: Final = {
    "rw": Bilingual(
        "label seperti 'RW 01' dengan --rt-label, atau kolom nomor dengan --rw",
        "labels like 'RW 01' with --rt-label, or numbers with --rw",
    ),
    "dusun": Bilingual(
        "nama seperti 'DUSUN II' atau 'LINGKUNGAN 3' dengan --rt-label atau --name",
        "names like 'DUSUN II' or 'LINGKUNGAN 3' with --rt-label or --name",
    ),
    "sls": Bilingual(
        "nama SLS dengan --rt-label atau --name, atau pakai --source bps",
        "names of the SLS with --rt-label or --name, or --source bps",
    ),
}


def read_smallest_zone(text: str) -> SmallestZone:
    """Parse the kind of the smallest zones.

    Raises
    ------
    InputError
        ``smallest-zone`` for an unknown kind.
    """
    for kind in SMALLEST_ZONES:
        if text.strip().casefold() == kind:
            return kind
    raise InputError(
        "smallest-zone",
        f"{text!r} is not a kind of smallest zone. Choose one of: {', '.join(SMALLEST_ZONES)}.",
        indonesian=f"{text!r} bukan jenis zona terkecil. Pilih salah satu: "
        f"{', '.join(SMALLEST_ZONES)}.",
    )


def name_small_zones(
    areas: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns, smallest: SmallestZone
) -> None:
    """Add ``kind``, ``name``, ``rw`` and ``rt`` of polygons that are RW, dusun or SLS.

    An RW is identified by its number; an area with another label is of kind ``other``. A dusun or
    SLS is identified by its label, unless the column of kinds has ``other``; an SLS whose label
    names an RT is this RT. An area without a label is ``other``.

    Raises
    ------
    BoundaryError
        ``no-small-zones`` without a polygon of the kind; ``rt-are-drawn`` for labels of RT in a
        file of RW or dusun.
    """
    labels = _labels(frame, columns, smallest)
    if smallest != "sls":
        _check_no_rt(frame, columns, labels, smallest)
    kinds = texts(frame, columns, "kind")
    rows = [_zone(label, smallest) for label in labels]
    if kinds is not None:
        pairs = zip(rows, kinds, labels, strict=True)
        rows = [
            (OTHER, label or "Lain-lain", None, None) if kind == OTHER else row
            for row, kind, label in pairs
        ]
    if all(row[0] == OTHER for row in rows):
        raise _no_zones_error(smallest)
    kind, name, rw, rt = zip(*rows, strict=True)
    areas["kind"], areas["name"] = list(kind), list(name)
    areas["rw"] = pd.array(list(rw), dtype="Int64")
    areas["rt"] = pd.array(list(rt), dtype="Int64")


_Zone = tuple[str, str, int | None, int | None]
"""Kind, name, number of the RW, number of the RT."""


def _zone(label: str | None, smallest: SmallestZone) -> _Zone:
    if label is None:
        return OTHER, "Lain-lain", None, None
    rw = parse_rw_label(label)
    if smallest == "rw":
        return (OTHER, label, None, None) if rw is None else ("rw", rw_name(rw), rw, None)
    number = parse_rt_label(label)
    if number is not None:
        return "rt", rt_name(number), number.rw, number.rt
    return smallest, label, rw, None


def _labels(frame: gpd.GeoDataFrame, columns: Columns, smallest: SmallestZone) -> list[str | None]:
    """Label of each polygon, from the column of labels, of RW numbers, or of names."""
    for field in ("rt_label", "rw", "name"):
        column = texts(frame, columns, field)
        if column is not None:
            cells: list[str | None] = [None if pd.isna(cell) else str(cell) for cell in column]
            if field == "rw":
                return [f"RW {cell}" if cell and cell.isdigit() else cell for cell in cells]
            return cells
    raise _no_zones_error(smallest)


def _check_no_rt(
    frame: gpd.GeoDataFrame, columns: Columns, labels: list[str | None], smallest: SmallestZone
) -> None:
    names_rt = np.array(
        [label is not None and parse_rt_label(label) is not None for label in labels]
    )
    numbers = texts(frame, columns, "rt")
    if numbers is not None:
        names_rt |= numbers.notna().to_numpy()
    if bool(names_rt.any()):
        raise BoundaryError(
            "rt-are-drawn",
            f"{row_count_text(int(names_rt.sum()))} name an RT: {list_rows(frame, names_rt)}. The "
            f"file has RT, so load it without --smallest-zone {smallest}.",
            indonesian=f"{row_count_text(int(names_rt.sum()), language='id')} menyebut RT: "
            f"{list_rows(frame, names_rt, language='id')}. Berkas ini memuat RT, jadi muat tanpa "
            f"--smallest-zone {smallest}.",
        )


def _no_zones_error(smallest: SmallestZone) -> BoundaryError:
    return BoundaryError(
        "no-small-zones",
        f"No polygon of the file is a zone of the kind --smallest-zone {smallest}. Name the "
        f"column of {_EXPECTED_COLUMNS[smallest].en}.",
        indonesian="Tidak ada poligon di berkas ini yang termasuk jenis zona "
        f"--smallest-zone {smallest}. Sebutkan kolom {_EXPECTED_COLUMNS[smallest].id}.",
    )
