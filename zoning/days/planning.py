"""Days planned: by which rule and from which records each is judged, and hence the id of its run.

A run is a pure function of the day, the records that affect it, the rule and the boundaries. Its id
is a hash of these, keyed with the city's secret: whoever sees an unkeyed hash may guess a list of
cases, hash it and compare. Without the secret nobody can, not even from a backup or an export.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Final

from geodata.calendar import day_number
from geodata.pseudonyms.identity import Pseudonymiser
from geodata.runs import Run
from zoning.counting.cases import PlacedCases
from zoning.days import input_digest
from zoning.days.classification import Plan
from zoning.rules import Rule

ENGINE: Final = "2"
"""Raised when the same inputs would be judged differently."""


def plan_days(
    boundaries: str,
    cases: PlacedCases,
    days: Sequence[tuple[date, Rule]],
    secret: Pseudonymiser,
    planned: Callable[[], None] | None = None,
) -> Iterator[Plan]:
    """Plan each day by its rule.

    Parameters
    ----------
    boundaries
        Id of those the cases are placed in.
    days
        In order.
    secret
        The city's, see `geodata.pseudonyms.identity.open_pseudonymiser`.
    planned
        Told after each day.
    """
    for by, group in groupby(days, key=itemgetter(1)):
        judged = [day for day, _ in group]
        numbers = [day_number(day) for day in judged]
        found = input_digest.digests(cases.table, cases.area, numbers, window=by.window)
        for day, records in zip(judged, found, strict=True):
            run = secret.pseudonym("run", _inputs_hash(day, by, records, boundaries))
            planned_run = Run(run, day, by.id, by.digest, boundaries, {})
            yield Plan(planned_run, by, secret.pseudonym("records", records))
            if planned is not None:
                planned()


def _inputs_hash(day: date, by: Rule, records: str, boundaries: str) -> str:
    inputs = {
        "boundaries": boundaries,
        "date": day.isoformat(),
        "engine": ENGINE,
        "records": records,
        "rule": by.id,
        "rule_digest": by.digest,
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]
