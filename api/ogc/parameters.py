"""Parameters as OGC API wants them read: each once, none that is not known; and in which form.

Faults are 422 everywhere else in this application; the standard wants 400 here, which
`api.http.errors` sees to.
"""

import math
import re
from collections.abc import Collection, Mapping
from typing import Final, Literal

from fastapi import Request

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import number
from api.http.strict_query import read_parameters
from api.ogc.crs import Crs
from api.ogc.shapes import Box
from geodata.boundaries import WGS84
from geodata.errors import InputError

Form = Literal["json", "html"]
DEFAULT_LIMIT: Final = 1000
LARGEST_LIMIT: Final = 10_000
LARGEST_OFFSET: Final = 2**53
PAGE_OF_PEOPLE: Final = 100
"""Features on a page for people, where no limit is said."""
_WHOLE: Final = re.compile(r"[0-9]{1,18}")
_JSON: Final = frozenset({"application/json", "application/geo+json", "application/schema+json"})
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_DESCRIPTION: Final = "application/vnd.oai.openapi+json"


def read_known_parameters(request: Request, known: Collection[str] = ()) -> dict[str, str]:
    """Parameters of a request by name.

    Parameters
    ----------
    known
        Those that may come, beside ``f``.

    Raises
    ------
    InputError
        See `api.http.strict_query.read_parameters`.
    """
    return read_parameters(request, ("f", *known))


def form(request: Request, given: Mapping[str, str]) -> Form:
    """JSON or HTML: by ``f``, else by what the asker accepts, JSON where both are as good.

    Raises
    ------
    InputError
        ``invalid-parameter`` where ``f`` is neither.
    """
    wanted = given.get("f")
    if wanted == "html":
        return "html"
    if wanted in {"json", "geojson"}:
        return "json"
    if wanted is not None:
        raise InputError(
            "invalid-parameter",
            "f: Answers are json or html.",
            indonesian="f: Jawaban berbentuk json atau html.",
        )
    accepted = _accepted(request.headers.get("accept", ""))
    html = max((accepted.get(kind, 0.0) for kind in _HTML), default=0.0)
    json = max(accepted.get(kind, 0.0) for kind in (*_JSON, _DESCRIPTION))
    return "html" if html > json else "json"


def read_format(request: Request, version: str) -> Form:
    """The form of a description that takes no parameters, its answer marked with its ETag.

    Parameters
    ----------
    version
        Cache key: changes whenever the description changes.

    Raises
    ------
    NotModified
        See `api.http.caching.set_cache_headers`.
    InputError
        See `read_known_parameters` and `form`.
    """
    wanted = form(request, read_known_parameters(request))
    set_cache_headers(request, version, A_MINUTE, form=wanted)
    return wanted


def whole(given: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A whole number; one above the greatest stands for that, as the standard says of `limit`.

    Raises
    ------
    InputError
        ``invalid-parameter``.
    """
    text = given.get(name)
    if text is None:
        return default
    if not _WHOLE.fullmatch(text) or int(text) < least:
        raise InputError(
            "invalid-parameter",
            f"{name}: A whole number from {least} on is wanted.",
            indonesian=f"{name}: Tulis bilangan bulat mulai dari {least}.",
        )
    return min(int(text), most)


def box(text: str, crs: Crs) -> Box:
    """Four numbers, or six with heights between, which are left out.

    Returns
    -------
    tuple
        Least x and y, greatest x and y, x running east; in degrees the first x is above the second
        where the box spans 180 degrees.

    Raises
    ------
    InputError
        ``invalid-parameter``.
    """
    try:
        numbers = [number(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(math.isfinite(number) for number in numbers):
        raise InputError(
            "invalid-parameter",
            "bbox: Four numbers are wanted, or six with heights: the lower corner, then the upper, "
            "like 110.40,-7.00,110.45,-6.95.",
            indonesian="bbox: Tulis empat bilangan, atau enam dengan ketinggian: sudut bawah, lalu "
            "sudut atas, seperti 110.40,-7.00,110.45,-6.95.",
        )
    x0, y0, x1, y1 = numbers
    if crs.latitude_first:
        x0, y0, x1, y1 = y0, x0, y1, x1
    if y0 > y1:
        raise InputError(
            "invalid-parameter",
            "bbox: South is the lower corner, north the upper.",
            indonesian="bbox: Sudut bawah di selatan, sudut atas di utara.",
        )
    if x0 > x1 and crs.plane != WGS84:
        raise InputError(
            "invalid-parameter",
            "bbox: West is the lower corner, east the upper; a box spans 180 degrees in degrees "
            "alone.",
            indonesian="bbox: Sudut bawah di barat, sudut atas di timur; hanya kotak dalam derajat "
            "dapat melintasi 180 derajat.",
        )
    return x0, y0, x1, y1


def _accepted(header: str) -> dict[str, float]:
    found: dict[str, float] = {}
    for part in header.split(","):
        kind, *settings = (piece.strip() for piece in part.lower().split(";"))
        weight = next((said[2:] for said in settings if said.startswith("q=")), "1")
        try:
            found[kind] = float(weight)
        except ValueError:
            found[kind] = 0.0
    return found
