"""How each newcomer stands on a day."""

from datetime import date, timedelta
from typing import Any, Final, Literal, get_args

import numpy as np
import pandas as pd

from zoning.quarantine.quarantine_rules import QuarantineRule, quarantine_rules

State = Literal["in-quarantine", "due-today", "overdue", "lapsed", "released", "exempt", "left"]
STATES: Final[tuple[State, ...]] = get_args(State)
OVERDUE_DAYS: Final = 14
"""Days after the due day for which an unreleased newcomer is overdue; then the quarantine lapsed.

The longest quarantine, which is the longest incubation too: who was infected on the last day of
the quarantine has fallen ill by then or never will, so that a visit finds nothing any more.
"""


def with_states(newcomers: pd.DataFrame, on: date) -> pd.DataFrame:
    """Newcomers who had arrived by a day, each with how it stands on that day.

    Parameters
    ----------
    newcomers
        ``arrived_on, quarantine_until, tested_on, test_result, health_letter, left_on,
        verified_on`` (days or None).

    Returns
    -------
    DataFrame
        Rows of those who had arrived, with ``due_on``, ``rule`` (``given`` where the list says
        until when) and ``state``. Exempt is who arrived with a letter under a rule that spares
        it, or under no rule. Released is whose time is over and who was tested negative since
        arriving, or verified on the due day or after it. Overdue is whose time is over and who
        was not released; lapsed, if that is so for more than `OVERDUE_DAYS`.
    """
    arrived = [_known(day) is not None and day <= on for day in newcomers["arrived_on"]]
    rows = newcomers[np.array(arrived, dtype=np.bool_)]
    told = [_state(row, on) for row in rows.to_dict("records")]
    due, rule, state = zip(*told, strict=True) if told else ((), (), ())
    return rows.assign(
        due_on=pd.Series(due, index=rows.index, dtype=object),
        rule=pd.Series(rule, index=rows.index, dtype=object),
        state=pd.Series(state, index=rows.index, dtype=object),
    ).reset_index(drop=True)


def _state(row: dict[Any, Any], on: date) -> tuple[date | None, str | None, State]:
    due, rule = _due(row)
    left = _known(row["left_on"])
    if left is not None and left <= on:
        return due, rule, "left"
    if due is None:
        return due, rule, "exempt"
    if on < due:
        return due, rule, "in-quarantine"
    if _released(row, due, on):
        return due, rule, "released"
    if on == due:
        return due, rule, "due-today"
    return due, rule, "overdue" if ended_lately(due, on) else "lapsed"


def ended_lately(due: date, on: date) -> bool:
    """Whether a quarantine is not over for more than `OVERDUE_DAYS`."""
    return on - due <= timedelta(days=OVERDUE_DAYS)


def _due(row: dict[Any, Any]) -> tuple[date | None, str | None]:
    given = _known(row["quarantine_until"])
    if given is not None:
        return given, "given"
    rule = _in_force(row["arrived_on"])
    if rule is None or (rule.letter_exempts and row["health_letter"] == "yes"):
        return None, None if rule is None else rule.id
    return row["arrived_on"] + timedelta(days=rule.days), rule.id


def _in_force(day: date) -> QuarantineRule | None:
    return next((rule for rule in quarantine_rules() if rule.in_force.holds(day)), None)


def _released(row: dict[Any, Any], due: date, on: date) -> bool:
    tested, verified = _known(row["tested_on"]), _known(row["verified_on"])
    negative = (
        row["test_result"] == "negative"
        and tested is not None
        and row["arrived_on"] <= tested <= on
    )
    return negative or (verified is not None and due <= verified <= on)


def _known(day: Any) -> date | None:  # noqa: ANN401  (a cell may be a day, None or NaT)
    return day if isinstance(day, date) and not pd.isna(day) else None
