"""The documentation in Chromium, as the application serves it: readable, and nothing is refused."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from playwright.sync_api import Browser, Page, sync_playwright

from api.http.files.documentation import DocumentationFiles
from api.routes import documentation
from tests.api.browser.browsing import FLAGS, PICTURES, opened
from tests.api.hostile import serving
from tests.docs.building import built_site

pytestmark = pytest.mark.browser
PAGES = (
    "",
    "records.html",
    "tutorials/id/kota-sendiri.html",
    "reference/http.html",
    "reference/commands.html",
    "search.html?q=kelurahan",
)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the site is served, with the headers that the application gives it."""
    app = FastAPI()
    app.state.documentation = DocumentationFiles(built_site(tmp_path_factory.mktemp("site")))
    app.include_router(documentation.router)
    with serving(app) as found:
        yield f"{found}/docs/guide/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("chromium is missing: apt-get install chromium, or leave out: -m 'not browser'")
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield started
        started.close()


def refused(page: Page) -> list[str]:
    """Collect what the browser complains of while the page is used."""
    found: list[str] = []
    page.on("console", lambda said: found.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    return found


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_a_page_fits_the_screen_and_the_browser_refuses_nothing_of_it(
    browser: Browser, address: str, size: str
) -> None:
    PICTURES.mkdir(exist_ok=True)
    with opened(browser, size) as page:
        complaints = refused(page)
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        for path in PAGES:
            page.goto(address + path)
            wide, room = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert wide <= room, f"{path} is {wide} pixels wide"
            name = Path(path.partition("?")[0]).stem or "index"
            page.screenshot(path=PICTURES / f"guide-{name}-{size}.png")
        assert complaints == []
        assert all(url.startswith(address) for url in asked)


def test_the_search_finds_a_page(browser: Browser, address: str) -> None:
    with opened(browser, "desk") as page:
        page.goto(f"{address}search.html?q=overdue")
        page.locator("#search-results li a", has_text="Newcomers").first.wait_for()
