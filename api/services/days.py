"""The published day of a request, as a dependency that also sets the cache headers."""

from bisect import bisect_left
from datetime import date, datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Request

from api.http.caching import A_DAY, A_MINUTE, FOREVER, set_cache_headers
from api.http.files.release_assets import release_assets
from api.http.parameters import KnownAt, OptionalDay, ShownDay
from api.services.public import CurrentCity, Services
from geodata.errors import NotFoundError
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.source import RunKey

_FRESH: Final = timedelta(days=2)
"""Pages say how old the data is if the newest published day is older."""


def is_old(city: PublicCity, newest: date) -> bool:
    """Whether the newest published day is so old today that every page says so."""
    return datetime.now(city.timezone).date() - newest > _FRESH


def published_key(city: PublicCity, day: date | None) -> RunKey:
    """Key of the published run of a day, for a page.

    Raises
    ------
    NotFoundError
        ``no-run`` with the nearest published days, ``nothing-published``.
    """
    try:
        return city.published_key(day)
    except NotFoundError as error:
        if day is not None:
            error.nearest = _nearest_days(city, day)
        raise


def _nearest_days(city: PublicCity, day: date) -> dict[str, str]:
    """The published days before and after a day."""
    published = city.published_days()
    position = bisect_left(published, day)
    days = [each.isoformat() for each in published[max(0, position - 1) : position + 1]]
    return dict(zip(days, days, strict=True))


def _published_day(
    request: Request, city: CurrentCity, date: OptionalDay = None, known_at: KnownAt = None
) -> PublicDay:
    """The published day; raises `NotModified` (304) before the day is read."""
    key = city.published_key(date, known_at)
    if known_at is not None:
        set_cache_headers(request, key.run, FOREVER, is_settled=True)
    else:
        lifetime = A_MINUTE if date is None else A_DAY
        set_cache_headers(request, key.run, lifetime, is_settled=True)
    return city.day(key)


def _day_of_tiles(
    request: Request, city: CurrentCity, date: ShownDay = None, known_at: KnownAt = None
) -> PublicDay:
    key = city.published_key(date, known_at)
    # The answer has addresses that depend on the proxy's settings, so it is never cached forever.
    lifetime = A_MINUTE if date is None and known_at is None else A_DAY
    set_cache_headers(request, key.run, lifetime)
    return city.day(key)


def _day_of_page(request: Request, services: Services, date: ShownDay = None) -> PublicDay:
    key = published_key(services.city, date)
    request.state.preparing = services.tiles.prepared_share(key.boundaries) < 1
    # The page also depends on the other published days, which its calendar shows.
    request.state.is_old = is_old(services.city, services.city.published_key(None).date)
    publications, release = services.city.stamp().publications, release_assets(request).release
    progress = f"{request.state.preparing} {request.state.is_old}"
    version = f"{key.run} {publications} {progress} {release}"
    lifetime = A_MINUTE if date is None else A_DAY
    # Once prepared, tiles stay prepared: nothing but the database changes the page.
    is_settled = not request.state.preparing
    set_cache_headers(request, version, lifetime, is_settled=is_settled)
    return services.city.day(key)


PublishedDay = Annotated[PublicDay, Depends(_published_day)]
"""The published day, by default the newest; the answer depends only on the public id of the run."""
TilesDay = Annotated[PublicDay, Depends(_day_of_tiles)]
"""`PublishedDay` for tiles; ``latest`` is also a day, as in the address of a tile."""
PageDay = Annotated[PublicDay, Depends(_day_of_page)]
"""`PublishedDay` for a page; ``latest`` is also a day."""
