"""The HTTP application of one city; `create_app` makes it from settings, without global state."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from typing import Any, Final
from urllib.parse import urlsplit

from anyio import CapacityLimiter
from fastapi import Depends, FastAPI
from starlette_compress import CompressMiddleware, add_compress_type, remove_compress_type

from api.geojson.encoded import FeatureCache
from api.http.access import AccessTable
from api.http.bounds import BoundsMiddleware
from api.http.caching import CachingMiddleware, NotModified, not_modified
from api.http.configuration import RulesInUse
from api.http.errors import ErrorAnswer, add_error_handlers
from api.http.files.asset_files import Assets
from api.http.files.documentation import DocumentationFiles
from api.http.files.reading import Readers
from api.http.files.release_assets import ReleaseAssets
from api.http.headers import HeadMiddleware, SafetyMiddleware
from api.http.kept_answers import KeptAnswersMiddleware
from api.http.queues import QUEUES, QueueMiddleware, StreamWriter
from api.http.security import GateMiddleware, PublicCORSMiddleware
from api.http.strict_query import RejectMisspelledParameters, reject_unknown_parameters
from api.ogc.links import OPENAPI, SCHEMA
from api.ogc.service import Ogc
from api.pages.assets import FOLDER as PAGE_ASSETS
from api.pages.portal.city_profile import CityProfile
from api.routes import (
    days,
    docs,
    documentation,
    guide,
    health,
    indicators,
    locate,
    map,  # noqa: A004  (a resource's name)
    newcomers,
    official_zones,
    ogc,
    ogc_items,
    ogc_tiles,
    picture,
    places,
    portal,
    portal_amounts,
    portal_areas,
    portal_offline,
    portal_places,
    portal_search,
    records,
    summary,
    tiles,
    zone_tables,
    zones,
)
from api.schemas.classes import with_classes
from api.schemas.tables import MEDIA
from api.services.figures_in_advance import figures_in_advance
from api.services.official import OfficialServices
from api.services.public import PublicServices, public_services
from api.settings import Settings
from api.tiles.fast_path import FastTileRoute
from api.tiles.responses import MVT
from api.tiles.service import Tiles
from geodata.language import Bilingual
from geodata.version import VERSION
from zoning.caching import Cache
from zoning.city import City, open_city
from zoning.drawing.assets import FOLDER as MAP_ASSETS
from zoning.drawing.assets import LEAFLET_JS, asset_text

_DESCRIPTION: Final = (
    "Zones of a city down to the RT, day by day: their colours, the reasons, and the measures. A "
    "date defaults to the newest published day. An area or day that does not exist answers 404; a "
    "malformed or unknown parameter answers 422; each error has a code and a sentence."
)


class Application(FastAPI):
    """The application; its OpenAPI document has the risk classes of the city's rules."""

    def openapi(self) -> dict[str, Any]:
        """The OpenAPI document, with the classes of the city after the city is open."""
        services: PublicServices | None = getattr(self.state, "public", None)
        document = super().openapi()
        if services is None:
            return document
        return with_classes(document, services.city.rules.classes)


