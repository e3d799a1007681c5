"""The day that a page shows, as a parameter that checks itself."""

from typing import Annotated

from fastapi import Depends, Request

from api.http.caching import A_DAY, A_MINUTE, keep
from api.http.parameters import CurrentCity, ShownDay
from api.tiles.service import Tiles
from zoning.public.day import PublicDay


def _day_of_page(request: Request, city: CurrentCity, on: ShownDay = None) -> PublicDay:
    key = city.published_key(on)
    tiles: Tiles = request.app.state.tiles
    request.state.preparing = tiles.share_prepared(key.boundaries) < 1
    # The page's calendar and its steps know the other days too.
    version = f"{key.run} {city.stamp().publications} {request.state.preparing}"
    keep(request, version, A_MINUTE if on is None else A_DAY)
    return city.day(key)


PageDay = Annotated[PublicDay, Depends(_day_of_page)]
"""As `PublishedDay`, for a page: it also knows ``latest``."""
