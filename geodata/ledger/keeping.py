"""What a file changes in the store: merged with what is known, in one transaction a file."""

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
    rows_of_now,
)
from geodata.ledger.changes import Change, change_of, double_of
from geodata.ledger.comparing import array_of
from geodata.ledger.current import newest_versions
from geodata.ledger.erased import without_erased
from geodata.ledger.matching.record_numbers import aliases
from geodata.ledger.matching.which_record import Matched, by_number, by_person
from geodata.ledger.mending import Mends, close_mended, taken_rows
from geodata.ledger.merging.content import Merging, same_content
from geodata.ledger.merging.rounds import Applied, Numbers, apply_rows, superseded
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.records import Checked, Kind, Turned, turn_away
from geodata.records.keys import content_digests
from geodata.records.parsing.findings import Mask
from geodata.store import Store, Transaction

_KNOWN_REJECTED: Final = "select digest from rejected where kind = $1"
_BATCH: Final = "select recorded_at from batch where batch = $1"
Report = TypeVar("Report")


def keep(  # noqa: PLR0913  (one way in, called from one place with every name spelt out)
    store: Store,
    how: Merging,
    checked: Checked,
    *,
    batch: str,
    source: str,
    report: Callable[[Change], Report],
    summary: Callable[[Report], str],
    mends: Callable[[pa.Table], Mends],
    secret: Pseudonymiser,
) -> Report:
    """Keep what a file brings, all of it or nothing.

    Parameters
    ----------
    how
        With what rows are merged with what is known.
    batch
        Of the file's content: one that was kept before brings only what it did not bring then.
    report
        What the change is reported as; asked once, before anything is written, so that nothing is
        kept where it fails.
    summary
        JSON of a report, kept with the batch.
    mends
        Rejected rows that rows of the file mend, from the rows of it that are turned away.
    secret
        Which knows erased persons by their marks.

    Returns
    -------
    Report
        What `report` says of the change.
    """
    kind = how.kind
    limit = store.settings.reinfection_days
    with store.transaction() as work:
        rows = checked.accepted.sort_by("position")
        known = newest_versions(work, kind.name)
        numbered = by_number(rows, known, kind, aliases(work, kind.name))
        rows = rows.set_column(0, kind.key, pa.array(numbered.keys, pa.string()))
        # Not a moment earlier: who is erased meanwhile must not come back.
        rows, erased = without_erased(work, kind.name, rows, secret)
        keys = np.array(rows[kind.key].to_pylist(), dtype=object)
        matched = by_person(rows, known, kind, keys, limit=limit)
        applied = apply_rows(rows, matched.keys, matched.by_person, known, how)
        before = work.read(_BATCH, batch)["recorded_at"].to_pylist()
        if before and (_changed(applied, kind).any() or applied.turned):
            then = newest_versions(work, kind.name, known_at=before[0], batch=batch)
            applied = _without_repeats(applied, rows, matched, then, how)
        late = superseded(rows, applied, how)
        checked = (
            turn_away(checked, [*applied.turned, *late], kind, secret)
            if (applied.turned or late)
            else checked
        )
        fresh = _changed(applied, kind)
        named = mends(checked.rejected)
        changed = rows["position"].to_numpy()[fresh[applied.record]]
        named = named._replace(taken=named.taken | taken_rows(work, kind, checked, changed, secret))
        change = change_of(checked, rows, applied, matched, fresh, kind)
        rejected = _unkept(work, kind, checked.rejected)
        change = change._replace(
            rejected_before=checked.rejected.num_rows - rejected.num_rows,
            erased=erased,
            unchanged=change.unchanged + erased,
            alike=numbered.alike,
            mended=close_mended(work, kind.name, named, batch),
        )
        told = report(change)
        if not before:
            add_batch(work, batch, kind.name, source, summary(told))
        versions = _versions(applied, matched, known, fresh, kind)
        add_versions(work, kind.name, rows_of_now(work, versions, batch))
        add_aliases(work, kind.name, matched.aliases)
        add_rejected(work, rows_of_now(work, rejected, batch))
    return told


def _changed(applied: Applied, kind: Kind) -> Mask:
    """Records that are new, or say something else than before."""
    other = ~same_content(applied.base, applied.final, kind) | (applied.known < 0)
    return np.asarray(applied.present & other)


def _without_repeats(
    applied: Applied, rows: pa.Table, matched: Matched, then: pa.Table, how: Merging
) -> Applied:
    """What a file that came before makes of records, without what it made of them then.

    An old file sent once more does not undo what corrected it since. A record that the file left
    as it was, right after it was kept, is one that the file has been applied to.
    """
    past = apply_rows(rows, matched.keys, matched.by_person, then, how)
    done = (past.known >= 0) & same_content(past.base, past.final, how.kind)
    done &= applied.known >= 0
    chosen, names = pa.array(done), applied.final.column_names
    final, said = (
        pa.table(
            {
                name: pc.if_else(chosen, array_of(there[name]), array_of(applied.final[name]))
                for name in names
            }
        )
        for there in (applied.base, past.final)
    )
    position = rows["position"].to_numpy()
    of_done = position[done[applied.record]]
    turned = [_only(each, of_done, inside=False) for each in applied.turned]
    turned += [_only(each, of_done, inside=True) for each in past.turned]
    return applied._replace(
        final=final,
        said=said,
        present=applied.present | done,
        turned=[each for each in turned if len(each.positions)],
    )


def _only(turned: Turned, positions: Numbers, *, inside: bool) -> Turned:
    there = np.isin(turned.positions, positions)
    return turned._replace(positions=turned.positions[there if inside else ~there])


def _versions(
    applied: Applied, matched: Matched, known: pa.Table, fresh: Mask, kind: Kind
) -> pa.Table:
    """New versions of records, as they are kept."""
    at = np.flatnonzero(fresh)
    rows = applied.known[at]
    versions = pc.fill_null(array_of(known["version"]).take(pa.array(rows, mask=rows < 0)), 0)
    records = applied.final.take(pa.array(at))
    columns = {name: array_of(records[name]) for name in records.column_names}
    content = {name: columns[name] for name in columns if name != "withdrawn"}
    own = {
        kind.key: pa.array(applied.keys[at], pa.string()),
        "version": pc.add(versions.cast(pa.int64()), 1),
        "digest": content_digests(content, kind),
    }
    if kind.episodes:
        is_new = rows < 0
        before = array_of(known["double_of"]).take(pa.array(rows, mask=is_new)).to_pylist()
        double = double_of(applied, matched)[at]
        own["double_of"] = pa.array(np.where(is_new, double, before), pa.string())
    return pa.table(columns | own)


def _unkept(work: Transaction, kind: Kind, rejected: pa.Table) -> pa.Table:
    """Rejected rows not kept yet, each once."""
    digests = rejected["digest"].to_pandas()
    known = set(work.read(_KNOWN_REJECTED, kind.name)["digest"].to_pylist())
    fresh = ~digests.duplicated() & ~digests.isin(known)
    kinds = pa.array([kind.name] * rejected.num_rows, type=pa.string())
    return rejected.append_column("kind", kinds).filter(pa.array(fresh.to_numpy(dtype=bool)))
