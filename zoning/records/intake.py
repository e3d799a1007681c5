"""Intake: a file of records checked, pseudonymised and kept as new versions, all or nothing.

The same file twice changes nothing. A record that says something else than its newest version
is a correction and becomes the next version; one that a file repeats from before a correction
is not, when that very file was taken in already. Rows that were turned away are kept once each,
with their reasons.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow.compute as pc
import shapely
from numpy.typing import NDArray

from geodata.addresses import decisions
from geodata.areas import Level
from geodata.boundaries import Boundaries, load_boundaries
from geodata.clock import city_today
from geodata.identity import Pseudonymiser, open_pseudonymiser
from geodata.records import Checked, check, kind_of
from geodata.records.arranging import Arranged, arrange
from geodata.records.points import NO_RT, OUTSIDE, SET_ASIDE, Surroundings, readings_with
from geodata.records.rejects import told_reasons
from geodata.records.source import Source
from geodata.store import Store
from geodata.tables import Sheet, read_pages
from zoning.placing.placements import ADDRESS, NON_RESIDENT, UNPLACED, WAYS, Placer
from zoning.records.area_names import AreaFinder
from zoning.records.keeping import Change, keep
from zoning.records.mending import mends_of, without_superseded

Progress = Callable[[str, int, int], None]
"""Told what is being done, and which step of how many it is."""

_MOST_REJECTIONS: Final = 100
_STEPS: Final = ("Reading", "Checking", "Placing", "Keeping")


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
        Accepted rows by how they are placed in the boundaries in force.
    disagreeing
        Accepted rows whose coordinates and fields name different RT.
    warnings
        Accepted rows by what was noticed in them, and rows left out as no records.
    batch
        Id of what was taken in.
    rejections
        The first rows turned away, with their reasons; `zoning.records.rejected` has them all.
    rejected_before
        Rows turned away now that were turned away before, and stand in the list once, or are
        mended or dismissed; the others are what this file adds to the list.
    details
        Of warnings and reasons, the first rows they hit and the words that are not known.
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
    rejections: tuple[Rejection, ...] = ()
    rejected_before: int = 0
    details: dict[str, str] = {}  # noqa: RUF012  (never changed)

    @property
    def accepted(self) -> int:
        """Rows that were of use."""
        return self.new + self.corrected + self.unchanged


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
        What is known of such files; see `geodata.records.source`.

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
        placer=Placer(known),
        pseudonymiser=pseudonymiser,
        today=today,
        progress=progress,
    )


def load_sheet(
    store: Store,
    kind: str,
    records: Sheet | Arranged,
    *,
    placer: Placer | None = None,
    pseudonymiser: Pseudonymiser | None = None,
    today: date | None = None,
    progress: Progress | None = None,
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
    placing = (placer or Placer(load_boundaries(store))).deciding(decisions(store))
    tell = progress or _silent
    secret = pseudonymiser or open_pseudonymiser(store)
    tell(_STEPS[1], 1, len(_STEPS))
    checked = check(
        sheet,
        chosen,
        secret,
        today=today or city_today(),
        city=surroundings(placing.boundaries),
        source=source,
    )
    tell(_STEPS[2], 2, len(_STEPS))
    placed, disagreeing, outside = _placed(checked, placing)
    tell(_STEPS[3], 3, len(_STEPS))
    batch = secret.pseudonym("batch", f"{kind} {_digest(sheet)}")

    def report(change: Change) -> IntakeReport:
        warnings = checked.warnings | left_out
        warnings |= {"coordinates-outside": outside} if outside else {}
        warnings |= {"superseded-left-out": superseded} if superseded else {}
        warnings |= {"erased": change.erased} if change.erased else {}
        return IntakeReport(
            read=checked.read,
            new=change.new,
            corrected=change.corrected,
            unchanged=change.unchanged,
            rejected=checked.rejected.num_rows,
            mended=change.mended,
            rejected_by_reason=checked.reasons,
            placed=placed,
            disagreeing=disagreeing,
            warnings=dict(sorted(warnings.items())),
            batch=batch,
            rejections=_first_rejections(checked),
            rejected_before=change.rejected_before,
            details=checked.details,
        )

    def summary(change: Change) -> str:
        content: dict[str, Any] = report(change)._asdict()
        del content["rejections"], content["details"]  # kept with the rows themselves
        return json.dumps(content | {"secret_check": secret.check_value()}, sort_keys=True)

    change = keep(
        store,
        chosen,
        checked,
        batch=batch,
        source=sheet.name,
        summary=summary,
        mends=mends_of(sheet, checked.rejected),
        secret=secret,
    )
    tell(_STEPS[3], len(_STEPS), len(_STEPS))
    return report(change)


def surroundings(boundaries: Boundaries) -> Surroundings:
    """What tells right coordinates in a city from wrong ones."""
    west, south, east, north = (float(edge) for edge in boundaries.areas.total_bounds)
    kota = boundaries.level("kota").iloc[0]
    wide = [_middles(boundaries, level) for level in ("kota", "kecamatan")]
    return Surroundings(
        extent=(west, south, east, north),
        metres=boundaries.metres.to_string(),
        middles=_middles(boundaries, "kelurahan"),
        wide_middles=np.concatenate(wide),
        name=str(kota["name"]),
        code=str(kota["code"]),
    )


def _middles(boundaries: Boundaries, level: Level) -> NDArray[np.float64]:
    """Centroids of the areas of a level, and middles of their boxes."""
    shapes = boundaries.level(level).geometry.to_numpy()
    boxes = shapely.bounds(shapes)
    return np.concatenate(
        [shapely.get_coordinates(shapely.centroid(shapes)), (boxes[:, :2] + boxes[:, 2:]) / 2]
    )


def _first_rejections(checked: Checked) -> tuple[Rejection, ...]:
    first = checked.rejected.slice(0, _MOST_REJECTIONS).to_pylist()
    return tuple(
        Rejection(row["row_number"], told_reasons(row["reasons"], row["record"])) for row in first
    )


def _placed(checked: Checked, placer: Placer) -> tuple[dict[str, int], int, int]:
    """Rows by how they are placed, rows that disagree, rows with coordinates in no area."""
    records = checked.accepted
    rows = records["count"].to_numpy()
    if "lon" not in records.column_names:
        named = pd.notna(AreaFinder(placer.boundaries).find(records))
        return {ADDRESS: int(rows[named].sum()), UNPLACED: int(rows[~named].sum())}, 0, 0
    placement = placer.place(records)
    placed = {way: int(rows[placement.how == way].sum()) for way in WAYS}
    if not placed[NON_RESIDENT]:
        del placed[NON_RESIDENT]
    told = records["lon"].is_valid().to_numpy()
    # Of other points that are set aside something else was said already.
    told &= ~readings_with(records["point_reading"], (SET_ASIDE | NO_RT) - {OUTSIDE})
    astray = told & (placer.both_ways(records).point < 0)
    return placed, int(rows[placement.disagrees].sum()), int(rows[astray].sum())


def _digest(sheet: Sheet) -> str:
    """Digest of the cells, the same whatever kind of file they came in."""
    texts = [pc.fill_null(column, "") for column in sheet.cells.columns]
    rows = pc.binary_join_element_wise(*texts, "\x1f").to_pylist()
    return hashlib.sha256("\x1e".join([*sheet.cells.column_names, *rows]).encode()).hexdigest()


def _silent(_doing: str, _step: int, _of: int) -> None:
    """Tell nobody."""
