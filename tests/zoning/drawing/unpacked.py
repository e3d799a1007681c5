"""What a page's script makes of packed shapes and numbers, done again without its code or ours."""

import base64
from itertools import islice

import shapely
from shapely.geometry.base import BaseGeometry


def numbers(text: str) -> list[int]:
    found, value, place = [], 0, 0
    for byte in base64.b64decode(text, validate=True):
        value |= (byte & 127) << place
        place += 7
        if byte < 128:
            found.append((value >> 1) ^ -(value & 1))
            value = place = 0
    return found


def risks(text: str, count: int) -> list[int]:
    four = base64.b64decode(text, validate=True)
    return [four[leaf // 4] >> (leaf % 4 * 2) & 3 for leaf in range(count)]


def shapes(packed: dict[str, str]) -> list[BaseGeometry]:
    """Shapes in degrees: rings within rings are holes."""
    x = y = 0
    steps = iter(numbers(packed["steps"]))
    corners = iter(numbers(packed["corners"]))
    found = []
    for rings in numbers(packed["rings"]):
        shape: BaseGeometry = shapely.Polygon()
        for count in islice(corners, rings):
            ring = []
            for _ in range(count):
                x, y = x + next(steps), y + next(steps)
                ring.append((x / 200_000, y / 200_000))
            shape = shape.symmetric_difference(shapely.make_valid(shapely.Polygon(ring)))
        found.append(shape)
    return found
