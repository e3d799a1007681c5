"""While tiles are prepared a real browser shows the map and says so; then the line goes."""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, FloatRect, Route

from api.app import create_app
from api.settings import Settings
from api.tiles import service as module
from tests.api.browser.browsing import (
    PICTURES,
    SIZES,
    colours_shown,
    cut_off,
    open_page,
    opened,
    settled,
)
from tests.api.hostile import serving
from tests.api.tiles.test_service import NoPreparer
from tests.databases import copy_of

pytestmark = pytest.mark.browser


class Unprepared(NamedTuple):
    """A site whose tiles are not prepared, and how much of them it says is."""

    address: str
    shares: list[float]


@pytest.fixture
def unprepared(
    hostile_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Unprepared]:
    shares = [0.2]
    monkeypatch.setattr(module, "prepared_share", lambda *_: shares[0])
    monkeypatch.setattr(module, "Preparer", NoPreparer)
    with serving(create_app(Settings(database=copy_of(hostile_database, tmp_path)))) as address:
        yield Unprepared(address, shares)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/map", "/embed"])
def test_the_map_has_its_colours_and_says_that_it_is_prepared_until_it_is(
    unprepared: Unprepared, browser: Browser, size: str, path: str
) -> None:
    with cut_off(browser, size, unprepared.address) as page:
        open_page(page, unprepared.address + path)
        line = page.locator(".preparing")
        line.wait_for()
        settled(page)
        picture = PICTURES / f"preparing-{path[1:]}-{size}.png"
        green, yellow, *_ = colours_shown(page, lambda: page.screenshot(path=picture), 10_000, 500)
        assert green > 10_000  # drawn when asked for
        assert yellow > 500
        assert "sedang disiapkan" in line.inner_text()
        assert "being prepared" in line.inner_text()
        box = line.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= SIZES[size]["width"]
        assert box["height"] < 60
        for other in (".legend", ".leaflet-control-zoom", ".layers", ".chip"):
            if page.locator(other).count():
                assert apart(box, page.locator(other).bounding_box()), other
        unprepared.shares[0] = 1.0
        line.wait_for(state="detached")


def apart(one: FloatRect, other: FloatRect | None) -> bool:
    """Whether two boxes do not meet."""
    assert other is not None
    beside = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
    return beside or (
        one["y"] + one["height"] <= other["y"] or other["y"] + other["height"] <= one["y"]
    )


def test_a_tile_that_is_not_ready_is_asked_for_again_and_no_trouble_is_said(
    unprepared: Unprepared, browser: Browser
) -> None:
    refused: set[str] = set()
    ready = [False]

    def gate(route: Route) -> None:
        if not ready[0]:
            refused.add(route.request.url)
            route.fulfill(status=503, headers={"Retry-After": "1"}, body="{}")
        else:
            route.continue_()

    with opened(browser, "desk") as page:
        page.context.route("**/tiles/*/*/*/*.png*", gate)
        page.goto(f"{unprepared.address}/map")
        page.locator(".preparing").wait_for()
        page.wait_for_timeout(1500)
        assert refused
        assert page.locator(".trouble").count() == 0
        ready[0] = True
        green, *_ = colours_shown(page, page.screenshot, 10_000)
        assert green > 10_000
        assert page.locator(".trouble").count() == 0
