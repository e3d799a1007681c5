"""The same answers as pages for people: Indonesian first, English beside it."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from api.http.links import base_path
from api.ogc.links import root
from api.ogc.messages import WORDS
from api.pages.assets import OGC_CSS
from api.pages.policy import page_policy
from api.pages.rendering import ServedAssets
from zoning.drawing.assets import ZONES_CSS
from zoning.drawing.palette import Tint, tints_of
from zoning.risk import Classes

_TEMPLATES: Final = Environment(
    loader=ChoiceLoader([PackageLoader("api.ogc"), PackageLoader("zoning.drawing")]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def tints_by_name(classes: Classes) -> dict[str, Tint]:
    """How the classes of the city's rules look, by their Indonesian names."""
    return {tint.id: tint for tint in tints_of(classes)}


def page(request: Request, name: str, classes: Classes, context: Mapping[str, Any]) -> HTMLResponse:
    """One of the templates beside this module, filled in.

    Parameters
    ----------
    classes
        Of the city's rules.
    context
        ``title`` (in both languages) and ``trail`` (the pages above: words and path) for the
        heading, ``json`` for the way to the JSON, and what the template names.
    """
    base = base_path(request)
    links = ServedAssets(base)
    text = _TEMPLATES.get_template(f"{name}.html").render(
        styles=[links.style(ZONES_CSS), links.style(OGC_CSS)],
        base=base,
        ogc=f"{base}/ogc",
        address=root(request),
        words=WORDS,
        language="id",
        tints=tints_by_name(classes),
        **context,
    )
    policy = page_policy([], ["'none'"], None)
    return HTMLResponse(text, headers={"Content-Security-Policy": policy})
