"""The guide in a real browser: every example draws zones, and is the code shown beside it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Frame, Locator, Page
from starlette.applications import Starlette
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from api.app import create_app
from api.pages.guide import EXAMPLES, example_page
from api.settings import Settings
from tests.api.browser.browsing import (
    PICTURES,
    SIZES,
    Site,
    colours_shown,
    counts_said,
    counts_within,
    cut_off,
    is_refused,
    open_page,
    opened,
    patiently,
    settled,
    until,
)
from tests.api.hostile import LAST, NAMES, foreign_site, serving
from zoning.risk import FOUR_COLOURS

pytestmark = pytest.mark.browser


def frame_of(page: Page, part: str) -> Frame:
    """The frame whose address ends so, once it is there."""

    def look() -> list[Frame]:
        return [frame for frame in page.frames if frame.url.endswith(part)]

    [found] = patiently(page, look, bool)
    return found


def drawn(page: Page, name: str) -> list[int]:
    """The colours of a live example, once it has drawn some."""
    live = page.locator(f"#{name} .live")
    live.scroll_into_view_if_needed()
    return colours_shown(page, live.screenshot, 3000, 100)


@pytest.mark.parametrize("size", SIZES)
def test_every_example_is_live_and_draws_the_zones(site: Site, browser: Browser, size: str) -> None:
    with cut_off(browser, size, site.address) as page:
        page.goto(f"{site.address}/embed/guide")
        for name in ("iframe", *(one.name for one in EXAMPLES)):
            green, yellow, *_ = drawn(page, name)
            assert green > 3000, name
            assert yellow > 100, name
            page.locator(f"#{name}").screenshot(path=PICTURES / f"guide-{name}-{size}.png")
        page.evaluate("scrollTo(0, 0)")
        page.screenshot(path=PICTURES / f"guide-{size}.png")
        assert page.evaluate("document.documentElement.scrollWidth") <= SIZES[size]["width"]


@pytest.mark.parametrize("name", [one.name for one in EXAMPLES])
def test_the_code_shown_is_the_page_that_runs(site: Site, browser: Browser, name: str) -> None:
    with cut_off(browser, "desk", site.address) as page:
        page.goto(f"{site.address}/embed/guide")
        shown = page.locator(f"#{name} pre").text_content()
        live = page.locator(f"#{name} iframe").get_attribute("src")
        served = page.request.get(f"{site.address}{live}").text()
        assert shown == served


@pytest.mark.parametrize("name", [one.name for one in EXAMPLES])
def test_the_code_copied_into_another_site_draws_the_zones_there(
    site: Site, browser: Browser, name: str
) -> None:
    code = example_page(name, site.address, site.city.ground().boundaries, FOUR_COLOURS)
    draws_elsewhere(site, browser, code)


def test_the_servers_own_style_draws_the_zones_in_maplibre(site: Site, browser: Browser) -> None:
    west, south, east, north = site.city.boundaries("kota").total_bounds
    vendor = f"{site.address}/assets/vendor/maplibre-gl/maplibre-gl"
    code = f"""<!doctype html><link rel="stylesheet" href="{vendor}.css">
        <style>html, body, #map {{ height: 100%; margin: 0 }}</style><div id="map"></div>
        <script type="module">
        import {{ Map }} from "{vendor}.mjs";
        new Map({{ container: "map", style: "{site.address}/tilestyle",
          bounds: [{west}, {south}, {east}, {north}] }})
          .on("error", (fault) => console.error(fault.error));
        </script>"""
    draws_elsewhere(site, browser, code)


def draws_elsewhere(site: Site, browser: Browser, code: str) -> None:
    """A page of another site that shows the zones."""
    pasted = Starlette(
        routes=[
            Route("/", lambda _: HTMLResponse(code)),
            Route("/favicon.ico", lambda _: Response()),
        ]
    )
    # MapLibre starts its worker from another site by way of a blob.
    with (
        serving(pasted) as address,
        cut_off(browser, "desk", site.address, address, f"blob:{address}") as page,
    ):
        page.goto(address)
        seen = colours_shown(page, page.screenshot, 10_000, 1000)
        assert seen[0] > 10_000
        assert seen[1] > 1000


def test_the_line_shown_is_the_frame_beside_it(site: Site, browser: Browser) -> None:
    kelurahan = "33.74.01.1004"
    with cut_off(browser, "desk", site.address) as page:
        page.goto(f"{site.address}/embed/guide")
        page.select_option('[name="area"]', kelurahan)
        page.wait_for_url("**area=33.74.01.1004*")
        page.select_option('[name="maplang"]', "en")
        page.wait_for_url("**maplang=en*")
        frame = frame_of(page, f"/embed?area={kelurahan}&lang=en")
        frame.wait_for_selector(".place")
        settled(frame)
        shown = page.locator("#iframe pre").text_content() or ""
        live = page.locator("#iframe iframe").evaluate("frame => frame.outerHTML")
        assert shown.replace("allowfullscreen", 'allowfullscreen=""') == live
        assert f"{site.address}/embed?area={kelurahan}&amp;lang=en" in shown
        assert NAMES[kelurahan] in frame.locator(".place").all_inner_texts()
        assert frame.locator("html").get_attribute("lang") == "en"
        options = page.locator('[name="area"] option').all_inner_texts()
        assert {f"Kel. {name}" for name in NAMES.values()} <= set(options)


def test_a_click_in_each_example_names_the_rt(site: Site, browser: Browser) -> None:
    code = "33.74.01.1001-001-001"
    zone = site.city.zone(code, LAST)
    inside = site.city.boundaries().set_index("code").geometry[code].representative_point()
    ways = {
        "leaflet": "([lon, lat]) => map.setView([lat, lon], 16, { animate: false })",
        "openlayers": "([lon, lat]) => { map.getView().setCenter(ol.proj.fromLonLat([lon, lat]));"
        " map.getView().setZoom(16); }",
    }
    for name, look in ways.items():
        with cut_off(browser, "desk", site.address) as page:
            page.goto(f"{site.address}/embed/guide")
            page.locator(f"#{name} .live").scroll_into_view_if_needed()
            frame = frame_of(page, f"/embed/guide/{name}")
            until(frame, "typeof (map.setView || map.getView)", wanted="function")
            frame.evaluate(look, [inside.x, inside.y])
            said = frame.locator(f'text="{zone.name}: {zone.colour}"')

            def clicked(page: Page = page, name: str = name, said: Locator = said) -> bool:
                page.locator(f"#{name} iframe").click()
                page.wait_for_timeout(500)
                return said.count() > 0  # on a busy machine two, of two clicks

            assert patiently(page, clicked, bool), name  # the first may come before it is drawn


def test_a_click_on_maplibres_vector_tiles_names_the_rt_under_it(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "desk", site.address) as page:
        page.goto(f"{site.address}/embed/guide")
        drawn(page, "maplibre")
        box = page.locator("#maplibre iframe").bounding_box()
        assert box is not None
        frame = frame_of(page, "/embed/guide/maplibre")
        names = {
            f"{name}: {colour}"
            for name, colour in site.city.zones(LAST)[["name", "colour"]].to_numpy()
        }

        def clicked() -> str:
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.wait_for_timeout(500)
            return " ".join(frame.locator(".maplibregl-popup-content").all_inner_texts())

        said = patiently(page, clicked, bool)  # the tile in the middle may come after others
        assert said.strip("\xd7 \n") in names


@pytest.fixture(scope="module")
def picky(hostile_database: str) -> Iterator[tuple[str, str]]:
    """A server that one site alone may frame, and that site."""
    with serving(foreign_site()) as friend:
        settings = Settings(database=hostile_database, frame_ancestors=(friend,))
        with serving(create_app(settings)) as address:
            yield address, friend


def test_only_the_sites_named_may_frame_the_map(
    picky: tuple[str, str], site: Site, browser: Browser
) -> None:
    address, friend = picky
    with cut_off(browser, "desk", address, friend) as page:
        open_page(page, f"{friend}/?map={address}/embed")
        assert colours_shown(page, page.screenshot, 5_000)[0] > 5_000
    with opened(browser, "desk") as page:
        assert page.request.get(f"{address}/embed").ok
        page.goto(f"{site.foreign}/?map={address}/embed")
        assert is_refused(page, page.frames[1])


@pytest.mark.parametrize("size", SIZES)
def test_the_frame_shows_what_its_address_says(site: Site, browser: Browser, size: str) -> None:
    with cut_off(browser, size, site.address) as page:
        open_page(page, f"{site.address}/embed?size=compact&legend=false&area=33.74.01.1010")
        assert page.locator(".legend, .timeline, .layers").count() == 0
        page.screenshot(path=PICTURES / f"embed-compact-{size}.png")
        open_page(page, f"{site.address}/embed?area=33.74.01.1010")
        assert page.locator(".legend li").count() == 4
        assert counts_said(page) == counts_within(site.city, "33.74.01.1010", LAST)
        open_page(page, f"{site.address}/embed?legend=closed")
        patterned = colours_shown(page, page.screenshot, 5_000)
        open_page(page, f"{site.address}/embed?legend=closed&pattern=false&date=latest&lang=en")
        assert page.locator(".legend ul").is_hidden()
        assert page.locator('img.leaflet-tile[src*="pattern=false"]').count() > 0
        path = PICTURES / f"embed-plain-{size}.png"
        less = (0, 0, 0, patterned[3])
        plain = colours_shown(page, lambda: page.screenshot(path=path), *less)
        assert plain[3] > patterned[3]
    with opened(browser, size) as page:
        page.goto(f"{site.foreign}/?map={site.address}/embed?legend=maybe")
        said = page.frames[1].locator("article").inner_text()
        page.screenshot(path=PICTURES / f"embed-wrong-{size}.png")
        assert "legend:" in said


def test_in_a_small_frame_the_legend_opens_on_demand(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        page.set_viewport_size({"width": 320, "height": 400})
        open_page(page, f"{site.address}/embed")
        assert page.locator(".legend ul").is_hidden()
        path = PICTURES / "embed-small.png"
        assert colours_shown(page, lambda: page.screenshot(path=path), 3_000)[0] > 3_000
        page.click(".legend summary")
        assert page.locator(".legend ul").is_visible()


def test_the_map_leads_to_the_guide(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map?lang=en")
        page.click(".embed-link")
        page.wait_for_url("**/embed/guide?lang=en")
        assert page.locator("h1").inner_text().startswith("Put the map of zones in your site")
