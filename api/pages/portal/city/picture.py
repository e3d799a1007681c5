"""The picture of the city on a page: its address, its size, and its content in words."""

from dataclasses import dataclass
from typing import Final, NamedTuple

from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.risk import class_keys
from zoning.tiles.city_picture import USUAL_WIDTH, frame

SHARED_WIDTH: Final = 1200
"""Width of the picture in the preview of a link."""
_BYTES: Final = 1000


@dataclass(frozen=True)
class MostOfClass:
    """The kecamatan with the most RT of a class.

    Attributes
    ----------
    count, total
        RT of the class in the kecamatan and in the city.
    """

    risk: int
    name: str
    count: int
    total: int


class SizedPicture(NamedTuple):
    """The picture in one size; the path begins after the path of the application."""

    path: str
    width: int
    height: int


class CityPicture(NamedTuple):
    """The picture of the city on a day.

    Attributes
    ----------
    shown
        For pages.
    shared
        For the preview of a link.
    most
        For each class above the lowest with an RT, the highest class first.
    """

    shown: SizedPicture
    shared: SizedPicture
    most: list[MostOfClass]


def city_picture(city: PublicCity, day: PublicDay) -> CityPicture:
    """The picture of a day, computed once for each run."""
    return city.cache.get_or_build(
        ("picture on a page", day.run), lambda: _picture(city, day), lambda _: _BYTES
    )


def _picture(city: PublicCity, day: PublicDay) -> CityPicture:
    bounds = city.ground(day).boundaries.smallest_zones.total_bounds

    def sized(width: int) -> SizedPicture:
        height = frame(bounds, width).height
        return SizedPicture(f"/picture/{day.run}.png?width={width}", width, height)

    return CityPicture(sized(USUAL_WIDTH), sized(SHARED_WIDTH), _most(city, day))


def _most(city: PublicCity, day: PublicDay) -> list[MostOfClass]:
    summary = city.summary(day, "kecamatan")
    names: list[str] = summary["name"].tolist()
    keys = class_keys(city.rules.classes)
    most = []
    for risk in range(len(keys) - 1, 0, -1):
        counts = summary[keys[risk]].to_numpy()
        if counts.any():
            row = int(counts.argmax())
            most.append(MostOfClass(risk, names[row], int(counts[row]), int(counts.sum())))
    return most
