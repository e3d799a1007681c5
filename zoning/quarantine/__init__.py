"""Newcomers in quarantine: until when, by which dated rule, and how each stands on a day."""

from zoning.quarantine.quarantine_rules import QuarantineRule, quarantine_rules
from zoning.quarantine.states import OVERDUE_DAYS, STATES, State, ended_lately, with_states

__all__ = [
    "OVERDUE_DAYS",
    "STATES",
    "QuarantineRule",
    "State",
    "ended_lately",
    "quarantine_rules",
    "with_states",
]
