"""The form of the portal's other answers: places and indicators."""

from datetime import date as Day  # noqa: N812  (fields are called date)
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.public import Said
from zoning.portal.places import PlaceKind


class PlaceProperties(BaseModel):
    """What is known of a place."""

    kind: PlaceKind
    kind_name: Said
    name: str
    address: str | None
    area: str | None = Field(description="Code of the smallest area known.")
    position: Literal["coordinates", "area"] | None = Field(
        description="Where its point comes from: its own coordinates, or the middle of its area."
    )
    capacity: int | None
    in_use: int | None
    room: int | None = Field(description="Capacity less what is in use; null where not known.")
    stock: dict[str, int] | None
    hours: str | None
    contact: str | None
    updated_at: datetime
    metres: float | None = Field(description="From the point asked for, on the ellipsoid.")


class PlaceFeature(BaseModel):
    """One place as a GeoJSON feature."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] | None = Field(description="A point, longitude and latitude.")
    properties: PlaceProperties


class PlaceCollection(BaseModel):
    """Places as a GeoJSON feature collection."""

    type: Literal["FeatureCollection"]
    numberMatched: int  # noqa: N815
    numberReturned: int  # noqa: N815
    features: list[PlaceFeature]


class IndicatorName(BaseModel):
    """What an indicator is called; no title where it is not known here."""

    indicator: str
    title: Said | None = None
    unit: Said | None = None
    additive: bool = False


class IndicatorValue(BaseModel):
    """One figure of one area on one day."""

    indicator: str
    code: str
    name: str = Field(description="Of the area.")
    level: str
    date: Day
    value: float | None = Field(description="null where it is suppressed.")
    suppressed: bool = Field(
        description="There is a figure, but of too few people to be told, or a share of people."
    )
    rounded_to: int | None = Field(
        description="A count of people: `value` is a multiple of this; null where it is exact."
    )
    unit: str | None
    summed: int | None = Field(
        description="Of how many areas it is the sum; 0 where it was given; null for people of a "
        "kelurahan counted by neighbourhood."
    )


class IndicatorAnswer(BaseModel):
    """Figures by indicator, level, area and day."""

    numberMatched: int  # noqa: N815
    numberReturned: int  # noqa: N815
    indicators: list[IndicatorName]
    values: list[IndicatorValue]
