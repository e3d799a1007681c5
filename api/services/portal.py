"""What the pages of the portal need of a request: the portal, the day, and the cache headers."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Request

from api.http.caching import A_DAY, A_MINUTE, set_cache_headers
from api.http.links import base_url, request_path
from api.http.parameters import Lang, ShownDay
from api.http.portal_shell import portal_shell
from api.pages.portal.city_data import CityData
from api.pages.portal.rendering import Address, Portal
from api.services.days import published_key
from api.services.public import Services
from zoning.drawing.palette import class_tints
from zoning.public.day import PublicDay

_FRESH: Final = timedelta(days=2)
"""Older data gets a note on every page."""


@dataclass(frozen=True)
class PortalRequest:
    """The portal as a request sees it.

    Attributes
    ----------
    day
        The requested day; the newest by default.
    data
        Places and indicators.
    is_stale
        Whether the newest day is older than two days, and the request is for the newest day.
    """

    portal: Portal
    address: Address
    day: PublicDay
    is_stale: bool
    data: CityData


def _portal_request(
    request: Request,
    services: Services,
    lang: Lang = "id",
    date: ShownDay = None,
) -> PortalRequest:
    city = services.city
    key = published_key(city, date)
    today = datetime.now(city.timezone).date()
    is_stale = date is None and today - key.date > _FRESH
    shell = portal_shell(request)
    data = CityData.read(city)
    version = (
        key.run,
        city.stamp().publications,
        data.stamp,
        # The first page has no figures of days to come.
        today,
        shell.profile.digest,
        shell.assets,
        is_stale,
    )
    set_cache_headers(request, " ".join(map(str, version)), A_MINUTE if date is None else A_DAY)
    day = city.day(key)
    portal = replace(
        shell,
        url=base_url(request),
        city=" · ".join(city.areas_of(day.boundaries).level("kota")["name"]),
        tints=class_tints(city.rules.classes),
    )
    address = Address(request_path(request.scope), lang, date)
    return PortalRequest(portal, address, day, is_stale, data)


CurrentPortal = Annotated[PortalRequest, Depends(_portal_request)]
"""The portal, with the day of the request; raises `NotModified` (304) before the day is read."""
