"""What repair changed, in square metres: per area, per overlap, per gap, and in all."""

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
    gaps,
    outline,
    outline_of_coverage,
    widest,
)


@dataclass(frozen=True, eq=False)
class Changes:
    """What repair did; nothing where the polygons were a coverage already.

    Attributes
    ----------
    total_m2
        Ground of all areas, afterwards.
    per_area
        Areas that changed: ``code, gained_m2, lost_m2``, the largest change first.
    given
        Ground that was claimed twice: ``code`` who has it now, ``other`` who claimed it too,
        ``m2``.
    rings
        Areas whose rings crossed themselves: ``code, m2`` (by how much the ground differs).
    filled_m2
        Gaps that were filled, each.
    open_gaps
        Gaps that stay: ``m2, width`` (metres), the largest first.
    pieces
        Pieces the city's ground lies in, afterwards.
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
        """Ground gained and lost by all areas together, and by mending their rings."""
        moved = self.per_area["gained_m2"].sum() + self.per_area["lost_m2"].sum()
        return float(moved + self.rings["m2"].sum())

    @property
    def share(self) -> float:
        """`changed_m2` as a share of `total_m2`."""
        return self.changed_m2 / self.total_m2

    def summary(self) -> dict[str, Any]:
        """The figures for machines; also what the store keeps."""
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


class Remake(NamedTuple):
    """The same ``n`` areas in metres: as they came, with valid rings, as a coverage."""

    drawn: Shapes
    sound: Shapes
    made: Shapes
    names: NDArray[np.object_]


def changes_of(remake: Remake, shared: Overlaps) -> Changes:
    """Compare areas before and after.

    Parameters
    ----------
    remake
        The areas.
    shared
        Overlaps of ``remake.sound``.
    """
    after = outline_of_coverage(remake.made)
    left = gaps(after)
    return Changes(
        total_m2=float(shapely.area(remake.made).sum()),
        per_area=_per_area(remake),
        given=_given(remake, shared),
        rings=_rings(remake),
        filled_m2=_filled(gaps(outline(remake.sound)), left),
        open_gaps=_open(left),
        pieces=len(after),
    )


def no_changes(metres: Shapes, pieces: Shapes) -> Changes:
    """What is said of areas that were a coverage, with their outline's pieces."""
    return Changes(
        total_m2=float(shapely.area(metres).sum()),
        per_area=pd.DataFrame({"code": [], "gained_m2": [], "lost_m2": []}),
        given=pd.DataFrame({"code": [], "other": [], "m2": []}),
        rings=pd.DataFrame({"code": [], "m2": []}),
        filled_m2=np.empty(0),
        open_gaps=_open(gaps(pieces)),
        pieces=len(pieces),
    )


def _open(left: Shapes) -> pd.DataFrame:
    found = pd.DataFrame({"m2": shapely.area(left), "width": widest(left)})
    return found.sort_values("m2", ascending=False, ignore_index=True)


def _per_area(remake: Remake) -> pd.DataFrame:
    _, sound, made, names = remake
    moved = ~shapely.equals_identical(shapely.normalize(sound), shapely.normalize(made))
    old, new = sound[moved], made[moved]
    kept = shapely.area(shapely.intersection(old, new))
    found = pd.DataFrame(
        {
            "code": names[moved],
            "gained_m2": np.maximum(shapely.area(new) - kept, 0),
            "lost_m2": np.maximum(shapely.area(old) - kept, 0),
        }
    )
    found = found.groupby("code", as_index=False).sum()
    size = (found["gained_m2"] + found["lost_m2"]).to_numpy()
    order = np.argsort(-size, kind="stable")
    return found.iloc[order[size[order] > NOISE]].reset_index(drop=True)


def _given(remake: Remake, shared: Overlaps) -> pd.DataFrame:
    made, names = remake.made, remake.names
    first = shapely.area(shapely.intersection(made[shared.first], shared.shapes))
    second = shapely.area(shapely.intersection(made[shared.second], shared.shapes))
    winner = np.where(first >= second, shared.first, shared.second)
    loser = np.where(first >= second, shared.second, shared.first)
    found = pd.DataFrame({"code": names[winner], "other": names[loser], "m2": shared.m2})
    return found.sort_values("m2", ascending=False, kind="stable", ignore_index=True)


def _rings(remake: Remake) -> pd.DataFrame:
    drawn, sound, _, names = remake
    wrong = ~shapely.is_valid(drawn)
    m2 = np.abs(shapely.area(drawn[wrong]) - shapely.area(sound[wrong]))
    return pd.DataFrame({"code": names[wrong], "m2": m2})


def _filled(before: Shapes, left: Shapes) -> NDArray[np.float64]:
    """Areas of the gaps that are no more; a gap that stays keeps its middle."""
    if len(before) == 0:
        return np.empty(0)
    middles = shapely.point_on_surface(before)
    _, stays = shapely.STRtree(middles).query(left, predicate="intersects")
    return np.delete(np.asarray(shapely.area(before)), np.unique(stays))
