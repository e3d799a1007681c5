"""RT where a city has none drawn: kelurahan divided into RW and RT that tile them exactly.

`divide` spreads sites over each kelurahan (or takes given points), draws a rough line between
every two neighbours, and cuts the kelurahan along them. It knows nothing of records.
"""

from geodata.tessellate.division import divide
from geodata.tessellate.points import read_points
from geodata.tessellate.wanted import (
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
