"""Fixtures of the browser tests: a city that has something to show on every page."""

from collections.abc import Iterator

import pytest

from api.app import create_app
from api.settings import Settings
from tests.api.hostile import serving
from tests.cities.help_city import PROFILE, help_database
from zoning import open_city
from zoning.tiles.artifact_cache import tiles_folder
from zoning.tiles.pyramid import open_pyramid


@pytest.fixture(scope="session")
def portal(small_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the small city with places, indicators, contacts and prepared tiles."""
    folder = tmp_path_factory.mktemp("portal")
    (folder / "city.toml").write_text(PROFILE)
    url = help_database(small_database, folder)
    with open_city(url) as city:
        open_pyramid(city.ground(), tiles_folder(url))
    with serving(create_app(Settings(database=url, profile=folder / "city.toml"))) as address:
        yield address
