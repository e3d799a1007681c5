"""The settings of the application that answers a request, for all of `api.http`."""

from typing import Annotated

from fastapi import Depends, Request

from api.settings import Settings


def settings_of(request: Request) -> Settings:
    """The settings of the application that answers; there before the application is started."""
    settings: Settings = request.app.state.settings
    return settings


async def _settings(request: Request) -> Settings:
    return settings_of(request)


CurrentSettings = Annotated[Settings, Depends(_settings)]
