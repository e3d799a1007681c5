"""Intake: checks a file of records, pseudonymises it and stores new versions, in one transaction.

The same file twice changes nothing. A record that differs from its newest version is a correction
and becomes the next version; but if the same file was loaded before the newest correction, its
records do not undo that correction. Each rejected row is stored once, with its reasons.
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.compute as pc

from geodata.addresses import read_decisions
from geodata.boundaries import Boundaries, load_boundaries
from geodata.language import Bilingual, Progress
from geodata.ledger.changes import DateChange, FileChanges
from geodata.ledger.loading import load_rows
from geodata.ledger.mending import find_mended_rows, without_superseded
from geodata.ledger.merging.content import MergeContext
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.records import CheckedSheet, check_sheet, find_kind
from geodata.records.layout.record_extraction import ExtractedRecords, extract_records
from geodata.records.layout.source import Source
from geodata.records.rejects import readable_reasons
from geodata.store import Store
from geodata.tables import Sheet, read_pages
from zoning.placing.placements import Placer
from zoning.records.boundary_facts import city_reference, place_names
from zoning.records.effects import MOST_IDS, PlacementSummary, RtChange, summarize_placements

_MOST_REJECTIONS: Final = 100
_NOT_IN_SUMMARY: Final = (
    "rejections",  # stored with the rejected rows
    "details",
    "moved",  # these have ids of records, also of persons who are erased later
    "place_lost",
    "dates_corrected",
    "doubles",
    "numbers_alike",
)
_STEPS: Final = (
    Bilingual("Membaca", "Reading"),
    Bilingual("Memeriksa", "Checking"),
    Bilingual("Mencari RT", "Placing"),
    Bilingual("Menyimpan", "Saving"),
)


class RejectedRow(NamedTuple):
    """A rejected row: its line in the file, and the reasons."""

    row: int
    reasons: list[dict[str, str]]


class IntakeReport(NamedTuple):
    """What became of the rows of a file.

    Attributes
    ----------
    read, new, corrected, unchanged, rejected
        Numbers of rows; ``read`` is the sum of the others.
    mended
        Rows that were rejected before and that this file corrects; they leave the list of
        rejected rows.
    rejected_by_reason
        Rejected rows by their first reason.
    placed
        Accepted rows by placing method of their records, in the boundaries in force.
    disagreeing
        Accepted rows with a record whose coordinates and address name different RT.
    warnings
        Accepted rows by warning, and rows that are not records.
    batch
        Id of this intake.
    moved
        Records in another RT than before.
    place_lost
        Records that were in an RT before and are now in no RT.
    dates_corrected
        Known cases for which the file has another day.
    doubles
        New cases that may be the same case as a known case of the same person, each with the
        known case.
    numbers_alike
        Numbers that differ from a known number only by leading zeros, each with the known number.
    rejections
        The first rejected rows, with their reasons; `geodata.ledger.rejected` has all of them.
    rejected_before
        Rejected rows that were also rejected before: the list of rejected rows has them once,
        unless corrected or dismissed. All other rejected rows of the file are new in the list.
    details
        For warnings and reasons: the first rows concerned, and unknown words.

    Each list of records has at most the first `MOST_IDS` records; the warnings count all of them.
    """

    read: int
    new: int
    corrected: int
    unchanged: int
    rejected: int
    mended: int
    rejected_by_reason: dict[str, int]
    placed: dict[str, int]
    disagreeing: int
    warnings: dict[str, int]
    batch: str
    moved: tuple[RtChange, ...] = ()
    place_lost: tuple[RtChange, ...] = ()
    dates_corrected: tuple[DateChange, ...] = ()
    doubles: tuple[tuple[str, str], ...] = ()
    numbers_alike: tuple[tuple[str, str], ...] = ()
    rejections: tuple[RejectedRow, ...] = ()
    rejected_before: int = 0
    details: dict[str, str] = {}  # noqa: RUF012  (never changed)

    @property
    def accepted(self) -> int:
        """Number of accepted rows."""
        return self.new + self.corrected + self.unchanged

    def to_dict(self) -> dict[str, Any]:
        """The report as JSON types: each record in a list becomes a mapping."""
        report = self._asdict()
        for name in ("moved", "place_lost", "dates_corrected", "rejections"):
            report[name] = [entry._asdict() for entry in report[name]]
        for name in ("doubles", "numbers_alike"):
            report[name] = [{"id": new, "known": known} for new, known in report[name]]
        return report


def load_records(  # noqa: PLR0913  (one way in; all but three have their defaults)
    store: Store,
    kind: str,
    path: Path,
    *,
    boundaries: Boundaries | None = None,
    pseudonymiser: Pseudonymiser | None = None,
    today: date | None = None,
    progress: Progress | None = None,
    source: Source | None = None,
    replace: bool = False,
    numbered: bool = True,
) -> IntakeReport:
    """Load a file of records.

    Parameters
    ----------
    kind
        ``cases`` or ``newcomers``.
    path
        CSV, XLSX, Parquet or GeoJSON; see `geodata.tables.read_pages`.
    boundaries
        For the placements in the report. Default: the boundaries in force.
    pseudonymiser
        Default: with the secret of the database.
    today
        The day in the city; rows with later dates are rejected. Default: the current day.
    source
        Settings for files of one source; see `geodata.records.layout.source`.
    replace
        Whether an empty cell in a column of the file clears the known value, and a row may correct
        the NIK of its record if name, family card or house agree.
    numbered
        Whether the numbers of the file are ids of records. If not, records are matched by NIK and
        day, or by name and place.

    Raises
    ------
    InputError
        ``no-kind``.
    NotFoundError
        ``no-boundaries``, ``no-file``.
    RecordError
        If the whole file cannot be used. Nothing is changed.
    """
    record_kind = find_kind(kind)  # fails before the file is read
    in_force = boundaries or load_boundaries(store)
    (progress or _no_progress)(_STEPS[0], 0, len(_STEPS))
    extracted = extract_records(read_pages(path), record_kind, source=source)
    return load_sheet(
        store,
        kind,
        extracted,
        placer=Placer(in_force, prefer=store.settings.prefer),
        pseudonymiser=pseudonymiser,
        today=today,
        progress=progress,
        replace=replace,
        numbered=numbered,
    )


def load_sheet(  # noqa: PLR0913
    store: Store,
    kind: str,
    records: Sheet | ExtractedRecords,
    *,
    placer: Placer | None = None,
    pseudonymiser: Pseudonymiser | None = None,
    today: date | None = None,
    progress: Progress | None = None,
    replace: bool = False,
    numbered: bool = True,
) -> IntakeReport:
    """Load records that are already read from a file; see `load_records`.

    Parameters
    ----------
    placer
        For the placements in the report. Default: a placer for the boundaries in force.
    """
    record_kind = find_kind(kind)
    sheet, non_record_rows, source = (
        records if isinstance(records, ExtractedRecords) else ExtractedRecords(records, {}, None)
    )
    sheet, superseded = without_superseded(store, record_kind, sheet)
    report_placer = placer or Placer(load_boundaries(store), prefer=store.settings.prefer)
    report_placer = report_placer.with_decisions(read_decisions(store))
    show_progress = progress or _no_progress
    secret = pseudonymiser or open_pseudonymiser(store)
    show_progress(_STEPS[1], 1, len(_STEPS))
    day = today or store.settings.today()
    checked = check_sheet(
        sheet,
        record_kind,
        secret,
        today=day,
        timezone=store.settings.timezone,
        city=city_reference(report_placer.boundaries),
        source=source,
        updates=True,
        replace=replace,
        numbered=numbered,
    )
    show_progress(_STEPS[2], 2, len(_STEPS))
    options = "".join([" replace"] * replace + [" without numbers"] * (not numbered))
    batch = secret.pseudonym("batch", f"{kind} {_digest(sheet)}{options}")

    def report(change: FileChanges) -> IntakeReport:
        placements = summarize_placements(change.records, report_placer)
        warnings = change.checked.warnings | non_record_rows | _warnings(change, placements)
        warnings |= {"superseded-left-out": superseded} if superseded else {}
        return IntakeReport(
            read=checked.read,
            new=change.new,
            corrected=change.corrected,
            unchanged=change.unchanged,
            rejected=change.checked.rejected.num_rows,
            mended=change.mended,
            rejected_by_reason=change.checked.reasons,
            placed=placements.counts_by_method,
            disagreeing=placements.disagreeing,
            warnings=dict(sorted(warnings.items())),
            batch=batch,
            moved=tuple(move for move in placements.moved if move.now)[:MOST_IDS],
            place_lost=tuple(move for move in placements.moved if not move.now)[:MOST_IDS],
            dates_corrected=tuple(change.dates[:MOST_IDS]),
            doubles=tuple(change.doubles[:MOST_IDS]),
            numbers_alike=tuple(change.numbers_alike[:MOST_IDS]),
            rejections=_first_rejections(change.checked),
            rejected_before=change.rejected_before,
            details=change.checked.details,
        )

    def summary(intake_report: IntakeReport) -> str:
        content: dict[str, Any] = intake_report._asdict()
        for name in _NOT_IN_SUMMARY:
            del content[name]
        return json.dumps(content | {"secret_check": secret.check_value()}, sort_keys=True)

    show_progress(_STEPS[3], 3, len(_STEPS))
    intake_report = load_rows(
        store,
        MergeContext(record_kind, place_names(report_placer), day, replace),
        checked,
        batch=batch,
        source=sheet.name,
        report=report,
        summary=summary,
        mends=lambda rejected: find_mended_rows(sheet, rejected),
        secret=secret,
    )
    show_progress(_STEPS[3], len(_STEPS), len(_STEPS))
    return intake_report


def _warnings(change: FileChanges, placements: PlacementSummary) -> dict[str, int]:
    """Warnings from matching and placing the rows, with the number of rows or records."""
    n_lost = sum(move.now is None for move in placements.moved)
    counts = {
        "coordinates-outside": placements.outside,
        "erased": change.erased,
        "moved": len(placements.moved) - n_lost,
        "place-lost": n_lost,
        "dates-corrected": len(change.dates),
        "double": len(change.doubles),
        "numbers-alike": len(change.numbers_alike),
        "ids-restarted": change.restarted,
    }
    return {code: count for code, count in counts.items() if count}


def _first_rejections(checked: CheckedSheet) -> tuple[RejectedRow, ...]:
    first = checked.rejected.slice(0, _MOST_REJECTIONS).to_pylist()
    return tuple(
        RejectedRow(row["row_number"], readable_reasons(row["reasons"], row["record"]))
        for row in first
    )


def _digest(sheet: Sheet) -> str:
    """Digest of the cells, independent of the file format."""
    texts = [pc.fill_null(column, "") for column in sheet.cells.columns]
    rows = pc.binary_join_element_wise(*texts, "\x1f").to_pylist()
    return hashlib.sha256("\x1e".join([*sheet.cells.column_names, *rows]).encode()).hexdigest()


def _no_progress(_title: Bilingual, _step: int, _n_steps: int) -> None:
    """Show no progress."""
