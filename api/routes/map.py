"""The map: as a page, and without the page around it for a frame."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from api.http.caching import A_MINUTE, FOREVER, set_cache_headers
from api.http.configuration import current_settings
from api.http.files.packed import PackedFile
from api.http.files.release_assets import assets_path
from api.http.links import base_path
from api.http.parameters import LATEST, BoundariesId, Lang, ShownArea, ShownRt
from api.http.strict_query import reject_unknown_parameters
from api.pages.map_page import DayNavigation, MapPage, map_page
from api.pages.policy import page_policy, script_hashes
from api.pages.portal.city.picture import city_picture
from api.pages.rendering import ServedAssets
from api.services.days import PageDay
from api.services.public import CurrentCity
from zoning.drawing.folium_map import json_for_html
from zoning.drawing.page_data import MapDay, map_outlines
from zoning.drawing.shapes import zone_numbers
from zoning.drawing.view import Legend, Size, View
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.search.city_search import name_index

router = APIRouter(tags=["map"])
_LEGENDS: Final[dict[str, Legend]] = {"true": "open", "closed": "closed", "false": "none"}


@dataclass(frozen=True)
class FrameOptions:
    """Options of the map in a frame."""

    lang: Lang = "id"
    area: ShownArea = None
    size: Annotated[
        Size,
        Query(description="`full`: with the slider of days and the list of layers; or `compact`."),
    ] = "full"
    legend: Annotated[
        Literal["true", "closed", "false"],
        Query(description="Legend: open, closed, or none."),
    ] = "true"
    pattern: Annotated[
        bool, Query(description="Show a pattern for each colour: dots, stripes, lattice.")
    ] = True


@router.get("/map", summary="The map", response_class=HTMLResponse)
def map_view(
    request: Request, city: CurrentCity, day: PageDay, lang: Lang = "id", rt: ShownRt = None
) -> HTMLResponse:
    """A page with the map of one day; with an RT in the address, its details are open."""
    settings, base = current_settings(request), base_path(request)
    view = View(
        links=ServedAssets(assets_path(request)),
        api=base,
        outlines=f"{base}/outlines/{day.boundaries}",
        language=lang,
        background=settings.background_tiles,
        attribution=settings.background_credit,
    )
    page = MapPage(
        f"{base}/map",
        steps=_steps(city, day),
        preparing=request.state.preparing,
        shown=None if rt is None else city.areas_of(day.boundaries).area(rt),
        base=base,
        picture=city_picture(city, day).shown,
        old=city.published_key(None).date if request.state.is_old else None,
        assets=assets_path(request),
        names=name_index(city, day.boundaries),
    )
    return _response(request, city, day, view, page, ("'self'",))


@router.get("/embed", summary="The map for a frame", response_class=HTMLResponse)
def embedded_map(
    request: Request, city: CurrentCity, day: PageDay, options: Annotated[FrameOptions, Depends()]
) -> HTMLResponse:
    """The map without a page around it, for a frame on another site."""
    settings, base = current_settings(request), base_path(request)
    view = View(
        links=ServedAssets(assets_path(request)),
        api=base,
        outlines=f"{base}/outlines/{day.boundaries}",
        size=options.size,
        language=options.lang,
        area=options.area,
        legend=_LEGENDS[options.legend],
        pattern=options.pattern,
        background=settings.background_tiles,
        attribution=settings.background_credit,
    )
    is_newest = request.query_params.get("date", "") in {"", "latest"}
    page = MapPage(
        f"{base}/map?date={day.date}&lang={options.lang}",
        bare=True,
        base=base,
        picture=city_picture(city, day).shown,
        follow=is_newest,
        old=day.date if is_newest and request.state.is_old else None,
        preparing=request.state.preparing,
    )
    # The guide of this site shows the map in a frame.
    ancestors = dict.fromkeys((*settings.frame_ancestors, "'self'"))
    return _response(request, city, day, view, page, tuple(ancestors))


@router.get(
    "/outlines/{boundaries}",
    summary="Outlines of kelurahan and kecamatan",
    dependencies=[Depends(reject_unknown_parameters)],
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}},
)
def outlines(request: Request, boundaries: BoundariesId, city: CurrentCity) -> Response:
    """Simplified outlines and names for `/map`; the outlines of boundaries never change."""
    ground = _ground(request, city, boundaries)
    packed = city.cache.get_or_build(
        ("packed outlines", ground.boundaries.id),
        lambda: PackedFile.of(json_for_html(map_outlines(ground.boundaries, city.cache)).encode()),
        lambda file: file.nbytes,
    )
    return packed.response(request, "application/json")


@router.get(
    "/outlines/{boundaries}/numbers",
    summary="A point and the number of each RT",
    dependencies=[Depends(reject_unknown_parameters)],
    response_class=Response,
    responses={200: {"content": {"application/json": {}}}},
)
def numbers(request: Request, boundaries: BoundariesId, city: CurrentCity) -> Response:
    """The numbers that `/map` writes on the RT when the map is close."""
    ground = _ground(request, city, boundaries)
    packed = city.cache.get_or_build(
        ("packed numbers", ground.boundaries.id),
        lambda: PackedFile.of(json_for_html(zone_numbers(ground.boundaries)).encode()),
        lambda file: file.nbytes,
    )
    return packed.response(request, "application/json")


def _ground(request: Request, city: PublicCity, boundaries: str) -> IndexedBoundaries:
    """The boundaries of a file, which a browser keeps; raises 404 for an unknown id."""
    is_latest = boundaries == LATEST
    ground = city.ground_of(city.published_key().boundaries if is_latest else boundaries)
    set_cache_headers(request, ground.boundaries.id, A_MINUTE if is_latest else FOREVER)
    return ground


def _response(
    request: Request,
    city: PublicCity,
    day: PublicDay,
    view: View,
    page: MapPage,
    ancestors: tuple[str, ...],
) -> HTMLResponse:
    picture = MapDay(day, city.ground(day).boundaries, city.risks(day), city.cache, city.rules)
    html = map_page(picture, view, page)
    background = current_settings(request).background_origin
    policy = page_policy(script_hashes(html), ancestors, background)
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def _steps(city: PublicCity, day: PublicDay) -> DayNavigation:
    published = city.published_days()
    position = bisect_left(published, day.date)
    return DayNavigation(
        first=published[0],
        last=published[-1],
        previous=published[position - 1] if position > 0 else None,
        next=published[position + 1] if position + 1 < len(published) else None,
    )
