"""Run: the summary of one computation of one day's zones, and how its counts per class are stored.

This module knows no rules: a class is a key of the counts, and the lowest class comes first.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

FOUR_CLASSES: Final = ("green", "yellow", "orange", "red")
"""Classes with their own columns. A run with other classes stores them in the column ``counts``."""

Day = date


class Run(NamedTuple):
    """One computation of one day's zones."""

    id: str
    """The public id in public objects, else the internal id."""
    date: date
    rule: str
    rule_digest: str
    """Hash of the content of the rule when the day was classified."""
    boundaries: str
    counts: dict[str, int]
    """Number of RT of each class, the lowest class first; empty before the day is classified."""


@dataclass(frozen=True, eq=False)
class RunData:
    """Base class of data that belong to a run: gives the day, the ids and the counts of `of`."""

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
        """Id of the rule that classified the day."""
        return self.of.rule

    @property
    def rule_digest(self) -> str:
        """Hash of the content of the rule when the day was classified."""
        return self.of.rule_digest

    @property
    def boundaries(self) -> str:
        """Id of the boundaries of the day."""
        return self.of.boundaries

    @property
    def counts(self) -> dict[str, int]:
        """Number of RT of each class, the lowest class first."""
        return self.of.counts


def run_of(row: Mapping[str, Any]) -> Run:
    """The run of a row with ``run, date, rule, rule_digest, boundaries`` and counts."""
    return Run(
        row["run"],
        row["date"],
        row["rule"],
        row["rule_digest"],
        row["boundaries"],
        parse_counts(row),
    )


def parse_counts(row: Mapping[str, Any]) -> dict[str, int]:
    """Counts per class of a row of the table ``run`` or ``public_run``."""
    counts = row.get("counts")
    if counts is None:
        return {name: row[name] for name in FOUR_CLASSES}
    return dict(json.loads(counts))


def counts_columns(counts: Mapping[str, int]) -> dict[str, int | str | None]:
    """Counts per class as the columns of a row; `parse_counts` reads them back."""
    if tuple(counts) == FOUR_CLASSES:
        return {**counts, "counts": None}
    return {**dict.fromkeys(FOUR_CLASSES, 0), "counts": json.dumps(counts)}


def class_lists(values: Iterable[str | None]) -> set[tuple[str, ...]]:
    """Every list of classes in values of the column ``counts``."""
    return {FOUR_CLASSES if value is None else tuple(json.loads(value)) for value in set(values)}
