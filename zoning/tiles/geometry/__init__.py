"""Geometry of tiles: the tile scheme, and polygons simplified and cut into tiles."""
