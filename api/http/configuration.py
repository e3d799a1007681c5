"""What all of `api.http` asks of the application that answers: its settings, its city's rules."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from api.settings import Settings
from geodata.language import Bilingual
from zoning.rules import COVID_19


@dataclass(frozen=True)
class RulesInUse:
    """What answers to any request must know of the city's rules.

    Attributes
    ----------
    disease
        Named in titles.
    digest
        Changes with anything that a city's own rules say; empty for the project's rules.
    """

    disease: Bilingual = COVID_19
    digest: str = ""


def settings_of(request: Request) -> Settings:
    """The settings of the application that answers; there before the application is started."""
    settings: Settings = request.app.state.settings
    return settings


def rules_in_use(request: Request) -> RulesInUse:
    """The rules of the city; those of the project until the city is open."""
    rules: RulesInUse = request.app.state.rules
    return rules


async def _settings(request: Request) -> Settings:
    return settings_of(request)


CurrentSettings = Annotated[Settings, Depends(_settings)]
