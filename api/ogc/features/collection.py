"""The interface of a collection of features."""

from collections.abc import Hashable, Iterator, Sequence
from datetime import datetime
from typing import Final, NamedTuple, Protocol

import numpy as np
import shapely
from numpy.typing import NDArray

from api.ogc.columns import Column, Property
from api.ogc.cql import Features, FilterEvaluator
from api.ogc.crs import Crs
from api.ogc.shapes import Shapes
from geodata.areas import Level
from geodata.calendar import DayRange
from geodata.language import Bilingual

GEOMETRY: Final = "geometry"


class FeatureSet(Protocol):
    """Features of a collection on one day."""

    shapes: Shapes

    def __len__(self) -> int: ...

    @property
    def key(self) -> Hashable:
        """Equal for equal features."""

    @property
    def features(self) -> Features:
        """The features for a filter."""

    def matches(self, evaluator: FilterEvaluator) -> NDArray[np.bool_]:
        """Which features match a filter."""

    def write(self, rows: NDArray[np.intp], crs: Crs) -> Iterator[bytes]:
        """Some features as GeoJSON, one text for each."""

    def ids(self, rows: NDArray[np.intp]) -> list[str]:
        """Ids of some features."""

    def table(self, rows: NDArray[np.intp]) -> list[dict[str, object]]:
        """Properties of some features, for a table on a page."""


class FeatureRow(NamedTuple):
    """One feature: its set and its row."""

    feature_set: FeatureSet
    row: int


class Collection(Protocol):
    """A collection of features. Thread-safe."""

    id: str
    title: Bilingual

    @property
    def about(self) -> Bilingual:
        """Description of the collection."""

    properties: tuple[Property, ...]
    geometry: str
    """Format of the geometries in the JSON Schema."""
    level: Level | None

    def version(self) -> str:
        """Cache key: changes whenever the features change."""

    def last_change(self) -> datetime | None:
        """Moment of the last publication, UTC without a zone; None if features have no history."""

    def feature_sets(
        self, days: DayRange | None, known_at: datetime | None, *, dated: bool
    ) -> Sequence[FeatureSet]:
        """Features of some days, oldest first.

        Parameters
        ----------
        days
            Range of days; None for the default of the collection.
        known_at
            The state that was published at this moment; None for now, or without a history.
        dated
            Whether the ids of features contain the day.
        """

    def find(self, feature: str) -> FeatureRow:
        """The feature of an id.

        Raises
        ------
        NotFoundError
            ``no-feature``.
        """

    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north in degrees."""

    def day_range(self) -> DayRange | None:
        """The days with features; None if features have no time."""


def find_property(collection: Collection, name: str) -> Property | None:
    """The property of a name; None if the collection does not have it."""
    return next((prop for prop in collection.properties if prop.name == name), None)


def geometry_column(shapes: Shapes, plane: str) -> Column:
    """Geometries as a column for a filter."""
    geometries = shapes.projected(plane)
    return Column("shape", geometries, ~shapely.is_missing(geometries))
