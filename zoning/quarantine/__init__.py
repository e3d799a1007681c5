"""Newcomers in quarantine: due day, rule by day of arrival, and state of each newcomer on a day."""

from zoning.quarantine.quarantine_rules import QuarantineRule, quarantine_rules
from zoning.quarantine.states import OVERDUE_DAYS, STATES, State, ended_recently, with_states

__all__ = [
    "OVERDUE_DAYS",
    "STATES",
    "QuarantineRule",
    "State",
    "ended_recently",
    "quarantine_rules",
    "with_states",
]
