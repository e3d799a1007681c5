"""The vector tiles of one version of the boundaries: prepared by zoom, read with a day's risks.

A tile is stored without risks, together with the positions of the risk bytes and the row of the
area of each.
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
from zoning.tiles.artifact_cache import ArtifactCache
from zoning.tiles.formats.mvt import Feature, Template, geometries, template
from zoning.tiles.geometry.coverage import Layer, layers_by_zoom
from zoning.tiles.geometry.cutting import cut_into_tiles
from zoning.tiles.geometry.scheme import MAX_ZOOM, MIN_ZOOM, Tile
from zoning.tiles.progress import StepCounter

ZOOMS: Final = range(MIN_ZOOM, MAX_ZOOM + 1)
_TASK: Final = Bilingual("tile vektor", "vector tiles")
_COUNT_BYTES: Final = 4
"""Bytes of the number of risks of a tile."""


class _AreaNames(NamedTuple):
    """Codes and names of all areas, by row."""

    codes: Sequence[str]
    names: Sequence[str]


def prepare_vectors(
    boundaries: Boundaries,
    progress: Progress,
    zooms: Sequence[int] = ZOOMS,
    n_classes: int = len(FOUR_COLOURS),
) -> Iterator[tuple[int, list[tuple[int, bytes]]]]:
    """Simplify, cut and encode all areas at some zooms, from the lowest zoom on.

    Yields
    ------
    tuple of int and list
        A zoom, and key and blob of each tile that is not empty; see `VectorTiles`.
    """
    names = _AreaNames(boundaries.areas["code"].tolist(), boundaries.areas["name"].tolist())
    steps = StepCounter(progress, _TASK, 2 * len(zooms))
    # One zoom after the other: threads would save a quarter of the time and double the memory.
    for zoom, layers in layers_by_zoom(boundaries, zooms):
        steps.advance()
        yield zoom, _tile_blobs(zoom, layers, names, n_classes)
        steps.advance()


class VectorTiles:
    """Vector tiles without colours. Safe for many threads.

    Parameters
    ----------
    artifacts
        The files of the tiles. A blob is the number of risks (uint32), the position of each risk
        in the tile's bytes (int32), the row of its area in `Boundaries.areas` (int32), and the
        bytes of the tile.
    """

    def __init__(self, artifacts: ArtifactCache) -> None:
        self._artifacts = artifacts

    def __iter__(self) -> Iterator[Tile]:
        """All tiles that are not empty, from the lowest zoom to the highest."""
        for zoom in ZOOMS:
            for key in self._artifacts.open_file(zoom):
                yield Tile(zoom, *divmod(key, 1 << MAX_ZOOM))

    def __len__(self) -> int:
        return sum(len(self._artifacts.open_file(zoom)) for zoom in ZOOMS)

    def tile(self, tile: Tile, values: NDArray[np.uint8]) -> bytes | None:
        """One tile with the risks of a day; None for an empty tile.

        Parameters
        ----------
        values
            uint8, for every row of `Boundaries.areas`: the number of its value; see `mvt`.

        Raises
        ------
        NotPreparedError
            If the zoom is not prepared.
        """
        if not tile.exists:
            return None
        blob = self._artifacts.read(tile.z, _key(tile.x, tile.y))
        if blob is None:
            return None
        count = int.from_bytes(blob[:_COUNT_BYTES], "little")
        positions, rows = np.frombuffer(blob, np.int32, 2 * count, _COUNT_BYTES).reshape(2, count)
        tile_bytes = np.frombuffer(blob, np.uint8, offset=_COUNT_BYTES + 8 * count).copy()
        tile_bytes[positions] = values[rows]
        return tile_bytes.tobytes()


def _key(x: int, y: int) -> int:
    return x << MAX_ZOOM | y


def _tile_blobs(
    zoom: int, layers: list[Layer], names: _AreaNames, n_classes: int
) -> list[tuple[int, bytes]]:
    """All tiles of a zoom."""
    pieces = [piece for layer in layers for piece in _pieces(layer, names)]
    pieces.sort(key=itemgetter(0))  # stable: layers stay in their order
    return [
        (_key(*position), _blob(_template(list(tile_pieces), n_classes)))
        for position, tile_pieces in groupby(pieces, key=itemgetter(0))
        if Tile(zoom, *position).exists  # a buffer may reach over the world's edge
    ]


def _blob(tile_template: Template) -> bytes:
    count = len(tile_template.positions).to_bytes(_COUNT_BYTES, "little")
    return b"".join(
        (count, tile_template.positions.tobytes(), tile_template.rows.tobytes(), tile_template.tile)
    )


_Piece = tuple[tuple[int, int], str, Feature]


def _pieces(layer: Layer, names: _AreaNames) -> Iterator[_Piece]:
    pieces = cut_into_tiles(layer.shapes)
    rows = layer.rows[pieces.source].tolist()
    positions = zip(pieces.x.tolist(), pieces.y.tolist(), strict=True)
    is_zone = layer.name != "other"
    for position, row, geometry in zip(positions, rows, geometries(pieces.shape), strict=True):
        if geometry:
            feature = Feature(row, names.codes[row], names.names[row], is_zone, geometry)
            yield position, layer.name, feature


def _template(pieces: list[_Piece], n_classes: int) -> Template:
    layers = groupby(pieces, key=itemgetter(1))
    return template(
        [(name, [piece for _, _, piece in layer_pieces]) for name, layer_pieces in layers],
        n_classes,
    )
