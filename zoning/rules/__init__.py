"""Rules: which count of an RT makes which risk, by which law, on which days, and what to do then.

A rule is a file beside this module; the code knows no threshold. A rule that is in force is a law
with dates; others (the health office's) are judged only when asked for.
"""

from zoning.rules.files import read_rules
from zoning.rules.model import Instrument, Measure, Rule, Source, Thresholds, Unit
from zoning.rules.registry import RuleInForce, all_rules, rule, rule_in_force

__all__ = [
    "Instrument",
    "Measure",
    "Rule",
    "RuleInForce",
    "Source",
    "Thresholds",
    "Unit",
    "all_rules",
    "read_rules",
    "rule",
    "rule_in_force",
]
