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
from api.pages.portal.search_page import search_page
from api.pages.portal.texts import home, rt, search
from api.pages.portal.zone_cards import zone_cards
from api.services.portal import CurrentPortal, PortalRequest, ZonePortal
from api.services.public import CurrentCity
from geodata.errors import NotFoundError
from zoning.public.search.city_search import name_index
from zoning.public.search.finding import NOTHING, find_near_code

router = APIRouter(tags=["portal"])


@router.get("/", summary="The first page of the portal", response_class=HTMLResponse)
def first_page(portal: CurrentPortal, city: CurrentCity) -> HTMLResponse:
    """What colour is my RT, how is the city, where is help."""
    today = city_day(portal.publications.runs, portal.day.date, city.rules.classes)
    page = search_page(city, portal.day, NOTHING)
    cards = zone_cards(city, portal.day, portal.publications, portal.portal, portal.address)
    texts = {**search.TEXTS, **rt.TEXTS, **home.TEXTS}
    picture = city_picture(city, portal.day)
    return portal_page(
        "home.html", portal, texts, today=today, search=page, cards=cards, picture=picture
    )


@router.get("/rt/{code}", summary="The page of one RT", response_class=HTMLResponse)
def area(request: Request, code: AreaCode, portal: ZonePortal, city: CurrentCity) -> HTMLResponse:
    """Colour, reason, measures, last days and neighbours of an RT; also of a larger area.

    For a code that does not exist, a page with the nearest areas (404).
    """
    try:
        page = area_page(city, portal.day, code, portal.publications)
    except NotFoundError as error:
        finding = find_near_code(name_index(city, portal.day.boundaries), code)
        wants_page = "text/html" in request.headers.get("accept", "")
        if error.code != "no-area" or finding.outcome == "unknown" or not wants_page:
            raise
        found = search_page(city, portal.day, finding, is_unknown_code=True)
        return portal_page("search.html", portal, search.TEXTS, 404, search=found)
    picture = city_picture(city, portal.day)
    return portal_page("rt.html", portal, {**search.TEXTS, **rt.TEXTS}, page=page, picture=picture)


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
    """The response with a page of the portal.

    Parameters
    ----------
    values
        Variables of the template. They are public values.
    """
    shared = {"day": portal.day, "is_stale": portal.is_stale}
    html = render(template, portal.portal, portal.address, texts, {**shared, **values})
    return HTMLResponse(html, status, headers={"Content-Security-Policy": portal_policy()})
