"""What the pages of the portal need of a request: the portal, the day, and the cache headers."""

from dataclasses import dataclass, replace
from datetime import date as Day  # noqa: N812  (a parameter is called date)
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import Depends, Request

from api.http.caching import A_DAY, A_MINUTE, set_cache_headers
from api.http.links import base_url, request_path
from api.http.parameters import Lang, ShownDay
from api.http.portal_shell import portal_shell
from api.pages.portal.help.city_data import CityData
from api.pages.portal.rendering import Address, Portal
from api.services.days import is_old, published_key
from api.services.public import Services
from geodata.language import Language
from zoning.drawing.palette import class_tints
from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.figures import DailyFigures
from zoning.public.publications import Publications
from zoning.public.source import RunKey


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


class FiguresRequest(NamedTuple):
    """The portal as a request for a page with daily figures sees it."""

    portal: PortalRequest
    figures: DailyFigures


class HomeRequest(NamedTuple):
    """The first page as a request sees it.

    Attributes
    ----------
    data
        Places and indicators as known now.
    until
        The last day of doses: the requested day, else today.
    """

    portal: PortalRequest
    figures: DailyFigures
    data: CityData
    until: Day


def _portal_request(
    request: Request, services: Services, lang: Lang = "id", date: ShownDay = None
) -> PortalRequest:
    return portal_request(request, services.city, (lang, date), "")


def _figures_request(
    request: Request, services: Services, lang: Lang = "id", date: ShownDay = None
) -> FiguresRequest:
    figures = services.city.daily_figures()
    portal = portal_request(request, services.city, (lang, date), figures.stamp)
    return FiguresRequest(portal, figures)


def _home_request(
    request: Request, services: Services, lang: Lang = "id", date: ShownDay = None
) -> HomeRequest:
    city = services.city
    figures, data = city.daily_figures(), CityData.read(city)
    # The doses of the page end today.
    today = datetime.now(city.timezone).date()
    further = f"{figures.stamp} {data.stamp} {today}"
    portal = portal_request(request, city, (lang, date), further)
    return HomeRequest(portal, figures, data, date or today)


def _private_request(
    request: Request, services: Services, lang: Lang = "id", date: ShownDay = None
) -> PortalRequest:
    request.state.caching = {"Cache-Control": "no-store"}
    found = _find_day(request, services.city, date)
    address = Address(request_path(request.scope), lang, date)
    return _read_day(request, services.city, found, address)


def portal_request(
    request: Request, city: PublicCity, address: tuple[Language, Day | None], further: str
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
        304, before the colours of the day are read.
    """
    lang, date = address
    found = _find_day(request, city, date)
    version = (
        found.key.run,
        found.publications.stamp.publications,
        further,
        found.shell.profile.digest,
        found.shell.assets,
        found.is_stale,
    )
    lifetime = A_MINUTE if date is None else A_DAY
    set_cache_headers(request, " ".join(map(str, version)), lifetime, is_settled=True)
    return _read_day(request, city, found, Address(request_path(request.scope), lang, date))


class _FoundDay(NamedTuple):
    """The day of a request before its colours are read."""

    shell: Portal
    publications: Publications
    key: RunKey
    is_stale: bool


def _find_day(request: Request, city: PublicCity, date: Day | None) -> _FoundDay:
    publications = city.publications()
    # `published_key` raises the error with the nearest days.
    key = publications.key(date) or published_key(city, date)
    is_stale = date is None and is_old(city, key.date)
    return _FoundDay(portal_shell(request), publications, key, is_stale)


def _read_day(
    request: Request, city: PublicCity, found: _FoundDay, address: Address
) -> PortalRequest:
    day = city.day(found.key)
    portal = portal_of_city(request, city, found.shell, day.boundaries)
    return PortalRequest(portal, address, day, found.publications, found.is_stale)


def portal_of_city(request: Request, city: PublicCity, shell: Portal, version: str) -> Portal:
    """The portal with its address, the colours, and the name of the city in boundaries."""
    return replace(
        shell,
        url=base_url(request),
        city=_city_name(city, version),
        tints=class_tints(city.rules.classes),
    )


def _city_name(city: PublicCity, version: str) -> str:
    """Name of the city in boundaries; its search among all areas takes a millisecond."""
    return city.cache.get_or_build(
        ("name of the city", version),
        lambda: " · ".join(city.areas_of(version).level("kota")["name"]),
        len,
    )


PrivatePortal = Annotated[PortalRequest, Depends(_private_request)]
"""`CurrentPortal` for the answer to a form: no cache stores the answer."""
CurrentPortal = Annotated[PortalRequest, Depends(_portal_request)]
"""The portal, with the day of the request; raises `NotModified` (304) before the day is read."""
FiguresPortal = Annotated[FiguresRequest, Depends(_figures_request)]
"""`CurrentPortal` for a page with daily figures."""
HomePortal = Annotated[HomeRequest, Depends(_home_request)]
"""`CurrentPortal` for the first page, with daily figures, places and indicators."""
