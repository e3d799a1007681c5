"""The quarantine rules of the project, by the day of arrival."""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from zoning.rules.model import BilingualName, InForce, Source


class QuarantineRule(BaseModel):
    """The length of the quarantine of newcomers who arrive on the days of the rule.

    Attributes
    ----------
    days
        Length in days; the due day of a newcomer who arrives on day D is D + `days`.
    letter_exempts
        Whether a newcomer with a health letter needs no quarantine.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str
    title: BilingualName
    source: Source
    days: int = Field(ge=1, le=60)
    letter_exempts: bool
    in_force: InForce


@cache
def quarantine_rules() -> tuple[QuarantineRule, ...]:
    """The rules in order of time."""
    rules = [
        QuarantineRule.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in files("zoning.quarantine").iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(rules, key=lambda rule: rule.in_force.since))
