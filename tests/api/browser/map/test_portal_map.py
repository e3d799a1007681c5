"""The map of the portal in a browser: a finger, the address, no scripts, the position, offline."""

import pytest
from playwright.sync_api import Browser, Page

from tests.api.browser.browsing import (
    PICTURES,
    Site,
    cut_off,
    open_page,
    opened,
    place_of,
    press,
    settled,
    tap,
    until,
)
from tests.api.hostile import LAST

pytestmark = pytest.mark.browser


def small_rt(site: Site) -> str:
    """The smallest RT of a kelurahan in the middle of the city."""
    zones = site.city.zones(LAST)
    chosen = zones[zones["code"].str.startswith("33.74.01.1010")]
    area = chosen.geometry.to_crs(32749).area
    return str(chosen["code"].iloc[int(area.to_numpy().argmin())])


def shown_rt(page: Page) -> str | None:
    code: str | None = page.evaluate("new URL(location.href).searchParams.get('rt')")
    return code


def test_a_finger_over_several_rt_gets_no_colour_but_a_closer_map_or_a_question(
    site: Site, browser: Browser
) -> None:
    code = small_rt(site)
    name = site.city.public().zone(code, LAST).name
    with cut_off(browser, "phone", site.address) as page:
        for shift in (8, 16, 0):
            open_page(page, f"{site.address}/map")
            x, y = place_of(page, page, site.city, code)
            page.touchscreen.tap(x + shift, y)
            page.wait_for_selector(".zone.which, .tip, .verdict")
            settled(page)
            assert page.locator(".verdict").count() == 0
            assert shown_rt(page) is None
        for _ in range(3):
            if page.locator(".which").count():
                break
            press(page, page, site.city, code)
        if page.locator(".which").count():
            page.screenshot(path=PICTURES / "which-rt.png")
            page.locator(f'.which button[value="{code}"]').click()
        page.wait_for_selector(".verdict")
        assert page.locator(".sheet h2").inner_text() == name
        until(page, "new URL(location.href).searchParams.get('rt')", wanted=code)


@pytest.mark.parametrize("size", ["phone", "desk"])
def test_the_address_keeps_the_rt_until_its_details_are_closed(
    site: Site, browser: Browser, size: str
) -> None:
    code = small_rt(site)
    name = site.city.public().zone(code, LAST).name
    with cut_off(browser, size, site.address) as page:
        open_page(page, f"{site.address}/map?rt={code}")
        page.wait_for_selector(".verdict")
        settled(page)
        assert page.locator(".zone h2").inner_text() == name
        assert shown_rt(page) == code
        page.reload()
        page.wait_for_selector(".verdict")
        settled(page)
        more = page.locator(".zone .more a")
        assert more.get_attribute("href") == f"{site.address}/rt/{code}"
        page.locator('.languages a[lang="en"]').click()
        page.wait_for_selector(".verdict")
        settled(page)
        assert page.locator(".zone h2").inner_text() == name
        page.keyboard.press("Escape")
        until(page, "new URL(location.href).searchParams.get('rt')", wanted=None)


def test_the_position_shows_the_rt_and_stands_in_no_address(site: Site, browser: Browser) -> None:
    code = small_rt(site)
    point = site.city.ground().boundaries.area(code).geometry.representative_point()
    where = {"latitude": point.y, "longitude": point.x, "accuracy": 8}
    options = {"geolocation": where, "permissions": ["geolocation"]}
    with opened(browser, "phone", **options) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        open_page(page, f"{site.address}/map")
        page.locator(".where-am-i").click()
        page.wait_for_selector(".verdict")
        settled(page)
        assert page.locator(".sheet h2").inner_text() == site.city.public().zone(code, LAST).name
        assert shown_rt(page) is None
        assert not any(f"{point.y:.3f}" in url or f"{point.x:.3f}" in url for url in asked)


@pytest.mark.parametrize("width", [320, 390])
def test_without_scripts_the_header_holds_and_the_page_leads_to_the_list(
    site: Site, browser: Browser, width: int
) -> None:
    with opened(browser, "phone", java_script_enabled=False) as page:
        page.set_viewport_size({"width": width, "height": 700})
        page.goto(f"{site.address}/map?rt={small_rt(site)}")
        page.screenshot(path=PICTURES / f"map-without-scripts-{width}.png")
        for part in page.locator(".bar a, .bar button, .bar input[type=date]").all():
            box = part.bounding_box()
            if box is not None:
                assert box["x"] >= 0
                assert box["x"] + box["width"] <= width
        links = [link.get_attribute("href") for link in page.locator(".without-scripts a").all()]
        assert links == [f"/rt/{small_rt(site)}", "/wilayah/33.74"]
        assert page.locator(".without-scripts img").bounding_box() is not None


def test_a_close_map_has_the_numbers_of_the_rt(site: Site, browser: Browser) -> None:
    code = small_rt(site)
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map")
        assert page.locator(".rt-number").count() == 0
        point = site.city.ground().boundaries.area(code).geometry.representative_point()
        page.evaluate("at => map_zones.setView(at, 17, {animate: false})", [point.y, point.x])
        until(page, "document.querySelectorAll('.rt-number').length > 3", wanted=True)
        written = set(page.locator(".rt-number").all_inner_texts())
        zones = site.city.ground().boundaries.level("rt")
        parts = [str(zone).rsplit("-", 2) for zone in zones["code"]]
        assert written <= {f"{rt}/{rw}" for _, rw, rt in parts} | set(zones["name"])


def test_without_a_connection_a_kept_page_says_its_age_and_no_other_page_shows_it(
    site: Site, browser: Browser
) -> None:
    code = small_rt(site)
    with opened(browser, "phone") as page:
        page.goto(f"{site.address}/")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        page.reload()
        page.goto(f"{site.address}/rt/{code}?date=2021-07-10")
        page.goto(f"{site.address}/rt/{code}")
        # As if the first page had come at another address, which no other cache has.
        kept = """async () => {
            const names = (await caches.keys()).filter((name) => name.endsWith("pages"));
            const cache = await caches.open(names[0]);
            const keys = (await cache.keys()).map((one) => one.url);
            await cache.put("/?lang=id", await cache.match("/"));
            return keys;
        }"""
        until(page, f"({kept})().then((keys) => keys.length)", wanted=2)
        page.context.set_offline(offline=True)
        page.goto(f"{site.address}/?lang=id")
        assert "disimpan di ponsel pada" in " ".join(page.locator(".band").all_inner_texts())
        assert page.locator("h1").inner_text() == "Apa warna RT saya hari ini?"
        page.screenshot(path=PICTURES / "offline.png")
        for path in (f"/rt/{code}?date=2021-07-10", "/map?lang=en", "/wilayah/33.74"):
            page.goto(site.address + path)
            language = "No connection" if "lang=en" in path else "Tidak ada sambungan"
            assert page.locator("h1").inner_text() == language
            assert page.locator(".verdict, .zone").count() == 0


def test_a_tap_on_a_large_screen_answers_at_once(site: Site, browser: Browser) -> None:
    code = small_rt(site)
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map")
        point = site.city.ground().boundaries.area(code).geometry.representative_point()
        page.evaluate("at => map_zones.setView(at, 16, {animate: false})", [point.y, point.x])
        settled(page)
        tap(page, page, site.city, code)
        assert shown_rt(page) == code
