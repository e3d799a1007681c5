"""The portal: the first page, the page of an RT, and the assets of all pages."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.http.files.release_assets import CurrentAssets
from api.http.parameters import AreaCode
from api.http.portal_shell import portal_policy
from api.pages.portal.area import area_page
from api.pages.portal.day import city_day
from api.pages.portal.logo import logo_of
from api.pages.portal.rendering import Texts, page_link, render
from api.pages.portal.texts import colours, home, rt
from api.services.portal import CurrentPortal, PortalRequest
from api.services.public import CurrentCity
from geodata.areas import OTHER
from zoning.phrases import ZONE_NAMES
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay

router = APIRouter(tags=["portal"])


@router.get("/", summary="The first page of the portal", response_class=HTMLResponse)
def first_page(portal: CurrentPortal, city: CurrentCity) -> HTMLResponse:
    """What colour is my RT, how is the city, where is help."""
    today = city_day(city.published_runs(), portal.day.date, city.rules.classes)
    return portal_page(
        "home.html",
        portal,
        {**colours.TEXTS, **home.TEXTS},
        today=today,
        keys=city.rules.keys,
        zone=zone_name(city, portal.day),
    )


@router.get(
    "/rt/{code}",
    summary="The page of one RT",
    response_class=HTMLResponse,
    responses={301: {"description": "The code is of a larger area: its page."}},
)
def area(code: AreaCode, portal: CurrentPortal, city: CurrentCity) -> Response:
    """Colour, reason, measures, last days and neighbours of an RT.

    The code of a larger area leads to the page of the larger area.
    """
    page = area_page(city, portal.day, code)
    areas = city.areas_of(portal.day.boundaries)
    if page.zone.kind != OTHER and not areas.is_smallest(page.zone.level):
        return RedirectResponse(page_link(portal.portal, portal.address, f"/wilayah/{code}"), 301)
    return portal_page("rt.html", portal, rt.TEXTS, page=page)


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


def portal_page(
    template: str, portal: PortalRequest, texts: Texts, status: int = 200, **values: object
) -> HTMLResponse:
    """A page of the portal."""
    shared = {"day": portal.day, "is_stale": portal.is_stale}
    html = render(template, portal.portal, portal.address, texts, {**shared, **values})
    return HTMLResponse(html, status, {"Content-Security-Policy": portal_policy()})


def zone_name(city: PublicCity, day: PublicDay) -> str:
    """Name of the smallest zones of the city: RT, RW, dusun or SLS."""
    return ZONE_NAMES[city.areas_of(day.boundaries).smallest_zone]
