"""Query parameters of OGC API: strict parameters, the form of the answer, numbers and boxes.

The standard requires status 400 for a fault, where other paths of this application answer 422:
`api.http.errors` sets the status.
"""

import math
import re
from collections.abc import Collection, Mapping
from typing import Final, Literal

from fastapi import Request

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.parameters import parse_number
from api.http.strict_query import read_parameters
from api.ogc.crs import Crs
from api.ogc.shapes import Box
from geodata.boundaries import WGS84
from geodata.errors import InputError

Form = Literal["json", "html"]
DEFAULT_LIMIT: Final = 1000
LARGEST_LIMIT: Final = 10_000
LARGEST_OFFSET: Final = 2**53
HTML_LIMIT: Final = 100
"""Default number of features on an HTML page."""
_WHOLE: Final = re.compile(r"[0-9]{1,18}")
_JSON: Final = frozenset({"application/json", "application/geo+json", "application/schema+json"})
_HTML: Final = frozenset({"text/html", "application/xhtml+xml"})
_DESCRIPTION: Final = "application/vnd.oai.openapi+json"


def read_known_parameters(request: Request, known: Collection[str] = ()) -> dict[str, str]:
    """The query parameters of a request by name.

    Parameters
    ----------
    known
        Names of the known parameters besides ``f``.

    Raises
    ------
    InputError
        See `api.http.strict_query.read_parameters`.
    """
    return read_parameters(request, ("f", *known))


def read_form(request: Request, parameters: Mapping[str, str]) -> Form:
    """JSON or HTML, by ``f``, else by the header Accept; JSON if both have the same weight.

    Raises
    ------
    InputError
        ``invalid-parameter`` if ``f`` is neither.
    """
    name = parameters.get("f")
    if name == "html":
        return "html"
    if name in {"json", "geojson"}:
        return "json"
    if name is not None:
        raise InputError(
            "invalid-parameter",
            "f: The format is unknown. Write json or html.",
            indonesian="f: Format itu tidak dikenal. Tulis json atau html.",
        )
    weights = _media_type_weights(request.headers.get("accept", ""))
    html = max((weights.get(media_type, 0.0) for media_type in _HTML), default=0.0)
    json = max(weights.get(media_type, 0.0) for media_type in (*_JSON, _DESCRIPTION))
    return "html" if html > json else "json"


def read_document_form(request: Request, version: str) -> Form:
    """JSON or HTML for a document without parameters; sets the cache headers of the response.

    Parameters
    ----------
    version
        Cache key: changes whenever the document changes.

    Raises
    ------
    NotModified
        See `api.http.caching.set_cache_headers`.
    InputError
        See `read_known_parameters` and `read_form`.
    """
    form = read_form(request, read_known_parameters(request))
    set_cache_headers(request, version, A_MINUTE, form=form)
    return form


def read_whole(
    parameters: Mapping[str, str], name: str, default: int, minimum: int, maximum: int
) -> int:
    """A whole number; a number above the maximum becomes the maximum, as the standard requires.

    Raises
    ------
    InputError
        ``invalid-parameter``.
    """
    text = parameters.get(name)
    if text is None:
        return default
    if not _WHOLE.fullmatch(text) or int(text) < minimum:
        raise InputError(
            "invalid-parameter",
            f"{name}: Write a whole number of at least {minimum}.",
            indonesian=f"{name}: Tulis bilangan bulat mulai dari {minimum}.",
        )
    return min(int(text), maximum)


def read_box(text: str, crs: Crs) -> Box:
    """A box from four numbers, or from six numbers with heights; the heights are ignored.

    Returns
    -------
    tuple
        West, south, east, north; in degrees west is above east if the box crosses the 180th
        meridian.

    Raises
    ------
    InputError
        ``invalid-parameter``.
    """
    try:
        numbers = [parse_number(part) for part in text.split(",")]
    except ValueError:
        numbers = []
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4 or not all(math.isfinite(number) for number in numbers):
        raise InputError(
            "invalid-parameter",
            "bbox: Write four numbers, or six numbers with heights: the lower corner, then the "
            "upper corner, like 110.40,-7.00,110.45,-6.95.",
            indonesian="bbox: Tulis empat bilangan, atau enam bilangan dengan ketinggian: sudut "
            "bawah, lalu sudut atas, seperti 110.40,-7.00,110.45,-6.95.",
        )
    x0, y0, x1, y1 = numbers
    if crs.latitude_first:
        x0, y0, x1, y1 = y0, x0, y1, x1
    if y0 > y1:
        raise InputError(
            "invalid-parameter",
            "bbox: The lower corner must be south of the upper corner.",
            indonesian="bbox: Sudut bawah harus di selatan sudut atas.",
        )
    if x0 > x1 and crs.plane != WGS84:
        raise InputError(
            "invalid-parameter",
            "bbox: The lower corner must be west of the upper corner; only a box in degrees can "
            "cross the 180th meridian.",
            indonesian="bbox: Sudut bawah harus di barat sudut atas; hanya kotak dalam derajat "
            "yang dapat melintasi bujur 180 derajat.",
        )
    return x0, y0, x1, y1


def _media_type_weights(header: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for part in header.split(","):
        media_type, *options = (piece.strip() for piece in part.lower().split(";"))
        weight = next((option[2:] for option in options if option.startswith("q=")), "1")
        try:
            weights[media_type] = float(weight)
        except ValueError:
            weights[media_type] = 0.0
    return weights
