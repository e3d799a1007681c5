"""Rules: which count of an RT makes which risk, by which law, on which days, and what to do then.

A rule is a file, beside this module or in a city's own folder; the code knows no threshold. A rule
that is in force is a law with dates; others (the health office's) are judged only when asked for.
"""

from zoning.rules.files import Fault, check_rules, read_rules
from zoning.rules.model import COVID_19, Instrument, Measure, Rule, Source, Unit
from zoning.rules.rulebook import Rulebook, RuleInForce, built_in, open_rulebook

__all__ = [
    "COVID_19",
    "Fault",
    "Instrument",
    "Measure",
    "Rule",
    "RuleInForce",
    "Rulebook",
    "Source",
    "Unit",
    "built_in",
    "check_rules",
    "open_rulebook",
    "read_rules",
]
