"""The map: a page of its own, and a bare one for a frame."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.http.configuration import settings_of
from api.http.links import base_path
from api.http.parameters import Lang, ShownArea
from api.pages.map_page import MapPage, Steps, map_page
from api.pages.policy import page_policy, script_hashes
from api.pages.rendering import ServedAssets
from api.services.days import PageDay
from api.services.public import CurrentCity
from zoning.drawing.page_data import Picture
from zoning.drawing.view import Legend, Size, View
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay

router = APIRouter(tags=["map"])
_LEGENDS: Final[dict[str, Legend]] = {"true": "open", "closed": "closed", "false": "none"}


@dataclass(frozen=True)
class Framed:
    """What a site that frames the map may say about it."""

    lang: Lang = "id"
    area: ShownArea = None
    size: Annotated[
        Size,
        Query(description="`full` with the slider of days and the list of layers, or `compact`."),
    ] = "full"
    legend: Annotated[
        Literal["true", "closed", "false"],
        Query(description="Shown, shown closed, or not at all."),
    ] = "true"
    pattern: Annotated[
        bool, Query(description="Say the colours by dots, stripes and lattice too.")
    ] = True


@router.get("/", include_in_schema=False)
def home(request: Request) -> RedirectResponse:
    """The map is the home page."""
    query = request.scope["query_string"].decode("latin-1")
    return RedirectResponse(f"{base_path(request)}/map" + (f"?{query}" if query else ""))


@router.get("/map", summary="The map", response_class=HTMLResponse)
def whole(request: Request, city: CurrentCity, day: PageDay, lang: Lang = "id") -> HTMLResponse:
    """The city on one day, for people: pick a day, tap an RT."""
    settings, base = settings_of(request), base_path(request)
    view = View(
        links=ServedAssets(base),
        api=base,
        language=lang,
        background=settings.background_tiles,
        attribution=settings.background_thanks,
    )
    page = MapPage(f"{base}/map", steps=_steps(city, day), preparing=request.state.preparing)
    return _answer(request, city, day, view, page, ("'self'",))


@router.get("/embed", summary="The map alone, for a frame", response_class=HTMLResponse)
def bare(
    request: Request, city: CurrentCity, day: PageDay, framed: Annotated[Framed, Depends()]
) -> HTMLResponse:
    """The map alone, for a frame on another site; the frame says how large it is."""
    settings, base = settings_of(request), base_path(request)
    view = View(
        links=ServedAssets(base),
        api=base,
        size=framed.size,
        language=framed.lang,
        area=framed.area,
        legend=_LEGENDS[framed.legend],
        pattern=framed.pattern,
        background=settings.background_tiles,
        attribution=settings.background_thanks,
    )
    page = MapPage(
        f"{base}/map?date={day.date}&lang={framed.lang}",
        bare=True,
        follow=request.query_params.get("date", "") in {"", "latest"},
        preparing=request.state.preparing,
    )
    # The guide shows it live, whoever else may.
    ancestors = dict.fromkeys((*settings.frame_ancestors, "'self'"))
    return _answer(request, city, day, view, page, tuple(ancestors))


def _answer(
    request: Request,
    city: PublicCity,
    day: PublicDay,
    view: View,
    page: MapPage,
    ancestors: tuple[str, ...],
) -> HTMLResponse:
    picture = Picture(day, city.ground(day).boundaries, city.risks(day), city.cache, city.rules)
    html = map_page(picture, view, page)
    background = settings_of(request).background_origin
    policy = page_policy(script_hashes(html), ancestors, background)
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def _steps(city: PublicCity, day: PublicDay) -> Steps:
    published = city.published_days()
    here = bisect_left(published, day.date)
    return Steps(
        first=published[0],
        last=published[-1],
        previous=published[here - 1] if here > 0 else None,
        next=published[here + 1] if here + 1 < len(published) else None,
    )
