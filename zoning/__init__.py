"""The engine: locate, count, judge, run the day, draw.

The middle floor; it uses ``geodata`` and knows nothing of ``api``. A notebook needs two names:
`open_city` for a city's zones, boundaries and records, `Locator` for the join alone.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoning.city import City, open_city
    from zoning.locating.locator import Locator

__all__ = ["City", "Locator", "open_city"]

_MODULES = {"City": "city", "Locator": "locating.locator", "open_city": "city"}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (any of the names above)
    """Import a name when it is first used: a module of the engine does not need all of it."""
    if name in _MODULES:
        return getattr(import_module(f"zoning.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
