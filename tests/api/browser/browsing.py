"""A real browser cut off from every other site, at the width of a desk and a phone."""

import re
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Dialog,
    Frame,
    Page,
    Response,
    Route,
    ViewportSize,
)

from tests.api.hostile import LAST
from tests.four_colours import TINTS
from zoning import City
from zoning.drawing.palette import rgb

Seen = TypeVar("Seen")

PICTURES = Path(__file__).resolve().parents[2] / "screenshots"
FLAGS = [
    "--no-sandbox",
    # WebGL without a graphics card, for MapLibre.
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
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


PATIENCE = 120
"""Seconds a browser may take for one thing on a busy machine, before that is a failure."""

_SETTLED = """(() => {
    const drawn = (part) => part.complete !== false && getComputedStyle(part).opacity === "1";
    const panning = typeof map_zones !== "undefined" && map_zones._panAnim?._inProgress;
    return !panning && !document.querySelector("[aria-busy]")
        && document.getAnimations().every((one) => one.playState !== "running")
        && [...document.querySelectorAll(".leaflet-tile, .leaflet-popup")].every(drawn);
})()"""
"""All asked for has come, tiles and popups have faded in, nothing moves."""


class Site(NamedTuple):
    """Addresses of the application and of somebody else's page, and the city behind them."""

    address: str
    foreign: str
    city: City


@contextmanager
def opened(browser: Browser, size: str, **options: Any) -> Iterator[Page]:
    """An empty page, at a width of `SIZES`."""
    phone = size == "phone"
    context = browser.new_context(
        viewport=SIZES[size],
        is_mobile=phone,
        has_touch=phone,
        device_scale_factor=2 if phone else 1,
        locale="id-ID",
        **options,
    )
    context.set_default_timeout(PATIENCE * 1000)
    try:
        yield context.new_page()
    finally:
        context.close()


@contextmanager
def cut_off(
    browser: Browser,
    size: str,
    *allowed: str,
    statuses: Collection[int] = (),
    **options: Any,
) -> Iterator[Page]:
    """A page that reaches `allowed` alone; at its end nothing else was tried and nothing failed.

    A page itself may answer with one of `statuses`: the browser writes them as errors.
    """
    tried: list[str] = []
    faults: list[str] = []
    refused: set[str] = set()

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

    def written(message: ConsoleMessage) -> None:
        is_status = message.text.startswith("Failed to load") and message.location["url"] in refused
        if message.type == "error" and not is_status:
            faults.append(message.text)

    def answered(response: Response) -> None:
        if response.request.is_navigation_request() and response.status in statuses:
            refused.add(response.url)

    with opened(browser, size, **options) as page:
        page.context.route(re.compile(".*"), gate)
        page.on("response", answered)
        page.on("console", written)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", alarm)
        yield page
        assert tried == [], tried
        assert faults == [], faults


def open_page(page: Page, address: str) -> None:
    """Open a page and wait until it, and the map in a frame of it, are all there."""
    page.goto(address)
    for frame in page.frames:
        settled(frame)


def settled(page: Page | Frame) -> None:
    """Wait until nothing more comes or moves on a page."""
    until(page, _SETTLED, wanted=True)


def place_of(page: Page, frame: Page | Frame, city: City, code: str) -> tuple[float, float]:
    """Where on the screen the middle of an area is, by what Leaflet says."""
    inside = city.ground().boundaries.area(code).geometry.representative_point()
    x, y = frame.evaluate(
        """([lat, lng]) => {
            const box = map_zones.getContainer().getBoundingClientRect();
            const point = map_zones.latLngToContainerPoint([lat, lng]);
            return [box.x + point.x, box.y + point.y];
        }""",
        [inside.y, inside.x],
    )
    box = page.locator("iframe").bounding_box() if isinstance(frame, Frame) else None
    return (x, y) if box is None else (x + box["x"], y + box["y"])


def tap(page: Page, frame: Page | Frame, city: City, code: str) -> None:
    """Tap the middle of an RT, and wait until it is said what it is.

    Where a finger may mean several RT, the map asks which, or comes closer for another tap.
    """
    own = frame.locator(f'.which button[value="{code}"]')
    for _ in range(4):
        press(page, frame, city, code)
        if own.count():
            own.click()
        if own.count() or frame.locator(".zone .head").count():
            break
    frame.wait_for_selector(".zone .head")
    settled(frame)


def press(page: Page, frame: Page | Frame, city: City, code: str) -> None:
    """Tap the middle of an RT once, and wait for any answer."""
    x, y = place_of(page, frame, city, code)
    for before in frame.locator(".tip").all():
        before.evaluate("tip => tip.remove()")
    if page.viewport_size == SIZES["phone"]:
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)
    frame.wait_for_selector(".zone .head, .zone.which, .zone.note, .tip")
    settled(frame)


def large_rt(city: City, kelurahan: str, risk: int | None = None) -> str:
    """The largest RT of a kelurahan, in the middle third of the city so that nothing covers it."""
    zones = city.zones(LAST)
    chosen = zones[zones["code"].str.startswith(kelurahan)]
    if risk is not None:
        chosen = chosen[chosen["risk"] == risk]
    area = chosen.geometry.to_crs(32749).area
    return str(chosen["code"].iloc[int(area.to_numpy().argmax())])


def counts_said(page: Page) -> list[int]:
    said = page.locator(".legend .count").all_text_contents()
    return [int(text.split()[0].replace(".", "").replace(",", "")) for text in said]


def counts_within(city: City, area: str, day: date) -> list[int]:
    """How many RT within an area have each risk, counted one by one."""
    zones = city.zones(day)
    own = zones["risk"][zones["code"].str.startswith(area)]
    return [int((own == risk).sum()) for risk in range(4)]


def colours_shown(page: Page, picture: Callable[[], bytes], *least: int) -> list[int]:
    """How many pixels have each risk's colour, once more than the least: it is painted late."""

    def enough(seen: list[int]) -> bool:
        return all(found > wanted for found, wanted in zip(seen, least, strict=False))

    return patiently(page, lambda: colours_seen(picture()), enough)


def colours_seen(picture: bytes) -> list[int]:
    """How many pixels have each risk's colour."""
    seen: NDArray[np.int16] = np.asarray(Image.open(BytesIO(picture)).convert("RGB")).astype(
        np.int16
    )
    return [int((np.abs(seen - rgb(tint.fill)).max(axis=2) < 6).sum()) for tint in TINTS]


def patiently(page: Page | Frame, look: Callable[[], Seen], enough: Callable[[Seen], bool]) -> Seen:
    """Look until it is enough; what was seen last."""
    end = time.monotonic() + PATIENCE
    while not enough(seen := look()) and time.monotonic() < end:
        page.wait_for_timeout(50)
    return seen


def is_refused(page: Page, frame: Frame) -> bool:
    """Whether the browser shows in a frame that it may not show the page asked for."""
    url = patiently(page, lambda: frame.url, lambda url: url not in {"", "about:blank"})
    return url.startswith("chrome-error")


def until(page: Page | Frame, expression: str, *, wanted: Any) -> None:
    """Wait for an expression's value; `wait_for_function` would need eval, which pages forbid."""
    found = patiently(page, lambda: page.evaluate(expression), lambda value: value == wanted)
    assert found == wanted, expression
