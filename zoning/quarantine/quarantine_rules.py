"""The rules of quarantine that come with the project, by the day of arrival."""

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict, Field

from zoning.rules.model import BilingualName, InForce, Source


class QuarantineRule(BaseModel):
    """How long newcomers who arrive on its days stay in quarantine.

    Attributes
    ----------
    days
        Whole days; somebody who arrives on day D is due on D + days.
    letter_exempts
        Whether a health letter spares the quarantine.
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
    found = [
        QuarantineRule.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in files("zoning.quarantine").iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(found, key=lambda rule: rule.in_force.since))
