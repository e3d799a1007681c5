"""The pages of larger areas, of the rules, and about the colours."""

from dataclasses import replace
from datetime import timedelta
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.http.parameters import AreaCode
from api.pages.portal.city.about import about_page
from api.pages.portal.city.figures import area_figures
from api.pages.portal.city.larger_area import larger_area_page
from api.pages.portal.city.picture import city_picture
from api.pages.portal.city.rule_page import rule_page
from api.pages.portal.rendering import page_link
from api.pages.portal.texts import about, colours, downloads, figures, larger_area, rule
from api.pages.portal.zone.area import similar_areas
from api.routes.portal import portal_page, unknown_area_page, zone_name
from api.services.portal import CurrentPortal, FiguresPortal, FiguresRequest, PortalRequest
from api.services.public import CurrentCity
from geodata.areas import OTHER
from geodata.boundaries import AreaFacts
from geodata.errors import InputError, NotFoundError
from zoning.public.city import PublicCity

router = APIRouter(tags=["portal"])
_MOVED: Final[dict[int | str, dict[str, Any]]] = {
    301: {"description": "The code is of an RT: its page."}
}


def _chosen_risk(
    city: CurrentCity,
    colour: Annotated[
        str | None,
        Query(max_length=60, description="List only the RT of this colour, like `red`."),
    ] = None,
) -> int | None:
    """The class that a request names, by its key or by its name in a language."""
    if not colour:
        return None
    word = colour.strip().casefold()
    for risk, each in enumerate(city.rules.classes):
        if word in {each.key, each.name.id.casefold(), each.name.en.casefold()}:
            return risk
    names = city.rules.keys
    raise InputError(
        "invalid-parameter",
        f"colour: Write one of these: {', '.join(names)}.",
        indonesian=f"colour: Tulis salah satu dari ini: {', '.join(names)}.",
    )


ChosenRisk = Annotated[int | None, Depends(_chosen_risk)]


@router.get("/wilayah", summary="The page of the city", response_class=HTMLResponse)
def whole_city(chosen: ChosenRisk, request: FiguresPortal, city: CurrentCity) -> HTMLResponse:
    """The RT of the whole city by colour, its kecamatan, its curve and downloads."""
    return _larger_area(request, city, _kota(request.portal, city), chosen)


@router.get(
    "/wilayah/{code}",
    summary="The page of a city, kecamatan, kelurahan or RW",
    response_class=HTMLResponse,
    responses=_MOVED,
)
def larger_area_view(
    request: Request,
    code: AreaCode,
    chosen: ChosenRisk,
    figures_request: FiguresPortal,
    city: CurrentCity,
) -> Response:
    """The RT of an area by colour, its parts, its curve and downloads.

    The code of an RT leads to the page of the RT. For a code that does not exist, a page with the
    areas of similar codes (404).
    """
    portal = figures_request.portal
    areas = city.areas_of(portal.day.boundaries)
    try:
        area = areas.area(code)
    except NotFoundError as error:
        error.nearest = similar_areas(areas, code)
        return unknown_area_page(request, portal, city, code, error)
    if area.kind == OTHER or areas.is_smallest(area.level):
        target = page_link(portal.portal, portal.address, f"/rt/{code}")
        return RedirectResponse(target, 301)
    return _larger_area(figures_request, city, area, chosen)


@router.get("/aturan", summary="What the colours mean and require", response_class=HTMLResponse)
def rules(portal: CurrentPortal, city: CurrentCity) -> HTMLResponse:
    """Colours and duties under the rule of a day; all rules and their days."""
    page = rule_page(city, portal.day)
    return portal_page(
        "rule.html",
        portal,
        rule.TEXTS,
        page=page,
        counted=rule.COUNTED[page.rule.unit],
        first=portal.day.date - timedelta(days=page.rule.window - 1),
        zone=zone_name(city, portal.day),
    )


@router.get("/tentang", summary="About the colours and the data", response_class=HTMLResponse)
def about_view(portal: CurrentPortal, city: CurrentCity) -> HTMLResponse:
    """Rule, run, boundaries, lateness, what colours cannot tell, privacy, downloads."""
    page = about_page(city, portal.day)
    return portal_page(
        "about.html",
        portal,
        {**downloads.TEXTS, **about.TEXTS},
        page=page,
        unit=about.UNITS[page.rule.unit],
        levels=larger_area.LEVELS,
        city_code=_kota(portal, city).code,
        zone=zone_name(city, portal.day),
    )


def _kota(portal: PortalRequest, city: PublicCity) -> AreaFacts:
    areas = city.areas_of(portal.day.boundaries)
    return areas.area(str(areas.level("kota")["code"].iloc[0]))


def _larger_area(
    request: FiguresRequest, city: PublicCity, area: AreaFacts, chosen: int | None
) -> HTMLResponse:
    portal, in_city = request
    keys = city.rules.keys
    if chosen is not None:
        # The link to the other language keeps the colour.
        address = replace(portal.address, query={"colour": keys[chosen]})
        portal = replace(portal, address=address)
    has_figures = area.code in in_city.codes
    return portal_page(
        "larger_area.html",
        portal,
        {**figures.TEXTS, **colours.TEXTS, **downloads.TEXTS, **larger_area.TEXTS},
        page=larger_area_page(city, portal.day, area, in_city.last_complete["cases"], chosen),
        levels=larger_area.LEVELS,
        picture=city_picture(city, portal.day),
        figures=area_figures(in_city, area.code, portal.day.date) if has_figures else None,
        keys=keys,
        zone=zone_name(city, portal.day),
    )
