"""The embedding guide: a page with live examples, and each example as its own page."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import HTMLResponse

from api.http.caching import A_MINUTE, set_cache_headers
from api.http.configuration import current_settings
from api.http.files.release_assets import assets_path
from api.http.links import base_path, base_url
from api.http.parameters import Lang, ShownArea, ShownDay, WholeNumber
from api.pages.guide import HEIGHT, EmbedOptions, Site, example_page, guide_page
from api.pages.policy import page_policy, script_hashes, style_hashes
from api.services.public import CurrentCity
from geodata.language import Language
from zoning.drawing.view import Size

router = APIRouter(tags=["map"])


@dataclass(frozen=True)
class EmbedForm:
    """Options of the embedded map, chosen in the form of the guide."""

    area: ShownArea = None
    maplang: Annotated[Language, Query(description="Language of the map.")] = "id"
    legend: Annotated[
        Literal["true", "closed", "false"], Query(description="Legend of the map.")
    ] = "true"
    size: Annotated[Size, Query(description="Controls around the map.")] = "full"
    height: Annotated[
        WholeNumber, Query(ge=240, le=2000, description="Height of the frame in pixels.")
    ] = HEIGHT
    date: ShownDay = None


@router.get("/embed/guide", summary="How to embed the map", response_class=HTMLResponse)
def guide(
    request: Request,
    city: CurrentCity,
    form: Annotated[EmbedForm, Depends()],
    lang: Lang = "id",
) -> HTMLResponse:
    """A page with the code for a frame, Leaflet, MapLibre, OpenLayers and QGIS."""
    settings = current_settings(request)
    day = city.published_key()
    set_cache_headers(request, day.run, A_MINUTE)
    site = Site(
        path=base_path(request),
        url=base_url(request),
        assets=assets_path(request),
        frame_ancestors=settings.frame_ancestors,
        cors_origins=settings.cors_origins,
        classes=city.rules.classes,
        disease=city.rules.disease,
    )
    days = (city.published_days()[0], day.date)
    options = EmbedOptions(form.area, form.maplang, form.legend, form.size, form.height, form.date)
    page = guide_page(site, city.ground(day).boundaries, days, options, lang)
    policy = page_policy([], ["'self'"], None, further={"frame-src": ["'self'"]})
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})


@router.get(
    "/embed/guide/{example}", summary="One example of the guide", response_class=HTMLResponse
)
def example_map(
    request: Request,
    city: CurrentCity,
    example: Annotated[str, Path(pattern="^[a-z]{1,20}$", description="Name of a map library.")],
) -> HTMLResponse:
    """A page with a map of one library; the guide shows its code."""
    day = city.published_key()
    set_cache_headers(request, day.run, A_MINUTE)
    boundaries = city.ground(day).boundaries
    page = example_page(example, base_url(request), boundaries, city.rules.classes)
    policy = page_policy(
        script_hashes(page),
        ["'self'"],
        None,
        styles=style_hashes(page),
        further={"worker-src": ["'self'"]},
    )
    return HTMLResponse(page, headers={"Content-Security-Policy": policy})
