"""The engine: locate, count, classify, run the day, draw.

`__all__` lists the public surface for notebooks and other programs; see
``docs/api-stability.md``. A name is imported at its first use, so ``import zoning`` is fast.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geodata.errors import (
        AccessError,
        BoundaryError,
        BusyError,
        InputError,
        MikrozonasiError,
        NotFoundError,
        NotReadyError,
        RecordError,
        StoreError,
        TokenError,
        TooLargeError,
        UnsupportedError,
    )
    from zoning.city import City, open_city
    from zoning.locating.locator import Locator
    from zoning.rules import Rule

    __version__: str

__all__ = [
    "AccessError",
    "BoundaryError",
    "BusyError",
    "City",
    "InputError",
    "Locator",
    "MikrozonasiError",
    "NotFoundError",
    "NotReadyError",
    "RecordError",
    "Rule",
    "StoreError",
    "TokenError",
    "TooLargeError",
    "UnsupportedError",
    "__version__",
    "open_city",
]

_MODULES = {
    "City": "zoning.city",
    "Locator": "zoning.locating.locator",
    "Rule": "zoning.rules",
    "open_city": "zoning.city",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (any name of `__all__`)
    if name == "__version__":
        return import_module("geodata.version").VERSION
    if name in __all__:
        return getattr(import_module(_MODULES.get(name, "geodata.errors")), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
