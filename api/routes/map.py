"""The map: a page of its own, a bare one for a frame, and the day's picture."""

from bisect import bisect_left
from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from api.caching import FOREVER, keep
from api.drawn import Drawn
from api.headers import page_policy
from api.links import base_path
from api.parameters import CurrentCity, Lang, PublishedDay, ShownArea
from api.settings import Settings
from geodata.errors import NotFoundError
from zoning.city import City
from zoning.drawing.figure import Served, script_hashes
from zoning.drawing.folium_map import Days, Picture, View, served
from zoning.runs import DayZones

router = APIRouter(tags=["map"])


@router.get("/", include_in_schema=False)
def home(request: Request) -> RedirectResponse:
    """The map is the home page."""
    return RedirectResponse(f"{base_path(request)}/map")


@router.get("/map", summary="The map", response_class=HTMLResponse)
def whole(
    request: Request, city: CurrentCity, day: PublishedDay, lang: Lang = "id"
) -> HTMLResponse:
    """The city on one day, for people: pick a day, tap an RT."""
    view = replace(_view(request, day), language=lang, days=_days(city, day))
    return _page(request, city, day, view, ("'self'",))


@router.get("/embed", summary="The map alone, for a frame", response_class=HTMLResponse)
def bare(
    request: Request,
    city: CurrentCity,
    day: PublishedDay,
    lang: Lang = "id",
    area: ShownArea = None,
) -> HTMLResponse:
    """The map alone, for a frame on another site."""
    page = f"{base_path(request)}/map?date={day.date}&lang={lang}"
    view = replace(_view(request, day), page=page, bare=True, language=lang, area=area)
    return _page(request, city, day, view, _settings(request).frame_ancestors)


@router.get(
    "/map/overlay.png",
    summary="The day's picture",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
)
def overlay(
    request: Request,
    day: PublishedDay,
    run: Annotated[str | None, Query(description="Id of the run that must be meant.")] = None,
) -> Response:
    """The day's picture in Web Mercator, transparent outside the city."""
    if run is not None:
        if run != day.run:
            raise NotFoundError("no-run", "That run is not the published one of that day any more.")
        keep(request, day.run, FOREVER)
    drawn: Drawn = request.app.state.drawn
    return Response(drawn.png(day), media_type="image/png")


def _page(
    request: Request, city: City, day: DayZones, view: View, ancestors: tuple[str, ...]
) -> HTMLResponse:
    drawn: Drawn = request.app.state.drawn
    boundaries = city.ground(day).boundaries
    picture = Picture(day, boundaries, city.risks(day), drawn.raster(day).box)
    page = served(picture, view).get_root().render()
    tiles = _settings(request).background_origin
    policy = page_policy(script_hashes(page), ancestors, tiles)
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


def _view(request: Request, day: DayZones) -> View:
    settings, base = _settings(request), base_path(request)
    return View(
        links=Served(f"{base}/assets"),
        image=f"{base}/map/overlay.png?date={day.date}&run={day.run}",
        api=base,
        tiles=settings.background_tiles,
        attribution=settings.background_thanks,
    )


def _days(city: City, day: DayZones) -> Days:
    published = city.published_days()
    here = bisect_left(published, day.date)
    return Days(
        published=published,
        previous=published[here - 1] if here > 0 else None,
        next=published[here + 1] if here + 1 < len(published) else None,
    )


def _settings(request: Request) -> Settings:
    settings: Settings = request.app.state.settings
    return settings
