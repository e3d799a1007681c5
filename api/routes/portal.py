"""The portal: the first page, the page of an RT, and the assets of all pages."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response
from fastapi.responses import HTMLResponse

from api.http.caching import A_DAY, set_cache_headers
from api.http.files.release_assets import CurrentAssets, no_asset
from api.http.parameters import AreaCode
from api.pages.policy import page_policy
from api.pages.portal.area import area_page
from api.pages.portal.city_profile import CityProfile
from api.pages.portal.day import city_day
from api.pages.portal.figures import area_figures
from api.pages.portal.rendering import Texts, render
from api.pages.portal.texts import figures, home, rt
from api.services.portal import CurrentPortal, PortalRequest
from api.services.public import CurrentCity

router = APIRouter(tags=["portal"])
_FURTHER: dict[str, list[str]] = {
    "font-src": ["'self'"],
    "manifest-src": ["'self'"],
    "worker-src": ["'self'"],
}


@router.get("/", summary="The first page of the portal", response_class=HTMLResponse)
def first_page(portal: CurrentPortal, city: CurrentCity) -> HTMLResponse:
    """What colour is my RT, how is the city, where is help."""
    day = portal.day
    today = city_day(city.published_runs(), day.date, city.rules.classes)
    in_city = city.daily_figures()
    return _page(
        "home.html",
        portal,
        {**home.TEXTS, **figures.TEXTS},
        today=today,
        figures=area_figures(in_city, in_city.codes[0], day.date),
    )


@router.get("/rt/{code}", summary="The page of one RT", response_class=HTMLResponse)
def area(code: AreaCode, portal: CurrentPortal, city: CurrentCity) -> HTMLResponse:
    """Colour, reason, measures, last days and neighbours of an RT; also of a larger area."""
    return _page("rt.html", portal, rt.TEXTS, page=area_page(city, portal.day, code))


@router.get("/assets/{release}/{name:path}", include_in_schema=False)
def asset(
    request: Request,
    assets: CurrentAssets,
    release: Annotated[str, Path(pattern="^[0-9a-f]{16}$")],
    name: str,
) -> Response:
    """A script, style, font or picture of the pages."""
    return assets.response(request, release, name)


@router.get("/logo", include_in_schema=False)
def logo(request: Request) -> Response:
    """The logo of the city.

    Raises
    ------
    NotFoundError
        ``no-asset`` without a logo.
    """
    profile: CityProfile = request.app.state.profile
    if profile.logo_bytes is None:
        raise no_asset()
    set_cache_headers(request, profile.digest, A_DAY)
    # An SVG may contain scripts: none runs.
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return Response(profile.logo_bytes, media_type=profile.logo_type, headers=headers)


def _page(template: str, portal: PortalRequest, texts: Texts, **values: object) -> HTMLResponse:
    shared = {"day": portal.day, "is_stale": portal.is_stale}
    html = render(template, portal.portal, portal.address, texts, {**shared, **values})
    policy = page_policy([], ["'self'"], None, further=_FURTHER)
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})
