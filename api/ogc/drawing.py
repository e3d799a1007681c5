"""One area or point drawn for a page: an SVG of nothing but numbers."""

from typing import Final

import shapely
from markupsafe import Markup
from shapely.geometry.base import BaseGeometry

from zoning.drawing.mercator import to_plane

_WIDE: Final = 1000.0


def drawing(shape: BaseGeometry | None, tint: str) -> Markup:
    """A shape in Web Mercator, north up; nothing where it has no extent.

    Parameters
    ----------
    tint
        ``#RRGGBB``.
    """
    if shape is None or shape.area == 0:
        return Markup()
    flat = shapely.transform(shape, lambda points: to_plane(points[:, 0], -points[:, 1]).T)
    west, north, east, south = flat.bounds
    scale = _WIDE / max(east - west, south - north)
    rings = [
        shapely.get_coordinates(ring)
        for part in shapely.get_parts(flat)
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
    ).format(round(width) + 10, round(height) + 10, path, tint)
