"""The places of a page in three groups (room, not reported, full), the nearest first."""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from api.pages.portal.help.city_data import CityData
from geodata.boundaries import Boundaries
from geodata.errors import NotFoundError
from geodata.language import Bilingual, format_indonesian
from zoning.portal.places import PLACE_KINDS, PLACE_NAMES, PlaceKind

Room = Literal["room", "unknown", "full"]
ROOMS: Final[tuple[Room, ...]] = ("room", "unknown", "full")
"""Groups of places, in the order of a page."""
_MOST_SHOWN: Final = 100
"""Most places of a group: a page of text stays small."""
_OLD: Final = timedelta(days=2)
_TELEPHONE: Final = re.compile(r"\+?[0-9][0-9 ().-]{1,19}")
_SIZE: Final = 1_000
"""Bytes of one place in the cache, about."""


@dataclass(frozen=True)
class ListedPlace:
    """A place as a page shows it.

    Attributes
    ----------
    row
        Row in the table of places.
    area_names
        Kelurahan and kecamatan of the place, as far as known.
    contact, telephone
        Contact as text; the number for a ``tel:`` link if the text is a telephone number.
    lon, lat
        Degrees, EPSG:4326; None if unknown.
    is_approximate
        The point is the middle of an area.
    reported
        Time of the report, in the time zone of the city.
    metres
        Distance from the middle of the requested area; None without area or point.
    """

    row: int
    kind: PlaceKind
    kind_name: Bilingual
    name: str
    address: str | None
    area_names: tuple[str, ...]
    area_codes: tuple[str, ...]
    hours: str | None
    contact: str | None
    telephone: str | None
    capacity: int | None
    room: int | None
    stock: tuple[tuple[str, int], ...]
    lon: float | None
    lat: float | None
    is_approximate: bool
    reported: datetime
    metres: float | None = None

    @property
    def group(self) -> Room:
        """Group of the place."""
        if self.room is None:
            return "unknown"
        return "room" if self.room > 0 else "full"

    @property
    def whereabouts(self) -> list[str]:
        """Address, kelurahan, kecamatan and hours, as far as known."""
        return [part for part in (self.address, *self.area_names, self.hours) if part]

    @property
    def distance(self) -> Bilingual | None:
        """The distance in kilometres; None if unknown."""
        return None if self.metres is None else format_distance(self.metres)

    def is_old(self, today: date) -> bool:
        """Whether the day of the report is more than two days ago.

        Whole days: a page changes at midnight, and its ETag has the day.
        """
        return today - self.reported.date() > _OLD


@dataclass(frozen=True)
class PlaceGroup:
    """Places of one group, the nearest first; `hidden` more places are not shown."""

    room: Room
    places: list[ListedPlace]
    hidden: int


def every_place(data: CityData) -> list[ListedPlace]:
    """All places as known now, without distances, from the cache."""
    index, boundaries = data.places, data.boundaries
    return data.city.cache.get_or_build(
        ("portal places", index.stamp, boundaries.id),
        lambda: _read_places(index.table, boundaries, data.city.timezone),
        lambda places: _SIZE * len(places),
    )


def places_near(data: CityData, near: str | None, kind: str | None = None) -> list[ListedPlace]:
    """Places of a kind, the nearest to the middle of an area first, then those without a point.

    Parameters
    ----------
    near
        Code of an area; without, or for the whole city, places have no distances and come in the
        order of their kinds and names.

    Raises
    ------
    NotFoundError
        ``no-area``.
    """
    places = [place for place in every_place(data) if kind is None or place.kind == kind]
    point = None if near is None else _middle(data.boundaries, near)
    if point is None:
        return sorted(
            places, key=lambda place: (PLACE_KINDS.index(place.kind), place.name, place.row)
        )
    rows, metres = data.places.nearest(*point, np.array([p.row for p in places], np.intp))
    by_row = dict(zip(rows.tolist(), metres.tolist(), strict=True))
    with_metres = [replace(place, metres=by_row.get(place.row)) for place in places]
    return sorted(
        with_metres,
        key=lambda place: (math.inf if place.metres is None else place.metres, place.row),
    )


def group_places(places: Iterable[ListedPlace]) -> list[PlaceGroup]:
    """The groups that have places, in the order of `ROOMS`."""
    ordered = list(places)
    by_room = {room: [place for place in ordered if place.group == room] for room in ROOMS}
    return [
        PlaceGroup(room, members[:_MOST_SHOWN], max(0, len(members) - _MOST_SHOWN))
        for room, members in by_room.items()
        if members
    ]


def format_distance(metres: float) -> Bilingual:
    """A distance in kilometres: ``0,6``; whole kilometres from 10 on."""
    form = ",.0f" if metres >= 9_950 else ",.1f"
    kilometres = max(metres, 50) / 1000
    return Bilingual(format_indonesian(kilometres, form), format(kilometres, form))


def _middle(boundaries: Boundaries, code: str) -> tuple[float, float] | None:
    area = boundaries.area(code)
    if area.level == "kota":
        return None
    point = area.geometry.representative_point()
    return point.x, point.y


def _read_places(table: pd.DataFrame, boundaries: Boundaries, zone: ZoneInfo) -> list[ListedPlace]:
    rows: list[dict[Any, Any]] = table.to_dict("records")
    return [_read_place(number, row, boundaries, zone) for number, row in enumerate(rows)]


def _read_place(
    number: int, row: dict[Any, Any], boundaries: Boundaries, zone: ZoneInfo
) -> ListedPlace:
    names, codes = _areas_above(boundaries, _text(row["area"]))
    contact, point = _text(row["contact"]), row["geometry"]
    stock: dict[str, int] = row["stock"] if isinstance(row["stock"], dict) else {}
    return ListedPlace(
        row=number,
        kind=row["kind"],
        kind_name=PLACE_NAMES[row["kind"]],
        name=row["name"],
        address=_text(row["address"]),
        area_names=names,
        area_codes=codes,
        hours=_text(row["hours"]),
        contact=contact,
        telephone=_telephone(contact),
        capacity=_whole(row["capacity"]),
        room=_whole(row["room"]),
        stock=tuple(stock.items()),
        lon=None if point is None else round(point.x, 5),
        lat=None if point is None else round(point.y, 5),
        is_approximate=row["position"] == "area",
        reported=pd.Timestamp(row["updated_at"])
        .to_pydatetime()
        .replace(tzinfo=UTC)
        .astimezone(zone),
    )


def _areas_above(
    boundaries: Boundaries, code: str | None
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of kelurahan and kecamatan, and codes of all areas that contain the area."""
    names: list[str] = []
    codes: list[str] = []
    while code is not None:
        try:
            area = boundaries.area(code)
        except NotFoundError:
            break
        codes.append(code)
        if area.level in {"kelurahan", "kecamatan"}:
            names.append(area.name)
        code = area.parent
    return tuple(names), tuple(codes)


def _telephone(contact: str | None) -> str | None:
    if contact is None or not _TELEPHONE.fullmatch(contact):
        return None
    return re.sub(r"[^0-9+]", "", contact)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _whole(value: Any) -> int | None:  # noqa: ANN401  (a cell)
    return None if pd.isna(value) else int(value)


def stock_names(places: Sequence[ListedPlace]) -> list[str]:
    """Names of the equipment that places report, in order."""
    return sorted({name for place in places for name, _ in place.stock})
