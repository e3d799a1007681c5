"""Load the checked rows of a file into the ledger, in one transaction for each file."""

from collections.abc import Callable
from typing import Final, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from geodata.ledger.appending import (
    add_aliases,
    add_batch,
    add_rejected,
    add_versions,
    stamp_rows,
)
from geodata.ledger.changes import FileChanges, count_changes, doubled_cases
from geodata.ledger.comparing import combined_array
from geodata.ledger.current import newest_versions
from geodata.ledger.erasing import without_erased
from geodata.ledger.matching.record_matching import RecordMatches, match_by_number, match_by_person
from geodata.ledger.matching.record_numbers import read_aliases
from geodata.ledger.mending import MendedRows, close_mended, reaccepted_rows
from geodata.ledger.merging.content import MergeContext, same_content
from geodata.ledger.merging.rounds import RecordUpdates, apply_rows, superseded_rows
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import CheckedSheet, Kind, reject_records
from geodata.records.keys import content_digests
from geodata.records.parsing.findings import Mask
from geodata.store import Store, Transaction

_KNOWN_REJECTED: Final = "select digest from rejected where kind = $1"
_BATCH_MOMENT: Final = "select recorded_at from batch where batch = $1"
Report = TypeVar("Report")


def load_rows(  # noqa: PLR0913  (one caller, which names every argument)
    store: Store,
    context: MergeContext,
    checked: CheckedSheet,
    *,
    batch: str,
    source: str,
    report: Callable[[FileChanges], Report],
    summary: Callable[[Report], str],
    mends: Callable[[pa.Table], MendedRows],
    secret: Pseudonymiser,
) -> Report:
    """Load the rows of a file, all or nothing.

    Parameters
    ----------
    context
        Kind of the records, names of places and options of the merge.
    batch
        Hash of the file's content. A file that was loaded before adds only what is new since then.
    report
        Makes the report of the changes. Called once, before anything is written, so that nothing
        is stored if it fails.
    summary
        JSON of the report, stored with the batch.
    mends
        Finds the rejected rows that the file mends, from the rejected rows of the file.
    secret
        Recognises erased persons by their tombstones.

    Returns
    -------
    Report
        The result of `report`.
    """
    kind = context.kind
    limit = store.settings.reinfection_days
    with store.transaction() as work:
        rows = checked.accepted.sort_by("position")
        known = newest_versions(work, kind.name)
        number_matches = match_by_number(rows, known, kind, read_aliases(work, kind.name))
        rows = rows.set_column(0, kind.key, pa.array(number_matches.keys, pa.string()))
        # Inside the transaction: a person who is erased at the same time must not come back.
        rows, erased = without_erased(work, kind.name, rows, secret)
        keys = np.array(rows[kind.key].to_pylist(), dtype=object)
        matches = match_by_person(rows, known, kind, keys, limit=limit)
        updates = apply_rows(rows, matches.keys, matches.by_person, known, context)
        earlier_moments = work.read(_BATCH_MOMENT, batch)["recorded_at"].to_pylist()
        if earlier_moments and (_changed_records(updates, kind).any() or updates.rejections):
            known_then = newest_versions(work, kind.name, known_at=earlier_moments[0], batch=batch)
            updates = _without_repeats(updates, rows, matches, known_then, context)
        superseded = superseded_rows(rows, updates, context)
        checked = (
            reject_records(checked, [*updates.rejections, *superseded], kind, secret)
            if (updates.rejections or superseded)
            else checked
        )
        changed_records = _changed_records(updates, kind)
        mended = mends(checked.rejected)
        changed_positions = rows["position"].to_numpy()[changed_records[updates.record]]
        reaccepted = reaccepted_rows(work, kind, checked, changed_positions, secret)
        mended = mended._replace(accepted=mended.accepted | reaccepted)
        changes = count_changes(checked, rows, updates, matches, changed_records, kind)
        rejected = _new_rejected(work, kind, checked.rejected)
        changes = changes._replace(
            rejected_before=checked.rejected.num_rows - rejected.num_rows,
            erased=erased,
            unchanged=changes.unchanged + erased,
            numbers_alike=number_matches.numbers_alike,
            mended=close_mended(work, kind.name, mended, batch),
        )
        result = report(changes)
        if not earlier_moments:
            add_batch(work, batch, kind.name, source, summary(result))
        versions = _versions(updates, matches, known, changed_records, kind)
        add_versions(work, kind.name, stamp_rows(work, versions, batch))
        add_aliases(work, kind.name, matches.aliases)
        add_rejected(work, stamp_rows(work, rejected, batch))
    return result


