"""What the pages of the portal need of a request: the portal, the day, and the cache headers."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Request

from api.http.caching import A_DAY, A_MINUTE, set_cache_headers
from api.http.files.release_assets import CurrentAssets
from api.http.links import base_path, base_url, request_path
from api.http.parameters import Lang, ShownDay
from api.pages.portal.city_profile import CityProfile
from api.pages.portal.rendering import Address, Portal
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
    is_stale
        Whether the newest day is older than two days, and the request is for the newest day.
    """

    portal: Portal
    address: Address
    day: PublicDay
    is_stale: bool


def _portal_request(
    request: Request,
    services: Services,
    assets: CurrentAssets,
    lang: Lang = "id",
    date: ShownDay = None,
) -> PortalRequest:
    city = services.city
    key = city.published_key(date)
    today = datetime.now(city.timezone).date()
    is_stale = date is None and today - key.date > _FRESH
    profile: CityProfile = request.app.state.profile
    version = (
        key.run,
        city.stamp().publications,
        city.all_indicators().stamp,
        city.daily_figures().stamp,
        profile.digest,
        assets.release,
        is_stale,
    )
    set_cache_headers(request, " ".join(map(str, version)), A_MINUTE if date is None else A_DAY)
    day = city.day(key)
    base = base_path(request)
    portal = Portal(
        base=base,
        url=base_url(request),
        assets=f"{base}/assets/{assets.release}",
        city=" · ".join(city.areas_of(day.boundaries).level("kota")["name"]),
        profile=profile,
        disease=city.rules.disease,
        tints=class_tints(city.rules.classes),
    )
    return PortalRequest(portal, Address(request_path(request.scope), lang, date), day, is_stale)


CurrentPortal = Annotated[PortalRequest, Depends(_portal_request)]
"""The portal, with the day of the request; raises `NotModified` (304) before the day is read."""
