"""The map in a real browser: its colours, what a tap says, names that try to become code."""

from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser

from tests.api.browser.browsing import (
    PICTURES,
    SIZES,
    Site,
    colours_shown,
    cut_off,
    is_refused,
    large_rt,
    open_page,
    opened,
    settled,
    tap,
)
from tests.api.hostile import FIRST, LAST, MARKET, NAMES
from tests.four_colours import TINTS

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", SIZES)
def test_the_map_shows_the_colours_and_an_rt_says_why(
    site: Site, browser: Browser, size: str
) -> None:
    code = large_rt(site.city, "33.74.01.1010")
    zone = site.city.public().zone(code, LAST)
    with cut_off(browser, size, site.address) as page:
        open_page(page, f"{site.address}/map")
        path = PICTURES / f"map-{size}.png"
        green, yellow, orange, _ = colours_shown(
            page, lambda: page.screenshot(path=path), 10_000, 500, 50
        )
        assert green > 10_000
        assert yellow > 500
        assert orange > 50
        tap(page, page, site.city, code)
        page.screenshot(path=PICTURES / f"popup-{size}.png")
        said = page.locator(".zone").inner_text()
        assert zone.name in said
        assert f"Zona {zone.colour}" in said
        assert zone.why.id in said
        assert zone.why.en in said
        assert zone.measures[0].id in said


@pytest.mark.parametrize("size", SIZES)
def test_the_legend_is_seen_and_nothing_runs_off_the_side(
    site: Site, browser: Browser, size: str
) -> None:
    with cut_off(browser, size, site.address) as page:
        for path in ("/map", "/embed", "/map?lang=en"):
            open_page(page, site.address + path)
            box = page.locator(".legend").bounding_box()
            assert box is not None
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= SIZES[size]["width"]
            assert box["y"] + box["height"] <= SIZES[size]["height"]
            text = page.locator(".legend").inner_text().lower()
            for tint in TINTS:
                assert tint.id in text
                assert tint.en in text
            assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]


@pytest.mark.parametrize("size", SIZES)
def test_the_embed_works_in_a_frame_of_another_site(
    site: Site, browser: Browser, size: str
) -> None:
    code = large_rt(site.city, "33.74.01.1010")
    with cut_off(browser, size, site.address, site.foreign) as page:
        open_page(page, f"{site.foreign}/?map={site.address}/embed")
        assert colours_shown(page, page.screenshot, 5_000)[0] > 5_000
        frame = page.frames[1]
        tap(page, frame, site.city, code)
        page.screenshot(path=PICTURES / f"embed-{size}.png")
        assert site.city.zone(code, LAST).name in frame.locator(".zone").inner_text()


def test_the_map_of_the_city_cannot_be_framed_elsewhere(site: Site, browser: Browser) -> None:
    with opened(browser, "desk") as page:
        assert page.request.get(f"{site.address}/map").ok
        page.goto(f"{site.foreign}/?map={site.address}/map")
        assert is_refused(page, page.frames[1])


@pytest.mark.parametrize("kelurahan", NAMES)
def test_a_name_that_looks_like_code_stays_a_name(
    site: Site, browser: Browser, kelurahan: str
) -> None:
    name = NAMES[kelurahan]
    code = large_rt(site.city, kelurahan)
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/embed?area={kelurahan}")
        assert name in page.locator(".place").all_inner_texts()
        tap(page, page, site.city, code)
        assert f"Kel. {name}, " in page.locator(".zone .where").inner_text()
        assert page.locator(".place img, .zone img, main script:not([type])").count() == 0
        if kelurahan == "33.74.01.1001":
            page.screenshot(path=PICTURES / "hostile-desk.png")


def test_a_market_says_that_it_is_no_rt(site: Site, browser: Browser) -> None:
    areas = site.city.ground().boundaries.smallest_zones.set_index("code")
    inside = areas.geometry[MARKET].representative_point()
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map")
        page.evaluate(
            "([lat, lng]) => { map_zones.fire('click', { latlng: L.latLng(lat, lng) }); }",
            [inside.y, inside.x],
        )
        page.wait_for_selector('.zone:has-text("Johar")')
        assert "Pasar <b>Johar</b>" in page.locator(".zone").inner_text()
        assert "Bukan wilayah RT" in page.locator(".legend").inner_text()