def create_app(
    settings: Settings,
    opener: Callable[[str], City] | None = None,
    log: Callable[[Bilingual], None] | None = None,
    *,
    figures_ready: bool = False,
) -> FastAPI:
    """Make the application.

    Parameters
    ----------
    settings
        Settings of the server.
    opener
        Opens the city of a database URL when the server starts; by default `open_city`.
    log
        Receives a sentence about background work of the server.
    figures_ready
        Whether a thread computes the daily figures after every publication, before a visitor
        requests them.
    """
    app = Application(
        title="mikrozonasi",
        summary="Microzonation of a city down to the RT",
        description=_DESCRIPTION,
        version=VERSION,
        lifespan=_lifespan(settings, opener, log, figures_ready=figures_ready),
        docs_url=None,
        redoc_url=None,
        # `GateMiddleware` redirects to a path: Starlette would redirect to the host of a request.
        redirect_slashes=False,
        servers=_servers(settings),
        responses={
            404: {"model": ErrorAnswer, "description": "No such area, or day not published"},
            422: {"model": ErrorAnswer, "description": "A parameter is malformed or unknown"},
        },
    )
    app.state.settings = settings
    app.state.rules = RulesInUse()
    app.state.documentation = DocumentationFiles()
    app.state.assets = ReleaseAssets()
    app.state.profile = CityProfile()
    add_error_handlers(app)
    app.add_exception_handler(NotModified, not_modified)
    app.router.routes.append(FastTileRoute(lambda request: public_services(request).tiles))
    app.include_router(tiles.about, dependencies=[Depends(reject_unknown_parameters)])
    for routes in (zones, zone_tables, days, summary, locate, places, indicators):
        app.include_router(routes.router, dependencies=[Depends(reject_unknown_parameters)])
    for routes in (records, newcomers, official_zones):
        app.include_router(routes.router, dependencies=[Depends(reject_unknown_parameters)])
    app.include_router(
        tiles.router, dependencies=[Depends(RejectMisspelledParameters(tiles.router))]
    )
    app.include_router(
        picture.router, dependencies=[Depends(RejectMisspelledParameters(picture.router))]
    )
    app.mount("/assets/own", Assets(MAP_ASSETS / "own", PAGE_ASSETS), name="assets-own")
    app.mount("/assets/vendor", Assets(MAP_ASSETS / "vendor"), name="assets-vendor")
    pages = (
        *(map, guide, portal, portal_areas, portal_amounts),
        *(portal_offline, portal_places, portal_search),
    )
    reject_misspelled = RejectMisspelledParameters(*(routes.router for routes in pages))
    for routes in pages:
        app.include_router(routes.router, dependencies=[Depends(reject_misspelled)])
    # The routes of OGC API check their parameters; a health probe may send any parameter.
    for routes in (health, ogc, ogc_items, ogc_tiles, docs, documentation):
        app.include_router(routes.router)
    _add_middleware(app, settings)
    return app


def _lifespan(
    settings: Settings,
    opener: Callable[[str], City] | None,
    log: Callable[[Bilingual], None] | None,
    *,
    figures_ready: bool,
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    """Open the city and make the services while the server runs."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        asset_text(LEAFLET_JS)  # raises an error with the remedy if the page assets are missing
        app.state.profile = CityProfile.read(settings.profile)
        # The stack closes every opened resource at the end, and after an error in a later step.
        with ExitStack() as stack:
            if opener is None:
                city = open_city(settings.database, Cache(settings.cache_megabytes), settings.rules)
            else:
                city = opener(settings.database)
            stack.callback(city.close)
            app.state.rules = RulesInUse(city.rules.disease, city.rules.digest)
            app.state.public = _public_services(city, settings, log)
            stack.callback(app.state.public.tiles.close)
            app.state.official = OfficialServices(city, Readers.of(settings))
            stack.callback(app.state.official.readers.close)
            if figures_ready:
                stack.enter_context(figures_in_advance(app.state.public.city))
            yield

    return lifespan


def _public_services(
    city: City, settings: Settings, log: Callable[[Bilingual], None] | None
) -> PublicServices:
    """The services of public routes: made from the city, without counts."""
    public = city.public(settings.minimum_count)
    features = FeatureCache(public)
    return PublicServices(
        city=public,
        features=features,
        tiles=Tiles(public, settings.tiles_path, log),
        ogc=Ogc(public, features),
        stream_writer=StreamWriter(),
        health_threads=CapacityLimiter(QUEUES["health"].concurrent),
    )


def _servers(settings: Settings) -> list[dict[str, Any]] | None:
    """The ``servers`` of the OpenAPI document: the path of the public address."""
    path = urlsplit(settings.public_url or "").path
    return [{"url": path}] if path else None


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """Add the middleware from the inside out: the last middleware sees a request first."""
    table = AccessTable(app)
    app.add_middleware(QueueMiddleware, table=table)
    app.add_middleware(GateMiddleware, table=table)
    app.add_middleware(BoundsMiddleware)
    app.add_middleware(CachingMiddleware, table=table)
    for kind in (OPENAPI, SCHEMA, MEDIA["csv"]):
        add_compress_type(kind.partition(";")[0])
    remove_compress_type(MVT)  # tiles are already compressed
    app.add_middleware(CompressMiddleware, zstd_level=1, brotli_quality=3, gzip_level=1)
    app.add_middleware(KeptAnswersMiddleware)
    app.add_middleware(
        PublicCORSMiddleware,
        table=table,
        origins=settings.cors_origins,
    )
    app.add_middleware(SafetyMiddleware, table=table)
    app.add_middleware(HeadMiddleware)
