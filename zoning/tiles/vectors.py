"""The vector tiles of one version of the boundaries: prepared as a table, read with a day's risks.

A table in Arrow's own format, so that a file of it is used where it lies, without being read in.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from geodata.boundaries import Boundaries
from zoning.tiles.coverage import Layer, zooms
from zoning.tiles.cutting import cut
from zoning.tiles.mvt import Feature, Template, geometries, template
from zoning.tiles.progress import Progress, Steps
from zoning.tiles.scheme import MAX_ZOOM, MIN_ZOOM, Tile

_DOING: Final = "vector tiles"
SCHEMA: Final = pa.schema(
    {
        "z": pa.int8(),
        "x": pa.int32(),
        "y": pa.int32(),
        "tile": pa.large_binary(),
        "places": pa.large_list(pa.int32()),
        "rows": pa.large_list(pa.int32()),
    }
)


class _Called(NamedTuple):
    """Codes and names of all areas, by row."""

    codes: Sequence[str]
    names: Sequence[str]


def prepare_vectors(boundaries: Boundaries, progress: Progress) -> pa.Table:
    """Simplify, cut and encode every area at every zoom; a row a tile that holds any.

    Returns
    -------
    Table
        `SCHEMA`: tile, and of its bytes which are risks (``places``) and of which rows of
        `Boundaries.areas` (``rows``).
    """
    called = _Called(boundaries.areas["code"].tolist(), boundaries.areas["name"].tolist())
    steps = Steps(progress, _DOING, 2 * (MAX_ZOOM - MIN_ZOOM + 1))

    batches = []
    # One zoom after the other: threads here save a quarter of the time and double the memory.
    for zoom, layers in zooms(boundaries):
        steps.step()
        batches.append(_batch(zoom, layers, called))
        steps.step()
    return pa.Table.from_batches(batches[::-1], SCHEMA).combine_chunks()


class Vectors:
    """Vector tiles without their colours."""

    def __init__(self, table: pa.Table) -> None:
        z, x, y = (table[name].to_pylist() for name in ("z", "x", "y"))
        self._row_of = {Tile(*key): row for row, key in enumerate(zip(z, x, y, strict=True))}
        self._tiles = _Parts(table["tile"], np.uint8)
        self._places = _Parts(table["places"], np.int32)
        self._rows = _Parts(table["rows"], np.int32)

    def __iter__(self) -> Iterator[Tile]:
        """All tiles that hold anything, from the farthest zoom to the closest."""
        return iter(self._row_of)

    def __len__(self) -> int:
        return len(self._row_of)

    def tile(self, tile: Tile, values: NDArray[np.uint8]) -> bytes | None:
        """One tile with its colours; None where nothing is.

        Parameters
        ----------
        values
            uint8, for every row of `Boundaries.areas`: the number of its value, see `mvt`.
        """
        row = self._row_of.get(tile)
        if row is None:
            return None
        made = self._tiles[row].copy()
        made[self._places[row]] = values[self._rows[row]]
        return made.tobytes()


class _Parts:
    """A column of variable length as slices of one array, whose memory is the table's."""

    def __init__(self, column: pa.ChunkedArray, dtype: type[np.generic]) -> None:
        chunk = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        _, offsets, *_, held = chunk.buffers()
        self._ends: list[int] = np.frombuffer(offsets, np.int64)[: len(chunk) + 1].tolist()
        self._held = np.frombuffer(held, dtype) if held is not None else np.empty(0, dtype)

    def __getitem__(self, row: int) -> NDArray[np.generic]:
        return self._held[self._ends[row] : self._ends[row + 1]]


def _batch(zoom: int, layers: list[Layer], called: _Called) -> pa.RecordBatch:
    """All tiles of a zoom."""
    found = [piece for layer in layers for piece in _pieces(layer, called)]
    found.sort(key=itemgetter(0))  # stable: layers stay in their order
    tiles = {
        at: _template(list(held))
        for at, held in groupby(found, key=itemgetter(0))
        if Tile(zoom, *at).exists  # the margin of an area at the world's end has none
    }
    columns = {
        "z": [zoom] * len(tiles),
        "x": [x for x, _ in tiles],
        "y": [y for _, y in tiles],
        "tile": [one.tile for one in tiles.values()],
        "places": [one.places for one in tiles.values()],
        "rows": [one.rows for one in tiles.values()],
    }
    return pa.RecordBatch.from_pydict(columns, schema=SCHEMA)


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


def _template(pieces: list[_Piece]) -> Template:
    layers = groupby(pieces, key=itemgetter(1))
    return template([(name, [feature for _, _, feature in held]) for name, held in layers])
