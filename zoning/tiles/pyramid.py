"""Pyramid: the tiles of one version of the boundaries at every zoom, all but their colours."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from geodata.language import Bilingual, Progress
from geodata.once import once
from zoning.caching import Cache
from zoning.placing.indexed_boundaries import Ground
from zoning.risk import FOUR_COLOURS, Classes
from zoning.tiles.album import ZOOMS as OF_PICTURES
from zoning.tiles.album import Pictures, prepare_pictures
from zoning.tiles.artifact_cache import PICTURES, Shelf, not_kept, preparing, vector_kind
from zoning.tiles.rollup import Rollup
from zoning.tiles.vectors import ZOOMS as OF_VECTORS
from zoning.tiles.vectors import Vectors, prepare_vectors

_DRAWN_MEGABYTES: Final = 16
"""For pictures that are drawn when asked for, where no cache is handed in."""


class Pyramid:
    """Tiles as far as they are prepared. Safe for many threads.

    Parameters
    ----------
    cache
        Keeps pictures that are drawn when asked for.
    lacking
        Called when a picture is drawn that should be prepared.
    classes
        Of the risks of the days that are drawn.

    Attributes
    ----------
    ground
        The boundaries they were made from.
    folder
        Where their files are.
    vectors, pictures
        Vector tiles, and what each pixel of a picture shows.
    """

    def __init__(
        self,
        ground: Ground,
        folder: Path,
        cache: Cache | None = None,
        lacking: Callable[[], None] | None = None,
        classes: Classes = FOUR_COLOURS,
    ) -> None:
        self.ground = ground
        self.folder = folder
        self.classes = classes
        shelves = _Shelves(folder, ground.boundaries.id, len(classes))
        self.vectors = Vectors(shelves.vectors)
        kept = Cache(_DRAWN_MEGABYTES) if cache is None else cache
        self.pictures = Pictures(shelves.pictures, ground, kept, lacking)

    @once
    def rollup(self) -> Rollup:
        """Which area is part of which."""
        return Rollup(self.ground.boundaries, len(self.classes))


class _Shelves:
    def __init__(self, folder: Path, boundaries: str, n_classes: int) -> None:
        self.pictures = Shelf(folder, boundaries, PICTURES)
        self.vectors = Shelf(folder, boundaries, vector_kind(n_classes))

    def paths(self) -> list[Path]:
        pictures = [self.pictures.path(zoom) for zoom in OF_PICTURES]
        return [*pictures, *(self.vectors.path(zoom) for zoom in OF_VECTORS)]


def open_pyramid(
    ground: Ground,
    folder: Path,
    progress: Progress | None = None,
    classes: Classes = FOUR_COLOURS,
) -> Pyramid:
    """The tiles of some boundaries from a folder, all of them prepared and kept there.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder cannot be written to.
    """
    with preparing(folder, ground.boundaries.id):
        prepare(ground, folder, progress or _nobody, len(classes))
    return Pyramid(ground, folder, classes=classes)


def prepare(
    ground: Ground, folder: Path, progress: Progress, n_classes: int = len(FOUR_COLOURS)
) -> None:
    """Make the files that are missing or damaged, those of the farthest zooms first.

    Raises
    ------
    StoreError
        ``tiles-not-kept`` if the folder cannot be written to.
    """
    shelves = _Shelves(folder, ground.boundaries.id, n_classes)
    pictures = [zoom for zoom in OF_PICTURES if not shelves.pictures.is_sound(zoom)]
    vectors = [zoom for zoom in OF_VECTORS if not shelves.vectors.is_sound(zoom)]
    with not_kept(folder):
        # Pictures that are not prepared are drawn when asked for, vector tiles are not.
        if vectors:
            made = prepare_vectors(ground.boundaries, progress, vectors, n_classes)
            for zoom, parts in made:
                shelves.vectors.write(zoom, parts)
        for zoom, parts in prepare_pictures(ground, progress, pictures):
            shelves.pictures.write(zoom, parts)


def share_prepared(boundaries: str, folder: Path, n_classes: int = len(FOUR_COLOURS)) -> float:
    """How much is prepared of some boundaries: from 0 to 1, where all is."""
    paths = _Shelves(folder, boundaries, n_classes).paths()
    return sum(path.exists() for path in paths) / len(paths)


def _nobody(_doing: Bilingual, _done: int, _total: int) -> None:
    """Tell no one."""
