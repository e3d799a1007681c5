"""Which rules a city is judged by: a setting that commands read without the rest of the server."""

from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict


class RuleSettings(BaseSettings):
    """Which rules a city is judged by, from ``MIKROZONASI_RULES``.

    Attributes
    ----------
    rules
        Folder of the city's own rules; those of the project where it is not set.
    """

    model_config = SettingsConfigDict(
        env_prefix="MIKROZONASI_",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        env_ignore_empty=True,
    )

    rules: Path | None = None
