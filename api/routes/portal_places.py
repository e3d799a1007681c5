"""Pages of the portal: places, referral of patients, newcomers, and contacts."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.http.parameters import NearArea, OfArea, OfKind, StockName
from api.pages.portal.help.area_choice import area_choice, area_label, find_area
from api.pages.portal.help.nearest import room_sum
from api.pages.portal.help.newcomers import newcomers_of, rule_periods
from api.pages.portal.help.place_list import group_places, places_near, stock_names
from api.pages.portal.help.place_map import place_map
from api.pages.portal.texts import figures
from api.pages.portal.texts.help import amounts, contacts
from api.pages.portal.texts.help import newcomers as texts_of_newcomers
from api.pages.portal.texts.help import places as texts
from api.services.portal_places import NewcomersPortal, PlacesPortal
from zoning.portal.places import PLACE_NAMES

router = APIRouter(tags=["portal"])
_PLACES = {**texts.NEAREST, **texts.TEXTS}


@router.get("/tempat", summary="The page of places", response_class=HTMLResponse)
def places(portal: PlacesPortal, kind: OfKind = None, near: NearArea = None) -> HTMLResponse:
    """Places with room first, the nearest to the middle of an area first, as list and map."""
    find_area(portal.data, near)
    listed = places_near(portal.data, near, kind)
    groups = group_places(listed)
    shown = [place for group in groups for place in group.places]
    return portal.page(
        "places.html",
        _PLACES,
        {"kind": kind, "near": near},
        kind=kind,
        kinds=PLACE_NAMES,
        near=near,
        near_label=area_label(portal.data, near),
        choice=area_choice(portal.data),
        groups=groups,
        map=place_map(portal.data, shown, near),
    )


@router.get("/rujukan", summary="The page of hospitals with room", response_class=HTMLResponse)
def referral(portal: PlacesPortal, near: NearArea = None, stock: StockName = None) -> HTMLResponse:
    """Whom to call first, what to bring, and which hospital has room and equipment."""
    find_area(portal.data, near)
    hospitals = places_near(portal.data, near, "hospital")
    wanted = [place for place in hospitals if stock is None or dict(place.stock).get(stock, 0) > 0]
    groups = group_places(wanted)
    shown = [place for group in groups for place in group.places]
    return portal.page(
        "referral.html",
        _PLACES,
        {"near": near, "stock": stock},
        near=near,
        near_label=area_label(portal.data, near),
        choice=area_choice(portal.data),
        stock=stock,
        stocks=stock_names(hospitals),
        has_hospitals=bool(hospitals),
        room=room_sum(hospitals),
        groups=groups,
        map=place_map(portal.data, shown, near),
    )


@router.get("/pendatang", summary="The page for newcomers", response_class=HTMLResponse)
def newcomer_rules(newcomers: NewcomersPortal, area: OfArea = None) -> HTMLResponse:
    """Rules of quarantine by day of arrival, how to report, and newcomers by week in ranges."""
    portal, weeks = newcomers
    find_area(portal.data, area)
    day = portal.day
    shown = None if day is None else newcomers_of(weeks, portal.data, area, day.date)
    return portal.page(
        "newcomers.html",
        {**amounts.AREAS, **figures.TEXTS, **texts_of_newcomers.TEXTS},
        {"area": area},
        periods=rule_periods(portal.data, portal.until),
        until=portal.until,
        newcomers=shown,
    )


@router.get("/dokter", summary="The page of contacts", response_class=HTMLResponse)
def contact_page(portal: PlacesPortal) -> HTMLResponse:
    """Medical advice, information line and emergency numbers, as far as the city gives them."""
    kinds = {place.kind for place in places_near(portal.data, None)}
    return portal.page(
        "contacts.html",
        contacts.TEXTS,
        {},
        kinds=[kind for kind in ("puskesmas", "hospital") if kind in kinds],
        kind_names=PLACE_NAMES,
    )
