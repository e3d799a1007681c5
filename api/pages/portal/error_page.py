"""The error page, for browsers that asked for a page: one sentence, and where to go from here."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from api.pages.portal.rendering import Address, Portal, render
from api.pages.portal.texts.error import FOR_RESIDENTS, TEXTS
from geodata.language import Bilingual

_AREA_PARAMETERS: Final = {
    "/tempat": "near",
    "/rujukan": "near",
    "/vaksinasi": "area",
    "/bantuan": "area",
    "/alat": "area",
    "/pendatang": "area",
}
"""The parameter that names the area of a page; the other pages name it in their path."""
_DAYS: Final = frozenset({"no-run"})


class PageError(NamedTuple):
    """An error as a page shows it.

    Attributes
    ----------
    nearest
        Published days or areas that are nearest to the requested one: the day or the code, and its
        name.
    """

    code: str
    message: Bilingual
    nearest: Mapping[str, str] = MappingProxyType({})


def error_page(portal: Portal, address: Address, error: PageError) -> str:
    """A page with an error, and links to the first page and to the nearest days or areas."""
    return render(
        "error.html",
        portal,
        address,
        TEXTS,
        {
            "code": error.code,
            "message": FOR_RESIDENTS.get(error.code, error.message),
            "days": error.nearest if error.code in _DAYS else {},
            "area_parameter": _AREA_PARAMETERS.get(address.path),
            "areas": {} if error.code in _DAYS else error.nearest,
            # Pages of OGC API know no parameter `lang`.
            "other": address.path.startswith("/ogc") and address.language == "id",
            "is_stale": False,
        },
    )
