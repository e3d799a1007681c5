"""The same answers as pages for people: Indonesian first, English beside it."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from api.headers import page_policy
from api.links import base_path
from api.ogc.links import root
from zoning.drawing.assets import ZONES_CSS
from zoning.drawing.figure import Served
from zoning.drawing.palette import TINTS
from zoning.risk import Bilingual

_TEMPLATES: Final = Environment(
    loader=ChoiceLoader([PackageLoader("api.ogc"), PackageLoader("zoning.drawing")]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_OGC_CSS: Final = "own/ogc.css"
WORDS: Final = {
    "service": Bilingual("Layanan OGC API", "OGC API"),
    "collections": Bilingual("Koleksi", "Collections"),
    "conformance": Bilingual("Kesesuaian standar", "Conformance"),
    "documentation": Bilingual("Dokumentasi", "Documentation"),
    "queryables": Bilingual("Kolom untuk penyaring", "Queryables"),
    "schema": Bilingual("Skema", "Schema"),
    "items": Bilingual("Fitur", "Features"),
    "features": Bilingual("Lihat fitur", "Browse the features"),
    "tiles": Bilingual("Tile", "Tiles"),
    "map": Bilingual("Peta", "Map"),
    "json": Bilingual("Dokumen ini sebagai JSON", "This document as JSON"),
    "crs": Bilingual("Sistem koordinat", "Coordinate systems"),
    "extent": Bilingual("Cakupan", "Extent"),
    "days": Bilingual("Hari", "Days"),
    "property": Bilingual("Kolom", "Property"),
    "meaning": Bilingual("Arti", "Meaning"),
    "kind": Bilingual("Jenis", "Kind"),
    "matched": Bilingual("cocok", "matched"),
    "shown": Bilingual("di halaman ini", "on this page"),
    "none": Bilingual("Tidak ada yang cocok.", "Nothing matches."),
    "next": Bilingual("Berikutnya", "Next"),
    "prev": Bilingual("Sebelumnya", "Previous"),
    "clients": Bilingual("Dari QGIS, GDAL, Python", "From QGIS, GDAL, Python"),
    "address": Bilingual("Alamat layanan", "Address of the service"),
}
COLOURS: Final = {tint.id: tint for tint in TINTS}


def page(request: Request, name: str, context: Mapping[str, Any]) -> HTMLResponse:
    """One of the templates beside this module, filled in.

    Parameters
    ----------
    context
        ``title`` (in both languages) and ``trail`` (the pages above: words and path) for the
        heading, ``json`` for the way to the JSON, and what the template names.
    """
    base = base_path(request)
    links = Served(f"{base}/assets")
    text = _TEMPLATES.get_template(f"{name}.html").render(
        styles=[links.style(ZONES_CSS), links.style(_OGC_CSS)],
        base=base,
        ogc=f"{base}/ogc",
        address=root(request),
        words=WORDS,
        language="id",
        tints=COLOURS,
        **context,
    )
    policy = page_policy([], ["'none'"], None)
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})
