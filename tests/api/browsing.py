"""A real browser cut off from every other site, at the width of a desk and a phone."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from playwright.sync_api import Browser, Dialog, Frame, Page, Route, ViewportSize

from tests.api.hostile import LAST
from zoning import City
from zoning.drawing.palette import TINTS, rgb

PICTURES = Path(__file__).resolve().parents[1] / "screenshots"
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


_OPAQUE = """[...document.querySelectorAll(".leaflet-tile")].every(
    (tile) => getComputedStyle(tile).opacity === "1")"""
"""Tiles fade in."""


class Site(NamedTuple):
    """Addresses of the application and of somebody else's page, and the city behind them."""

    address: str
    foreign: str
    city: City


@contextmanager
def cut_off(browser: Browser, size: str, *allowed: str) -> Iterator[Page]:
    """A page that reaches `allowed` alone; at its end nothing else was tried and nothing failed."""
    tried: list[str] = []
    faults: list[str] = []
    phone = size == "phone"
    context = browser.new_context(
        viewport=SIZES[size],
        is_mobile=phone,
        has_touch=phone,
        device_scale_factor=2 if phone else 1,
        locale="id-ID",
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
    """Open a page and wait until its tiles, and those of a map in a frame, are there."""
    page.goto(address)
    page.wait_for_load_state("networkidle")
    for frame in page.frames:
        until(frame, _OPAQUE, wanted=True)


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
    """Tap the middle of an RT, and wait for what is said of it."""
    x, y = place_of(page, frame, city, code)
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


def until(page: Page | Frame, expression: str, *, wanted: Any) -> None:
    """Wait for an expression's value; `wait_for_function` would need eval, which pages forbid."""
    for _ in range(200):
        found = page.evaluate(expression)
        if found == wanted:
            return
        time.sleep(0.05)
    raise AssertionError(f"{expression} stayed {found!r}, not {wanted!r}")
