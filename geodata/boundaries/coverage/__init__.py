"""Polygons as a coverage: checked, repaired, and put together into boundaries."""
