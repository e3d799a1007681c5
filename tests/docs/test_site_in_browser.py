"""The documentation in Chromium, as the application serves it."""

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
    """Address of the site, served with the headers of the application."""
    app = FastAPI()
    app.state.documentation = DocumentationFiles(built_site(tmp_path_factory.mktemp("site")))
    app.include_router(documentation.router)
    with serving(app) as server:
        yield f"{server}/docs/guide/"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("chromium is missing: apt-get install chromium, or leave out: -m 'not browser'")
    with sync_playwright() as driver:
        chromium_browser = driver.chromium.launch(executable_path=chromium, args=FLAGS)
        yield chromium_browser
        chromium_browser.close()


def browser_errors(page: Page) -> list[str]:
    """Errors of the page and of the console, collected from now on."""
    errors: list[str] = []
    page.on(
        "console",
        lambda message: errors.append(message.text) if message.type == "error" else None,
    )
    page.on("pageerror", lambda error: errors.append(str(error)))
    return errors


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_pages_fit_the_screen_and_cause_no_browser_errors(
    browser: Browser, address: str, size: str
) -> None:
    PICTURES.mkdir(exist_ok=True)
    with opened(browser, size) as page:
        errors = browser_errors(page)
        requested: list[str] = []
        page.on("request", lambda request: requested.append(request.url))
        for path in PAGES:
            page.goto(address + path)
            width, screen = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
            assert width <= screen, f"{path} is {width} pixels wide"
            name = Path(path.partition("?")[0]).stem or "index"
            page.screenshot(path=PICTURES / f"guide-{name}-{size}.png")
        assert errors == []
        assert all(url.startswith(address) for url in requested)


def test_the_search_finds_a_page(browser: Browser, address: str) -> None:
    with opened(browser, "desk") as page:
        page.goto(f"{address}search.html?q=overdue")
        page.locator("#search-results li a", has_text="Newcomers").first.wait_for()
