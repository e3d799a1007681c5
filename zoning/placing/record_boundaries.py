"""Indexed boundaries that also place records: for counts, never for public answers."""

from geodata.boundaries import Boundaries
from geodata.once import once
from geodata.settings import Preference
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.placing.placements import Placer


class RecordBoundaries(IndexedBoundaries):
    """One version of the boundaries, indexed at first use, that also places records.

    Parameters
    ----------
    prefer
        Which wins where coordinates and address name different RT: coordinates or address.
    """

    def __init__(self, boundaries: Boundaries, prefer: Preference) -> None:
        super().__init__(boundaries)
        self._prefer = prefer

    @once
    def placer(self) -> Placer:
        """The placer of records for these boundaries."""
        return Placer(self.boundaries, prefer=self._prefer, locator=self.locator)
