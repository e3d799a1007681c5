"""Which rules a city is judged by: a setting that commands read without the rest of the server."""

from pathlib import Path

from pydantic import field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict


class RuleSettings(BaseSettings):
    """Which rules a city is judged by, from ``MIKROZONASI_RULES``.

    Attributes
    ----------
    rules
        Folder of the city's own rules; those of the project where it is not set. See
        docs/rules.md.
    """

    model_config = SettingsConfigDict(
        env_prefix="MIKROZONASI_", frozen=True, extra="ignore", hide_input_in_errors=True
    )

    rules: Path | None = None

    @field_validator("rules", mode="before")
    @classmethod
    def _set_or_not(cls, value: object) -> object:
        """An empty value means that the variable is not set."""
        return value or None
