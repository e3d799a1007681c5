"""The settings and the rules of the application that answers a request."""

from dataclasses import dataclass

from fastapi import Request

from api.settings import Settings
from geodata.language import Bilingual
from zoning.rules import COVID_19


@dataclass(frozen=True)
class RulesInUse:
    """What a response to any request needs of the city's rules.

    Attributes
    ----------
    disease
        Named in titles.
    digest
        Hash of the city's own rules; empty for the rules of the project.
    """

    disease: Bilingual = COVID_19
    digest: str = ""


def current_settings(request: Request) -> Settings:
    """The settings of the application; known before the application has started."""
    settings: Settings = request.app.state.settings
    return settings


def rules_in_use(request: Request) -> RulesInUse:
    """The rules of the city; the rules of the project until the city is open."""
    rules: RulesInUse = request.app.state.rules
    return rules
