"""Intake: a file of records checked, pseudonymised and kept as new versions, all or nothing.

The same file twice changes nothing. A record that says something else than its newest version
is a correction and becomes the next version; one that a file repeats from before a correction
is not, when that very file was taken in already. Rows that were turned away are kept once each,
with their reasons.
"""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import pyarrow.compute as pc

from geodata.addresses import decisions
from geodata.boundaries import Boundaries, load_boundaries
from geodata.language import Bilingual, Progress
from geodata.ledger.changes import Change, DateChange
from geodata.ledger.keeping import keep
from geodata.ledger.mending import mends_of, without_superseded
from geodata.ledger.merging.content import Merging
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.records import Checked, check, kind_of
from geodata.records.layout.arranging import Arranged, arrange
from geodata.records.layout.source import Source
from geodata.records.rejects import told_reasons
from geodata.store import Store
from geodata.tables import Sheet, read_pages
from zoning.placing.placements import Placer
from zoning.records.boundary_facts import place_names, surroundings
from zoning.records.effects import MOST_NAMED, Moved, Placed, placed_records

_MOST_REJECTIONS: Final = 100
_NOT_IN_SUMMARY: Final = (
    "rejections",  # kept with the rows themselves
    "details",
    "moved",  # these name records, also of persons who are erased later
    "place_lost",
    "dates_corrected",
    "doubles",
    "numbers_alike",
)
_STEPS: Final = (
    Bilingual("Membaca", "Reading"),
    Bilingual("Memeriksa", "Checking"),
    Bilingual("Mencari RT", "Placing"),
    Bilingual("Menyimpan", "Keeping"),
)


class Rejection(NamedTuple):
    """A row that was turned away: its line in the file, and why."""

    row: int
    reasons: list[dict[str, str]]