def test_the_tiles_are_drawn_down_to_the_closest_zoom(site: Site, browser: Browser) -> None:
    code = large_rt(site.city, "33.74.01.1010", risk=1)
    inside = site.city.boundaries().set_index("code").geometry[code].representative_point()
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map?lang=en")
        look = "([lat, lng, zoom]) => { map_zones.setView([lat, lng], zoom, { animate: false }); }"
        page.evaluate(look, [inside.y, inside.x, 18])
        settled(page)
        path = PICTURES / "close-desk.png"
        seen = colours_shown(page, lambda: page.screenshot(path=path), 0, 50_000)
        assert seen[1] > 50_000
        assert page.locator('img.leaflet-tile[src*="/18/"]').count() > 8


def test_the_day_can_be_changed_and_an_unpublished_one_is_refused(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "phone", site.address) as page:
        open_page(page, f"{site.address}/map")
        page.click('[rel="prev"]')
        page.wait_for_selector('.written:has-text("Rabu, 14 Juli 2021")')
        page.fill('input[type="date"]', "2021-07-13")
        page.wait_for_url("**date=2021-07-13*")
        settled(page)
        assert page.locator('[rel="prev"]').get_attribute("aria-disabled") == "true"
        assert "Selasa, 13 Juli 2021" in page.locator(".written").inner_text()
        page.click('nav a[hreflang="en"]')
        page.wait_for_selector('html[lang="en"]')
        assert "Tuesday, 13 July 2021" in page.locator(".written").inner_text()


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_who_asks_for_less_motion_gets_less(
    site: Site, browser: Browser, motion: Literal["reduce", "no-preference"]
) -> None:
    with cut_off(browser, "desk", site.address) as page:
        page.emulate_media(reduced_motion=motion)
        open_page(page, f"{site.address}/map")
        moves = "[map_zones._fadeAnimated, map_zones._zoomAnimated, map_zones.options.inertia]"
        assert page.evaluate(moves) == [motion != "reduce"] * 3


def test_the_map_answers_to_the_keyboard(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map")
        page.focus(".folium-map")
        page.keyboard.press("Enter")
        page.wait_for_selector(".zone .head")
        assert page.locator(".aloud").inner_text().startswith("RT ")
        page.focus(".legend summary")
        page.keyboard.press("Enter")
        assert page.locator(".legend ul").is_hidden()


def test_a_notebooks_map_works_from_a_file_with_no_server(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    site.city.map(LAST).save(str(path))
    zones = site.city.zones(LAST)
    code = str(zones["code"][zones["risk"] == 2].iloc[0])
    with cut_off(browser, "desk", path.as_uri()) as page:
        open_page(page, path.as_uri())
        tap(page, page, site.city, code)
        picture = PICTURES / "notebook-desk.png"
        seen = colours_shown(page, lambda: page.screenshot(path=picture), 10_000)
        assert seen[0] > 10_000
        said = page.locator(".zone").inner_text()
        assert site.city.zone(code, LAST).name in said
        assert "Zona oranye" in said


def test_the_interface_can_be_read_without_another_site(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/docs")
        page.wait_for_selector("#operations-map-map_view_map_get")
        page.screenshot(path=PICTURES / "docs-desk.png")


@pytest.mark.parametrize("size", SIZES)
def test_a_day_that_is_not_there_is_a_page_with_the_way_back(
    site: Site, browser: Browser, size: str
) -> None:
    with opened(browser, size) as page:
        page.goto(f"{site.address}/map?date=2020-01-01")
        page.screenshot(path=PICTURES / f"no-run-{size}.png")
        links = page.locator("main a").evaluate_all("all => all.map(a => a.getAttribute('href'))")
        assert {f"/map?date={FIRST}", "/map"} <= set(links)
        style = page.locator("article").evaluate(
            "article => getComputedStyle(article).borderRadius"
        )
        assert style == "18px"  # its style sheet was let in
