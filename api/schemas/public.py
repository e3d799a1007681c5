"""Models of public answers, for `/docs` and for authors of clients."""

from collections.abc import Sequence
from datetime import date as Day  # noqa: N812  (fields are called date)
from typing import Any, Literal

from pydantic import BaseModel, Field

from api.schemas.classes import ClassCounts, Colour, Risk, class_model, describe_risk
from geodata.areas import Level
from geodata.boundaries import AreaFacts
from geodata.language import Bilingual
from zoning.public.day import PublicDay
from zoning.public.zone import PublicZone


class BilingualText(BaseModel):
    """The same text in Indonesian and English."""

    id: str
    en: str

    @classmethod
    def of(cls, text: Bilingual) -> "BilingualText":
        """Make the model from a bilingual text."""
        return cls(id=text.id, en=text.en)


class Health(BaseModel):
    """The state of the server: its version and the newest published day."""

    status: Literal["ok"] = "ok"
    version: str
    latest: Day


class AreaName(BaseModel):
    """Code, level and name of an area."""

    code: str
    level: Level
    name: str

    @classmethod
    def of(cls, area: AreaFacts) -> "AreaName":
        """Make the model from the facts of an area."""
        return cls(code=area.code, level=area.level, name=area.name)


@class_model
class ZoneProperties(BaseModel):
    """Properties of the feature of a zone; never a count."""

    code: str
    name: str
    level: Level
    risk: Risk = Field(json_schema_extra=describe_risk)
    colour: Colour
    date: Day
    rule: str = Field(description="Id of the rule that classified the zone.")
    run: str = Field(description="Public id of the run; it depends only on public values.")
    remark: str | None = Field(
        default=None,
        description="Only where the smallest zones are no RT: a note that the law means RT.",
    )


class ZoneFeature(BaseModel):
    """One zone as a GeoJSON feature."""

    type: Literal["Feature"]
    id: str
    geometry: dict[str, Any] = Field(description="Polygon or MultiPolygon, longitude and latitude.")
    properties: ZoneProperties


class Link(BaseModel):
    """A link to the next or previous page."""

    rel: Literal["next", "prev"]
    type: Literal["application/geo+json"]
    href: str


class ZoneCollection(BaseModel):
    """Zones as a GeoJSON feature collection."""

    type: Literal["FeatureCollection"]
    numberMatched: int = Field(description="Zones that match, on all pages together.")  # noqa: N815
    numberReturned: int = Field(description="Zones on this page.")  # noqa: N815
    links: list[Link]
    features: list[ZoneFeature]


@class_model
class ZoneAnswer(BaseModel):
    """One zone on one day: its colour, the reason, and the measures."""

    code: str
    name: str
    level: Level
    kind: str = Field(
        description="The level; `dusun` or `sls` for such a zone; `other` for an area that is not "
        "a zone."
    )
    within: list[AreaName] = Field(description="The areas around the zone, from its parent up.")
    risk: Risk | None = Field(description="null for an area that is not an RT.")
    colour: Colour | None
    date: Day
    rule: str
    run: str
    retrospective: bool = Field(
        description="True if the day is before the first law that gives RT a colour."
    )
    window: tuple[Day, Day] = Field(description="First and last day of the window.")
    threshold: BilingualText | None = Field(
        description="The counts that give this colour under the rule."
    )
    why: BilingualText
    measures: list[BilingualText]

    @classmethod
    def of(cls, zone: PublicZone, within: Sequence[AreaFacts]) -> "ZoneAnswer":
        """Make the answer from the public values of a zone."""
        converted = {"within", "threshold", "why", "measures"}
        copied = ZoneAnswer.model_fields.keys() - converted
        return cls(
            **{name: getattr(zone, name) for name in copied},
            within=[AreaName.of(area) for area in within],
            threshold=None if zone.threshold is None else BilingualText.of(zone.threshold),
            why=BilingualText.of(zone.why),
            measures=[BilingualText.of(measure) for measure in zone.measures],
        )


@class_model
class DayColour(BaseModel):
    """The colour of a zone on one published day."""

    date: Day
    risk: Risk
    colour: Colour
    run: str


class HistoryAnswer(BaseModel):
    """The colours of a zone by day; days that are not published are left out."""

    code: str
    days: list[DayColour]


@class_model
class PublishedRun(ClassCounts):
    """A published day with its run and the number of RT of each colour."""

    date: Day
    run: str
    rule: str
    boundaries: str = Field(description="Id of the boundaries of the zones.")


class DaysAnswer(BaseModel):
    """Every published day, oldest first."""

    days: list[PublishedRun]


@class_model
class AreaSummary(ClassCounts):
    """The number of RT of each colour in an area."""

    code: str
    name: str
    level: Level


class SummaryAnswer(BaseModel):
    """The number of RT of each colour by area, and the confirmed cases that are in no RT."""

    date: Day
    rule: str
    run: str
    level: Level
    unplaced: int | None = Field(
        description="Confirmed cases of the window in the whole city that are in no RT, rounded "
        "down to a multiple of the smallest published count; null below this count.",
    )
    unplaced_suppressed: bool
    non_residents: int | None = Field(
        description="Confirmed cases of the window who live in another city and are in no RT, "
        "rounded and suppressed in the same way.",
    )
    areas: list[AreaSummary]


@class_model
class Candidate(BaseModel):
    """An RT that an inexact point may mean."""

    code: str
    name: str
    risk: Risk | None
    colour: Colour | None
    metres: int = Field(description="Distance of the RT from the point, 0 around the point.")

    @classmethod
    def of(cls, zone: PublicZone, metres: float) -> "Candidate":
        """Make the model from a zone and its distance."""
        return cls(
            code=zone.code,
            name=zone.name,
            risk=zone.risk,
            colour=zone.colour,
            metres=round(metres),
        )


@class_model
class LocateAnswer(BaseModel):
    """The area at a point; nulls outside the city, no colour where the area is no RT."""

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
    candidates: list[Candidate] | None = Field(
        default=None,
        description="For an inexact point: the RT that may be meant, the nearest first. The answer "
        "then has no code and no colour.",
    )

    @classmethod
    def of(
        cls,
        point: tuple[float, float],
        area: AreaFacts | None,
        zone: PublicZone | None,
        day: PublicDay,
    ) -> "LocateAnswer":
        """Make the answer from the area and the zone at a point."""
        lon, lat = point
        answer = cls(lon=lon, lat=lat, date=day.date, rule=day.rule, run=day.run)
        if area is None or zone is None:
            return answer
        answer.code, answer.name, answer.kind = area.code, area.name, area.kind
        answer.risk, answer.colour = zone.risk, zone.colour
        return answer