class IntakeReport(NamedTuple):
    """What became of the rows of a file.

    Attributes
    ----------
    read, new, corrected, unchanged, rejected
        Rows; the first is the sum of the others.
    mended
        Rows turned away before that these mend; they leave the list of rejected rows.
    rejected_by_reason
        Rows by their first reason.
    placed
        Accepted rows by how their records are placed in the boundaries in force.
    disagreeing
        Accepted rows whose records' coordinates and fields name different RT.
    warnings
        Accepted rows by what was noticed in them, and rows left out as no records.
    batch
        Id of what was taken in.
    moved, place_lost
        Records that lie in another RT than before; that lay in one before and lie in none now.
    dates_corrected
        Known cases of which the file says another day.
    doubles
        New cases of a person who has a known case within the days of one, each with that one.
    numbers_alike
        Numbers that differ from a known one by leading zeros alone, each with the known one.
    rejections
        The first rows turned away, with their reasons; `geodata.ledger.rejected` has them all.
    rejected_before
        Rows turned away now that were turned away before, and stand in the list once, or are
        mended or dismissed; the others are what this file adds to the list.
    details
        Of warnings and reasons, the first rows they hit and the words that are not known.

    Of each list the first are named; the warnings say how many there are.
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
    moved: tuple[Moved, ...] = ()
    place_lost: tuple[Moved, ...] = ()
    dates_corrected: tuple[DateChange, ...] = ()
    doubles: tuple[tuple[str, str], ...] = ()
    numbers_alike: tuple[tuple[str, str], ...] = ()
    rejections: tuple[Rejection, ...] = ()
    rejected_before: int = 0
    details: dict[str, str] = {}  # noqa: RUF012  (never changed)

    @property
    def accepted(self) -> int:
        """Rows that were of use."""
        return self.new + self.corrected + self.unchanged

    def plain(self) -> dict[str, Any]:
        """The report for machines: every record that is named as a mapping."""
        found = self._asdict()
        for name in ("moved", "place_lost", "dates_corrected", "rejections"):
            found[name] = [each._asdict() for each in found[name]]
        for name in ("doubles", "numbers_alike"):
            found[name] = [{"id": new, "known": known} for new, known in found[name]]
        return found


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
    """Take in a file of records.

    Parameters
    ----------
    kind
        ``cases`` or ``newcomers``.
    path
        CSV, XLSX, Parquet or GeoJSON; see `geodata.tables.read_pages`.
    boundaries
        In which the report says how records are placed; those in force where not given.
    pseudonymiser
        The database's own where not given.
    today
        The city's day; later dates are turned away.
    source
        What is known of such files; see `geodata.records.layout.source`.
    replace
        An empty cell of a column that the file has clears what is known; and a row may correct
        the NIK of its record where name, family card or house agree.
    numbered
        Whether the numbers of the file name its records; else NIK and day, or name and place, do.

    Raises
    ------
    InputError
        ``no-kind``.
    NotFoundError
        ``no-boundaries``, ``no-file``.
    RecordError
        Where the file as a whole cannot be used. Nothing is changed then.
    """
    chosen = kind_of(kind)  # a wrong word is said before a file is read
    known = boundaries or load_boundaries(store)
    (progress or _silent)(_STEPS[0], 0, len(_STEPS))
    arranged = arrange(read_pages(path), chosen, source=source)
    return load_sheet(
        store,
        kind,
        arranged,
        placer=Placer(known, prefer=store.settings.prefer),
        pseudonymiser=pseudonymiser,
        today=today,
        progress=progress,
        replace=replace,
        numbered=numbered,
    )


def load_sheet(  # noqa: PLR0913
    store: Store,
    kind: str,
    records: Sheet | Arranged,
    *,
    placer: Placer | None = None,
    pseudonymiser: Pseudonymiser | None = None,
    today: date | None = None,
    progress: Progress | None = None,
    replace: bool = False,
    numbered: bool = True,
) -> IntakeReport:
    """Take in records that are read already; see `load_records`.

    Parameters
    ----------
    placer
        In whose boundaries the report says how records are placed; those in force where not
        given.
    """
    chosen = kind_of(kind)
    sheet, left_out, source = (
        records if isinstance(records, Arranged) else Arranged(records, {}, None)
    )
    sheet, superseded = without_superseded(store, chosen, sheet)
    placing = placer or Placer(load_boundaries(store), prefer=store.settings.prefer)
    placing = placing.deciding(decisions(store))
    tell = progress or _silent
    secret = pseudonymiser or open_pseudonymiser(store)
    tell(_STEPS[1], 1, len(_STEPS))
    day = today or store.settings.today()
    checked = check(
        sheet,
        chosen,
        secret,
        today=day,
        timezone=store.settings.timezone,
        city=surroundings(placing.boundaries),
        source=source,
        updates=True,
        replace=replace,
        numbered=numbered,
    )
    tell(_STEPS[2], 2, len(_STEPS))
    way = "".join([" replace"] * replace + [" without numbers"] * (not numbered))
    batch = secret.pseudonym("batch", f"{kind} {_digest(sheet)}{way}")

    def report(change: Change) -> IntakeReport:
        placed = placed_records(change.records, placing)
        noticed = change.checked.warnings | left_out | _noticed(change, placed)
        noticed |= {"superseded-left-out": superseded} if superseded else {}
        return IntakeReport(
            read=checked.read,
            new=change.new,
            corrected=change.corrected,
            unchanged=change.unchanged,
            rejected=change.checked.rejected.num_rows,
            mended=change.mended,
            rejected_by_reason=change.checked.reasons,
            placed=placed.ways,
            disagreeing=placed.disagreeing,
            warnings=dict(sorted(noticed.items())),
            batch=batch,
            moved=tuple(each for each in placed.moved if each.now)[:MOST_NAMED],
            place_lost=tuple(each for each in placed.moved if not each.now)[:MOST_NAMED],
            dates_corrected=tuple(change.dates[:MOST_NAMED]),
            doubles=tuple(change.doubles[:MOST_NAMED]),
            numbers_alike=tuple(change.alike[:MOST_NAMED]),
            rejections=_first_rejections(change.checked),
            rejected_before=change.rejected_before,
            details=change.checked.details,
        )

    def summary(reported: IntakeReport) -> str:
        content: dict[str, Any] = reported._asdict()
        for name in _NOT_IN_SUMMARY:
            del content[name]
        return json.dumps(content | {"secret_check": secret.check_value()}, sort_keys=True)

    tell(_STEPS[3], 3, len(_STEPS))
    reported = keep(
        store,
        Merging(chosen, place_names(placing), day, replace),
        checked,
        batch=batch,
        source=sheet.name,
        report=report,
        summary=summary,
        mends=lambda rejected: mends_of(sheet, rejected),
        secret=secret,
    )
    tell(_STEPS[3], len(_STEPS), len(_STEPS))
    return reported


def _noticed(change: Change, placed: Placed) -> dict[str, int]:
    """What was noticed when rows were put to their records, by how often."""
    lost = sum(each.now is None for each in placed.moved)
    counts = {
        "coordinates-outside": placed.outside,
        "erased": change.erased,
        "moved": len(placed.moved) - lost,
        "place-lost": lost,
        "dates-corrected": len(change.dates),
        "double": len(change.doubles),
        "numbers-alike": len(change.alike),
        "ids-restarted": change.restarted,
    }
    return {code: count for code, count in counts.items() if count}


def _first_rejections(checked: Checked) -> tuple[Rejection, ...]:
    first = checked.rejected.slice(0, _MOST_REJECTIONS).to_pylist()
    return tuple(
        Rejection(row["row_number"], told_reasons(row["reasons"], row["record"])) for row in first
    )


def _digest(sheet: Sheet) -> str:
    """Digest of the cells, the same whatever kind of file they came in."""
    texts = [pc.fill_null(column, "") for column in sheet.cells.columns]
    rows = pc.binary_join_element_wise(*texts, "\x1f").to_pylist()
    return hashlib.sha256("\x1e".join([*sheet.cells.column_names, *rows]).encode()).hexdigest()


def _silent(_doing: Bilingual, _step: int, _of: int) -> None:
    """Tell nobody."""
