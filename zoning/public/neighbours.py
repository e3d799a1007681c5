"""The zones that share a border with a zone."""

import shapely

from zoning.placing.indexed_boundaries import IndexedBoundaries


def neighbour_codes(indexed: IndexedBoundaries, code: str) -> list[str]:
    """Codes of the smallest zones that share a border with a smallest zone, in order.

    Zones that meet only in a corner are no neighbours. An area that is no zone (a market, a pond)
    is no neighbour.
    """
    zones = indexed.boundaries.level("rt")
    shape = indexed.boundaries.area(code).geometry
    near = zones.iloc[indexed.within(shape.bounds, "rt")]
    near = near[near["code"] != code]
    shared = shapely.intersection(near.geometry.to_numpy(), shape)
    codes: list[str] = near["code"][shapely.length(shared) > 0].tolist()
    return codes
