"""Changes by the repair in square metres: per area, per overlap, per gap, and in total."""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely
from numpy.typing import NDArray

from geodata.boundaries.coverage.topology import (
    NOISE,
    Overlaps,
    Shapes,
    coverage_outline,
    gaps,
    outline,
    widest,
)


@dataclass(frozen=True, eq=False)
class Changes:
    """Changes by the repair; empty for polygons that are already a coverage.

    Attributes
    ----------
    total_m2
        Total area after the repair.
    per_area
        Changed areas: ``code, gained_m2, lost_m2``, the largest change first.
    given
        Overlaps: ``code`` of the area that keeps the overlap, ``other`` of the other area, ``m2``.
    rings
        Areas with self-intersecting rings: ``code, m2`` (change of the area).
    filled_m2
        Area of each filled gap.
    open_gaps
        Remaining gaps: ``m2, width`` (metres), the largest first.
    pieces
        Number of separate pieces of the city after the repair.
    """

    total_m2: float
    per_area: pd.DataFrame
    given: pd.DataFrame
    rings: pd.DataFrame
    filled_m2: NDArray[np.float64]
    open_gaps: pd.DataFrame
    pieces: int

    @property
    def changed_m2(self) -> float:
        """Sum of gains and losses of all areas, and of the changes of rings."""
        changed = self.per_area["gained_m2"].sum() + self.per_area["lost_m2"].sum()
        return float(changed + self.rings["m2"].sum())

    @property
    def share(self) -> float:
        """`changed_m2` as a share of `total_m2`."""
        return self.changed_m2 / self.total_m2

    def summary(self) -> dict[str, Any]:
        """Figures as JSON, for machines and for the store."""
        return {
            "share": self.share,
            "total_m2": round(self.total_m2, 1),
            "repaired_m2": round(self.changed_m2, 1),
            "areas_changed": len(self.per_area),
            "rings_mended": len(self.rings),
            "overlaps_mended": len(self.given),
            "overlap_m2": round(float(self.given["m2"].sum()), 1),
            "gaps_filled": len(self.filled_m2),
            "gap_m2": round(float(self.filled_m2.sum()), 1),
            "gaps_left": self.open_gaps.round(1).to_dict("records"),
            "pieces": self.pieces,
            "per_area": self.per_area.round(1).to_dict("records"),
            "given": self.given.round(1).to_dict("records"),
        }


class RepairStages(NamedTuple):
    """``n`` areas in metres: in the file, with valid rings, and as a coverage."""

    original: Shapes
    valid: Shapes
    repaired: Shapes
    names: NDArray[np.object_]


def compare_stages(stages: RepairStages, overlapping: Overlaps) -> Changes:
    """Compare areas before and after the repair.

    Parameters
    ----------
    stages
        Areas.
    overlapping
        Overlaps of ``stages.valid``.
    """
    pieces = coverage_outline(stages.repaired)
    remaining_gaps = gaps(pieces)
    return Changes(
        total_m2=float(shapely.area(stages.repaired).sum()),
        per_area=_per_area(stages),
        given=_overlap_winners(stages, overlapping),
        rings=_changed_rings(stages),
        filled_m2=_filled_gaps(gaps(outline(stages.valid)), remaining_gaps),
        open_gaps=_open_gaps(remaining_gaps),
        pieces=len(pieces),
    )


def no_changes(metres: Shapes, pieces: Shapes) -> Changes:
    """Changes of areas that are already a coverage; ``pieces`` are their outline."""
    return Changes(
        total_m2=float(shapely.area(metres).sum()),
        per_area=pd.DataFrame({"code": [], "gained_m2": [], "lost_m2": []}),
        given=pd.DataFrame({"code": [], "other": [], "m2": []}),
        rings=pd.DataFrame({"code": [], "m2": []}),
        filled_m2=np.empty(0),
        open_gaps=_open_gaps(gaps(pieces)),
        pieces=len(pieces),
    )


def _open_gaps(remaining: Shapes) -> pd.DataFrame:
    table = pd.DataFrame({"m2": shapely.area(remaining), "width": widest(remaining)})
    return table.sort_values("m2", ascending=False, ignore_index=True)


def _per_area(stages: RepairStages) -> pd.DataFrame:
    _, valid, repaired, names = stages
    is_changed = ~shapely.equals_identical(shapely.normalize(valid), shapely.normalize(repaired))
    old, new = valid[is_changed], repaired[is_changed]
    shared_area = shapely.area(shapely.intersection(old, new))
    table = pd.DataFrame(
        {
            "code": names[is_changed],
            "gained_m2": np.maximum(shapely.area(new) - shared_area, 0),
            "lost_m2": np.maximum(shapely.area(old) - shared_area, 0),
        }
    )
    table = table.groupby("code", as_index=False).sum()
    size = (table["gained_m2"] + table["lost_m2"]).to_numpy()
    order = np.argsort(-size, kind="stable")
    return table.iloc[order[size[order] > NOISE]].reset_index(drop=True)


def _overlap_winners(stages: RepairStages, overlapping: Overlaps) -> pd.DataFrame:
    repaired, names = stages.repaired, stages.names
    first = shapely.area(shapely.intersection(repaired[overlapping.first], overlapping.shapes))
    second = shapely.area(shapely.intersection(repaired[overlapping.second], overlapping.shapes))
    winner = np.where(first >= second, overlapping.first, overlapping.second)
    loser = np.where(first >= second, overlapping.second, overlapping.first)
    table = pd.DataFrame({"code": names[winner], "other": names[loser], "m2": overlapping.m2})
    return table.sort_values("m2", ascending=False, kind="stable", ignore_index=True)


def _changed_rings(stages: RepairStages) -> pd.DataFrame:
    original, valid, _, names = stages
    is_invalid = ~shapely.is_valid(original)
    m2 = np.abs(shapely.area(original[is_invalid]) - shapely.area(valid[is_invalid]))
    return pd.DataFrame({"code": names[is_invalid], "m2": m2})


def _filled_gaps(gaps_before: Shapes, remaining: Shapes) -> NDArray[np.float64]:
    """Areas of filled gaps; a remaining gap contains the point of the gap before."""
    if len(gaps_before) == 0:
        return np.empty(0)
    points = shapely.point_on_surface(gaps_before)
    _, remaining_rows = shapely.STRtree(points).query(remaining, predicate="intersects")
    return np.delete(np.asarray(shapely.area(gaps_before)), np.unique(remaining_rows))
