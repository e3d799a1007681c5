"""axe-core finds nothing serious on any page, in either language, with all that can be opened.

``/docs`` is excepted: its page is Swagger UI, and its faults of contrast and labels are not ours.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.api.browser.browsing import settled
from tests.api.browser.portal.portal_pages import (
    LANGUAGES,
    PAGES,
    RT,
    barriers,
    in_language,
    visit,
    visitor,
)

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_barrier(
    portal: str, browser: Browser, path: str, language: str
) -> None:
    with visitor(browser, portal, service_workers="block") as page:
        page.set_viewport_size({"width": 390, "height": 844})
        visit(page, portal + in_language(path, language))
        assert barriers(page) == []


def search(page: Page, text: str) -> None:
    page.locator("#posisi").wait_for()
    page.fill("#nama", text)
    page.keyboard.press("Enter")


def choices(page: Page) -> None:
    search(page, "sekayu rw 2")
    page.locator("#pilihan .zones button").first.wait_for()


def own_card(page: Page) -> None:
    search(page, "sekayu rt 3 rw 2")
    page.wait_for_selector("#rt-saya .days svg")
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def no_match(page: Page) -> None:
    search(page, "wakanda")
    page.locator("#kabar:visible").wait_for()


def refused_position(page: Page) -> None:
    page.click("#posisi")
    page.locator("#kabar:visible").wait_for()


def which_rt(page: Page) -> None:
    """The question of a tap between RT, at the zoom that names the candidates."""
    page.evaluate("map_zones.setZoom(15, {animate: false})")
    page.evaluate(
        """map_zones.fire("click", {
            latlng: map_zones.getCenter(), originalEvent: {pointerType: "touch"},
        })"""
    )
    page.wait_for_selector(".zone.which, .zone .head")


def search_on_map(page: Page, text: str) -> None:
    page.click(".find-rt")
    page.locator("#nama").wait_for()
    page.fill("#nama", text)
    page.keyboard.press("Enter")


def choices_on_map(page: Page) -> None:
    search_on_map(page, "sekayu rw 2")
    page.locator("#pilihan .zones button").first.wait_for()


def no_match_on_map(page: Page) -> None:
    search_on_map(page, "wakanda")
    page.locator("#kabar:visible").wait_for()


OPENED: dict[str, tuple[str, Callable[[Page], object]]] = {
    "choices": ("/", choices),
    "own card": ("/", own_card),
    "no match": ("/", no_match),
    "refused position": ("/", refused_position),
    "which RT": ("/map", which_rt),
    "layers": ("/map", lambda page: page.click(".layers summary")),
    "search on the map": ("/map", choices_on_map),
    "no match on the map": ("/map", no_match_on_map),
    "details of an RT": (f"/map?rt={RT}", lambda page: page.wait_for_selector(".zone .head")),
    "the map in a frame": ("/embed", lambda page: page.wait_for_selector(".leaflet-tile")),
}
"""What opens on a page, by the page and by what a resident does there."""


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("opened", OPENED)
def test_what_opens_on_a_page_has_no_serious_barrier(
    portal: str, browser: Browser, opened: str, language: str
) -> None:
    path, act = OPENED[opened]
    with visitor(browser, portal, service_workers="block") as page:
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(portal + in_language(path, language))
        settled(page)
        act(page)
        settled(page)
        assert barriers(page) == []
        page.evaluate("localStorage.clear()")
