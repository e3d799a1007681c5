"""The engine: locate, count, judge, run the day, draw.

The middle floor; it uses ``geodata`` and knows nothing of ``api``.
"""

from zoning.locate import Locator

__all__ = ["Locator"]
