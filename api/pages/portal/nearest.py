"""Room by kind of place, for the first page: it knows no position, so it names no distance."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from api.pages.portal.city_data import CityData
from api.pages.portal.place_list import ListedPlace, every_place
from geodata.language import Bilingual
from zoning.portal.places import PLACE_NAMES, PlaceKind

_KINDS: Final[tuple[PlaceKind, ...]] = ("isolation", "hospital", "vaccination")
"""Kinds that residents look for first."""


@dataclass(frozen=True)
class KindRoom:
    """The room of all places of a kind.

    Attributes
    ----------
    room
        Free capacity of the places that report it; None if none does.
    places
        Number of places with room.
    newest
        Day of the newest report.
    """

    kind: PlaceKind
    name: Bilingual
    room: int | None
    places: int
    newest: date


def room_by_kind(data: CityData) -> list[KindRoom]:
    """The room of the kinds on the first page; kinds without a place are left out."""
    places = every_place(data)
    by_kind = {kind: [place for place in places if place.kind == kind] for kind in _KINDS}
    return [_room(kind, members) for kind, members in by_kind.items() if members]


def room_of(places: list[ListedPlace]) -> tuple[int | None, int]:
    """Free capacity of the places that report it, None if none does; places with room."""
    rooms = [place.room for place in places if place.room is not None]
    return (sum(rooms) if rooms else None), sum(room > 0 for room in rooms)


def _room(kind: PlaceKind, places: list[ListedPlace]) -> KindRoom:
    room, with_room = room_of(places)
    newest = max(place.reported.date() for place in places)
    return KindRoom(kind, PLACE_NAMES[kind], room, with_room, newest)
