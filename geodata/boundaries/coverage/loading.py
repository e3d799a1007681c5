"""From a file's polygons to boundaries that can be kept: name, mend, gather."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.areas import LEVELS, OTHER, SMALLEST_ZONES, SmallestZone
from geodata.boundaries.coverage.assemble import gather, merged_codes
from geodata.boundaries.coverage.changes import Changes
from geodata.boundaries.coverage.repair import GAP_WIDTH, MAX_CHANGE, repair
from geodata.boundaries.files.attributes import same_names
from geodata.boundaries.files.columns import CANONICAL, Columns, texts
from geodata.boundaries.files.labels import unreadable, unreadable_rw
from geodata.boundaries.files.naming import name_areas
from geodata.boundaries.files.rows import listed, rows_counted, several
from geodata.boundaries.versions.model import Boundaries
from geodata.language import Bilingual


@dataclass(frozen=True, eq=False)
class Prepared:
    """Boundaries ready to be kept, and what became of the file on the way.

    Attributes
    ----------
    read
        Polygons in the file.
    merged
        RT drawn in several rows, and in how many; see `merged_codes`.
    unread
        Names of areas kept as kind ``other`` whose labels look as if they meant an RT or RW.
    remarks
        What is doubtful, for people.
    """

    boundaries: Boundaries
    changes: Changes
    read: int
    merged: dict[str, int]
    unread: list[str]
    remarks: tuple[Bilingual, ...] = ()

    def counts(self) -> dict[str, int]:
        """Areas of each level, of each other kind of smallest zones there is, and ``other``."""
        kinds = self.boundaries.areas["kind"].value_counts()
        more = [kind for kind in SMALLEST_ZONES if kind not in LEVELS and kind in kinds]
        return {kind: int(kinds.get(kind, 0)) for kind in (*LEVELS, *more, OTHER)}

    def summary(self) -> dict[str, Any]:
        """Figures for machines; also the report that is kept."""
        return {
            "boundaries": self.boundaries.id,
            "read": self.read,
            "areas": self.counts(),
            "smallest_zone": self.boundaries.smallest_zone,
            "remarks": [remark.en for remark in self.remarks],
            "merged": self.merged,
            "unread_labels": self.unread,
            **self.changes.summary(),
        }


def prepare(
    frame: gpd.GeoDataFrame,
    columns: Columns = CANONICAL,
    *,
    max_change: float = MAX_CHANGE,
    gap_width: float = GAP_WIDTH,
    smallest: SmallestZone = "rt",
) -> Prepared:
    """Name the polygons of a file, mend them and dissolve their parents.

    Parameters
    ----------
    frame
        As `read_polygons` gives it.
    columns, max_change, gap_width
        See `Columns` and `repair`.
    smallest
        What the polygons are; see `name_areas`.

    Raises
    ------
    BoundaryError
        See `name_areas` and `repair`.
    """
    named, twice = _without_twins(name_areas(frame, columns, smallest))
    leaves, changes = repair(named, max_change=max_change, gap_width=gap_width)
    others = leaves[leaves["kind"] == OTHER]
    wrong = unreadable_rw if smallest == "rw" else unreadable
    return Prepared(
        boundaries=gather(leaves),
        changes=changes,
        read=len(frame),
        merged=merged_codes(leaves),
        unread=[name for name in others["name"] if wrong(name)],
        remarks=(*twice, *same_names(leaves), *_without_label(frame, columns, smallest)),
    )


def _without_label(
    frame: gpd.GeoDataFrame, columns: Columns, smallest: SmallestZone
) -> list[Bilingual]:
    """A sentence on rows that have no label, and so are no RT, without being said to be none."""
    labels = texts(frame, columns, "rt_label")
    if labels is None or smallest != "rt":
        return []
    kinds = texts(frame, columns, "kind")
    blank = labels.isna() if kinds is None else labels.isna() & (kinds != OTHER)
    if not bool(blank.any()):
        return []
    rows = blank.to_numpy(dtype=bool)
    count = int(rows.sum())
    said = Bilingual(
        f"{rows_counted(count, language='id')} tanpa label, disimpan sebagai bukan RT dan tidak "
        f"pernah diwarnai: {listed(frame, rows, language='id')}. Isi labelnya, atau keluarkan "
        "baris seperti itu dengan --leave-out.",
        f"{rows_counted(count)} without a label, kept as no RT and never coloured: "
        f"{listed(frame, rows)}. Fill in the label, or leave such rows out with --leave-out.",
    )
    return [said]


def _without_twins(named: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Bilingual]]:
    """Areas without rows that repeat another in code and shape, and a sentence on these."""
    shapes = named.geometry.normalize().to_wkb()
    twin = pd.DataFrame({"code": named["code"], "shape": shapes}).duplicated()
    if not bool(twin.any()):
        return named, []
    count, codes = int(twin.sum()), named["code"][twin].unique()
    said = Bilingual(
        f"{rows_counted(count, language='id')} dikeluarkan karena muncul dua kali dengan kode dan "
        f"bentuk yang sama: {several(codes, language='id')}.",
        f"{rows_counted(count)} left out that came twice, with the same code and shape: "
        f"{several(codes)}.",
    )
    return named[~twin].reset_index(drop=True), [said]
