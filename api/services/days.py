"""The published day that a request asks for, as a parameter; sets the headers for caches."""

from typing import Annotated

from fastapi import Depends, Request

from api.http.caching import A_DAY, A_MINUTE, FOREVER, set_cache_headers
from api.http.parameters import KnownAt, OptionalDay, ShownDay
from api.services.public import CurrentCity, Services
from zoning.public.day import PublicDay


def _published_day(
    request: Request, city: CurrentCity, on: OptionalDay = None, known_at: KnownAt = None
) -> PublicDay:
    """The run asked for; raises `NotModified` (304) before the run is read."""
    key = city.published_key(on, known_at)
    if known_at is not None:
        set_cache_headers(request, key.run, FOREVER)
    else:
        set_cache_headers(request, key.run, A_MINUTE if on is None else A_DAY)
    return city.day(key)


def _day_of_tiles(
    request: Request, city: CurrentCity, on: ShownDay = None, known_at: KnownAt = None
) -> PublicDay:
    key = city.published_key(on, known_at)
    # The answer holds addresses, which change with a proxy's settings: never kept for good.
    how_long = A_MINUTE if on is None and known_at is None else A_DAY
    set_cache_headers(request, key.run, how_long)
    return city.day(key)


def _day_of_page(request: Request, services: Services, on: ShownDay = None) -> PublicDay:
    key = services.city.published_key(on)
    request.state.preparing = services.tiles.share_prepared(key.boundaries) < 1
    # The page's calendar and its steps know the other days too.
    version = f"{key.run} {services.city.stamp().publications} {request.state.preparing}"
    set_cache_headers(request, version, A_MINUTE if on is None else A_DAY)
    return services.city.day(key)


PublishedDay = Annotated[PublicDay, Depends(_published_day)]
"""The day asked for, the newest where none is; the answer depends on its public id alone."""
TilesDay = Annotated[PublicDay, Depends(_day_of_tiles)]
"""As `PublishedDay`; it also knows ``latest``, as a tile's address does."""
PageDay = Annotated[PublicDay, Depends(_day_of_page)]
"""As `PublishedDay`, for a page: it also knows ``latest``."""
