"""RT where a city has none drawn: kelurahan divided into RW and RT that tile them exactly.

`divide` spreads sites over each kelurahan (or takes given points), draws a rough line between
every two neighbours, and cuts the kelurahan along them. It knows nothing of records.
"""

from geodata.tessellate.division import divide
from geodata.tessellate.points import read_points

__all__ = ["divide", "read_points"]
