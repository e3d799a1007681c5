"""The areas that a form offers, and the name of a chosen area."""

from dataclasses import dataclass

from api.pages.portal.help.city_data import CityData
from api.pages.portal.zone.area import similar_areas
from geodata.boundaries import AreaFacts, Boundaries
from geodata.errors import NotFoundError


@dataclass(frozen=True)
class Kecamatan:
    """A kecamatan with code and name of its kelurahan, in the order of their names."""

    code: str
    name: str
    kelurahan: list[tuple[str, str]]


def find_area(data: CityData, code: str | None) -> AreaFacts | None:
    """An area of today; None without a code.

    Raises
    ------
    NotFoundError
        ``no-area`` with the codes that are similar.
    """
    if code is None:
        return None
    try:
        return data.boundaries.area(code)
    except NotFoundError as error:
        error.nearest = similar_areas(data.boundaries, code)
        raise


def area_label(data: CityData, code: str | None) -> str | None:
    """The name of an area with its kelurahan; None without a code, and for the whole city."""
    area = find_area(data, code)
    if area is None or area.level == "kota":
        return None
    above = data.boundaries.above(area.code)
    return " · ".join([area.name, *(each.name for each in above if each.level == "kelurahan")])


def area_choice(data: CityData) -> list[Kecamatan]:
    """The kecamatan with their kelurahan, from the cache."""
    boundaries = data.boundaries
    return data.city.cache.get_or_build(
        ("areas of a form", boundaries.id),
        lambda: _choice(boundaries),
        lambda choice: sum(200 + 200 * len(each.kelurahan) for each in choice),
    )


def _choice(boundaries: Boundaries) -> list[Kecamatan]:
    kelurahan = boundaries.level("kelurahan")
    names = sorted(zip(kelurahan["name"], kelurahan["code"], kelurahan["parent"], strict=True))
    kecamatan = boundaries.level("kecamatan")
    return [
        Kecamatan(code, name, [(each, text) for text, each, parent in names if parent == code])
        for name, code in sorted(zip(kecamatan["name"], kecamatan["code"], strict=True))
    ]
