"""The form of officials' answers: zones with their counts, records taken in, rows turned away."""

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from datetime import date as Day  # noqa: N812  (fields are called date)
from typing import Any

from pydantic import BaseModel, Field

from api.schemas.public import AreaName, Colour, Risk, Said
from geodata.areas import Level
from geodata.boundaries import AreaFacts
from geodata.ledger.dismissing import row_id
from geodata.records.rejects import told_reasons
from zoning.records.intake import IntakeReport
from zoning.zones.explain import ZoneView


class ZoneCountsAnswer(BaseModel):
    """What was counted in a zone."""

    houses: int
    houses_at_least: int = Field(description="With all cases of no known house as one house.")
    cases: int
    active: int


class UnplacedAnswer(BaseModel):
    """Cases of the window that are in no RT."""

    near: int = Field(description="Known to lie in the zone's kelurahan, or in the area itself.")
    far: int = Field(description="Of which only the city is known.")


class OfficialZoneAnswer(BaseModel):
    """One zone on one day, with its counts and what is uncertain about it."""

    code: str
    name: str
    level: Level
    kind: str
    within: list[AreaName] = Field(description="The areas it lies in, from its parent up.")
    risk: Risk | None
    colour: Colour | None
    date: Day
    rule: str
    run: str = Field(description="Public id of the run, as in public answers.")
    input_digest: str = Field(
        description="Hash of what the run was computed from, keyed with the city's secret."
    )
    retrospective: bool
    window: tuple[Day, Day]
    threshold: Said | None
    flag: str = Field(description="`active-cases`: green, but still with active cases.")
    why: Said
    measures: list[Said]
    uncertain: list[Said]
    counts: ZoneCountsAnswer | None
    unplaced: UnplacedAnswer | None

    @classmethod
    def of(cls, zone: ZoneView, within: Sequence[AreaFacts]) -> "OfficialZoneAnswer":
        """Take a view over."""
        counts, unplaced = zone.counts, zone.unplaced
        apart = {"within", "threshold", "why", "measures", "uncertain", "counts", "unplaced"}
        return cls(
            **{name: getattr(zone, name) for name in cls.model_fields.keys() - apart},
            within=[AreaName.of(area) for area in within],
            threshold=None if zone.threshold is None else Said.of(zone.threshold),
            why=Said.of(zone.why),
            measures=[Said.of(measure) for measure in zone.measures],
            uncertain=[Said.of(doubt) for doubt in zone.uncertain],
            counts=None if counts is None else ZoneCountsAnswer(**vars(counts)),
            unplaced=None
            if unplaced is None
            else UnplacedAnswer(near=unplaced[0], far=unplaced[1]),
        )


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
        """Read rows as `geodata.ledger.dismissing.rejected_rows` gives them."""
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
