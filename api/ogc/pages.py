"""HTML pages of OGC API: Indonesian first, then English."""

from collections.abc import Mapping
from typing import Any, Final

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, StrictUndefined

from api.http.files.release_assets import assets_path
from api.http.links import base_path
from api.ogc.links import ogc_root
from api.ogc.messages import LABELS
from api.pages.assets import OGC_CSS
from api.pages.policy import page_policy
from api.pages.rendering import ServedAssets
from zoning.drawing.assets import ZONES_CSS
from zoning.drawing.palette import Tint, class_tints
from zoning.risk import Classes

_TEMPLATES: Final = Environment(
    loader=ChoiceLoader([PackageLoader("api.ogc"), PackageLoader("zoning.drawing")]),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def tints_by_name(classes: Classes) -> dict[str, Tint]:
    """Colours and patterns of the classes of the city's rules, by their Indonesian names."""
    return {tint.id: tint for tint in class_tints(classes)}


def page(request: Request, name: str, classes: Classes, context: Mapping[str, Any]) -> HTMLResponse:
    """Render a template of ``api/ogc/templates``.

    Parameters
    ----------
    classes
        Classes of the city's rules.
    context
        Variables of the template; always ``title`` (in both languages), ``trail`` (label and path
        of each parent page) and ``json`` (URL of the JSON document).
    """
    base = base_path(request)
    links = ServedAssets(assets_path(request))
    html = _TEMPLATES.get_template(f"{name}.html").render(
        styles=[links.style(ZONES_CSS), links.style(OGC_CSS)],
        base=base,
        ogc=f"{base}/ogc",
        address=ogc_root(request),
        labels=LABELS,
        language="id",
        tints=tints_by_name(classes),
        **context,
    )
    policy = page_policy([], ["'none'"], None)
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})
