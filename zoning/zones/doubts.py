"""What is uncertain about every RT of a day at once; `zoning.zones.explain` says it of one zone."""

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.areas import LEVELS, Level
from geodata.boundaries import Boundaries
from zoning import phrases
from zoning.days.runs import DayZones
from zoning.risk import GREEN
from zoning.rules import Rule
from zoning.zones.frames import counts_of_leaves, is_rt


class Doubts(NamedTuple):
    """Of which leaves each doubt is said: arrays with shape ``(n_leaves,)``.

    Attributes
    ----------
    active
        Green, but still with active cases.
    houses
        Cases whose house is not known.
    near, far
        Cases in no RT of which an area around the RT is known, or the city alone.
    """

    active: NDArray[np.bool_]
    houses: NDArray[np.bool_]
    near: NDArray[np.bool_]
    far: NDArray[np.bool_]


SAID: Final = {
    "active": phrases.STILL_ACTIVE,
    "houses": phrases.UNKNOWN_HOUSES,
    "near": phrases.UNPLACED_NEAR,
    "far": phrases.UNPLACED_FAR,
}
"""How everyone is told of each; counts are for officials."""


def doubts_of(boundaries: Boundaries, day: DayZones, by: Rule) -> Doubts:
    """What is uncertain on a day; nothing of areas that are no RT.

    Parameters
    ----------
    boundaries
        Those of the run.
    by
        The rule of the run.
    """
    counts, rt = counts_of_leaves(boundaries, day), is_rt(boundaries)
    unknown = counts["houses"] != counts["houses_at_least"]
    return Doubts(
        active=rt & (counts["risk"] == GREEN) & (counts["active"] > 0),
        houses=rt & unknown & (by.unit == "houses"),
        near=rt & _unplaced(boundaries, day, LEVELS[1:]),
        far=rt & _unplaced(boundaries, day, LEVELS[:1]),
    )


def _unplaced(boundaries: Boundaries, day: DayZones, levels: Sequence[Level]) -> NDArray[np.bool_]:
    """Of which leaves an area of some levels has cases that are in no RT."""
    some = set(day.unplaced["code"].to_pylist())
    found = np.zeros(len(boundaries.leaves), dtype=np.bool_)
    for level in levels:
        found |= np.fromiter(map(some.__contains__, boundaries.ancestors(level)), np.bool_)
    return found
