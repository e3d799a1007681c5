"""Prepare the polygons of a file for storage: name, repair and assemble them."""

from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import pandas as pd

from geodata.areas import LEVELS, OTHER, SMALLEST_ZONES, SmallestZone
from geodata.boundaries.coverage.assemble import build_boundaries, merged_codes
from geodata.boundaries.coverage.changes import Changes
from geodata.boundaries.coverage.repair import GAP_WIDTH, MAX_CHANGE, repair
from geodata.boundaries.files.attributes import same_name_remarks
from geodata.boundaries.files.columns import CANONICAL, Columns, texts
from geodata.boundaries.files.labels import is_unreadable_rt, is_unreadable_rw
from geodata.boundaries.files.naming import name_areas
from geodata.boundaries.files.rows import join_names, list_rows, row_count_text
from geodata.boundaries.versions.model import Boundaries
from geodata.language import Bilingual


@dataclass(frozen=True, eq=False)
class PreparedBoundaries:
    """Boundaries ready for storage, with a report on the file.

    Attributes
    ----------
    read
        Number of polygons in the file.
    merged
        Codes with several rows, and the number of rows; see `merged_codes`.
    unread
        Names of areas of kind ``other`` with a label that looks like an RT or RW.
    remarks
        Doubtful points, for people.
    """

    boundaries: Boundaries
    changes: Changes
    read: int
    merged: dict[str, int]
    unread: list[str]
    remarks: tuple[Bilingual, ...] = ()

    def counts(self) -> dict[str, int]:
        """Number of areas of each level, of each other kind of smallest zones, and of ``other``."""
        kinds = self.boundaries.areas["kind"].value_counts()
        other_kinds = [kind for kind in SMALLEST_ZONES if kind not in LEVELS and kind in kinds]
        return {kind: int(kinds.get(kind, 0)) for kind in (*LEVELS, *other_kinds, OTHER)}

    def summary(self) -> dict[str, Any]:
        """Figures as JSON, for machines and for the stored report."""
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


def prepare_boundaries(
    frame: gpd.GeoDataFrame,
    columns: Columns = CANONICAL,
    *,
    max_change: float = MAX_CHANGE,
    gap_width: float = GAP_WIDTH,
    smallest: SmallestZone = "rt",
) -> PreparedBoundaries:
    """Name and repair the polygons of a file, and dissolve their parents.

    Parameters
    ----------
    frame
        From `read_polygons`.
    columns, max_change, gap_width
        See `Columns` and `repair`.
    smallest
        Kind of the polygons; see `name_areas`.

    Raises
    ------
    BoundaryError
        See `name_areas` and `repair`.
    """
    named, duplicate_remarks = _remove_duplicates(name_areas(frame, columns, smallest))
    zones, changes = repair(named, max_change=max_change, gap_width=gap_width)
    others = zones[zones["kind"] == OTHER]
    has_bad_label = is_unreadable_rw if smallest == "rw" else is_unreadable_rt
    return PreparedBoundaries(
        boundaries=build_boundaries(zones),
        changes=changes,
        read=len(frame),
        merged=merged_codes(zones),
        unread=[name for name in others["name"] if has_bad_label(name)],
        remarks=(
            *duplicate_remarks,
            *same_name_remarks(zones),
            *_missing_label_remarks(frame, columns, smallest),
        ),
    )


def _missing_label_remarks(
    frame: gpd.GeoDataFrame, columns: Columns, smallest: SmallestZone
) -> list[Bilingual]:
    """Sentence on rows without a label and without the kind ``other``."""
    labels = texts(frame, columns, "rt_label")
    if labels is None or smallest != "rt":
        return []
    kinds = texts(frame, columns, "kind")
    is_blank = labels.isna() if kinds is None else labels.isna() & (kinds != OTHER)
    if not bool(is_blank.any()):
        return []
    rows = is_blank.to_numpy(dtype=bool)
    count = int(rows.sum())
    remark = Bilingual(
        f"{row_count_text(count, language='id')} tanpa label, disimpan sebagai bukan RT dan tidak "
        f"pernah diwarnai: {list_rows(frame, rows, language='id')}. Isi labelnya, atau keluarkan "
        "baris seperti itu dengan --leave-out.",
        f"{row_count_text(count)} without a label, stored as no RT and never coloured: "
        f"{list_rows(frame, rows)}. Fill in the label, or exclude such rows with --leave-out.",
    )
    return [remark]


def _remove_duplicates(named: gpd.GeoDataFrame) -> tuple[gpd.GeoDataFrame, list[Bilingual]]:
    """Remove rows with the same code and shape as another row, and report them."""
    geometries = named.geometry.normalize().to_wkb()
    is_duplicate = pd.DataFrame({"code": named["code"], "shape": geometries}).duplicated()
    if not bool(is_duplicate.any()):
        return named, []
    count, codes = int(is_duplicate.sum()), named["code"][is_duplicate].unique()
    remark = Bilingual(
        f"{row_count_text(count, language='id')} dikeluarkan sebagai duplikat, dengan kode dan "
        f"bentuk yang sama: {join_names(codes, language='id')}.",
        f"{row_count_text(count)} removed as duplicates, with the same code and shape: "
        f"{join_names(codes)}.",
    )
    return named[~is_duplicate].reset_index(drop=True), [remark]
