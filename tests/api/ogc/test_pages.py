"""The pages of OGC API in a real browser without other sites, on a desktop and a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Locator, Page

from api.app import create_app
from api.settings import Settings
from tests.api.browser.browsing import PICTURES, SIZES, cut_off, open_page, patiently
from tests.api.hostile import NAMES, serving

pytestmark = pytest.mark.browser

KELURAHAN = "/collections/zones-kelurahan"
PAGES = {
    "landing": "",
    "conformance": "/conformance",
    "collections": "/collections",
    "collection": KELURAHAN,
    "queryables": f"{KELURAHAN}/queryables",
    "items": f"{KELURAHAN}/items",
    "rt": "/collections/zones-rt/items?offset=100&filter=risk%20%3E%201",
    "nothing": f"{KELURAHAN}/items?datetime=2020-01-01",
    "item": f"{KELURAHAN}/items/33.74.01.1004",
    "places": "/collections/places/items",
    "tiles": "/tiles/WebMercatorQuad",
    "tilesets": "/tiles",
    "schemes": "/tileMatrixSets/WebMercatorQuad",
    "api": "/api",
    "error": f"{KELURAHAN}/items?colur=merah",
}


@pytest.fixture(scope="module")
def site(hostile_database: str) -> Iterator[str]:
    with serving(create_app(Settings(database=hostile_database))) as address:
        yield f"{address}/ogc"


def fits(page: Page) -> bool:
    """Whether the page fits the width of the window."""
    widths: Any = page.evaluate(
        "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    )
    return bool(widths[0] <= widths[1])


def follow(link: Locator, part: str) -> None:
    """Click a link and wait for a page whose address contains a text."""
    assert part not in link.page.url
    link.click()
    link.page.wait_for_url(lambda address: part in address)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", [name for name in PAGES if name not in {"api", "error"}])
def test_a_page_needs_no_other_site_and_fits(
    browser: Browser, site: str, size: str, name: str
) -> None:
    path = PAGES[name]
    with cut_off(browser, size, site.removesuffix("/ogc")) as page:
        open_page(page, f"{site}{path}{'&' if '?' in path else '?'}f=html")
        page.screenshot(path=PICTURES / f"ogc-{name}-{size}.png", full_page=True)
        assert page.locator("h1").inner_text()
        assert fits(page)


def test_names_that_try_to_become_code_stay_text(browser: Browser, site: str) -> None:
    with cut_off(browser, "desk", site.removesuffix("/ogc")) as page:
        open_page(page, f"{site}{KELURAHAN}/items?f=html")
        table = page.locator("table").inner_text()
        for code, name in NAMES.items():
            assert name in table
            open_page(page, f"{site}{KELURAHAN}/items/{code}?f=html")
            assert name in page.locator("h1").inner_text()
            assert name in page.locator("dl").inner_text()


def test_links_lead_from_the_landing_page_to_a_feature_and_back(
    browser: Browser, site: str
) -> None:
    with cut_off(browser, "phone", site.removesuffix("/ogc")) as page:
        open_page(page, f"{site}?f=html")
        follow(page.get_by_role("link", name="zones-rt"), "/collections/zones-rt?")
        follow(page.get_by_role("link", name="Lihat fitur"), "/items?")
        assert page.locator("tbody tr").count() == 100
        follow(page.get_by_role("link", name="Berikutnya"), "offset=100")
        first = page.locator("tbody td a").first
        code = first.inner_text()
        follow(first, f"/items/{code}?")
        assert code in page.locator("dl").inner_text()
        assert page.locator("figure svg path").count() == 1
        follow(page.locator(".trail a").first, f"{site}?")


def test_swagger_ui_shows_the_description(browser: Browser, site: str) -> None:
    with cut_off(browser, "desk", site.removesuffix("/ogc")) as page:
        open_page(page, f"{site}/api?f=html")
        operations = patiently(page, page.locator(".opblock").count, lambda count: count > 20)
        assert operations > 20
        page.screenshot(path=PICTURES / "ogc-api-desk.png")


def test_a_browser_gets_an_error_as_a_page(client: TestClient) -> None:
    answer = client.get(f"/ogc{PAGES['error']}", headers={"Accept": "text/html"})
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert "unknown-parameter" in answer.text
