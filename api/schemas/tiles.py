"""Models of a TileJSON with some additions, and of a style.

See https://github.com/mapbox/tilejson-spec and https://maplibre.org/maplibre-style-spec/.
"""

from datetime import date as Day  # noqa: N812  (fields are called date)
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.classes import Colour, Risk, class_model


@class_model
class RiskStyle(BaseModel):
    """A class of risk with its colour in pictures."""

    risk: Risk
    id: Colour
    en: str
    colour: str = Field(pattern="^#[0-9A-F]{6}$")


class TilesPrepared(BaseModel):
    """The progress of preparing the tiles of some boundaries."""

    prepared: float = Field(ge=0, le=1, description="Share of the tiles that is prepared, 0 to 1.")


class VectorLayer(BaseModel):
    """A layer of vector tiles."""

    id: str
    description: str
    fields: dict[str, str] = Field(description="Meaning of each property of a feature.")
    minzoom: int
    maxzoom: int


class TileJson(BaseModel):
    """The tiles of a day: addresses, zooms, bounds and layers."""

    tilejson: Literal["3.0.0"]
    name: str
    description: str
    version: str
    attribution: str = Field(description="Attribution as HTML.")
    scheme: Literal["xyz"]
    tiles: list[str] = Field(description="URL of a tile with {z}, {x} and {y}.")
    minzoom: int
    maxzoom: int = Field(description="Clients enlarge the tiles of this zoom for larger zooms.")
    bounds: tuple[float, float, float, float] = Field(description="West, south, east, north.")
    center: tuple[float, float, int] = Field(description="Longitude, latitude, zoom.")
    vector_layers: list[VectorLayer] | None = Field(
        default=None, description="Only for vector tiles."
    )
    date: Day
    run: str = Field(description="Public id of the run of the tiles.")
    risks: list[RiskStyle]


class StyleLayer(BaseModel):
    """How one layer of vector tiles is drawn."""

    id: str = Field(description="Name of the layer in both languages.")
    type: Literal["fill", "line"]
    source: str
    source_layer: str = Field(alias="source-layer")
    minzoom: int
    filter: list[Any] | None = None
    paint: dict[str, str | float]


class TileStyle(BaseModel):
    """A style of vector tiles, by the specification of MapLibre."""

    version: Literal[8]
    name: str
    sources: dict[str, dict[str, str]] = Field(description="URL of the TileJSON of the tiles.")
    layers: list[StyleLayer] = Field(description="Layers from bottom to top.")
