"""Fixtures of the tests of `api`: the small city behind HTTP."""

import shutil
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.http.files import documentation
from api.settings import Settings
from geodata.sample_city import SampleCity
from tests.api.browser.browsing import FLAGS, PATIENCE, PICTURES, Site
from tests.api.hostile import foreign_site, make_database, serving
from tests.databases import assert_unchanged
from zoning import open_city
from zoning.tiles.artifact_cache import tiles_folder
from zoning.tiles.pyramid import Pyramid, open_pyramid


@pytest.fixture(scope="session", autouse=True)
def _documentation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A small site instead of the documentation, so that tests need not build it."""
    folder = tmp_path_factory.mktemp("documentation")
    (folder.parent / "app.py").write_text("outside of the site")
    (folder / "index.html").write_text("<title>Guide</title><script>let page = 1;</script>")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "page.html").write_text("<script>let page = 1;</script>")
    (folder / "guide.css").write_text("body { margin: 0; }")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(documentation, "FOLDER", folder)
        yield


@pytest.fixture(scope="session")
def small_settings(small_database: str, small_pyramid: Pyramid) -> Settings:
    """Settings for the small city, with prepared tiles."""
    return Settings(database=small_database, tiles=small_pyramid.folder)


@pytest.fixture(scope="session")
def hostile_database(
    small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """URL of the small city with names that look like code, and a market; never changed."""
    url = make_database(small_sample, tmp_path_factory.mktemp("hostile"))
    with assert_unchanged(url):
        yield url


@pytest.fixture(scope="session")
def client(small_settings: Settings) -> Iterator[TestClient]:
    """A client of the small city; an internal error becomes a response, as for real clients."""
    with TestClient(create_app(small_settings), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(scope="module")
def site(hostile_database: str) -> Iterator[Site]:
    with open_city(
        hostile_database
    ) as city:  # so that no page shows the note on tiles in preparation
        open_pyramid(city.ground(), tiles_folder(hostile_database))
    app = create_app(Settings(database=hostile_database))
    with (
        serving(app) as address,
        serving(foreign_site()) as foreign,
        open_city(hostile_database) as city,
    ):
        yield Site(address, foreign, city)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail(
            "The browser tests need chromium: apt-get install chromium. To leave them out, "
            'add -m "not browser".',
        )
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(
            executable_path=chromium, args=FLAGS, timeout=PATIENCE * 1000
        )
