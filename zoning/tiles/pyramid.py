"""The tile pyramid of one version of the boundaries: the tiles of every zoom, without colours."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from geodata.language import Bilingual, Progress
from geodata.once import once
from zoning.caching import Cache
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.risk import FOUR_COLOURS, Classes
from zoning.tiles.artifact_cache import (
    PICTURES,
    ArtifactCache,
    preparation_lock,
    translate_disk_errors,
    vector_kind,
)
from zoning.tiles.picture_tiles import ZOOMS as PICTURE_ZOOMS
from zoning.tiles.picture_tiles import PictureTiles, prepare_pictures
from zoning.tiles.rollup import Rollup
from zoning.tiles.vector_tiles import ZOOMS as VECTOR_ZOOMS
from zoning.tiles.vector_tiles import VectorTiles, prepare_vectors

_PICTURE_CACHE_MEGABYTES: Final = 16
"""For pictures drawn on request, if the caller gives no cache."""


class Pyramid:
    """The prepared tiles of one version of the boundaries. Safe for many threads.

    Parameters
    ----------
    cache
        For pictures drawn on request.
    on_missing
        Called when a picture that should be prepared is drawn on request.
    classes
        The classes of risk of the days to draw.

    Attributes
    ----------
    ground
        The boundaries, with their indexes.
    folder
        Folder of the prepared files.
    vectors, pictures
        Vector tiles and picture tiles without colours.
    """

    def __init__(
        self,
        indexed: IndexedBoundaries,
        folder: Path,
        cache: Cache | None = None,
        on_missing: Callable[[], None] | None = None,
        classes: Classes = FOUR_COLOURS,
    ) -> None:
        self.ground = indexed
        self.folder = folder
        self.classes = classes
        caches = _Caches(folder, indexed.boundaries.id, len(classes))
        self.vectors = VectorTiles(caches.vectors)
        picture_cache = Cache(_PICTURE_CACHE_MEGABYTES) if cache is None else cache
        self.pictures = PictureTiles(caches.pictures, indexed, picture_cache, on_missing)

    @once
    def rollup(self) -> Rollup:
        """The roll-up of risks from the smallest zones to all areas."""
        return Rollup(self.ground.boundaries, len(self.classes))


class _Caches:
    def __init__(self, folder: Path, version: str, n_classes: int) -> None:
        self.pictures = ArtifactCache(folder, version, PICTURES)
        self.vectors = ArtifactCache(folder, version, vector_kind(n_classes))

    def paths(self) -> list[Path]:
        pictures = [self.pictures.path(zoom) for zoom in PICTURE_ZOOMS]
        return [*pictures, *(self.vectors.path(zoom) for zoom in VECTOR_ZOOMS)]


def open_pyramid(
    indexed: IndexedBoundaries,
    folder: Path,
    progress: Progress | None = None,
    classes: Classes = FOUR_COLOURS,
) -> Pyramid:
    """Open the tiles of a version of the boundaries; prepare the missing files first.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder cannot be written to.
    """
    with preparation_lock(folder, indexed.boundaries.id):
        prepare(indexed, folder, progress or _ignore_progress, len(classes))
    return Pyramid(indexed, folder, classes=classes)


def prepare(
    indexed: IndexedBoundaries, folder: Path, progress: Progress, n_classes: int = len(FOUR_COLOURS)
) -> None:
    """Write the files that are missing or damaged, from the lowest zoom on.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder cannot be written to.
    """
    caches = _Caches(folder, indexed.boundaries.id, n_classes)
    pictures = [zoom for zoom in PICTURE_ZOOMS if not caches.pictures.is_intact(zoom)]
    vectors = [zoom for zoom in VECTOR_ZOOMS if not caches.vectors.is_intact(zoom)]
    with translate_disk_errors(folder):
        # Vector tiles first: missing pictures are drawn on request, missing vector tiles are not.
        if vectors:
            tiles_by_zoom = prepare_vectors(indexed.boundaries, progress, vectors, n_classes)
            for zoom, blobs in tiles_by_zoom:
                caches.vectors.write(zoom, blobs)
        for zoom, blobs in prepare_pictures(indexed, progress, pictures):
            caches.pictures.write(zoom, blobs)


def prepared_share(boundaries: str, folder: Path, n_classes: int = len(FOUR_COLOURS)) -> float:
    """Share of the files that exist for a version of the boundaries, 0 to 1."""
    paths = _Caches(folder, boundaries, n_classes).paths()
    return sum(path.exists() for path in paths) / len(paths)


def _ignore_progress(_task: Bilingual, _done: int, _total: int) -> None:
    """Report no progress."""
