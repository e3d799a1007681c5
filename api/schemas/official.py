"""Models of answers to officials: zones with counts, loaded records, rejected rows."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from datetime import date as Day  # noqa: N812  (fields are called date)
from typing import Any

from pydantic import BaseModel, Field

from api.schemas.classes import Colour, Risk, class_model
from api.schemas.public import AreaName, BilingualText
from geodata.areas import Level
from geodata.boundaries import AreaFacts
from geodata.ledger.dismissing import row_id
from geodata.records.rejects import readable_reasons
from zoning.records.intake import IntakeReport
from zoning.zones.explain import ZoneView


class ZoneCountsAnswer(BaseModel):
    """The counts of a zone."""

    houses: int
    houses_at_least: int = Field(description="All cases without a known house count as one house.")
    cases: int
    active: int


class UnplacedAnswer(BaseModel):
    """Cases of the window that are placed in no RT."""

    near: int = Field(description="Cases in the kelurahan of the zone, or in the area itself.")
    far: int = Field(description="Cases of which only the city is known.")


@class_model
class OfficialZoneAnswer(BaseModel):
    """One zone on one day, with its counts and its uncertainty."""

    code: str
    name: str
    level: Level
    kind: str
    within: list[AreaName] = Field(description="The areas around the zone, from its parent up.")
    risk: Risk | None
    colour: Colour | None
    date: Day
    rule: str
    run: str = Field(description="Public id of the run, as in public answers.")
    input_digest: str = Field(
        description="Hash of the inputs of the run, keyed with the secret of the city."
    )
    retrospective: bool
    window: tuple[Day, Day]
    threshold: BilingualText | None
    flag: str = Field(description="`active-cases`: a green zone that still has active cases.")
    why: BilingualText
    measures: list[BilingualText]
    uncertain: list[BilingualText]
    counts: ZoneCountsAnswer | None
    unplaced: UnplacedAnswer | None

    @classmethod
    def of(cls, zone: ZoneView, within: Sequence[AreaFacts]) -> "OfficialZoneAnswer":
        """Make the answer from a view of the zone."""
        counts, unplaced = zone.counts, zone.unplaced
        converted = {"within", "threshold", "why", "measures", "uncertain", "counts", "unplaced"}
        return cls(
            **{name: getattr(zone, name) for name in cls.model_fields.keys() - converted},
            within=[AreaName.of(area) for area in within],
            threshold=None if zone.threshold is None else BilingualText.of(zone.threshold),
            why=BilingualText.of(zone.why),
            measures=[BilingualText.of(measure) for measure in zone.measures],
            uncertain=[BilingualText.of(doubt) for doubt in zone.uncertain],
            counts=None if counts is None else ZoneCountsAnswer(**vars(counts)),
            unplaced=None
            if unplaced is None
            else UnplacedAnswer(near=unplaced[0], far=unplaced[1]),
        )


class Reason(BaseModel):
    """A reason why a row was rejected."""

    code: str
    field: str = Field(
        description="Column of this project; empty if the reason concerns the whole row."
    )
    message: str


class RowRejection(BaseModel):
    """A rejected row of the file."""

    row: int = Field(
        description="Line of the file, the heading is line 1; position in a JSON list."
    )
    reasons: list[Reason]


class MovedRecord(BaseModel):
    """A record that is now in another RT; in no RT where ``now`` is null."""

    id: str
    before: str
    now: str | None


class SimilarRecord(BaseModel):
    """A new record and the similar known record."""

    id: str
    known: str


class CorrectedDate(BaseModel):
    """A known case with another day in the file."""

    id: str
    known: Day
    file: Day
    stands: Day


class IntakeAnswer(BaseModel):
    """The result of loading a file."""

    read: int = Field(
        description="Rows of the file: the sum of new, corrected, unchanged and rejected."
    )
    new: int
    corrected: int
    unchanged: int
    rejected: int
    mended: int = Field(description="Earlier rejected rows that rows of this file correct.")
    rejected_by_reason: dict[str, int]
    placed: dict[str, int] = Field(description="Rows by the method of their placement on the map.")
    disagreeing: int = Field(description="Rows whose coordinates and address name different RT.")
    warnings: dict[str, int]
    batch: str
    moved: list[MovedRecord] = Field(description="The first records that are now in another RT.")
    place_lost: list[MovedRecord] = Field(description="The first records that are now in no RT.")
    dates_corrected: list[CorrectedDate] = Field(
        description="Known cases with another day in the file."
    )
    doubles: list[SimilarRecord] = Field(
        description="New cases of a person with a known case; only the known case is counted."
    )
    numbers_alike: list[SimilarRecord] = Field(
        description="Numbers that differ from a known number only by leading zeros."
    )
    rejections: list[RowRejection] = Field(description="The first hundred rejected rows.")
    rejected_before: int = Field(
        description="Rejected rows that were rejected before: the list has each of them once."
    )
    details: dict[str, str] = Field(
        description="For warnings and reasons: the first rows with them and the unknown words."
    )

    @classmethod
    def of(cls, report: IntakeReport) -> "IntakeAnswer":
        """Make the answer from a report."""
        rejections = [
            RowRejection(
                row=rejection.row,
                reasons=[Reason.model_validate(reason) for reason in rejection.reasons],
            )
            for rejection in report.rejections
        ]
        return cls(**{**report.to_dict(), "rejections": rejections})


class RejectedRow(BaseModel):
    """A stored rejected row: without names; NIK and KK as pseudonyms."""

    row_id: str = Field(description="Permanent id of the row; used to dismiss the row.")
    source: str = Field(description="The file of the row.")
    row: int
    recorded_at: datetime
    reasons: list[Reason]
    record: dict[str, str]


class RejectedAnswer(BaseModel):
    """Rejected rows, oldest first."""

    numberMatched: int  # noqa: N815
    numberReturned: int  # noqa: N815
    rows: list[RejectedRow]

    @classmethod
    def of(cls, matched: int, page: Sequence[Mapping[str, Any]]) -> "RejectedAnswer":
        """Make the answer from rows of `geodata.ledger.dismissing.rejected_rows`."""
        rows = [
            RejectedRow(
                row_id=row_id(row["digest"]),
                source=row["source"],
                row=row["row_number"],
                recorded_at=row["recorded_at"].replace(tzinfo=UTC),
                reasons=[
                    Reason.model_validate(reason)
                    for reason in readable_reasons(row["reasons"], row["record"])
                ],
                record=json.loads(row["record"]),
            )
            for row in page
        ]
        return cls(numberMatched=matched, numberReturned=len(rows), rows=rows)
