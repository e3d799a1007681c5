"""The phone orders places by its own position, and sends the position nowhere."""

import re
from collections.abc import Iterator
from math import asin, cos, radians, sin, sqrt
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from api.app import create_app
from api.settings import Settings
from tests.api.browser.browsing import SIZES, cut_off, opened
from tests.api.hostile import serving
from tests.cities.help_city import EAST, MARKUP, MIDDLE, PROFILE, WEST, help_database

pytestmark = pytest.mark.browser
PATHS = ("/tempat", "/rujukan", "/vaksinasi", "/bantuan", "/alat", "/pendatang", "/dokter", "/")
AT = {"longitude": 110.447, "latitude": -6.981}
POINTS = {MARKUP: WEST, "RS Padat": MIDDLE, "RS Timur": EAST}


@pytest.fixture(scope="module")
def address(small_database: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    folder: Path = tmp_path_factory.mktemp("help")
    (folder / "city.toml").write_text(PROFILE)
    url = help_database(small_database, folder)
    with serving(create_app(Settings(database=url, profile=folder / "city.toml"))) as address:
        yield address


def kilometres(place: tuple[float, float]) -> float:
    """The haversine distance from the phone, written again."""
    lon, lat = (radians(end - start) for end, start in
                zip(place, (AT["longitude"], AT["latitude"]), strict=True))  # fmt: skip
    chord = sin(lat / 2) ** 2 + sin(lon / 2) ** 2 * cos(radians(place[1])) * cos(
        radians(AT["latitude"])
    )
    return 2 * 6371.0088 * asin(sqrt(chord))


def allow_position(page: Page, accuracy: float = 20) -> None:
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation(
        {"longitude": AT["longitude"], "latitude": AT["latitude"], "accuracy": accuracy}
    )


def names(page: Page) -> list[str]:
    return [text.strip() for text in page.locator("ol.places h3").all_inner_texts()]


@pytest.mark.parametrize("size", SIZES)
def test_the_phone_orders_the_places_and_no_address_has_its_position(
    address: str, browser: Browser, size: str
) -> None:
    with cut_off(browser, size, address) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
        allow_position(page)
        page.goto(f"{address}/tempat?kind=hospital")
        before = len(asked)
        page.get_by_role("button", name="Urutkan dari posisi saya").click()
        expect(page.get_by_role("status").last).to_contain_text("Terurut dari posisi Anda")
        with_room = sorted((MARKUP, "RS Timur"), key=lambda name: kilometres(POINTS[name]))
        assert names(page) == [*with_room, "RS Padat"]
        shown = page.locator("[data-far]").all_inner_texts()
        assert [float(text.removesuffix(" km").replace(",", ".")) for text in shown] == [
            pytest.approx(kilometres(POINTS[name]), abs=0.06) for name in names(page)
        ]
        # The icon of the page may come late.
        assert [url for url in asked[before:] if not url.endswith("/logo")] == []


def test_the_first_page_names_the_nearest_place_with_room_and_sends_no_position(
    address: str, browser: Browser
) -> None:
    with cut_off(browser, "phone", address) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url + (request.post_data or "")))
        allow_position(page)
        page.goto(f"{address}/")
        page.get_by_role("button", name="Terdekat dari posisi saya").click()
        hospital = page.locator('[data-kind="hospital"]')
        expect(hospital).to_contain_text("RS Timur")
        expect(hospital).to_contain_text("7 tempat kosong")
        expect(hospital).to_contain_text("km")
        expect(hospital).to_contain_text("laporan 15 Juli 2021")
        assert f"{address}/places?room=true" in asked
        assert not [url for url in asked if re.search(r"110\.44|-6\.98", url)]


def test_a_refused_or_inexact_position_has_its_sentence_and_keeps_the_order(
    address: str, browser: Browser
) -> None:
    with cut_off(browser, "phone", address) as page:
        page.goto(f"{address}/tempat?lang=en")
        before = names(page)
        page.get_by_role("button", name="Sort from my position").click()
        expect(page.get_by_text("The position is not permitted.")).to_be_visible()
        allow_position(page, accuracy=20_000)
        page.get_by_role("button", name="Sort from my position").click()
        expect(page.get_by_text("too inexact (± 20,000 m)")).to_be_visible()
        assert names(page) == before


@pytest.mark.parametrize("path", PATHS)
def test_without_scripts_a_page_has_no_dead_button_and_its_form_works(
    address: str, browser: Browser, path: str
) -> None:
    with opened(browser, "phone", java_script_enabled=False) as page:
        page.goto(f"{address}{path}")
        assert not page.locator("[data-position]").is_visible()
        if path == "/tempat":
            page.select_option("select[name=near]", label="Kranggan")
            page.get_by_role("button", name="Tampilkan").click()
            assert re.search(r"near=33\.74\.01\.\d{4}", page.url)
            assert page.get_by_text("Jarak lurus dari tengah Kranggan.").is_visible()


@pytest.mark.parametrize("path", PATHS)
def test_no_page_is_wider_than_a_narrow_phone_or_with_large_text(
    address: str, browser: Browser, path: str
) -> None:
    for width, large in ((320, False), (390, True)):
        with cut_off(browser, "desk", address) as page:
            page.set_viewport_size({"width": width, "height": 844})
            page.goto(f"{address}{path}")
            if large:
                page.evaluate("document.documentElement.style.fontSize = '200%'")
            wider = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert wider == 0, width
