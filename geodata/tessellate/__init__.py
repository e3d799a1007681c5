"""Divide kelurahan into RW and RT for a city without RT boundaries.

The RT tile each kelurahan exactly. `divide` spreads sites over each kelurahan (or uses given
points), draws a rough line between every two neighbouring sites, and cuts the kelurahan along the
lines. Knows nothing of records.
"""

from geodata.tessellate.division import divide
from geodata.tessellate.points import read_points
from geodata.tessellate.rt_requests import (
    dusun_labels,
    merge_rw,
    read_rt_count_table,
    rt_counts,
    rw_numbers,
)

__all__ = [
    "divide",
    "dusun_labels",
    "merge_rw",
    "read_points",
    "read_rt_count_table",
    "rt_counts",
    "rw_numbers",
]
