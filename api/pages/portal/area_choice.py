"""The areas that a form offers, and the name of a chosen area."""

from dataclasses import dataclass

from api.pages.portal.area import similar_codes
from geodata.boundaries import AreaFacts, Boundaries
from geodata.errors import NotFoundError
from zoning.public.city import PublicCity


@dataclass(frozen=True)
class Kecamatan:
    """A kecamatan with code and name of its kelurahan, in the order of their names."""

    code: str
    name: str
    kelurahan: list[tuple[str, str]]


def find_area(city: PublicCity, code: str | None) -> AreaFacts | None:
    """An area of today; None without a code.

    Raises
    ------
    NotFoundError
        ``no-area`` with the codes that are similar.
    """
    if code is None:
        return None
    boundaries = city.ground().boundaries
    try:
        return boundaries.area(code)
    except NotFoundError as error:
        error.nearest = similar_codes(boundaries, code)
        raise


def area_label(city: PublicCity, code: str | None) -> str | None:
    """The name of an area with its kelurahan; None without a code, and for the whole city."""
    area = find_area(city, code)
    if area is None or area.level == "kota":
        return None
    above = city.ground().boundaries.above(area.code)
    return " · ".join([area.name, *(each.name for each in above if each.level == "kelurahan")])


def area_choice(city: PublicCity) -> list[Kecamatan]:
    """The kecamatan with their kelurahan, from the cache."""
    boundaries = city.ground().boundaries
    return city.cache.get_or_build(
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
