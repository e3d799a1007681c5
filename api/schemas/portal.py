"""Models of the answers about places and indicators."""

from datetime import date as Day  # noqa: N812  (fields are called date)
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.public import BilingualText
from zoning.portal.places import PlaceKind


class PlaceProperties(BaseModel):
    """The properties of a place."""

    kind: PlaceKind
    kind_name: BilingualText
    name: str
    address: str | None
    area: str | None = Field(description="Code of the smallest known area.")
    position: Literal["coordinates", "area"] | None = Field(
        description="Source of the point: coordinates of the place, or the centre of its area."
    )
    capacity: int | None
    in_use: int | None
    room: int | None = Field(description="Capacity minus `in_use`; null if unknown.")
    stock: dict[str, int] | None
    hours: str | None
    contact: str | None
    updated_at: datetime
    metres: float | None = Field(description="Distance from `near` on the ellipsoid, in metres.")


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
    """The name of an indicator; without a title if this project does not know the indicator."""

    indicator: str
    title: BilingualText | None = None
    unit: BilingualText | None = None
    additive: bool = False


class IndicatorValue(BaseModel):
    """One value of one area on one day."""

    indicator: str
    code: str
    name: str = Field(description="Name of the area.")
    level: str
    date: Day
    value: float | None = Field(description="null if the value is suppressed.")
    suppressed: bool = Field(
        description="The value exists, but is not published: too few people, or a share of people."
    )
    rounded_to: int | None = Field(
        description="For a count of people: `value` is a multiple of this; null if exact."
    )
    least: int | None = Field(
        default=None, description="For a daily or weekly figure: the lowest count that is possible."
    )
    most: int | None = Field(
        default=None,
        description="For a daily or weekly figure: the highest count that is possible.",
    )
    complete: bool | None = Field(
        default=None,
        description="For a daily or weekly figure: false while reports usually still arrive.",
    )
    unit: str | None
    summed: int | None = Field(
        description="Number of areas in the sum; 0 if the source has the value itself; null for "
        "people of a kelurahan that the source counts by neighbourhood."
    )


class IndicatorAnswer(BaseModel):
    """Values by indicator, level, area and day."""

    numberMatched: int  # noqa: N815
    numberReturned: int  # noqa: N815
    indicators: list[IndicatorName]
    values: list[IndicatorValue]
