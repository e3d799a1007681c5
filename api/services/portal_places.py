"""What the pages of places and figures need of a request; they need no published day."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date as Day  # noqa: N812  (a parameter is called date)
from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from api.http.caching import A_DAY, A_MINUTE, set_cache_headers
from api.http.links import request_path
from api.http.parameters import Lang, ShownDay
from api.http.portal_shell import portal_policy, portal_shell
from api.pages.portal.help.city_data import CityData
from api.pages.portal.rendering import Address, Portal, Texts, render
from api.services.days import is_old, published_key
from api.services.portal import portal_of_city
from api.services.public import Services
from geodata.errors import NotFoundError
from geodata.language import Language
from zoning.public.city import PublicCity
from zoning.public.newcomer_weeks import NewcomerWeeks


class PageDay(NamedTuple):
    """The published day of a page, for the note about old data."""

    date: Day


@dataclass(frozen=True)
class PlacesRequest:
    """The portal as a request for places or figures sees it.

    Attributes
    ----------
    day
        The requested published day, else the newest; None if no day is published.
    until
        The last day of figures: the requested day, else today.
    today
        The day in the city.
    is_stale
        Whether the newest published day is older than two days.
    """

    portal: Portal
    address: Address
    day: PageDay | None
    until: Day
    today: Day
    is_stale: bool
    data: CityData

    def page(
        self, template: str, texts: Texts, query: Mapping[str, str | None], **values: object
    ) -> HTMLResponse:
        """The response with a page.

        Parameters
        ----------
        query
            Parameters of the page, for the link to the other language.
        values
            Variables of the template. They are public values.
        """
        given = {name: value for name, value in query.items() if value}
        shared = {"day": self.day, "is_stale": self.is_stale, "today": self.today}
        address = replace(self.address, query=given)
        html = render(template, self.portal, address, texts, {**shared, **values})
        return HTMLResponse(html, headers={"Content-Security-Policy": portal_policy()})


class NewcomersRequest(NamedTuple):
    """The page for newcomers as a request sees it."""

    portal: PlacesRequest
    weeks: NewcomerWeeks


def _places_request(
    request: Request, services: Services, lang: Lang = "id", date: ShownDay = None
) -> PlacesRequest:
    return _request(request, services.city, (lang, date), "")


def _newcomers_request(
    request: Request, services: Services, lang: Lang = "id", date: ShownDay = None
) -> NewcomersRequest:
    weeks = services.city.newcomer_weeks()
    return NewcomersRequest(_request(request, services.city, (lang, date), weeks.stamp), weeks)


def _request(
    request: Request, city: PublicCity, address: tuple[Language, Day | None], further: str
) -> PlacesRequest:
    """The portal for one request; sets the cache headers.

    Parameters
    ----------
    address
        Language and day of the page.
    further
        Changes with the values of the page that are not in `CityData`.
    """
    lang, date = address
    day = _find_day(city, date)
    today = datetime.now(city.timezone).date()
    is_stale = date is None and day is not None and is_old(city, day.date)
    shell = portal_shell(request)
    data = CityData.read(city)
    version = (
        data.stamp,
        further,
        shell.profile.digest,
        shell.assets,
        day,
        # The pages name reports that are old today.
        today,
    )
    set_cache_headers(request, " ".join(map(str, version)), A_MINUTE if date is None else A_DAY)
    portal = portal_of_city(request, city, shell, data.boundaries.id)
    shown = Address(request_path(request.scope), lang, date)
    return PlacesRequest(portal, shown, day, date or today, today, is_stale, data)


def _find_day(city: PublicCity, date: Day | None) -> PageDay | None:
    try:
        return PageDay(published_key(city, date).date)
    except NotFoundError:
        if date is not None:
            raise
        return None


PlacesPortal = Annotated[PlacesRequest, Depends(_places_request)]
"""The portal without colours; raises `NotModified` (304) before anything else is read."""
NewcomersPortal = Annotated[NewcomersRequest, Depends(_newcomers_request)]
"""`PlacesPortal` with the public numbers of newcomers."""
