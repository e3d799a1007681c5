"""Which polygon's boundary is nearest to a point: rings of grid squares around it, outward."""

from typing import NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.rings import Float64s, Int32s, Int64s, Parts

NONE = -1
GRAIN = 1000.0
"""Distances are compared in thousandths of the unit."""


class Surroundings(NamedTuple):
    """Edges by the squares of a grid of square cells."""

    x0: float
    y0: float
    cell: float
    """Side of a cell, in the unit of the coordinates."""
    parts: Parts
    start: Int64s
    """Where a cell's edges begin in `edge`, row by row; see ``list_edges``."""
    edge: Int32s
    part: Int32s
    x: Float64s
    """The vertices as they were given."""
    y: Float64s


@kernel
def _grains(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    """Distance from a point to a segment, in whole grains."""
    dx, dy = bx - ax, by - ay
    square = dx * dx + dy * dy
    along = ((px - ax) * dx + (py - ay) * dy) / square if square > 0.0 else 0.0
    if along <= 0.0:
        distance = np.sqrt((px - ax) ** 2 + (py - ay) ** 2)
    elif along >= 1.0:
        distance = np.sqrt((px - bx) ** 2 + (py - by) ** 2)
    else:
        distance = abs((ay - py) * dx - (ax - px) * dy) / np.sqrt(square)
    return float(np.rint(distance * GRAIN))


@kernel
def _search_cell(
    around: Surroundings, cell: int, px: float, py: float, best: float, who: int
) -> tuple[float, int]:
    """The nearest so far, with one cell's edges; of equally near ones the lowest row number."""
    x, y, owner = around.x, around.y, around.parts.owner
    for k in range(around.start[cell], around.start[cell + 1]):
        v = around.edge[k]
        distance = _grains(x[v], y[v], x[v + 1], y[v + 1], px, py)
        row = owner[around.part[k]]
        if distance < best or (distance == best and row < who):
            best, who = distance, row
    return best, who


@kernel
def _nearest(
    around: Surroundings, cell: tuple[int, int], px: float, py: float, reach: float
) -> int:
    """Row number for one point in a cell, which may be beyond the grid."""
    columns, rows = around.parts.columns, around.parts.rows
    column, row = cell
    # Ties with what is just out of reach are lost to it, as no row number is below `NONE`.
    best, who = np.floor(reach * GRAIN) + 1.0, NONE
    ring = max(0, -column, column - columns + 1, -row, row - rows + 1)
    # No cell of the grid lies beyond the last ring, however far is still near.
    last = max(abs(column), abs(columns - 1 - column), abs(row), abs(rows - 1 - row))
    # A cell of a ring is at least one cell nearer than the ring's number says.
    while ring <= last and (ring - 1) * around.cell <= (best + 1.0) / GRAIN:
        for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            step = 1 if abs(r - row) == ring else 2 * ring
            west = column - ring
            # Along a whole side only what the grid has of it: the point may lie far beyond.
            first = max(west, 0) if step == 1 else west
            for c in range(first, min(column + ring, columns - 1) + 1, step):
                if c >= 0:
                    best, who = _search_cell(around, r * columns + c, px, py, best, who)
        ring += 1
    return who


@kernel
def nearest_rows(
    around: Surroundings, x: Float64s, y: Float64s, reach: float, found: Int32s
) -> None:
    """Write the row number of the polygon whose boundary is nearest, `NONE` beyond reach."""
    columns, rows = around.parts.columns, around.parts.rows
    for k in range(len(x)):
        cx, cy = (x[k] - around.x0) / around.cell, (y[k] - around.y0) / around.cell
        margin = reach / around.cell + 1.0
        found[k] = NONE
        # Compared as floats: casting NaN or 1e300 to an int is undefined.
        if -margin <= cx <= columns + margin and -margin <= cy <= rows + margin:
            cell = (int(np.floor(cx)), int(np.floor(cy)))
            found[k] = _nearest(around, cell, x[k], y[k], reach)
