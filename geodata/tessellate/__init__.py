"""Divide kelurahan into RW and RT for a city without RT boundaries.

The RT tile each kelurahan exactly. `divide` spreads sites over each kelurahan (or uses given
points), draws a rough line between every two neighbouring sites, and cuts the kelurahan along the
lines. Knows nothing of records.
"""

from geodata.tessellate.division import divide
from geodata.tessellate.points import read_points
from geodata.tessellate.rt_requests import (
    counts_of_table,
    merge_rw,
    named_dusun,
    rt_counts,
    rw_numbers,
)

__all__ = [
    "counts_of_table",
    "divide",
    "merge_rw",
    "named_dusun",
    "read_points",
    "rt_counts",
    "rw_numbers",
]
