"""The portal: the first page, the page of an RT, and the assets of all pages."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from api.http.files.release_assets import CurrentAssets
from api.http.parameters import AreaCode
from api.http.portal_shell import portal_policy
from api.pages.portal.area import area_page
from api.pages.portal.day import city_day
from api.pages.portal.logo import logo_of
from api.pages.portal.picture import city_picture
from api.pages.portal.rendering import Texts, render
from api.pages.portal.texts import home, rt
from api.services.portal import CurrentPortal, PortalRequest
from api.services.public import CurrentCity

router = APIRouter(tags=["portal"])


@router.get("/", summary="The first page of the portal", response_class=HTMLResponse)
def first_page(portal: CurrentPortal, city: CurrentCity) -> HTMLResponse:
    """What colour is my RT, how is the city, where is help."""
    today = city_day(city.published_runs(), portal.day.date, city.rules.classes)
    picture = city_picture(city, portal.day)
    return _page("home.html", portal, home.TEXTS, today=today, picture=picture)


@router.get("/rt/{code}", summary="The page of one RT", response_class=HTMLResponse)
def area(code: AreaCode, portal: CurrentPortal, city: CurrentCity) -> HTMLResponse:
    """Colour, reason, measures, last days and neighbours of an RT; also of a larger area."""
    page, picture = area_page(city, portal.day, code), city_picture(city, portal.day)
    return _page("rt.html", portal, rt.TEXTS, page=page, picture=picture)


@router.get("/assets/{release}/{name:path}", include_in_schema=False)
def asset(
    request: Request,
    assets: CurrentAssets,
    release: str,
    name: str,
) -> Response:
    """A script, style, font or picture of the pages."""
    return assets.response(request, release, name)


@router.get("/logo", include_in_schema=False)
def logo(portal: CurrentPortal) -> Response:
    """The logo of the city; the first letter of the service for a city without a logo."""
    picture = logo_of(portal.portal.profile, portal.portal.service.id)
    # An SVG may contain scripts: none runs.
    headers = {"Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
    return Response(picture.content, media_type=picture.media_type, headers=headers)


def _page(template: str, portal: PortalRequest, texts: Texts, **values: object) -> HTMLResponse:
    shared = {"day": portal.day, "is_stale": portal.is_stale}
    html = render(template, portal.portal, portal.address, texts, {**shared, **values})
    return HTMLResponse(html, headers={"Content-Security-Policy": portal_policy()})
