"""The form of public answers, for `/docs` and for whoever writes a client."""

from collections.abc import Sequence
from datetime import date as Day  # noqa: N812  (fields are called date)
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, WithJsonSchema

from api.schemas.classes import Counted, colour_schema, numbered, risk_schema
from geodata.areas import Level
from geodata.boundaries import AreaFacts
from geodata.language import Bilingual
from zoning.public.day import PublicDay
from zoning.public.zone import PublicZone
from zoning.risk import FOUR_COLOURS

Risk = Annotated[int, WithJsonSchema(risk_schema(FOUR_COLOURS))]
"""Number of a class; its schema is that of the four colours until the city's rules are known."""
Colour = Annotated[str, WithJsonSchema(colour_schema(FOUR_COLOURS))]
"""The Indonesian name of a class."""


class Said(BaseModel):
    """The same in Indonesian and English."""

    id: str
    en: str

    @classmethod
    def of(cls, said: Bilingual) -> "Said":
        """Take a sentence over."""
        return cls(id=said.id, en=said.en)


class Health(BaseModel):
    """That it can serve, and what."""

    status: Literal["ok"] = "ok"
    version: str
    latest: Day


class AreaName(BaseModel):
    """An area by its code, level and name."""

    code: str
    level: Level
    name: str

    @classmethod
    def of(cls, area: AreaFacts) -> "AreaName":
        """Name an area."""
        return cls(code=area.code, level=area.level, name=area.name)


class ZoneProperties(BaseModel):
    """What a zone's feature says; never a count."""

    code: str
    name: str
    level: Level
    risk: Risk = Field(description=f"{numbered(FOUR_COLOURS)}; above the RT the highest.")
    colour: Colour
    date: Day
    rule: str = Field(description="Id of the rule it was judged by.")
    run: str = Field(description="Public id of the run; the same colours have the same.")
    remark: str | None = Field(
        default=None,
        description="Only where the smallest zones of the city are no RT: that the law means RT.",
    )


class ZoneFeature(BaseModel):
    """One zone as a GeoJSON feature."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] = Field(description="Polygon or MultiPolygon, longitude and latitude.")
    properties: ZoneProperties


class Link(BaseModel):
    """Where the rest is."""

    rel: Literal["next", "prev"]
    type: Literal["application/geo+json"]
    href: str


class ZoneCollection(BaseModel):
    """Zones as a GeoJSON feature collection."""

    type: Literal["FeatureCollection"]
    numberMatched: int = Field(description="Zones asked for, on all pages together.")  # noqa: N815
    numberReturned: int = Field(description="Zones on this page.")  # noqa: N815
    links: list[Link]
    features: list[ZoneFeature]


class ZoneAnswer(BaseModel):
    """One zone on one day: its colour, why, and what to do."""

    code: str
    name: str
    level: Level
    kind: str = Field(
        description="The level; `dusun` or `sls` for such a zone; `other` for an area that is no "
        "zone."
    )
    within: list[AreaName] = Field(description="The areas it lies in, from its parent up.")
    risk: Risk | None = Field(description="null for an area that is no RT.")
    colour: Colour | None
    date: Day
    rule: str
    run: str
    retrospective: bool = Field(description="No law coloured RT yet on that day.")
    window: tuple[Day, Day] = Field(description="First and last day counted.")
    threshold: Said | None = Field(description="The counts that make this colour under the rule.")
    why: Said
    measures: list[Said]

    @classmethod
    def of(cls, zone: PublicZone, within: Sequence[AreaFacts]) -> "ZoneAnswer":
        """What everyone may know of a zone."""
        apart = {"within", "threshold", "why", "measures"}
        same = ZoneAnswer.model_fields.keys() - apart
        return cls(
            **{name: getattr(zone, name) for name in same},
            within=[AreaName.of(area) for area in within],
            threshold=None if zone.threshold is None else Said.of(zone.threshold),
            why=Said.of(zone.why),
            measures=[Said.of(measure) for measure in zone.measures],
        )


class DayColour(BaseModel):
    """A zone's colour on one published day."""

    date: Day
    risk: Risk
    colour: Colour
    run: str


class HistoryAnswer(BaseModel):
    """A zone's colours by day; days that are not published are not there."""

    code: str
    days: list[DayColour]


class PublishedRun(Counted):
    """A published day in short."""

    date: Day
    run: str
    rule: str
    boundaries: str = Field(description="Id of the boundaries its zones were judged on.")


class DaysAnswer(BaseModel):
    """Every published day, the oldest first."""

    days: list[PublishedRun]


class AreaSummary(Counted):
    """How many RT of an area have each colour."""

    code: str
    name: str
    level: Level


class SummaryAnswer(BaseModel):
    """How many RT of each colour, by area, and the confirmed cases that are in no RT."""

    date: Day
    rule: str
    run: str
    level: Level
    unplaced: int | None = Field(
        description="Confirmed cases of the window in the whole city that are in no RT, rounded "
        "down to a multiple of the fewest that are said in public; null where there are fewer.",
    )
    unplaced_suppressed: bool
    non_residents: int | None = Field(
        description="Confirmed cases of the window who live in another city and are in no RT, "
        "rounded and left out in the same way.",
    )
    areas: list[AreaSummary]


class LocateAnswer(BaseModel):
    """What lies at a point; nulls outside the city, no colour where it is no RT."""

    lon: float
    lat: float
    date: Day
    rule: str
    run: str
    code: str | None = None
    name: str | None = None
    kind: str | None = None
    risk: Risk | None = None
    colour: Colour | None = None

    @classmethod
    def of(
        cls,
        point: tuple[float, float],
        area: AreaFacts | None,
        zone: PublicZone | None,
        day: PublicDay,
    ) -> "LocateAnswer":
        """What is known of the point."""
        lon, lat = point
        base = cls(lon=lon, lat=lat, date=day.date, rule=day.rule, run=day.run)
        if area is None or zone is None:
            return base
        found = {"code": area.code, "name": area.name, "kind": area.kind}
        return base.model_copy(update={**found, "risk": zone.risk, "colour": zone.colour})
