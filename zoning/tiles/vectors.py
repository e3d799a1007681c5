"""The vector tiles of one version of the boundaries: prepared by zoom, read with a day's risks.

A tile is kept without its colours, with the places of its risks and the rows of their areas.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from geodata.language import Bilingual, Progress
from zoning.risk import FOUR_COLOURS
from zoning.tiles.artifact_cache import Shelf
from zoning.tiles.formats.mvt import Feature, Template, geometries, template
from zoning.tiles.geometry.coverage import Layer, zooms
from zoning.tiles.geometry.cutting import cut
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, Tile
from zoning.tiles.progress import Steps

ZOOMS: Final = range(MIN_ZOOM, MAX_ZOOM + 1)
_DOING: Final = Bilingual("tile vektor", "vector tiles")
_COUNT: Final = 4
"""Bytes that say how many risks a tile has."""


class _Called(NamedTuple):
    """Codes and names of all areas, by row."""

    codes: Sequence[str]
    names: Sequence[str]


def prepare_vectors(
    boundaries: Boundaries,
    progress: Progress,
    wanted: Sequence[int] = ZOOMS,
    n_classes: int = len(FOUR_COLOURS),
) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    """Simplify, cut and encode every area at some zooms, the farthest first.

    Yields
    ------
    tuple of int and list
        A zoom, and the key and part of each of its tiles that holds anything; see `Vectors`.
    """
    called = _Called(boundaries.areas["code"].tolist(), boundaries.areas["name"].tolist())
    steps = Steps(progress, _DOING, 2 * len(wanted))
    # One zoom after the other: threads here save a quarter of the time and double the memory.
    for zoom, layers in zooms(boundaries, wanted):
        steps.step()
        yield zoom, _parts(zoom, layers, called, n_classes)
        steps.step()


class Vectors:
    """Vector tiles without their colours. Safe for many threads.

    Parameters
    ----------
    shelf
        Their files. A part is the number of risks (uint32), the place of each in the tile's bytes
        and its row in `Boundaries.areas` (int32), and the tile's bytes.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __iter__(self) -> Iterator[Tile]:
        """All tiles that hold anything, from the farthest zoom to the closest."""
        for zoom in ZOOMS:
            for key in self._shelf.parts(zoom):
                yield Tile(zoom, *divmod(key, 1 << MAX_ZOOM))

    def __len__(self) -> int:
        return sum(len(self._shelf.parts(zoom)) for zoom in ZOOMS)

    def tile(self, tile: Tile, values: NDArray[np.uint8]) -> bytes | None:
        """One tile with its colours; None where nothing is.

        Parameters
        ----------
        values
            uint8, for every row of `Boundaries.areas`: the number of its value, see `mvt`.

        Raises
        ------
        NotPreparedError
            If its zoom is not prepared.
        """
        if not tile.exists:
            return None
        part = self._shelf.read(tile.z, _key(tile.x, tile.y))
        if part is None:
            return None
        count = int.from_bytes(part[:_COUNT], "little")
        places, rows = np.frombuffer(part, np.int32, 2 * count, _COUNT).reshape(2, count)
        made = np.frombuffer(part, np.uint8, offset=_COUNT + 8 * count).copy()
        made[places] = values[rows]
        return made.tobytes()


def _key(x: int, y: int) -> int:
    return x << MAX_ZOOM | y


def _parts(
    zoom: int, layers: list[Layer], called: _Called, n_classes: int
) -> list[tuple[int, bytes]]:
    """All tiles of a zoom."""
    found = [piece for layer in layers for piece in _pieces(layer, called)]
    found.sort(key=itemgetter(0))  # stable: layers stay in their order
    return [
        (_key(*at), _part(_template(list(held), n_classes)))
        for at, held in groupby(found, key=itemgetter(0))
        if Tile(zoom, *at).exists  # the margin of an area at the world's end has none
    ]


def _part(made: Template) -> bytes:
    count = len(made.places).to_bytes(_COUNT, "little")
    return b"".join((count, made.places.tobytes(), made.rows.tobytes(), made.tile))


_Piece = tuple[tuple[int, int], str, Feature]


def _pieces(layer: Layer, called: _Called) -> Iterator[_Piece]:
    pieces = cut(layer.shapes)
    rows = layer.rows[pieces.source].tolist()
    at = zip(pieces.x.tolist(), pieces.y.tolist(), strict=True)
    coloured = layer.name != "other"
    for place, row, geometry in zip(at, rows, geometries(pieces.shape), strict=True):
        if geometry:
            feature = Feature(row, called.codes[row], called.names[row], coloured, geometry)
            yield place, layer.name, feature


def _template(pieces: list[_Piece], n_classes: int) -> Template:
    layers = groupby(pieces, key=itemgetter(1))
    return template([(name, [piece for _, _, piece in held]) for name, held in layers], n_classes)
