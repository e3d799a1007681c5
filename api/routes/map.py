"""The map: a page of its own, and a bare one for a frame."""

from bisect import bisect_left
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from api.http.configuration import settings_of
from api.http.headers import page_policy
from api.http.links import base_path
from api.http.parameters import Lang, ShownArea
from api.services.days import PageDay
from api.services.public import CurrentCity
from zoning.drawing.figure import Served, script_hashes
from zoning.drawing.folium_map import served
from zoning.drawing.page_data import Picture
from zoning.drawing.view import Legend, Size, Steps, View
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
        links=Served(f"{base}/assets"),
        api=base,
        page=f"{base}/map",
        language=lang,
        steps=_steps(city, day),
        preparing=request.state.preparing,
        background=settings.background_tiles,
        attribution=settings.background_thanks,
    )
    return _page(request, city, day, view, ("'self'",))


@router.get("/embed", summary="The map alone, for a frame", response_class=HTMLResponse)
def bare(
    request: Request, city: CurrentCity, day: PageDay, framed: Annotated[Framed, Depends()]
) -> HTMLResponse:
    """The map alone, for a frame on another site; the frame says how large it is."""
    settings, base = settings_of(request), base_path(request)
    view = View(
        links=Served(f"{base}/assets"),
        api=base,
        page=f"{base}/map?date={day.date}&lang={framed.lang}",
        bare=True,
        size=framed.size,
        language=framed.lang,
        area=framed.area,
        legend=_LEGENDS[framed.legend],
        pattern=framed.pattern,
        follow=request.query_params.get("date", "") in {"", "latest"},
        preparing=request.state.preparing,
        background=settings.background_tiles,
        attribution=settings.background_thanks,
    )
    # The guide shows it live, whoever else may.
    ancestors = dict.fromkeys((*settings.frame_ancestors, "'self'"))
    return _page(request, city, day, view, tuple(ancestors))


def _page(
    request: Request, city: PublicCity, day: PublicDay, view: View, ancestors: tuple[str, ...]
) -> HTMLResponse:
    picture = Picture(day, city.ground(day).boundaries, city.risks(day), city.cache)
    page = served(picture, view).get_root().render()
    background = settings_of(request).background_origin
    policy = page_policy(script_hashes(page), ancestors, background)
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


def _steps(city: PublicCity, day: PublicDay) -> Steps:
    published = city.published_days()
    here = bisect_left(published, day.date)
    return Steps(
        first=published[0],
        last=published[-1],
        previous=published[here - 1] if here > 0 else None,
        next=published[here + 1] if here + 1 < len(published) else None,
    )
