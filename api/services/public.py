"""Services of public routes, without access to counts."""

from dataclasses import dataclass
from typing import Annotated

from anyio import CapacityLimiter
from fastapi import Depends, Path, Request

from api.geojson.encoded import FeatureCache
from api.http.queues import StreamWriter
from api.ogc.features.collection import Collection
from api.ogc.service import Ogc
from api.tiles.service import Tiles
from zoning.public.city import PublicCity
from zoning.risk import Classes


@dataclass(frozen=True)
class PublicServices:
    """Services of public routes; `api.app` makes them when the server starts.

    Attributes
    ----------
    city
        The public values of the city.
    features
        Areas as GeoJSON, encoded once for each version of the boundaries.
    tiles
        Map tiles.
    ogc
        Collections of OGC API.
    stream_writer
        Threads that write long answers.
    health_threads
        Threads for ``/healthz`` alone.
    """

    city: PublicCity
    features: FeatureCache
    tiles: Tiles
    ogc: Ogc
    stream_writer: StreamWriter
    health_threads: CapacityLimiter


def public_services(request: Request) -> PublicServices:
    """The public services of the application that answers a request."""
    services: PublicServices = request.app.state.public
    return services


def risk_classes(request: Request) -> Classes:
    """The risk classes of the city's rules."""
    return public_services(request).city.rules.classes


# These dependencies do not block: as coroutines they need no thread.
async def _services(request: Request) -> PublicServices:
    return public_services(request)


Services = Annotated[PublicServices, Depends(_services)]


async def _city(services: Services) -> PublicCity:
    return services.city


CurrentCity = Annotated[PublicCity, Depends(_city)]
"""The public values of the city; officials' routes take an `OfficialCity`."""


async def _ogc(services: Services) -> Ogc:
    return services.ogc


CurrentOgc = Annotated[Ogc, Depends(_ogc)]


async def _collection(ogc: CurrentOgc, collection: Annotated[str, Path()]) -> Collection:
    return ogc.collection(collection)


PathCollection = Annotated[Collection, Depends(_collection)]
"""The collection in the path of a request."""
