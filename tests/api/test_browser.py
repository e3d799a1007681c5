"""The map in a real browser, cut off from every other site, at the width of a desk and a phone."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Dialog, Frame, Page, Route, ViewportSize, sync_playwright

from api.app import create_app
from api.settings import Settings
from tests.api.hostile import LAST, MARKET, NAMES, foreign_site, serving
from zoning import City, open_city
from zoning.drawing.palette import TINTS, rgb

pytestmark = pytest.mark.browser

PICTURES = Path(__file__).resolve().parents[1] / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES: dict[str, ViewportSize] = {
    "desk": {"width": 1440, "height": 900},
    "phone": {"width": 390, "height": 844},
}


class Site(NamedTuple):
    """Addresses of the application and of somebody else's page, and the city behind them."""

    address: str
    foreign: str
    city: City


@pytest.fixture(scope="module")
def site(hostile_database: str) -> Iterator[Site]:
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
        yield playwright.chromium.launch(executable_path=chromium, args=FLAGS)


@contextmanager
def cut_off(browser: Browser, size: str, *allowed: str) -> Iterator[Page]:
    """A page that reaches `allowed` alone; at its end nothing else was tried and nothing failed."""
    tried: list[str] = []
    faults: list[str] = []
    phone = size == "phone"
    context = browser.new_context(
        viewport=SIZES[size], is_mobile=phone, has_touch=phone, locale="id-ID"
    )

    def gate(route: Route) -> None:
        address = route.request.url
        if address.startswith((*allowed, "data:")):
            route.continue_()
        else:
            tried.append(address)
            route.abort()

    def alarm(dialog: Dialog) -> None:
        faults.append(f"alert {dialog.message}")
        dialog.dismiss()

    context.route(re.compile(".*"), gate)
    page = context.new_page()
    page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("dialog", alarm)
    try:
        yield page
        assert tried == []
        assert faults == []
    finally:
        context.close()


def open_page(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_load_state("networkidle")


def tap(page: Page, frame: Page | Frame, city: City, code: str) -> None:
    """Tap the middle of an RT, where Leaflet says that is."""
    inside = city.boundaries().set_index("code").geometry[code].representative_point()
    at = frame.evaluate(
        """([lat, lng]) => {
            const box = map_zones.getContainer().getBoundingClientRect();
            const point = map_zones.latLngToContainerPoint([lat, lng]);
            return [box.x + point.x, box.y + point.y];
        }""",
        [inside.y, inside.x],
    )
    frame_box = page.locator("iframe").bounding_box() if isinstance(frame, Frame) else None
    x, y = at[0] + (frame_box or {"x": 0})["x"], at[1] + (frame_box or {"y": 0})["y"]
    if page.viewport_size == SIZES["phone"]:
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)
    frame.wait_for_selector(".zone .head")


def large_rt(city: City, kelurahan: str, risk: int | None = None) -> str:
    """The largest RT of a kelurahan, in the middle third of the city so that nothing covers it."""
    zones = city.zones(LAST)
    chosen = zones[zones["code"].str.startswith(kelurahan)]
    if risk is not None:
        chosen = chosen[chosen["risk"] == risk]
    area = chosen.geometry.to_crs(32749).area
    return str(chosen["code"].iloc[int(area.to_numpy().argmax())])


def colours_seen(picture: bytes) -> list[int]:
    """How many pixels have each risk's colour."""
    seen: NDArray[np.int16] = np.asarray(Image.open(BytesIO(picture)).convert("RGB")).astype(
        np.int16
    )
    return [int((np.abs(seen - rgb(tint.fill)).max(axis=2) < 6).sum()) for tint in TINTS]


