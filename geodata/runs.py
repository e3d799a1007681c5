"""Run: one computation of one day's zones, in short; and how its counts per class are kept.

Knows nothing of rules: a class is a key, the lowest class comes first.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

FOUR: Final = ("green", "yellow", "orange", "red")
"""Classes that have a column each. A run with other classes has them in the column ``counts``."""

Day = date


class Run(NamedTuple):
    """One computation of one day's zones."""

    id: str
    """The public id or the internal one, as whoever holds the run says."""
    date: date
    rule: str
    rule_digest: str
    """Hash of what the rule said when the day was judged."""
    boundaries: str
    counts: dict[str, int]
    """How many RT each class has, the lowest class first; empty for a day not yet judged."""


@dataclass(frozen=True, eq=False)
class OfRun:
    """What belongs to a run: its day, its ids and its counts are those of `of`."""

    of: Run

    @property
    def date(self) -> Day:
        """The day."""
        return self.of.date

    @property
    def run(self) -> str:
        """Id of the run."""
        return self.of.id

    @property
    def rule(self) -> str:
        """Id of the rule the day was judged by."""
        return self.of.rule

    @property
    def rule_digest(self) -> str:
        """Hash of what the rule said when the day was judged."""
        return self.of.rule_digest

    @property
    def boundaries(self) -> str:
        """Id of the boundaries the day was judged on."""
        return self.of.boundaries

    @property
    def counts(self) -> dict[str, int]:
        """How many RT each class has, the lowest class first."""
        return self.of.counts


def run_of(row: Mapping[str, Any]) -> Run:
    """Read a row with ``run, date, rule, rule_digest, boundaries`` and its counts."""
    return Run(
        row["run"], row["date"], row["rule"], row["rule_digest"], row["boundaries"], counts_of(row)
    )


def counts_of(row: Mapping[str, Any]) -> dict[str, int]:
    """Counts per class of a row of the table ``run`` or ``public_run``."""
    kept = row.get("counts")
    if kept is None:
        return {name: row[name] for name in FOUR}
    return dict(json.loads(kept))


def counts_columns(counts: Mapping[str, int]) -> dict[str, int | str | None]:
    """Counts per class as the columns of a row; `counts_of` reads them back."""
    if tuple(counts) == FOUR:
        return {**counts, "counts": None}
    return {**dict.fromkeys(FOUR, 0), "counts": json.dumps(counts)}


def classes_in(kept: Iterable[str | None]) -> set[tuple[str, ...]]:
    """Every list of classes that some values of the column ``counts`` name."""
    return {FOUR if one is None else tuple(json.loads(one)) for one in set(kept)}
