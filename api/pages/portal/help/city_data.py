"""Boundaries, places and indicators of a city as known now, read once for each request."""

from dataclasses import dataclass

from geodata.boundaries import Boundaries
from zoning.portal.places import Places
from zoning.public.city import PublicCity
from zoning.public.source import PublicIndicators


@dataclass(frozen=True)
class CityData:
    """Public values of a city that do not belong to a published day.

    Attributes
    ----------
    boundaries
        The boundaries in force today.
    """

    city: PublicCity
    boundaries: Boundaries
    places: Places
    indicators: PublicIndicators

    @classmethod
    def read(cls, city: PublicCity) -> "CityData":
        """Read what is known now."""
        return cls(city, city.ground().boundaries, city.place_index(), city.all_indicators())

    @property
    def stamp(self) -> str:
        """Changes with the boundaries, the places and the indicators."""
        return f"{self.boundaries.id} {self.places.stamp} {self.indicators.stamp}"
