"""The state of each newcomer on a day."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final, Literal, get_args

import numpy as np
import pandas as pd

from zoning.quarantine.quarantine_rules import QuarantineRule

State = Literal["in-quarantine", "due-today", "overdue", "lapsed", "released", "exempt", "left"]
STATES: Final[tuple[State, ...]] = get_args(State)
OVERDUE_DAYS: Final = 14
"""Days after the due day for which an unreleased newcomer is overdue; then the quarantine lapses.

Equal to the longest quarantine and the longest incubation: after these days, a person infected on
the last day of the quarantine has fallen ill or will not, so that a visit finds nothing new.
"""


def with_states(
    newcomers: pd.DataFrame, day: date, rules: Sequence[QuarantineRule]
) -> pd.DataFrame:
    """Newcomers who arrived up to a day, each with its state on that day.

    Parameters
    ----------
    newcomers
        ``arrived_on, quarantine_until, tested_on, test_result, health_letter, left_on,
        verified_on`` (days or None).
    rules
        The rules of the city; see `quarantine_rules`.

    Returns
    -------
    DataFrame
        Rows of newcomers who arrived up to the day, with ``due_on``, ``rule`` (``given`` if the
        record has a due day) and ``state``. Exempt: arrived without a rule in force, or with a
        health letter under a rule that accepts the letter. Released: on or after the due day,
        with a negative test since arrival or a verification on or after the due day. Overdue:
        after the due day and not released. Lapsed: overdue for more than `OVERDUE_DAYS`.
    """
    has_arrived = [
        _day_or_none(arrived_on) is not None and arrived_on <= day
        for arrived_on in newcomers["arrived_on"]
    ]
    rows = newcomers[np.array(has_arrived, dtype=np.bool_)]
    states = [_state(row, day, rules) for row in rows.to_dict("records")]
    due, rule, state = zip(*states, strict=True) if states else ((), (), ())
    return rows.assign(
        due_on=pd.Series(due, index=rows.index, dtype=object),
        rule=pd.Series(rule, index=rows.index, dtype=object),
        state=pd.Series(state, index=rows.index, dtype=object),
    ).reset_index(drop=True)


def _state(
    row: dict[Any, Any], day: date, rules: Sequence[QuarantineRule]
) -> tuple[date | None, str | None, State]:
    due_day, rule = _due_day(row, rules)
    left = _day_or_none(row["left_on"])
    if left is not None and left <= day:
        return due_day, rule, "left"
    if due_day is None:
        return due_day, rule, "exempt"
    if day < due_day:
        return due_day, rule, "in-quarantine"
    if _released(row, due_day, day):
        return due_day, rule, "released"
    if day == due_day:
        return due_day, rule, "due-today"
    return due_day, rule, "overdue" if ended_recently(due_day, day) else "lapsed"


def ended_recently(due_day: date, day: date) -> bool:
    """Whether at most `OVERDUE_DAYS` have passed since the due day of a quarantine."""
    return day - due_day <= timedelta(days=OVERDUE_DAYS)


def _due_day(
    row: dict[Any, Any], rules: Sequence[QuarantineRule]
) -> tuple[date | None, str | None]:
    listed = _day_or_none(row["quarantine_until"])
    if listed is not None:
        return listed, "given"
    rule = next((rule for rule in rules if rule.in_force.holds(row["arrived_on"])), None)
    if rule is None or (rule.letter_exempts and row["health_letter"] == "yes"):
        return None, None if rule is None else rule.id
    return row["arrived_on"] + timedelta(days=rule.days), rule.id


def _released(row: dict[Any, Any], due_day: date, day: date) -> bool:
    tested, verified = _day_or_none(row["tested_on"]), _day_or_none(row["verified_on"])
    negative = (
        row["test_result"] == "negative"
        and tested is not None
        and row["arrived_on"] <= tested <= day
    )
    return negative or (verified is not None and due_day <= verified <= day)


def _day_or_none(day: Any) -> date | None:  # noqa: ANN401  (a cell may be a day, None or NaT)
    return day if isinstance(day, date) and not pd.isna(day) else None
