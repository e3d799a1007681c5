"""The quarantine rules of the project, by the day of arrival."""

import tomllib
from collections.abc import Iterable
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
    kota
        Code of the kota that made the rule; None for a rule of the whole country.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    id: str
    title: BilingualName
    source: Source
    days: int = Field(ge=1, le=60)
    letter_exempts: bool
    kota: str | None = None
    in_force: InForce


def quarantine_rules(kota: Iterable[str]) -> tuple[QuarantineRule, ...]:
    """The rules of the whole country and of some kota, in order of time.

    Parameters
    ----------
    kota
        Codes with or without points: ``33.74`` and ``3374`` are the same kota.
    """
    codes = {_digits(code) for code in kota}
    return tuple(rule for rule in _all_rules() if rule.kota is None or _digits(rule.kota) in codes)


@cache
def _all_rules() -> tuple[QuarantineRule, ...]:
    rules = [
        QuarantineRule.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
        for file in files("zoning.quarantine").iterdir()
        if file.name.endswith(".toml")
    ]
    return tuple(sorted(rules, key=lambda rule: rule.in_force.since))


def _digits(code: str) -> str:
    return code.replace(".", "")
