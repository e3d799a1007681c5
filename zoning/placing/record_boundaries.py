"""Ground on which records are placed, too: for what counts, never for what everyone may read."""

from geodata.once import once
from zoning.placing.indexed_boundaries import Ground
from zoning.placing.placements import Placer


class RecordGround(Ground):
    """One version of the boundaries, indexed at first use, that also places records."""

    @once
    def placer(self) -> Placer:
        """Places records in these boundaries."""
        return Placer(self.boundaries, locator=self.locator)