@pytest.mark.parametrize("size", SIZES)
def test_the_map_shows_the_colours_and_an_rt_says_why(
    site: Site, browser: Browser, size: str
) -> None:
    code = large_rt(site.city, "33.74.01.1010")
    zone = site.city.zone(code, LAST)
    with cut_off(browser, size, site.address) as page:
        open_page(page, f"{site.address}/map")
        picture = page.screenshot(path=PICTURES / f"map-{size}.png")
        green, yellow, orange, _ = colours_seen(picture)
        assert green > 10_000
        assert yellow > 500
        assert orange > 50
        tap(page, page, site.city, code)
        page.wait_for_timeout(500)
        page.screenshot(path=PICTURES / f"popup-{size}.png")
        said = page.locator(".zone").inner_text()
        assert zone.name in said
        assert f"Zona {zone.colour}" in said
        assert zone.public().why.id in said
        assert zone.public().why.en in said
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
        frame = page.frames[1]
        tap(page, frame, site.city, code)
        page.wait_for_timeout(500)
        picture = page.screenshot(path=PICTURES / f"embed-{size}.png")
        assert colours_seen(picture)[0] > 5_000
        assert site.city.zone(code, LAST).name in frame.locator(".zone").inner_text()


def test_the_map_of_the_city_cannot_be_framed_elsewhere(site: Site, browser: Browser) -> None:
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{site.foreign}/?map={site.address}/map")
    assert page.frames[1].url.startswith("chrome-error")
    context.close()


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
            page.wait_for_timeout(400)
            page.screenshot(path=PICTURES / "hostile-desk.png")


def test_a_market_says_that_it_is_no_rt(site: Site, browser: Browser) -> None:
    areas = site.city.ground().boundaries.leaves.set_index("code")
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


def test_close_by_the_rt_are_drawn_as_shapes(site: Site, browser: Browser) -> None:
    middle = site.city.boundaries("kelurahan").geometry.iloc[9].representative_point()
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map?lang=en")
        look = "([lat, lng, zoom]) => { map_zones.setView([lat, lng], zoom, { animate: false }); }"
        page.evaluate(look, [middle.y, middle.x, 14])
        assert page.locator(".leaflet-crisp-pane path").count() == 0
        page.evaluate(look, [middle.y, middle.x, 17])
        page.wait_for_selector(".leaflet-crisp-pane path", state="attached")
        page.wait_for_load_state("networkidle")
        page.screenshot(path=PICTURES / "close-desk.png")
        assert page.locator('.leaflet-crisp-pane path:not([d="M0 0"])').count() > 20


def test_the_day_can_be_changed_and_an_unpublished_one_is_refused(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "phone", site.address) as page:
        open_page(page, f"{site.address}/map")
        page.click('[rel="prev"]')
        page.wait_for_load_state("networkidle")
        assert "Rabu, 14 Juli 2021" in page.locator(".written").inner_text()
        page.fill('input[type="date"]', "2021-07-13")
        page.wait_for_url("**date=2021-07-13*")
        page.wait_for_load_state("networkidle")
        assert "Selasa, 13 Juli 2021" in page.locator(".written").inner_text()
        page.click('nav a[hreflang="en"]')
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == "en"
        assert "Tuesday, 13 July 2021" in page.locator(".written").inner_text()


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
        page.wait_for_timeout(400)
        picture = page.screenshot(path=PICTURES / "notebook-desk.png")
        assert colours_seen(picture)[0] > 10_000
        said = page.locator(".zone").inner_text()
        assert site.city.zone(code, LAST).name in said
        assert "Zona oranye" in said


def test_the_interface_can_be_read_without_another_site(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/docs")
        page.wait_for_selector("#operations-map-whole_map_get")
        page.screenshot(path=PICTURES / "docs-desk.png")


@pytest.mark.parametrize("size", SIZES)
def test_a_day_that_is_not_there_is_a_page_with_the_way_back(
    site: Site, browser: Browser, size: str
) -> None:
    context = browser.new_context(viewport=SIZES[size])
    page = context.new_page()
    page.goto(f"{site.address}/map?date=2020-01-01")
    page.screenshot(path=PICTURES / f"no-run-{size}.png")
    assert page.locator("a").get_attribute("href") == "/map"
    style = page.locator("article").evaluate("article => getComputedStyle(article).borderRadius")
    assert style == "16px"  # its style sheet was let in
    context.close()
