"""What every collection of features is, whatever is in it."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from api.ogc.columns import Column, Property
from api.ogc.cql import Features, Test
from api.ogc.crs import Crs
from api.ogc.shapes import Shapes
from geodata.areas import Level
from geodata.calendar import DayRange
from geodata.language import Bilingual

GEOMETRY: Final = "geometry"


class Part(Protocol):
    """Features of a collection that share one day."""

    shapes: Shapes

    def __len__(self) -> int: ...

    @property
    def key(self) -> Hashable:
        """The same for the same features."""

    @property
    def features(self) -> Features:
        """Them as a filter takes them."""

    def kept(self, test: Test) -> NDArray[np.bool_]:
        """Which of them a filter keeps."""

    def write(self, rows: NDArray[np.intp], crs: Crs) -> Iterator[bytes]:
        """Write some of them as GeoJSON, each a text of its own."""

    def ids(self, rows: NDArray[np.intp]) -> list[str]:
        """Ids of some of them."""

    def table(self, rows: NDArray[np.intp]) -> list[dict[str, object]]:
        """Write some of them out for people."""


class Found(NamedTuple):
    """One feature."""

    part: Part
    row: int


class Collection(Protocol):
    """Features of one sort. Safe for many threads."""

    id: str
    title: Bilingual

    @property
    def about(self) -> Bilingual:
        """What is said of it."""

    properties: tuple[Property, ...]
    geometry: str
    """What the schema says of its geometries."""
    level: Level | None

    def version(self) -> str:
        """Cache key: changes whenever the features change."""

    def last_change(self) -> datetime | None:
        """When what it says now was published, UTC without a zone; None where it cannot say."""

    def parts(
        self, days: DayRange | None, known_at: datetime | None, *, dated: bool
    ) -> Sequence[Part]:
        """Features of some days, oldest first.

        Parameters
        ----------
        days
            Those asked for; what there is by default where none are.
        known_at
            As they stood published then; None for now, or where it cannot say.
        dated
            Whether ids must tell the days apart.
        """

    def find(self, feature: str) -> Found:
        """One feature.

        Raises
        ------
        NotFoundError
            ``no-feature``.
        """

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north in degrees."""

    def span(self) -> DayRange | None:
        """The days it has features of; None where they have no time."""


def named(collection: Collection, name: str) -> Property | None:
    """A property by its name."""
    return next((one for one in collection.properties if one.name == name), None)


def geometry_column(shapes: Shapes, plane: str) -> Column:
    """Geometries as a filter takes them."""
    found = shapes.at(plane)
    return Column("shape", found, ~shapely.is_missing(found))
