"""The rules that come with the project: by id, by day."""

from datetime import date
from functools import cache
from importlib.resources import files
from typing import NamedTuple

from geodata.errors import NotFoundError
from zoning.rules.files import read_rules
from zoning.rules.model import Rule


class RuleInForce(NamedTuple):
    """The rule a day is judged by."""

    rule: Rule
    retrospective: bool
    """True for a day before any law coloured RT, judged by the first rule that did."""


@cache
def _rules() -> dict[str, Rule]:
    return read_rules(files("zoning.rules"))


def all_rules() -> list[Rule]:
    """Every rule, those in force first, in order of time."""
    return list(_rules().values())


def rule(rule_id: str) -> Rule:
    """A rule by its id.

    Raises
    ------
    NotFoundError
        ``no-rule`` if there is none of that id.
    """
    found = _rules().get(rule_id)
    if found is None:
        raise NotFoundError(
            "no-rule",
            f"There is no such rule. There are: {', '.join(_rules())}.",
            indonesian=f"Aturan itu tidak ada. Yang ada: {', '.join(_rules())}.",
        )
    return found


def rule_in_force(day: date) -> RuleInForce:
    """The rule in force on a day; before the first, the first, in retrospect."""
    laws = [one for one in all_rules() if one.in_force is not None]
    for law in laws:
        if law.in_force is not None and law.in_force.holds(day):
            return RuleInForce(law, retrospective=False)
    return RuleInForce(laws[0], retrospective=True)
