"""The setting of the folder of rules; commands read it without the settings of the server."""

from pathlib import Path

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class RuleSettings(BaseSettings):
    """The rules of a city, from ``MIKROZONASI_RULES``.

    Attributes
    ----------
    rules
        Folder of the city's own rules; None for the rules of the project. See docs/rules.md.
    """

    model_config = SettingsConfigDict(
        env_prefix="MIKROZONASI_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    rules: Path | None = None

    @field_validator("rules", mode="before")
    @classmethod
    def _empty_means_unset(cls, value: object) -> object:
        """An empty value means that the variable is not set."""
        return value or None
