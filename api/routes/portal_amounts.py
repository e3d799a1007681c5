"""Pages of the portal with amounts by area: vaccination, aid and donations, equipment."""

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from api.http.parameters import OfArea
from api.pages.portal.help.amounts import amount_table
from api.pages.portal.help.area_choice import find_area
from api.pages.portal.help.doses import dose_shares, dose_table
from api.pages.portal.help.nearest import room_sum
from api.pages.portal.help.place_list import places_near
from api.pages.portal.help.stock import stock_items
from api.pages.portal.texts.help import amounts, places
from api.services.portal_places import PlacesPortal

router = APIRouter(tags=["portal"])
_TEXTS = {**places.NEAREST, **places.TEXTS, **amounts.DOSES, **amounts.TEXTS}


@router.get("/vaksinasi", summary="The page of vaccination", response_class=HTMLResponse)
def vaccination(portal: PlacesPortal, area: OfArea = None) -> HTMLResponse:
    """Doses by area, as a share of the residents, and vaccination centres with room."""
    find_area(portal.data, area)
    table = dose_table(portal.data, area, portal.until)
    centres = places_near(portal.data, area, "vaccination")
    return portal.page(
        "vaccination.html",
        _TEXTS,
        {"area": area},
        table=table,
        doses=dose_shares(table),
        centres=[place for place in centres if place.group == "room"][:3],
        has_centres=bool(centres),
        room=room_sum(centres),
    )


@router.get("/bantuan", summary="The page of aid and donations", response_class=HTMLResponse)
def aid(portal: PlacesPortal, area: OfArea = None) -> HTMLResponse:
    """Aid to residents, donations received and given, by area."""
    find_area(portal.data, area)
    donations = ("donations-received", "donations-given")
    return portal.page(
        "aid.html",
        _TEXTS,
        {"area": area},
        parcels=amount_table(portal.data, ["aid-parcels"], area, portal.until, "total"),
        donations=amount_table(portal.data, donations, area, portal.until, "total"),
    )


@router.get("/alat", summary="The page of equipment", response_class=HTMLResponse)
def equipment(portal: PlacesPortal, area: OfArea = None) -> HTMLResponse:
    """Stock that places report, and beds, by area."""
    find_area(portal.data, area)
    beds = amount_table(portal.data, ("beds", "beds-used"), area, portal.until, "newest")
    return portal.page(
        "equipment.html",
        _TEXTS,
        {"area": area},
        beds=beds,
        items=stock_items(portal.data, beds.whole.area),
    )