def _changed_records(updates: RecordUpdates, kind: Kind) -> Mask:
    """Records that are new or differ from before."""
    differs = ~same_content(updates.base, updates.final, kind) | (updates.known < 0)
    return np.asarray(updates.present & differs)


def _without_repeats(
    updates: RecordUpdates,
    rows: pa.Table,
    matches: RecordMatches,
    known_then: pa.Table,
    context: MergeContext,
) -> RecordUpdates:
    """The updates of a file that was loaded before, without its updates of that time.

    An old file that is sent again must not undo later corrections. A record that the file does not
    change in the state right after its first load already has the file's values.
    """
    past = apply_rows(rows, matches.keys, matches.by_person, known_then, context)
    already_applied = (past.known >= 0) & same_content(past.base, past.final, context.kind)
    already_applied &= updates.known >= 0
    unchanged, column_names = pa.array(already_applied), updates.final.column_names
    final, file_content = (
        pa.table(
            {
                name: pc.if_else(
                    unchanged, combined_array(table[name]), combined_array(updates.final[name])
                )
                for name in column_names
            }
        )
        for table in (updates.base, past.final)
    )
    position = rows["position"].to_numpy()
    applied_positions = position[already_applied[updates.record]]
    new_rejections = [
        rejection._replace(positions=np.setdiff1d(rejection.positions, applied_positions))
        for rejection in updates.rejections
    ]
    past_rejections = [
        rejection._replace(positions=np.intersect1d(rejection.positions, applied_positions))
        for rejection in past.rejections
    ]
    return updates._replace(
        final=final,
        file_content=file_content,
        present=updates.present | already_applied,
        rejections=[
            rejection
            for rejection in (*new_rejections, *past_rejections)
            if len(rejection.positions)
        ],
    )


def _versions(
    updates: RecordUpdates,
    matches: RecordMatches,
    known: pa.Table,
    changed_records: Mask,
    kind: Kind,
) -> pa.Table:
    """New versions of the changed records, as rows of their table."""
    positions = np.flatnonzero(changed_records)
    rows = updates.known[positions]
    versions = pc.fill_null(combined_array(known["version"]).take(pa.array(rows, mask=rows < 0)), 0)
    records = updates.final.take(pa.array(positions))
    columns = {name: combined_array(records[name]) for name in records.column_names}
    content = {name: columns[name] for name in columns if name != "withdrawn"}
    version_columns = {
        kind.key: pa.array(updates.keys[positions], pa.string()),
        "version": pc.add(versions.cast(pa.int64()), 1),
        "digest": content_digests(content, kind),
    }
    if kind.episodes:
        is_new = rows < 0
        known_doubles = (
            combined_array(known["double_of"]).take(pa.array(rows, mask=is_new)).to_pylist()
        )
        new_doubles = doubled_cases(updates, matches)[positions]
        version_columns["double_of"] = pa.array(
            np.where(is_new, new_doubles, known_doubles), pa.string()
        )
    return pa.table(columns | version_columns)


def _new_rejected(work: Transaction, kind: Kind, rejected: pa.Table) -> pa.Table:
    """Rejected rows that are not stored yet, each row once."""
    digests = rejected["digest"].to_pandas()
    known = set(work.read(_KNOWN_REJECTED, kind.name)["digest"].to_pylist())
    is_new = ~digests.duplicated() & ~digests.isin(known)
    kinds = pa.array([kind.name] * rejected.num_rows, type=pa.string())
    return rejected.append_column("kind", kinds).filter(pa.array(is_new.to_numpy(dtype=bool)))
