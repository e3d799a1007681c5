"""Newcomers in quarantine: until when, by which dated rule, and how each stands on a day."""

from zoning.quarantine.rules import QuarantineRule, quarantine_rules
from zoning.quarantine.states import STATES, State, with_states

__all__ = ["STATES", "QuarantineRule", "State", "quarantine_rules", "with_states"]
