"""Zones of a city that has no RT drawn: its RW, dusun or SLS are the smallest, as it said once.

The law means RT; every output of such a city says so, by the kind of its areas.
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
from geodata.boundaries.files.rows import listed, rows_counted
from geodata.errors import BoundaryError, InputError
from geodata.language import Bilingual

LEVEL_OF: Final = {"rt": "rt", "rw": "rw", "dusun": "rw", "sls": "rt"}
"""Level of the smallest zones of each kind."""
_WANTED: Final = {
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
    """The kind of smallest zones meant.

    Raises
    ------
    InputError
        ``smallest-zone`` if there is none of that name.
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


def small_zones(
    found: gpd.GeoDataFrame, frame: gpd.GeoDataFrame, columns: Columns, smallest: SmallestZone
) -> None:
    """Add ``kind``, ``name``, ``rw`` and ``rt`` of polygons that are RW, dusun or SLS.

    An RW is known by its number; whatever else is labelled is an area of kind ``other``. A dusun
    or SLS is known by its label, unless the column of kinds says ``other``; an SLS whose label
    names an RT is that RT. An area without a label is ``other``.

    Raises
    ------
    BoundaryError
        ``no-small-zones`` if no polygon is one; ``rt-are-drawn`` if labels name RT where RW or
        dusun were said.
    """
    labels = _labels(frame, columns, smallest)
    if smallest != "sls":
        _refuse_rt(frame, columns, labels, smallest)
    kinds = texts(frame, columns, "kind")
    rows = [_zone(label, smallest) for label in labels]
    if kinds is not None:
        pairs = zip(rows, kinds, labels, strict=True)
        rows = [
            (OTHER, label or "Lain-lain", None, None) if kind == OTHER else row
            for row, kind, label in pairs
        ]
    if all(row[0] == OTHER for row in rows):
        raise _none(smallest)
    kind, name, rw, rt = zip(*rows, strict=True)
    found["kind"], found["name"] = list(kind), list(name)
    found["rw"] = pd.array(list(rw), dtype="Int64")
    found["rt"] = pd.array(list(rt), dtype="Int64")


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
    """What each polygon is called, from the column of labels, of numbers of RW, or of names."""
    for field in ("rt_label", "rw", "name"):
        found = texts(frame, columns, field)
        if found is not None:
            cells: list[str | None] = [None if pd.isna(cell) else str(cell) for cell in found]
            if field == "rw":
                return [f"RW {cell}" if cell and cell.isdigit() else cell for cell in cells]
            return cells
    raise _none(smallest)


def _refuse_rt(
    frame: gpd.GeoDataFrame, columns: Columns, labels: list[str | None], smallest: SmallestZone
) -> None:
    named = np.array([label is not None and parse_rt_label(label) is not None for label in labels])
    numbers = texts(frame, columns, "rt")
    if numbers is not None:
        named |= numbers.notna().to_numpy()
    if bool(named.any()):
        raise BoundaryError(
            "rt-are-drawn",
            f"{rows_counted(int(named.sum()))} name an RT: {listed(frame, named)}. RT are drawn "
            f"here, so load them as they are, without --smallest-zone {smallest}.",
            indonesian=f"{rows_counted(int(named.sum()), language='id')} menyebut RT: "
            f"{listed(frame, named, language='id')}. RT sudah digambar di sini, jadi muat apa "
            f"adanya, tanpa --smallest-zone {smallest}.",
        )


def _none(smallest: SmallestZone) -> BoundaryError:
    return BoundaryError(
        "no-small-zones",
        f"No polygon here is one of the smallest zones that --smallest-zone {smallest} names. Name "
        f"the column of {_WANTED[smallest].en}.",
        indonesian="Tidak ada poligon di sini yang termasuk zona terkecil menurut "
        f"--smallest-zone {smallest}. Sebutkan kolom {_WANTED[smallest].id}.",
    )
