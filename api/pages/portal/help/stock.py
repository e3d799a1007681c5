"""Stock of equipment: what places report, by item and by area."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from api.pages.portal.help.city_data import CityData
from api.pages.portal.help.place_list import ListedPlace, every_place
from geodata.areas import Level
from geodata.boundaries import AreaFacts


@dataclass(frozen=True)
class AreaStock:
    """The stock of an item in an area; the area is None where places name none."""

    area: AreaFacts | None
    total: int
    places: int


@dataclass(frozen=True)
class StockItem:
    """An item that places report.

    Attributes
    ----------
    first, last
        Days of the oldest and the newest report.
    parts
        Areas below the requested area, with stock or a reported zero.
    in_hospitals
        Whether a hospital reports the item.
    """

    name: str
    total: int
    places: int
    first: date
    last: date
    parts: list[AreaStock]
    in_hospitals: bool


def stock_items(data: CityData, area: AreaFacts) -> list[StockItem]:
    """The items that places in an area report, in the order of their names.

    Parameters
    ----------
    area
        The city, a kecamatan or a kelurahan.
    """
    boundaries = data.boundaries
    below: Level | None = {"kota": "kecamatan", "kecamatan": "kelurahan"}.get(area.level)  # type: ignore[assignment]  # levels are texts
    parts = [] if below is None else boundaries.level(below)["code"].tolist()
    is_part = dict.fromkeys(parts, True)
    members: dict[str, list[tuple[ListedPlace, int]]] = defaultdict(list)
    for place in every_place(data):
        # Places of unknown area belong to the city.
        if area.level == "kota" or area.code in place.area_codes:
            for name, number in place.stock:
                members[name].append((place, number))
    items = []
    for name in sorted(members):
        totals: dict[str | None, list[int]] = defaultdict(list)
        for place, number in members[name]:
            part = next((code for code in place.area_codes if code in is_part), None)
            totals[part].append(number)
        days = [place.reported.date() for place, _ in members[name]]
        items.append(
            StockItem(
                name=name,
                total=sum(number for _, number in members[name]),
                places=len(members[name]),
                first=min(days),
                last=max(days),
                parts=[
                    AreaStock(
                        None if code is None else boundaries.area(code),
                        sum(numbers),
                        len(numbers),
                    )
                    for code, numbers in sorted(
                        totals.items(), key=lambda item: (item[0] is None, item[0] or "")
                    )
                ]
                if parts
                else [],
                in_hospitals=any(place.kind == "hospital" for place, _ in members[name]),
            )
        )
    return items
