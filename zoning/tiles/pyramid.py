"""Pyramid: the tiles of one version of the boundaries at every zoom, all but their colours."""

from functools import cached_property
from pathlib import Path
from typing import Final

from zoning.placing.ground import Ground
from zoning.tiles.album import Pictures, prepare_pictures
from zoning.tiles.progress import Progress
from zoning.tiles.rollup import Rollup
from zoning.tiles.shelf import is_shelved, shelved
from zoning.tiles.vectors import Vectors, prepare_vectors

_PICTURES: Final = "pictures"
_VECTORS: Final = "vector"


class Pyramid:
    """Prepared tiles; made by `open_pyramid`. Safe for many threads.

    Attributes
    ----------
    ground
        The boundaries they were made from.
    vectors, pictures
        Vector tiles, and what each pixel of a picture shows.
    """

    def __init__(self, ground: Ground, vectors: Vectors, pictures: Pictures) -> None:
        self.ground = ground
        self.vectors = vectors
        self.pictures = pictures

    @cached_property
    def rollup(self) -> Rollup:
        """Which area is part of which."""
        return Rollup(self.ground.boundaries)


def open_pyramid(ground: Ground, folder: Path, progress: Progress | None = None) -> Pyramid:
    """The tiles of some boundaries from a folder, prepared and kept there the first time.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder cannot be written to.
    """
    tell = progress or _nobody
    boundaries = ground.boundaries
    pictures = shelved(folder, boundaries.id, _PICTURES, lambda: prepare_pictures(ground, tell))
    vectors = shelved(folder, boundaries.id, _VECTORS, lambda: prepare_vectors(boundaries, tell))
    return Pyramid(ground, Vectors(vectors), Pictures(pictures, ground))


def is_prepared(boundaries: str, folder: Path) -> bool:
    """Whether a folder has the tiles of some boundaries, so that opening them takes a moment."""
    return all(is_shelved(folder, boundaries, kind) for kind in (_PICTURES, _VECTORS))


def _nobody(_doing: str, _done: int, _total: int) -> None:
    """Tell no one."""
