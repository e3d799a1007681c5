"""The index of names and the colour file of a city, kept in the cache of the city."""

from zoning.public.city import PublicCity
from zoning.public.day import PublicDay
from zoning.public.search.colour_file import colour_file
from zoning.public.search.name_index import NameIndex


def name_index(city: PublicCity, version: str) -> NameIndex:
    """Names, codes and numbers of boundaries, by id.

    Raises
    ------
    NotFoundError
        ``no-boundaries`` if there are no boundaries of this id.
    """
    return city.cache.get_or_build(
        ("names", version), lambda: NameIndex(city.areas_of(version)), lambda index: index.nbytes
    )


def colours_of(city: PublicCity, day: PublicDay) -> bytes:
    """The colours of a day in the order of the index of names; see `colour_file`."""
    index = name_index(city, day.boundaries)
    return colour_file(index, city.risks(day), len(city.rules.classes))
