"""Rules: which count of an RT gives which risk, by which law, on which days, with which measures.

A rule is a file, in the folder of this module or in the folder of a city; the code has no
thresholds. A rule in force is a law with dates. Other rules, like the rule of the health office,
apply only on request.
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
