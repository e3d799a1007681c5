"""The form of every answer, for `/docs` and for whoever writes a client."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from datetime import date as Day  # noqa: N812  (fields are called date)
from typing import Any, Literal

from pydantic import BaseModel, Field

from geodata.areas import Level
from geodata.boundaries import Area
from geodata.records.rejects import told_reasons
from zoning.days.runs import DayZones
from zoning.records.dismissing import row_id
from zoning.records.intake import IntakeReport
from zoning.risk import Bilingual
from zoning.zones.explain import ZoneView

Risk = Literal[0, 1, 2, 3]
Colour = Literal["hijau", "kuning", "oranye", "merah"]


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
    def of(cls, area: Area) -> "AreaName":
        """Name an area."""
        return cls(code=area.code, level=area.level, name=area.name)


class ZoneProperties(BaseModel):
    """What a zone's feature says; never a count."""

    code: str
    name: str
    level: Level
    risk: Risk = Field(
        description="0 hijau, 1 kuning, 2 oranye, 3 merah; above the RT the highest."
    )
    colour: Colour
    date: Day
    rule: str = Field(description="Id of the rule it was judged by.")
    run: str = Field(description="Id of the computation; the same inputs have the same.")
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
    flag: str = Field(description="`active-cases`: green, but still with active cases.")
    why: Said
    measures: list[Said]
    uncertain: list[Said]

    @classmethod
    def of(cls, zone: ZoneView, within: Sequence[Area]) -> "ZoneAnswer":
        """What everyone may know of a zone."""
        seen = zone.public()
        apart = {"within", "threshold", "why", "measures", "uncertain"}
        same = ZoneAnswer.model_fields.keys() - apart
        return cls(
            **{name: getattr(seen, name) for name in same},
            within=[AreaName.of(area) for area in within],
            threshold=None if seen.threshold is None else Said.of(seen.threshold),
            why=Said.of(seen.why),
            measures=[Said.of(measure) for measure in seen.measures],
            uncertain=[Said.of(doubt) for doubt in seen.uncertain],
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


class PublishedRun(BaseModel):
    """A published day in short."""

    date: Day
    run: str
    rule: str
    boundaries: str = Field(description="Id of the boundaries its zones were judged on.")
    green: int
    yellow: int
    orange: int
    red: int


class DaysAnswer(BaseModel):
    """Every published day, the oldest first."""

    days: list[PublishedRun]


class AreaSummary(BaseModel):
    """How many RT of an area have each colour."""

    code: str
    name: str
    level: Level
    green: int
    yellow: int
    orange: int
    red: int


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
        cls, point: tuple[float, float], area: Area | None, zone: ZoneView | None, day: DayZones
    ) -> "LocateAnswer":
        """What is known of the point."""
        lon, lat = point
        base = cls(lon=lon, lat=lat, date=day.date, rule=day.rule, run=day.run)
        if area is None or zone is None:
            return base
        found = {"code": area.code, "name": area.name, "kind": area.kind}
        return base.model_copy(update={**found, "risk": zone.risk, "colour": zone.colour})


class Reason(BaseModel):
    """Why a row was turned away."""

    code: str
    field: str = Field(description="Column of ours; empty where it is the whole row.")
    message: str


class RowRejection(BaseModel):
    """A row of the file that was turned away."""

    row: int = Field(description="Line of the file, the heading being 1; place in a JSON list.")
    reasons: list[Reason]


class MovedRecord(BaseModel):
    """A record that lies in another RT than before; in none where ``now`` is null."""

    id: str
    before: str
    now: str | None


class LikeKnown(BaseModel):
    """A new record, and the known one that it is like."""

    id: str
    known: str


class CorrectedDate(BaseModel):
    """A known case of which a file names another day."""

    id: str
    known: Day
    file: Day
    stands: Day


class IntakeAnswer(BaseModel):
    """What became of the rows of a file."""

    read: int = Field(description="Rows; the sum of new, corrected, unchanged and rejected.")
    new: int
    corrected: int
    unchanged: int
    rejected: int
    mended: int = Field(description="Rows turned away before that rows of this file mend.")
    rejected_by_reason: dict[str, int]
    placed: dict[str, int] = Field(description="Rows by how they are placed on the map.")
    disagreeing: int = Field(description="Rows whose coordinates and address name different RT.")
    warnings: dict[str, int]
    batch: str
    moved: list[MovedRecord] = Field(description="Records in another RT than before; the first.")
    place_lost: list[MovedRecord] = Field(description="Records that lie in no RT any more.")
    dates_corrected: list[CorrectedDate] = Field(description="Known cases with another day.")
    doubles: list[LikeKnown] = Field(
        description="New cases of a person with a known case, which is the one that is counted."
    )
    numbers_alike: list[LikeKnown] = Field(
        description="Numbers that differ from a known one by leading zeros alone."
    )
    rejections: list[RowRejection] = Field(description="At most the first hundred.")
    rejected_before: int = Field(
        description="Rows turned away that were so before: they stand in the list once."
    )
    details: dict[str, str] = Field(
        description="Of warnings and reasons, the first rows they hit and the words not known."
    )

    @classmethod
    def of(cls, report: IntakeReport) -> "IntakeAnswer":
        """Take a report over."""
        rejections = [
            RowRejection(row=one.row, reasons=[Reason.model_validate(r) for r in one.reasons])
            for one in report.rejections
        ]
        return cls(**{**report.plain(), "rejections": rejections})


class RejectedRow(BaseModel):
    """A row that was turned away, as it is kept: no names; NIK and KK as pseudonyms."""

    row_id: str = Field(description="By which the row is dismissed; the same for ever.")
    source: str = Field(description="The file it came in.")
    row: int
    recorded_at: datetime
    reasons: list[Reason]
    record: dict[str, str]


class RejectedAnswer(BaseModel):
    """Rows that were turned away, oldest first."""

    numberMatched: int  # noqa: N815
    numberReturned: int  # noqa: N815
    rows: list[RejectedRow]

    @classmethod
    def of(cls, matched: int, page: Sequence[Mapping[str, Any]]) -> "RejectedAnswer":
        """Read rows as `zoning.records.dismissing.rejected_rows` gives them."""
        rows = [
            RejectedRow(
                row_id=row_id(row["digest"]),
                source=row["source"],
                row=row["row_number"],
                recorded_at=row["recorded_at"].replace(tzinfo=UTC),
                reasons=[
                    Reason.model_validate(each)
                    for each in told_reasons(row["reasons"], row["record"])
                ],
                record=json.loads(row["record"]),
            )
            for row in page
        ]
        return cls(numberMatched=matched, numberReturned=len(rows), rows=rows)
