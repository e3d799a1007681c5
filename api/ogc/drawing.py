"""An area as SVG for a page; the SVG contains only numbers."""

from typing import Final

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from zoning.drawing.mercator import to_plane

_SIZE: Final = 1000.0


def shape_svg(shape: BaseGeometry | None, fill: str) -> Markup:
    """A shape in Web Mercator, north up; empty for a shape without an area.

    Parameters
    ----------
    shape
        Longitude and latitude in degrees, EPSG:4326.
    fill
        Colour, ``#RRGGBB``.
    """
    if shape is None or shape.area == 0:
        return Markup()
    projected = shapely.transform(shape, lambda points: to_plane(points[:, 0], -points[:, 1]).T)
    west, north, east, south = projected.bounds
    scale = _SIZE / max(east - west, south - north)
    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(projected)
        for ring in shapely.get_rings(part)
    ]
    path = " ".join(
        "M" + " ".join(f"{(x - west) * scale:.1f},{(y - north) * scale:.1f}" for x, y in ring) + "Z"
        for ring in rings
    )
    width, height = (east - west) * scale, (south - north) * scale
    return Markup(
        '<svg viewBox="-5 -5 {} {}" role="img" aria-hidden="true">'
        '<path d="{}" fill="{}" stroke="#16262F" stroke-width="1.5" fill-rule="evenodd" '
        'vector-effect="non-scaling-stroke"/></svg>'
    ).format(round(width) + 10, round(height) + 10, path, fill)
