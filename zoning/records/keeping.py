"""What a file changes in the store: merged with what is known, in one transaction a file."""

from collections.abc import Callable
from typing import Final, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from geodata.identity import Pseudonymiser
from geodata.records import Checked, Kind, Turned, turn_away
from geodata.records.keys import content_digests
from geodata.records.parsing.findings import Mask
from geodata.store import Store, Transaction
from zoning.records.appending import (
    add_aliases,
    add_batch,
    add_rejected,
    add_versions,
    rows_of_now,
)
from zoning.records.effects import (
    DateChange,
    Moved,
    Placed,
    date_changes,
    moved_records,
    placed_rows,
)
from zoning.records.erasing import without_erased
from zoning.records.known import aliases, newest_versions
from zoning.records.matching import Matched, by_number, by_person
from zoning.records.mending import Mends, close_mended, taken_rows
from zoning.records.merging import Merging, same_content
from zoning.records.place_merging import one
from zoning.records.rounds import Applied, Numbers, apply_rows, superseded

_KNOWN_REJECTED: Final = "select digest from rejected where kind = $1"
_BATCH: Final = "select recorded_at from batch where batch = $1"


_SEVERAL: Final = 2


class Change(NamedTuple):
    """What a file is to the database.

    Attributes
    ----------
    checked
        The file, with the rows turned away that cannot be put to their records.
    new, corrected, unchanged
        Rows.
    mended
        Rows turned away before that a row of the file mends; such a row is one of the others too.
    erased
        Rows of persons who were erased, which are left out; they are unchanged ones too.
    placed
        How the records of the rows are placed.
    moved, dates
        Records that lie in another RT than before; cases whose day the file says differently.
    doubles
        New cases of a person who has a known one, each with the key of that one.
    alike
        Numbers that differ from a known one by leading zeros alone, each with the known one.
    restarted
        Rows that bear the numbers of other persons, where the list as a whole seems to number
        its rows anew; else 0.
    rejected_before
        Rows turned away that were turned away before: the list has each once, or it is closed.
    """

    checked: Checked
    new: int
    corrected: int
    unchanged: int
    mended: int
    erased: int
    placed: Placed
    moved: list[Moved]
    dates: list[DateChange]
    doubles: list[tuple[str, str]]
    alike: list[tuple[str, str]]
    restarted: int
    rejected_before: int = 0


def keep(  # noqa: PLR0913  (one way in, called from one place with every name spelt out)
    store: Store,
    how: Merging,
    checked: Checked,
    *,
    batch: str,
    source: str,
    summary: Callable[[Change], str],
    mends: Callable[[pa.Table], Mends],
    secret: Pseudonymiser,
) -> Change:
    """Keep what a file brings, all of it or nothing.

    Parameters
    ----------
    how
        With what rows are merged with what is known.
    batch
        Of the file's content: one that was kept before brings only what it did not bring then.
    summary
        JSON that is kept with the batch.
    mends
        Rejected rows that rows of the file mend, from the rows of it that are turned away.
    secret
        Which knows erased persons by their marks.
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
        change = _change(checked, rows, applied, matched, fresh, how)
        rejected = _unkept(work, kind, checked.rejected)
        change = change._replace(
            rejected_before=checked.rejected.num_rows - rejected.num_rows,
            erased=erased,
            unchanged=change.unchanged + erased,
            alike=numbered.alike,
            mended=close_mended(work, kind.name, named, batch),
        )
        if not before:
            add_batch(work, batch, kind.name, source, summary(change))
        versions = _versions(applied, matched, known, fresh, kind)
        add_versions(work, kind.name, rows_of_now(work, versions, batch))
        add_aliases(work, kind.name, matched.aliases)
        add_rejected(work, rows_of_now(work, rejected, batch))
    return change


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
            {name: pc.if_else(chosen, one(there[name]), one(applied.final[name])) for name in names}
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


def _change(
    checked: Checked,
    rows: pa.Table,
    applied: Applied,
    matched: Matched,
    fresh: Mask,
    how: Merging,
) -> Change:
    kind = how.kind
    counts = rows["count"].to_numpy()
    taken = np.isin(rows["position"].to_numpy(), checked.accepted["position"].to_numpy())
    of_record = np.bincount(
        applied.record[taken], weights=counts[taken], minlength=len(applied.keys)
    ).astype(np.int64)
    there = of_record > 0
    is_new = applied.known < 0
    new = int(np.count_nonzero(fresh & is_new))
    corrected = int(np.count_nonzero(fresh & ~is_new))
    with_point = np.zeros(len(there), dtype=bool)
    if kind.has("lon"):
        given = one(rows["lon"]).is_valid().to_numpy(zero_copy_only=False)
        with_point[applied.record[taken & given]] = True
    at = pa.array(there)
    placed = placed_rows(applied.final.filter(at), of_record[there], with_point[there], how.placer)
    rt = np.full(len(there), -1, dtype=np.int32)
    rt[there] = placed.rt
    double = _double_of(applied, matched)
    hit = np.flatnonzero(fresh & is_new & pd.notna(double))
    reused = sum(len(each.positions) for each in applied.turned if each.code == "id-reused")
    of_known = int(np.count_nonzero(rows["numbered"].to_numpy() & ~is_new[applied.record]))
    return Change(
        checked=checked,
        new=new,
        corrected=corrected,
        unchanged=int(counts[taken].sum()) - new - corrected,
        mended=0,
        erased=0,
        placed=placed,
        moved=moved_records(applied, fresh & ~is_new, rt, how.placer),
        dates=date_changes(rows, applied, kind, taken),
        doubles=list(zip(applied.keys[hit], double[hit], strict=True)),
        alike=[],
        restarted=reused if reused >= _SEVERAL and reused * 2 >= of_known else 0,
    )


def _double_of(applied: Applied, matched: Matched) -> Numbers:
    """Of each record the known case of the same person, as its first row says."""
    found = np.full(len(applied.keys), None, dtype=object)
    found[applied.record[::-1]] = matched.double_of[::-1]
    return found


def _versions(
    applied: Applied, matched: Matched, known: pa.Table, fresh: Mask, kind: Kind
) -> pa.Table:
    """New versions of records, as they are kept."""
    at = np.flatnonzero(fresh)
    rows = applied.known[at]
    versions = pc.fill_null(one(known["version"]).take(pa.array(rows, mask=rows < 0)), 0)
    records = applied.final.take(pa.array(at))
    columns = {name: one(records[name]) for name in records.column_names}
    content = {name: columns[name] for name in columns if name != "withdrawn"}
    own = {
        kind.key: pa.array(applied.keys[at], pa.string()),
        "version": pc.add(versions.cast(pa.int64()), 1),
        "digest": content_digests(content, kind),
    }
    if kind.name == "cases":
        is_new = rows < 0
        before = one(known["double_of"]).take(pa.array(rows, mask=is_new)).to_pylist()
        double = _double_of(applied, matched)[at]
        own["double_of"] = pa.array(np.where(is_new, double, before), pa.string())
    return pa.table(columns | own)


def _unkept(work: Transaction, kind: Kind, rejected: pa.Table) -> pa.Table:
    """Rejected rows not kept yet, each once."""
    digests = rejected["digest"].to_pandas()
    known = set(work.read(_KNOWN_REJECTED, kind.name)["digest"].to_pylist())
    fresh = ~digests.duplicated() & ~digests.isin(known)
    kinds = pa.array([kind.name] * rejected.num_rows, type=pa.string())
    return rejected.append_column("kind", kinds).filter(pa.array(fresh.to_numpy(dtype=bool)))
