"""What the pages of the portal need of a request: the portal, the day, and the cache headers."""

from dataclasses import dataclass
from datetime import date as Day  # noqa: N812  (a parameter is called date)
from datetime import datetime, timedelta
from typing import Annotated, Final

from fastapi import Depends, Request

from api.http.caching import A_DAY, A_MINUTE, set_cache_headers
from api.http.files.release_assets import CurrentAssets, ReleaseAssets
from api.http.links import base_path, base_url, request_path
from api.http.parameters import Lang, ShownDay
from api.pages.portal.city_profile import CityProfile
from api.pages.portal.rendering import Address, Portal
from api.services.public import Services
from geodata.language import Language
from zoning.drawing.palette import class_tints
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.publications import Publications

_FRESH: Final = timedelta(days=2)
"""Older data gets a note on every page."""


@dataclass(frozen=True)
class PortalRequest:
    """The portal as a request sees it.

    Attributes
    ----------
    day
        The requested day; the newest by default.
    publications
        The published days.
    is_stale
        Whether the newest day is older than two days, and the request is for the newest day.
    """

    portal: Portal
    address: Address
    day: PublicDay
    publications: Publications
    is_stale: bool


def _portal_request(
    request: Request,
    services: Services,
    assets: CurrentAssets,
    lang: Lang = "id",
    date: ShownDay = None,
) -> PortalRequest:
    further = services.city.all_indicators().stamp
    return portal_request(request, services.city, assets, (lang, date), further)


def _zone_request(
    request: Request,
    services: Services,
    assets: CurrentAssets,
    lang: Lang = "id",
    date: ShownDay = None,
) -> PortalRequest:
    return portal_request(request, services.city, assets, (lang, date), "")


def _private_request(
    request: Request,
    services: Services,
    assets: CurrentAssets,
    lang: Lang = "id",
    date: ShownDay = None,
) -> PortalRequest:
    request.state.caching = {"Cache-Control": "no-store"}
    return _read_portal(request, services.city, assets, lang, date)


def portal_request(
    request: Request,
    city: PublicCity,
    assets: ReleaseAssets,
    address: tuple[Language, Day | None],
    further: str,
) -> PortalRequest:
    """The portal for one request; sets the cache headers.

    Parameters
    ----------
    address
        Language and day of the page.
    further
        Changes with the values of the page that are not of the day.

    Raises
    ------
    NotModified
        304 where the client has the page already.
    """
    portal = _read_portal(request, city, assets, *address)
    version = (
        portal.day.run,
        portal.publications.stamp.publications,
        further,
        portal.portal.profile.digest,
        assets.release,
        portal.is_stale,
    )
    lifetime = A_MINUTE if portal.address.day is None else A_DAY
    set_cache_headers(request, " ".join(map(str, version)), lifetime)
    return portal


def _read_portal(
    request: Request,
    city: PublicCity,
    assets: ReleaseAssets,
    lang: Language,
    date: Day | None,
) -> PortalRequest:
    publications = city.publications()
    # `published_key` raises the error with the remedy.
    key = publications.key(date) or city.published_key(date)
    today = datetime.now(city.timezone).date()
    day = city.day(key)
    base = base_path(request)
    profile: CityProfile = request.app.state.profile
    portal = Portal(
        base=base,
        url=base_url(request),
        assets=f"{base}/assets/{assets.release}",
        city=" · ".join(city.areas_of(day.boundaries).level("kota")["name"]),
        profile=profile,
        disease=city.rules.disease,
        tints=class_tints(city.rules.classes),
    )
    return PortalRequest(
        portal,
        Address(request_path(request.scope), lang, date),
        day,
        publications,
        is_stale=date is None and today - key.date > _FRESH,
    )


PrivatePortal = Annotated[PortalRequest, Depends(_private_request)]
"""`CurrentPortal` for the answer to a form: no cache stores the answer."""
ZonePortal = Annotated[PortalRequest, Depends(_zone_request)]
"""`CurrentPortal` for a page without indicators: fewer reads of the database."""
CurrentPortal = Annotated[PortalRequest, Depends(_portal_request)]
"""The portal, with the day of the request; raises `NotModified` (304)."""
