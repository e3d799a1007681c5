"""Geometry of tiles: where each lies, polygons simplified and cut."""
