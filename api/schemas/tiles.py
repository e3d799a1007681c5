"""The form of a TileJSON, as https://github.com/mapbox/tilejson-spec has it, and what we add.

And of a style, as far as ours goes: https://maplibre.org/maplibre-style-spec/.
"""

from datetime import date as Day  # noqa: N812  (fields are called date)
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.public import Colour, Risk


class ShownRisk(BaseModel):
    """A risk as pictures show it."""

    risk: Risk
    id: Colour
    en: str
    colour: str = Field(pattern="^#[0-9A-F]{6}$")


class TilesPrepared(BaseModel):
    """How far the tiles of some boundaries are prepared."""

    prepared: float = Field(ge=0, le=1, description="The share that is, 1 for all of them.")


class VectorLayer(BaseModel):
    """A layer of the vector tiles."""

    id: str
    description: str
    fields: dict[str, str] = Field(description="What each property of a feature is.")
    minzoom: int
    maxzoom: int


class TileJson(BaseModel):
    """A day's tiles: addresses, zooms, bounds, and what is in them."""

    tilejson: Literal["3.0.0"]
    name: str
    description: str
    version: str
    attribution: str = Field(description="HTML.")
    scheme: Literal["xyz"]
    tiles: list[str] = Field(description="Address of a tile, with {z}, {x} and {y} in it.")
    minzoom: int
    maxzoom: int = Field(description="Clients enlarge tiles beyond it.")
    bounds: tuple[float, float, float, float] = Field(description="West, south, east, north.")
    center: tuple[float, float, int] = Field(description="Longitude, latitude, zoom.")
    vector_layers: list[VectorLayer] | None = Field(
        default=None, description="Only of vector tiles."
    )
    date: Day
    run: str = Field(description="Id of the computation that these are the tiles of.")
    risks: list[ShownRisk]


class StyleLayer(BaseModel):
    """What is drawn of a layer of vector tiles, and how."""

    id: str = Field(description="Its name, in both languages.")
    type: Literal["fill", "line"]
    source: str
    source_layer: str = Field(alias="source-layer")
    minzoom: int
    filter: list[Any] | None = None
    paint: dict[str, str | float]


class TileStyle(BaseModel):
    """A style of vector tiles, as MapLibre's specification has it."""

    version: Literal[8]
    name: str
    sources: dict[str, dict[str, str]] = Field(description="Where the tiles' TileJSON is.")
    layers: list[StyleLayer] = Field(description="The lowest first.")
