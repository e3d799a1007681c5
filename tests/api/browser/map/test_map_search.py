"""The search on the map: on the phone, for the day that the map shows, by taps and by keys."""

import json
import re
from datetime import date

import pytest
import shapely
from playwright.sync_api import Browser, Page, Request

from api.pages.portal.texts.map_search import SCRIPT_TEXTS, TEXTS
from tests.api.browser.browsing import (
    PICTURES,
    SIZES,
    Site,
    cut_off,
    open_page,
    opened,
    patiently,
    settled,
    until,
)
from tests.api.browser.map.test_boundaries import Joined, joined, show
from tests.api.hostile import FIRST, LAST

__all__ = ["joined"]
pytestmark = pytest.mark.browser

RT = "33.74.01.1007-002-003"
NAME = "RT 003 RW 002 · Kel. Sekayu, Semarang Tengah"
ENGLISH = ("green", "yellow", "orange", "red")
UNKNOWN = {"id": "Tidak ada kelurahan dengan nama itu", "en": "has no kelurahan of that name"}
CHOICES = "#pilihan .zones button"


def open_search(page: Page) -> None:
    page.locator(".find-rt").click()
    page.locator("#nama").wait_for()


def type_in(page: Page, text: str) -> None:
    page.fill("#nama", text)
    page.keyboard.press("Enter")


def remembers(page: Page, code: str, name: str) -> None:
    """The phone remembers an RT, as the first page writes it."""
    page.evaluate(
        "value => localStorage.setItem('mikrozonasi.rt:', value)",
        json.dumps({"code": code, "name": name}),
    )


def colours_of(site: Site, prefix: str, day: date) -> list[str]:
    zones = site.city.zones(day)
    own = zones[zones["code"].str.startswith(prefix)].sort_values("code")
    return [ENGLISH[risk] for risk in own["risk"]]


def colours_offered(page: Page) -> list[str]:
    return [text.lower() for text in page.locator(f"{CHOICES} b").all_text_contents()]


@pytest.mark.parametrize("size", SIZES)
def test_a_name_opens_its_rt_on_the_map_and_no_request_has_the_text(
    site: Site, browser: Browser, size: str
) -> None:
    requests: list[Request] = []
    with cut_off(browser, size, site.address) as page:
        page.on("request", lambda request: requests.append(request))  # noqa: PLW0108
        open_page(page, f"{site.address}/map?lang=en")
        page.locator(".find-rt").wait_for()
        assert not any(re.search(r"/(names|colours|map-search)", one.url) for one in requests)
        open_search(page)
        page.screenshot(path=PICTURES / f"map-search-{size}.png")
        type_in(page, "Rt 3 / Rw II sekayu")
        page.wait_for_selector(".verdict")
        settled(page)
        zone = site.city.public().zone(RT, LAST)
        assert page.locator(".zone h2").inner_text() == zone.name
        colour = ENGLISH[zone.risk or 0].title()
        assert page.locator(".verdict span").first.inner_text().startswith(f"{colour} zone")
        until(page, "new URL(location.href).searchParams.get('rt')", wanted=RT)
        assert not page.locator(".map-search").is_visible()
        shape = site.city.ground().boundaries.area(RT).geometry
        drawn = page.evaluate(
            """Object.values(map_zones._layers).filter(
                (one) => one instanceof L.Polygon && one.options.weight === 3 && one._map
            ).map((one) => one.getBounds().toBBoxString().split(',').map(Number))"""
        )
        assert drawn == [pytest.approx(shape.bounds, abs=1e-6)]
        seen = page.evaluate("map_zones.getBounds().toBBoxString().split(',').map(Number)")
        assert shapely.box(*seen).contains(shape.centroid)
        assert page.evaluate("map_zones.getZoom()") >= 15
        page.screenshot(path=PICTURES / f"map-search-found-{size}.png")
        for one in requests:
            assert "sekayu" not in one.url.lower()
            assert one.post_data is None
        assert page.evaluate("Object.keys(localStorage)") == []
        page.keyboard.press("Escape")
        until(page, "document.querySelectorAll('.verdict').length", wanted=0)
        assert page.evaluate("document.activeElement.matches('.folium-map')")


