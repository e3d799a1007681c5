"""Decode packed shapes and numbers like a page's script, without its code or ours."""

import base64
from itertools import islice
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry


def numbers(text: str) -> list[int]:
    values, value, shift = [], 0, 0
    for byte in base64.b64decode(text, validate=True):
        value |= (byte & 127) << shift
        shift += 7
        if byte < 128:
            values.append((value >> 1) ^ -(value & 1))
            value = shift = 0
    return values


def risks(text: str, count: int) -> list[int]:
    packed = base64.b64decode(text, validate=True)
    return [packed[k // 4] >> (k % 4 * 2) & 3 for k in range(count)]


def shapes(packed: dict[str, Any]) -> list[BaseGeometry]:
    """Shapes in degrees: rings within rings are holes."""
    x = y = 0
    steps = iter(numbers(packed["steps"]))
    corners = iter(numbers(packed["corners"]))
    decoded = []
    for rings in numbers(packed["rings"]):
        shape: BaseGeometry = shapely.Polygon()
        for count in islice(corners, rings):
            ring = []
            for _ in range(count):
                x, y = x + next(steps), y + next(steps)
                ring.append((x / packed["grid"], y / packed["grid"]))
            shape = shape.symmetric_difference(shapely.make_valid(shapely.Polygon(ring)))
        decoded.append(shape)
    return decoded
