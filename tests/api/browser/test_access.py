"""The map by keys, in small windows, and when the server fails it."""

import pytest
from playwright.sync_api import Browser, Page, ViewportSize

from tests.api.browser.browsing import (
    PICTURES,
    SIZES,
    Site,
    cut_off,
    large_rt,
    open_page,
    opened,
    settled,
    tap,
    until,
)
from tests.api.browser.map.test_days import slide
from tests.api.hostile import FIRST

pytestmark = pytest.mark.browser

SMALL: dict[str, ViewportSize] = {
    "old phone": {"width": 320, "height": 568},
    "phone lying": {"width": 844, "height": 390},
    "frame": {"width": 800, "height": 400},
}


def test_one_key_leads_from_the_map_to_its_buttons(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map")
        page.focus(".folium-map")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('.leaflet-control-zoom-in')")


@pytest.mark.parametrize("path", ["/map", "/embed"])
@pytest.mark.parametrize("window", SMALL)
def test_every_layer_can_be_reached_in_a_small_window(
    site: Site, browser: Browser, window: str, path: str
) -> None:
    with cut_off(browser, "phone", site.address) as page:
        page.set_viewport_size(SMALL[window])
        open_page(page, site.address + path)
        page.click(".layers summary")
        page.screenshot(path=PICTURES / f"layers-{window.replace(' ', '-')}-{path[1:]}.png")
        boxes = page.locator(".layers input")
        assert boxes.count() == 8
        for box in boxes.all():
            box.scroll_into_view_if_needed()
            assert box.evaluate(
                """(box) => {
                    const { x, y, width, height } = box.getBoundingClientRect();
                    return document.elementFromPoint(x + width / 2, y + height / 2) === box;
                }"""
            )


@pytest.mark.parametrize("window", SMALL)
def test_what_is_said_of_an_rt_lies_within_a_small_window(
    site: Site, browser: Browser, window: str
) -> None:
    code = large_rt(site.city, "33.74.01.1010")
    with cut_off(browser, "phone", site.address) as page:
        page.set_viewport_size(SMALL[window])
        open_page(page, f"{site.address}/map")
        page.locator(".legend").evaluate("legend => { legend.open = false; }")
        tap(page, page, site.city, code)
        page.screenshot(path=PICTURES / f"popup-{window.replace(' ', '-')}.png")
        said = page.locator(".leaflet-popup-content-wrapper, .sheet").bounding_box()
        room = page.locator("main").bounding_box()
        assert said is not None
        assert room is not None
        assert said["y"] >= room["y"]
        assert said["y"] + said["height"] <= room["y"] + room["height"]


@pytest.mark.parametrize("size", SIZES)
def test_escape_closes_what_is_said_wherever_the_focus_is(
    site: Site, browser: Browser, size: str
) -> None:
    with cut_off(browser, size, site.address) as page:
        open_page(page, f"{site.address}/map")
        tap(page, page, site.city, large_rt(site.city, "33.74.01.1010"))
        if size == "phone":
            assert page.locator('.sheet[role="dialog"]').get_attribute("aria-label") == "Keterangan"
            assert page.evaluate("document.activeElement.matches('.sheet .close')")
        else:
            page.focus(".legend summary")
        page.keyboard.press("Escape")
        until(page, "document.querySelectorAll('.zone').length", wanted=0)
        if size == "phone":
            assert page.evaluate("document.activeElement.matches('.folium-map')")


def test_closing_a_popup_by_its_button_leaves_the_keys_with_the_map(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map")
        tap(page, page, site.city, large_rt(site.city, "33.74.01.1010"))
        page.focus(".leaflet-popup-close-button")
        page.keyboard.press("Enter")
        until(page, "document.querySelectorAll('.zone').length", wanted=0)
        assert page.evaluate("document.activeElement.matches('.folium-map')")


def failing(page: Page, part: str) -> None:
    page.route(part, lambda route: route.fulfill(status=503, body="{}"))


@pytest.mark.parametrize("size", SIZES)
def test_colours_that_cannot_be_had_are_said_so_and_asked_for_again(
    site: Site, browser: Browser, size: str
) -> None:
    with opened(browser, size) as page:
        open_page(page, f"{site.address}/map")
        page.wait_for_selector(".track input")
        assert page.locator(".trouble").count() == 0  # an empty tile is no failure
        failing(page, "**/tiles/**")
        slide(page, 0)
        page.wait_for_selector('.trouble:has-text("Warna sebagian peta tidak dapat diambil")')
        page.screenshot(path=PICTURES / f"trouble-{size}.png")
        page.unroute("**/tiles/**")
        page.click(".trouble button")
        settled(page)
        assert page.locator(".trouble").count() == 0
        drawn = f'img.leaflet-tile[src*="{site.city.day(FIRST).public_id}"]'
        assert page.locator(drawn).count() > 0


def test_days_that_cannot_be_had_are_said_so(site: Site, browser: Browser) -> None:
    with opened(browser, "desk") as page:
        failing(page, "**/days")
        page.goto(f"{site.address}/map?lang=en")
        page.wait_for_selector('.trouble:has-text("The list of days could not be had")')
        page.unroute("**/days")
        page.click(".trouble button")
        page.wait_for_selector(".track input")


@pytest.mark.parametrize("path", ["/map", "/embed", "/embed/guide", "/docs", "/ogc?f=html"])
def test_a_page_works_again_when_it_is_loaded_again(
    site: Site, browser: Browser, path: str
) -> None:
    """The server says that it is not modified; the browser takes that answer's headers for it."""
    faults: list[str] = []
    with opened(browser, "desk") as page:  # requests that are looked at bypass the browser's cache
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        for _ in range(2):
            page.goto(site.address + path)
            page.reload()
            settled(page)
        assert faults == []


def test_without_javascript_the_page_says_that_it_needs_it(site: Site, browser: Browser) -> None:
    with opened(browser, "desk", java_script_enabled=False) as page:
        page.goto(f"{site.address}/map")
        said = page.locator("noscript .without-scripts").inner_text()
        assert "memerlukan JavaScript" in said
        assert page.locator('.without-scripts a[href="/wilayah/33.74"]').is_visible()
