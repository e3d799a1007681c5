"""Room by kind of place, for the first page: it knows no position, so it names no distance."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, NamedTuple

from api.pages.portal.help.city_data import CityData
from api.pages.portal.help.place_list import ListedPlace, every_place
from geodata.language import Bilingual
from zoning.portal.places import PLACE_NAMES, PlaceKind

_KINDS: Final[tuple[PlaceKind, ...]] = ("isolation", "hospital", "vaccination")
"""Kinds that residents look for first."""


class RoomSum(NamedTuple):
    """The room of some places together.

    Attributes
    ----------
    room
        Free capacity of the places that report it; None if none does.
    places
        Number of places with room.
    first, last
        Days of the oldest and the newest report of room; None if there is none.
    """

    room: int | None
    places: int
    first: date | None
    last: date | None


@dataclass(frozen=True)
class KindRoom:
    """The room of all places of a kind."""

    kind: PlaceKind
    name: Bilingual
    sum: RoomSum


def room_by_kind(data: CityData) -> list[KindRoom]:
    """The room of the kinds on the first page; kinds without a place are left out."""
    places = every_place(data)
    by_kind = {kind: [place for place in places if place.kind == kind] for kind in _KINDS}
    return [
        KindRoom(kind, PLACE_NAMES[kind], room_sum(members))
        for kind, members in by_kind.items()
        if members
    ]


def room_sum(places: Sequence[ListedPlace]) -> RoomSum:
    """The room of places together, with the days of their reports."""
    rooms = [(place.room, place.reported.date()) for place in places if place.room is not None]
    if not rooms:
        return RoomSum(None, 0, None, None)
    days = [day for _, day in rooms]
    return RoomSum(
        sum(room for room, _ in rooms), sum(room > 0 for room, _ in rooms), min(days), max(days)
    )
