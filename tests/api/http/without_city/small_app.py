"""An application without a city, for tests of one middleware or one dependency of `api.http`."""

import asyncio
import json
from typing import Any

from fastapi import FastAPI

from api.http.caching import NotModified, not_modified
from api.http.configuration import RulesInUse
from api.http.errors import add_error_handlers
from api.http.files.release_assets import ReleaseAssets
from api.pages.portal.city_profile import CityProfile
from api.settings import Settings
from tests.api.serving.raw import Answer, ask

TOKEN = "a-token-for-this-test"
BEARER = (("Authorization", f"Bearer {TOKEN}"),)


def small_app(**settings: Any) -> FastAPI:
    """An application with these settings, with error handlers, and without routes."""
    app = FastAPI(redirect_slashes=False, openapi_url=None)
    app.state.settings = Settings(**settings)
    app.state.rules = RulesInUse()
    app.state.profile = CityProfile()
    app.state.assets = ReleaseAssets()
    add_error_handlers(app)
    app.add_exception_handler(NotModified, not_modified)
    return app


def request(app: Any, target: str, **options: Any) -> Answer:
    """The response to one request; the options are those of `ask`."""
    return asyncio.run(ask(app, target, **options))


def error_of(answer: Answer) -> tuple[int, str, str]:
    """Status, code and sentence of an error, which has no other content."""
    error = json.loads(answer.body)
    assert set(error) == {"code", "message"}
    return answer.status, error["code"], error["message"]
