"""The portal: the first page, the page of an RT, and the assets of all pages."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.http.files.release_assets import CurrentAssets
from api.http.parameters import AreaCode
from api.http.portal_shell import portal_policy
from api.pages.portal.city.day import city_day
from api.pages.portal.city.figures import area_figures
from api.pages.portal.city.picture import city_picture
from api.pages.portal.help.doses import dose_shares, dose_table
from api.pages.portal.help.nearest import room_by_kind
from api.pages.portal.logo import logo_of
from api.pages.portal.rendering import Texts, page_link, render
from api.pages.portal.texts import colours, figures, home, rt, search
from api.pages.portal.texts.help import amounts, places
from api.pages.portal.zone.area import area_page
from api.pages.portal.zone.search_page import search_page
from api.pages.portal.zone.zone_cards import zone_cards
from api.services.portal import CurrentPortal, HomePortal, PortalRequest
from api.services.public import CurrentCity
from geodata.areas import OTHER
from geodata.errors import NotFoundError
from zoning.phrases import ZONE_NAMES
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.search.city_search import name_index
from zoning.public.search.finding import NOTHING, find_near_code

router = APIRouter(tags=["portal"])


@router.get("/", summary="The first page of the portal", response_class=HTMLResponse)
def first_page(home_request: HomePortal, city: CurrentCity) -> HTMLResponse:
    """What colour is my RT, how is the city, where is help."""
    portal = home_request.portal
    day = portal.day
    shown = home_request.figures
    texts = {**search.TEXTS, **rt.TEXTS, **colours.TEXTS, **home.TEXTS, **figures.TEXTS}
    return portal_page(
        "home.html",
        portal,
        {**places.NEAREST, **amounts.DOSES, **texts},
        today=city_day(
            portal.publications.runs, day.date, city.rules.classes, shown.last_complete["cases"]
        ),
        keys=city.rules.keys,
        zone=zone_name(city, day),
        search=search_page(city, day, NOTHING),
        cards=zone_cards(city, day, portal.publications, portal.portal, portal.address),
        picture=city_picture(city, day),
        figures=area_figures(shown, shown.codes[0], day.date),
        timezone=city.timezone.key,
        rooms=room_by_kind(home_request.data),
        doses=dose_shares(dose_table(home_request.data, None, home_request.until)),
    )


@router.get(
    "/rt/{code}",
    summary="The page of one RT",
    response_class=HTMLResponse,
    responses={301: {"description": "The code is of a larger area: its page."}},
)
def area(request: Request, code: AreaCode, portal: CurrentPortal, city: CurrentCity) -> Response:
    """Colour, reason, measures, last days and neighbours of an RT.

    The code of a larger area leads to the page of the larger area. For a code that does not
    exist, a page with the nearest areas (404).
    """
    try:
        page = area_page(city, portal.day, code, portal.publications)
    except NotFoundError as error:
        return unknown_area_page(request, portal, city, code, error)
    areas = city.areas_of(portal.day.boundaries)
    if page.zone.kind != OTHER and not areas.is_smallest(page.zone.level):
        return RedirectResponse(page_link(portal.portal, portal.address, f"/wilayah/{code}"), 301)
    texts = {**places.NEAREST, **search.TEXTS, **rt.TEXTS}
    return portal_page("rt.html", portal, texts, page=page, picture=city_picture(city, portal.day))


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


def unknown_area_page(
    request: Request, portal: PortalRequest, city: PublicCity, code: str, error: NotFoundError
) -> HTMLResponse:
    """A page with the nearest areas (404) for a code that does not exist.

    Raises
    ------
    NotFoundError
        `error` itself, if the client wants no page or no area is near.
    """
    finding = find_near_code(name_index(city, portal.day.boundaries), code)
    wants_page = "text/html" in request.headers.get("accept", "")
    if error.code != "no-area" or finding.outcome == "unknown" or not wants_page:
        raise error
    found = search_page(city, portal.day, finding, is_unknown_code=True)
    return portal_page("search.html", portal, search.TEXTS, 404, search=found)


def zone_name(city: PublicCity, day: PublicDay) -> str:
    """Name of the smallest zones of the city: RT, RW, dusun or SLS."""
    return ZONE_NAMES[city.areas_of(day.boundaries).smallest_zone]
