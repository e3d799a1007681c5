"""Plans days: the rule and the records of each day, and from them the id of its run.

A run is a pure function of the day, the records that affect the day, the rule and the boundaries.
Its id is a hash of these inputs, keyed with the secret of the city. With an unkeyed hash, a reader
could guess a list of cases, hash the list and compare, also from a backup or an export.
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
"""Increased when the same inputs give other results."""


def plan_days(
    boundaries: str,
    cases: PlacedCases,
    days: Sequence[tuple[date, Rule]],
    secret: Pseudonymiser,
    count_planned: Callable[[], None] | None = None,
) -> Iterator[Plan]:
    """Plan each day with its rule.

    Parameters
    ----------
    boundaries
        Id of the boundaries in which the cases are placed.
    days
        Days in order, with their rules.
    secret
        The secret of the city, see `geodata.pseudonyms.identity.open_pseudonymiser`.
    count_planned
        Called after each day.
    """
    for rule, group in groupby(days, key=itemgetter(1)):
        rule_days = [day for day, _ in group]
        numbers = [day_number(day) for day in rule_days]
        digests = input_digest.digests(cases.table, cases.area, numbers, window=rule.window)
        for day, records in zip(rule_days, digests, strict=True):
            run_id = secret.pseudonym("run", _inputs_hash(day, rule, records, boundaries))
            run = Run(run_id, day, rule.id, rule.digest, boundaries, {})
            yield Plan(run, rule, secret.pseudonym("records", records))
            if count_planned is not None:
                count_planned()


def _inputs_hash(day: date, rule: Rule, records: str, boundaries: str) -> str:
    inputs = {
        "boundaries": boundaries,
        "date": day.isoformat(),
        "engine": ENGINE,
        "records": records,
        "rule": rule.id,
        "rule_digest": rule.digest,
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]