def test_the_choices_have_the_colours_of_the_day_that_the_map_shows(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map?lang=en")
        open_search(page)
        type_in(page, "sekayu rw 2")
        for day in (LAST, date(2021, 7, 14), date(2021, 7, 13)):
            colours = colours_of(site, "33.74.01.1007-002-", day)
            assert patiently(page, lambda: colours_offered(page), colours.__eq__) == colours
            page.locator('[data-step="-1"]').click()
        assert page.locator(".map-search").is_visible()


def test_keys_alone_find_an_rt_and_escape_leads_back_to_the_button(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map?lang=en")
        page.locator(".find-rt").wait_for()
        page.focus(".tool")
        for _ in range(2):
            if page.evaluate("document.activeElement.matches('.find-rt')"):
                break
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator("#nama:focus").wait_for()
        assert page.locator(".find-rt").get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        assert page.evaluate("document.activeElement.matches('.find-rt')")
        assert page.locator(".find-rt").get_attribute("aria-expanded") == "false"
        page.keyboard.press("Enter")
        page.keyboard.type("sekayu")
        page.keyboard.press("Enter")
        page.locator("#pilihan .numbers button:focus").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.locator(f"{CHOICES}:focus").wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_selector(".verdict")
        until(page, "new URL(location.href).searchParams.get('rt')", wanted=RT)


@pytest.mark.parametrize("language", ["id", "en"])
def test_an_unknown_name_and_markup_are_no_match_and_stay_text(
    site: Site, browser: Browser, language: str
) -> None:
    with cut_off(browser, "phone", site.address) as page:
        open_page(page, f"{site.address}/map?lang={language}")
        open_search(page)
        for text in ("wakanda", "<s>wakanda</s>", "\U0001f9a0" * 2000):
            type_in(page, text)
            page.locator("#kabar:visible").wait_for()
            sentence = UNKNOWN[language]
            said = patiently(page, lambda: page.inner_text("#kabar"), lambda now: sentence in now)  # noqa: B023
            assert sentence in said
            assert page.locator("#pilihan").is_hidden()
        assert "?" not in page.url.replace(f"?lang={language}", "")


def test_files_that_cannot_be_loaded_are_said_and_asked_for_again(
    site: Site, browser: Browser
) -> None:
    with opened(browser, "phone") as page:
        open_page(page, f"{site.address}/map?lang=en")
        page.route("**/map-search.css", lambda route: route.abort())
        page.locator(".find-rt").click()
        page.wait_for_selector(f'.tip:has-text("{SCRIPT_TEXTS["failed"].en[:20]}")')
        page.unroute("**/map-search.css")
        page.route("**/names/**", lambda route: route.abort())
        open_search(page)
        type_in(page, "sekayu rt 3 rw 2")
        page.wait_for_selector(f'#kabar:has-text("{SCRIPT_TEXTS["failed"].en[:20]}")')
        page.unroute("**/names/**")
        page.route("**/zones?**", lambda route: route.abort())
        type_in(page, "sekayu rt 3 rw 2")
        page.wait_for_selector(f'#kabar:has-text("{SCRIPT_TEXTS["failed"].en[:20]}")')
        assert page.locator(".verdict").count() == 0
        page.unroute("**/zones?**")
        type_in(page, "sekayu rt 3 rw 2")
        page.wait_for_selector(".verdict")


def test_the_remembered_rt_opens_with_one_tap(site: Site, browser: Browser) -> None:
    with cut_off(browser, "phone", site.address) as page:
        open_page(page, f"{site.address}/map?lang=en")
        open_search(page)
        assert page.locator("[data-own]").is_hidden()
        page.locator(".map-search .close").click()
        remembers(page, RT, NAME)
        open_search(page)
        assert page.inner_text("[data-own]") == f"{TEXTS['mine'].en} {NAME}"
        page.screenshot(path=PICTURES / "map-search-own.png")
        page.locator("[data-own]").click()
        page.wait_for_selector(".verdict")
        until(page, "new URL(location.href).searchParams.get('rt')", wanted=RT)


def test_an_rt_of_other_boundaries_is_said_not_to_exist_and_no_other_opens_in_silence(
    joined: Joined, browser: Browser
) -> None:
    name = "RT <b>lama</b>"
    with cut_off(browser, "desk", joined.site.address) as page:
        open_page(page, f"{joined.site.address}/map?lang=en")
        remembers(page, joined.gone, name)
        open_search(page)
        page.locator("[data-own]").click()
        sentence = SCRIPT_TEXTS["gone"].en.format(name=name, day="Thursday, 15 July 2021")
        said = patiently(page, lambda: page.inner_text("#kabar"), sentence.__eq__)
        assert said == sentence
        assert page.locator(".verdict").count() == 0
        show(page, FIRST)
        open_search(page)
        page.locator("[data-own]").click()
        page.wait_for_selector(".verdict")
        until(page, "new URL(location.href).searchParams.get('rt')", wanted=joined.gone)
        show(page, LAST)
        until(page, "new URL(location.href).searchParams.get('rt')", wanted=joined.kept)
        assert "The borders of RT differ on this day" in page.inner_text(".tip")


@pytest.mark.parametrize("text_size", ["100%", "200%"])
@pytest.mark.parametrize("window", [(320, 568), (844, 390)])
def test_the_panel_fits_a_small_window_and_large_text(
    site: Site, browser: Browser, window: tuple[int, int], text_size: str
) -> None:
    width, height = window
    with cut_off(browser, "phone", site.address) as page:
        page.set_viewport_size({"width": width, "height": height})
        open_page(page, f"{site.address}/map?lang=en")
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", text_size)
        open_search(page)
        type_in(page, "sekayu rw 2")
        page.locator(CHOICES).first.wait_for()
        page.screenshot(path=PICTURES / f"map-search-{width}-{text_size[:-1]}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        panel = page.locator(".map-search")
        assert panel.evaluate("one => one.scrollWidth <= one.clientWidth")
        for part in page.locator(
            ".map-search button:visible, .map-search input, .find-rt, .layers"
        ).all():
            if part.evaluate("one => one.closest('.map-search') !== null"):
                part.scroll_into_view_if_needed()
            box = part.bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= width


def test_a_frame_has_no_search(site: Site, browser: Browser) -> None:
    with cut_off(browser, "phone", site.address) as page:
        open_page(page, f"{site.address}/embed")
        assert page.locator(".find-rt, #cari-peta, #cari-data").count() == 0


def test_the_point_of_an_rt_lies_within_it(site: Site, browser: Browser) -> None:
    bay = [(0, 0), (9, 0), (9, 9), (6, 9), (6, 2), (2, 2), (2, 9), (0, 9), (0, 0)]
    hole = [(1, 1), (5, 1), (5, 4.6), (1, 4.4), (1, 1)]
    square = [(0, 0), (6, 0), (6, 6), (0, 6), (0, 0)]
    shapes = [
        shapely.Polygon(bay),
        shapely.Polygon(square, [hole]),
        shapely.MultiPolygon([(square, []), ([(20, 20), (21, 20), (20, 21), (20, 20)], [])]),
        shapely.Polygon([(0, 0), (1, 3), (0, 6), (-1, 3), (0, 0)]),
    ]
    with cut_off(browser, "desk", site.address) as page:
        page.goto(f"{site.address}/map")
        for shape in shapes:
            parts = shapely.get_parts(shape)
            rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
            lng, lat = page.evaluate(
                """(rings) => {
                    const shape = rings.map((ring) => ring.map(([lng, lat]) => L.latLng(lat, lng)));
                    const { lng, lat } = mikrozonasi.inside(shape);
                    return [lng, lat];
                }""",
                [list(ring.coords) for ring in rings],
            )
            assert shape.contains(shapely.Point(lng, lat)), shape
