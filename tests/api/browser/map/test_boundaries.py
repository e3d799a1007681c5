"""The map across a change of boundaries, in a real browser: a day on others loads the page anew."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple
from urllib.parse import quote

import pandas as pd
import pytest
from playwright.sync_api import Browser, Page

from api.app import create_app
from api.settings import Settings
from geodata.boundaries import assemble, save_boundaries
from geodata.sample_city import SampleCity
from geodata.store import open_store
from tests.api.browser.browsing import (
    PICTURES,
    SIZES,
    Site,
    counts_said,
    cut_off,
    open_page,
    settled,
    until,
)
from tests.api.hostile import FIRST, LAST, serving
from zoning import open_city
from zoning.days.daily import every_day, run_days
from zoning.records.intake import load_records

pytestmark = pytest.mark.browser
VILLAGE = "33.74.01.1010"


class Joined(NamedTuple):
    """The site, and two RT of which the second became part of the first on the last day."""

    site: Site
    kept: str
    gone: str


@pytest.fixture(scope="module")
def joined(small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Joined]:
    rt = small_sample.rt
    village = rt[rt["code"].str.startswith(VILLAGE)]
    shapes = dict(zip(village["code"], village.geometry, strict=True))
    kept = max(shapes, key=lambda code: shapes[code].area)
    touching = (code for code in shapes if shapes[code].intersection(shapes[kept]).length > 0)
    gone = next(code for code in touching if code != kept)
    later = rt[rt["code"] != gone].copy()
    whole = shapes[kept].union(shapes[gone])
    later.geometry = later.geometry.where(later["code"] != kept, whole)
    folder = tmp_path_factory.mktemp("joined")
    url = f"duckdb:///{folder}/joined.duckdb"
    with open_store(url, create=True) as store:
        save_boundaries(store, assemble(rt), "before", {})
        save_boundaries(store, assemble(later), "after", {}, in_force=LAST)
        cases, places = folder / "cases.csv", folder / "places.csv"
        small_sample.cases.to_csv(cases, index=False)
        point = shapes[gone].representative_point()
        row = {"id": "P-1", "jenis": "hospital", "nama": "RS", "lon": point.x, "lat": point.y}
        pd.DataFrame([row]).to_csv(places, index=False)
        load_records(store, "cases", cases)
        load_records(store, "places", places)
        run_days(store, None, every_day(FIRST, LAST))
    with serving(create_app(Settings(database=url))) as address, open_city(url) as city:
        yield Joined(Site(address, "", city), kept, gone)


def show(page: Page, day: date) -> None:
    """Choose a day on other boundaries, and wait for the page that shows it."""
    with page.expect_navigation():
        page.evaluate(
            """(day) => {
                const range = document.querySelector('.track input');
                range.value = day;
                range.dispatchEvent(new Event('input', { bubbles: true }));
            }""",
            (day - FIRST).days,
        )
    page.wait_for_selector(".track input")
    settled(page)


def outlined(page: Page) -> list[list[float]]:
    """West, south, east and north of what is drawn around the RT asked about."""
    box: list[list[float]] = page.evaluate(
        """[...Object.values(map_zones._layers)].filter(
            (one) => one instanceof L.Polygon && one.options.color === '#16262f'
                && one.options.weight === 3 && one._map
        ).map((one) => one.getBounds().toBBoxString().split(',').map(Number))"""
    )
    return box


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/map", "/embed"])
def test_over_a_change_of_boundaries_what_was_looked_at_stays_in_sight(
    joined: Joined, browser: Browser, size: str, path: str
) -> None:
    (address, _, city), kept, gone = joined
    before = city.ground(FIRST).boundaries
    inside = before.area(gone).geometry.representative_point()
    with cut_off(browser, size, address) as page:
        open_page(page, address + path)
        page.wait_for_selector(".track input")
        page.locator(".layers section").first.locator("input").first.evaluate("one => one.click()")
        page.evaluate(
            "(at) => { map_zones.setView(at, 17, { animate: false }); "
            "map_zones.fire('click', { latlng: L.latLng(at) }); }",
            [inside.y, inside.x],
        )
        page.wait_for_selector(".zone .head")
        settled(page)
        look(page, joined, LAST, kept)
        for day, code in ((FIRST, gone), (LAST, kept)):
            page.evaluate("window.was = true")
            show(page, day)
            assert page.evaluate("window.was ?? null") is None
            look(page, joined, day, code)
            page.screenshot(path=PICTURES / f"boundaries-{path[1:]}-{day}-{size}.png")


def look(page: Page, joined: Joined, day: date, code: str) -> None:
    """What is seen is the day's: what is said of the RT, its outline, the counts, the place."""
    city = joined.site.city
    zone = city.public().zone(code, day)
    said = page.locator(".zone").inner_text()
    assert zone.name in said
    assert zone.why.id in said
    shape = city.ground(day).boundaries.area(code).geometry
    assert outlined(page) == [pytest.approx(shape.bounds, abs=1e-6)]
    assert page.locator(".spot").get_attribute("title") == "RS"
    assert page.evaluate("map_zones.getZoom()") == 17  # an RT is larger than a finger
    run = city.day(day)
    assert counts_said(page) == list(run.counts.values())
    assert "#" not in page.url


def test_the_player_plays_on_over_a_change_of_boundaries(joined: Joined, browser: Browser) -> None:
    with cut_off(browser, "desk", joined.site.address) as page:
        open_page(page, f"{joined.site.address}/map?date={FIRST}&lang=en")
        page.wait_for_selector(".track input")
        page.click(".play")
        page.wait_for_selector('.written:has-text("15 July 2021")')
        page.wait_for_selector(".play:not(.on)")
        assert page.locator(".play").get_attribute("aria-label") == "Play day by day"
        settled(page)


def test_who_slides_over_days_of_other_boundaries_and_back_stays_on_the_page(
    joined: Joined, browser: Browser
) -> None:
    with cut_off(browser, "desk", joined.site.address) as page:
        open_page(page, f"{joined.site.address}/map?date={FIRST}")
        page.wait_for_selector(".track input")
        page.evaluate(
            """() => {
                window.was = true;
                const range = document.querySelector('.track input');
                for (const day of [2, 1]) {
                    range.value = day;
                    range.dispatchEvent(new Event('input', { bubbles: true }));
                }
            }"""
        )
        until(page, "new URL(location.href).searchParams.get('date')", wanted="2021-07-14")
        page.wait_for_timeout(600)  # longer than a choice must rest
        settled(page)
        assert page.evaluate("window.was")
        assert "14 Juli 2021" in page.locator(".written").inner_text()


@pytest.mark.parametrize(
    "behind",
    ["map=1", "{}", "{", '{"view":[1,2]}', '{"view":[0,0,1e308]}', '{"view":[0,1e300,9]}',
     '{"view":[-6.98,110.41,14],"asked":[1e300,0]}'],
)  # fmt: skip
def test_an_address_with_anything_else_behind_it_is_the_map(
    joined: Joined, browser: Browser, behind: str
) -> None:
    with cut_off(browser, "desk", joined.site.address) as page:
        open_page(page, f"{joined.site.address}/map#{quote(behind)}")
        page.wait_for_selector(".track input")
        assert page.locator(".place").count() > 5
