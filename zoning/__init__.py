"""The engine: locate, count, judge, run the day, draw.

The middle floor; it uses ``geodata`` and knows nothing of ``api``. A notebook needs two names:
`open_city` for a city's zones, boundaries and records, `Locator` for the join alone.
"""

from zoning.city import City, open_city
from zoning.locating.locator import Locator

__all__ = ["City", "Locator", "open_city"]
