"""Links between the answers, always to the whole address."""

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import quote, urlencode

from fastapi import Request

from api.http.links import base_url

JSON: Final = "application/json"
GEOJSON: Final = "application/geo+json"
SCHEMA: Final = "application/schema+json"
HTML: Final = "text/html"
OPENAPI: Final = "application/vnd.oai.openapi+json;version=3.0"
REL: Final = "http://www.opengis.net/def/rel/ogc/1.0/"
Link = dict[str, Any]


def root(request: Request) -> str:
    """Address of the landing page."""
    return f"{base_url(request)}/ogc"


def link(rel: str, href: str, kind: str, title: str) -> Link:
    """One link."""
    return {"rel": rel, "href": href, "type": kind, "title": title}


def address(
    request: Request, path: str, given: Mapping[str, object] | None = None, **others: object
) -> str:
    """An address here, its parameters kept but for those said anew; None leaves one out."""
    wanted = {**(given or {}), **others}
    query = urlencode({name: str(value) for name, value in wanted.items() if value is not None})
    return f"{root(request)}{quote(path)}" + (f"?{query}" if query else "")


def both(
    request: Request, path: str, given: Mapping[str, object], form: str, kind: str = JSON
) -> list[Link]:
    """An answer itself, and the same in the other form."""
    kinds = {"json": kind, "html": HTML}
    titles = {"json": "Dokumen ini sebagai JSON · This document as JSON", "html": "HTML"}
    return [
        link(
            "self" if one == form else "alternate",
            address(request, path, given) if one == form else address(request, path, given, f=one),
            kinds[one],
            titles[one],
        )
        for one in sorted(kinds, key=lambda one: one != form)
    ]
