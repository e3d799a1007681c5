"""Links between the documents of OGC API, always as absolute URLs."""

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


def ogc_root(request: Request) -> str:
    """URL of the landing page."""
    return f"{base_url(request)}/ogc"


def link(rel: str, href: str, media_type: str, title: str) -> Link:
    """A link with its relation, URL, media type and title."""
    return {"rel": rel, "href": href, "type": media_type, "title": title}


def ogc_url(
    request: Request, path: str, parameters: Mapping[str, object] | None = None, **changes: object
) -> str:
    """The URL of a path with query parameters and some changes; None removes a parameter."""
    values = {**(parameters or {}), **changes}
    query = urlencode({name: str(value) for name, value in values.items() if value is not None})
    return f"{ogc_root(request)}{quote(path)}" + (f"?{query}" if query else "")


def format_links(
    request: Request,
    path: str,
    parameters: Mapping[str, object],
    form: str,
    json_type: str = JSON,
) -> list[Link]:
    """The link ``self`` to a document, and the link ``alternate`` to its other format."""
    media_types = {"json": json_type, "html": HTML}
    titles = {"json": "Dokumen ini sebagai JSON · This document as JSON", "html": "HTML"}
    return [
        link(
            "self" if name == form else "alternate",
            ogc_url(request, path, parameters)
            if name == form
            else ogc_url(request, path, parameters, f=name),
            media_types[name],
            titles[name],
        )
        for name in sorted(media_types, key=lambda name: name != form)
    ]
