"""Find the polygon whose boundary is nearest to a point: ring search on a uniform grid.

The search visits the cells of the grid in square rings around the point, outward, and stops when
the next ring is farther than the nearest edge so far (Bentley, Weide and Yao 1980, "Optimal
expected-time algorithms for closest point problems"). Coordinates and distances are in metres of
one projected plane.
"""

from typing import NamedTuple

import numpy as np

from zoning.kernels.compiling import kernel
from zoning.kernels.rings import Float64s, Int32s, Int64s, Parts

NONE = -1
ROUNDING = 1000.0
"""Distances are rounded to millimetres before they are compared."""


class EdgeGrid(NamedTuple):
    """Edges listed by the cells of a grid of square cells."""

    x0: float
    """South-west corner of the grid, in metres."""
    y0: float
    cell_side: float
    """In metres."""
    parts: Parts
    start: Int64s
    """First position of each cell in `edge`, row by row; see ``list_edges``."""
    edge: Int32s
    part: Int32s
    x: Float64s
    """The vertices, in metres."""
    y: Float64s


@kernel
def _rounded_distance(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    """Distance from a point to a segment, in whole millimetres."""
    dx, dy = bx - ax, by - ay
    length_squared = dx * dx + dy * dy
    along = ((px - ax) * dx + (py - ay) * dy) / length_squared if length_squared > 0.0 else 0.0
    if along <= 0.0:
        distance = np.sqrt((px - ax) ** 2 + (py - ay) ** 2)
    elif along >= 1.0:
        distance = np.sqrt((px - bx) ** 2 + (py - by) ** 2)
    else:
        distance = abs((ay - py) * dx - (ax - px) * dy) / np.sqrt(length_squared)
    return float(np.rint(distance * ROUNDING))


@kernel
def _search_cell(
    grid: EdgeGrid, cell: int, px: float, py: float, nearest_distance: float, nearest_row: int
) -> tuple[float, int]:
    """Update the nearest distance and row with the edges of one cell; the lowest row wins a tie."""
    x, y, owner = grid.x, grid.y, grid.parts.owner
    for k in range(grid.start[cell], grid.start[cell + 1]):
        v = grid.edge[k]
        distance = _rounded_distance(x[v], y[v], x[v + 1], y[v + 1], px, py)
        row = owner[grid.part[k]]
        if distance < nearest_distance or (distance == nearest_distance and row < nearest_row):
            nearest_distance, nearest_row = distance, row
    return nearest_distance, nearest_row


@kernel
def _nearest_row(
    grid: EdgeGrid, cell: tuple[int, int], px: float, py: float, max_distance: float
) -> int:
    """Row number of the nearest polygon of one point; its cell may be outside the grid."""
    columns, rows = grid.parts.columns, grid.parts.rows
    column, row = cell
    # `NONE` wins a tie with an edge just beyond `max_distance`: no row number is lower.
    nearest_distance, nearest_row = np.floor(max_distance * ROUNDING) + 1.0, NONE
    ring = max(0, -column, column - columns + 1, -row, row - rows + 1)
    # The last ring that has a cell of the grid, however large `max_distance` is.
    last_ring = max(abs(column), abs(columns - 1 - column), abs(row), abs(rows - 1 - row))
    # A cell of ring k may be as near as k - 1 cell sides.
    while ring <= last_ring and (ring - 1) * grid.cell_side <= (nearest_distance + 1.0) / ROUNDING:
        for r in range(max(row - ring, 0), min(row + ring, rows - 1) + 1):
            step = 1 if abs(r - row) == ring else 2 * ring
            west = column - ring
            # Visit only cells of the grid: the point may be far outside.
            first = max(west, 0) if step == 1 else west
            for c in range(first, min(column + ring, columns - 1) + 1, step):
                if c >= 0:
                    nearest_distance, nearest_row = _search_cell(
                        grid, r * columns + c, px, py, nearest_distance, nearest_row
                    )
        ring += 1
    return nearest_row


@kernel
def nearest_rows(
    grid: EdgeGrid, x: Float64s, y: Float64s, max_distance: float, output: Int32s
) -> None:
    """Write the row number of the polygon with the nearest boundary, `NONE` beyond the distance."""
    columns, rows = grid.parts.columns, grid.parts.rows
    for k in range(len(x)):
        cx, cy = (x[k] - grid.x0) / grid.cell_side, (y[k] - grid.y0) / grid.cell_side
        margin = max_distance / grid.cell_side + 1.0
        output[k] = NONE
        # Compare as floats first: casting NaN or 1e300 to an int is undefined.
        if -margin <= cx <= columns + margin and -margin <= cy <= rows + margin:
            cell = (int(np.floor(cx)), int(np.floor(cy)))
            output[k] = _nearest_row(grid, cell, x[k], y[k], max_distance)
