"""What people add to a notebook's map, in a real browser that reaches nothing else."""

import json
from pathlib import Path

import folium
import pytest
from folium.features import GeoJsonPopup, GeoJsonTooltip
from playwright.sync_api import Browser, Page

from tests.api.browser.browsing import (
    PICTURES,
    SIZES,
    Site,
    colours_shown,
    cut_off,
    large_rt,
    open_page,
    settled,
    tap,
    until,
)
from tests.api.hostile import LAST
from zoning import City

pytestmark = pytest.mark.browser


def middle(city: City, code: str) -> list[float]:
    inside = city.ground().boundaries.area(code).geometry.representative_point()
    return [inside.y, inside.x]


def centred(page: Page, at: list[float]) -> tuple[float, float]:
    """Where on the screen a place is, after the map has looked at it from near."""
    page.evaluate("(at) => { map_zones.setView(at, 15, { animate: false }); }", at)
    settled(page)
    x, y = page.evaluate(
        """(at) => {
            const box = map_zones.getContainer().getBoundingClientRect();
            const point = map_zones.latLngToContainerPoint(at);
            return [box.x + point.x, box.y + point.y];
        }""",
        at,
    )
    return x, y


def said_by_tapping(page: Page, at: list[float]) -> str:
    """What a popup says after a tap at a place."""
    x, y = centred(page, at)
    if page.viewport_size == SIZES["phone"]:
        page.touchscreen.tap(x, y)
    else:
        page.mouse.click(x, y)
    page.wait_for_selector(".leaflet-popup")
    settled(page)
    return page.locator(".leaflet-popup-content").inner_text().strip()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("kind", ["alone", "server"])
def test_markers_shapes_and_layers_added_to_a_map_are_there_and_answer(
    site: Site, browser: Browser, size: str, kind: str, tmp_path: Path
) -> None:
    kelurahan = site.city.zones(LAST, "kelurahan")
    first, second, third = kelurahan["code"].iloc[:3]
    drawn = site.city.map(LAST, server=site.address if kind == "server" else None)
    group = folium.FeatureGroup("Klaster").add_to(drawn)
    folium.Marker(middle(site.city, first), popup="hi `there`").add_to(group)
    folium.Marker(middle(site.city, second), icon=folium.Icon(color="red")).add_to(drawn)
    pasar = folium.CircleMarker(middle(site.city, third), 20, popup="<b>Pasar</b>", fill=True)
    pasar.add_to(drawn)
    folium.Choropleth(
        json.loads(kelurahan[["code", "geometry"]].to_json()),
        data=kelurahan,
        columns=["code", "cases"],
        key_on="feature.properties.code",
        legend_name="Kasus",
        name="Kasus per kelurahan",
        show=False,
    ).add_to(drawn)
    folium.LayerControl(collapsed=False).add_to(drawn)
    path = tmp_path / "map.html"
    drawn.save(path)
    allowed = (site.address,) if kind == "server" else ()
    with cut_off(browser, size, path.as_uri(), *allowed) as page:
        open_page(page, path.as_uri())
        page.wait_for_selector(".track input")
        page.screenshot(path=PICTURES / f"added-{size}-{kind}.png")
        assert page.locator(".leaflet-marker-pane .pin svg").count() == 2
        assert page.locator(".scale").inner_text().startswith("Kasus")
        assert said_by_tapping(page, middle(site.city, third)) == "Pasar"
        # A marker's place is its tip, and the pin is over it.
        at = middle(site.city, first)
        page.evaluate("map_zones.closePopup()")
        x, y = centred(page, at)
        page.mouse.click(x, y - 20)
        page.wait_for_selector('.leaflet-popup-content:has-text("hi `there`")')
        settled(page)
        assert page.locator(".leaflet-popup").count() == 1
        assert page.locator(".zone").count() == 0
        page.screenshot(path=PICTURES / f"added-popup-{size}-{kind}.png")
        boxes = page.locator(".leaflet-control-layers-overlays input")
        assert boxes.count() == 2
        boxes.first.uncheck()
        until(page, "document.querySelectorAll('.pin').length", wanted=1)


def test_an_rt_is_told_of_beside_what_was_added_and_makes_way_for_it(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    code = large_rt(site.city, "33.74.01.1010")
    drawn = site.city.map(LAST, days=1)
    marker = folium.Marker(middle(site.city, "33.74.01.1010"), popup="hi").add_to(drawn)
    path = tmp_path / "map.html"
    drawn.save(path)
    with cut_off(browser, "phone", path.as_uri()) as page:
        open_page(page, path.as_uri())
        centred(page, middle(site.city, code))
        tap(page, page, site.city, code)
        assert page.locator(".sheet").count() == 1
        page.evaluate(f"{marker.get_name()}.openPopup()")
        page.wait_for_selector('.leaflet-popup-content:has-text("hi")')
        until(page, "document.querySelectorAll('.sheet').length", wanted=0)


def test_a_tooltip_that_was_added_is_the_only_one_under_the_pointer(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    code = "33.74.01.1010"
    drawn = site.city.map(LAST, days=1)
    area = site.city.zones(LAST, "kelurahan").query("code == @code")
    folium.GeoJson(
        json.loads(area[["name", "cases", "geometry"]].to_json()),
        tooltip=GeoJsonTooltip(["cases"], aliases=["Kasus"]),
        popup=GeoJsonPopup(["cases"], aliases=["Kasus"]),
    ).add_to(drawn)
    path = tmp_path / "map.html"
    drawn.save(path)
    with cut_off(browser, "desk", path.as_uri()) as page:
        open_page(page, path.as_uri())
        x, y = centred(page, middle(site.city, code))
        page.mouse.move(x, y)
        page.mouse.move(x + 3, y)
        page.wait_for_selector(".foliumtooltip")
        until(page, "document.querySelectorAll('.hover').length", wanted=0)  # it fades away
        assert page.locator(".foliumtooltip").inner_text().startswith("Kasus")
        assert said_by_tapping(page, middle(site.city, code)).startswith("Kasus")
        page.screenshot(path=PICTURES / "added-area-desk.png")


@pytest.mark.parametrize("size", SIZES)
def test_a_map_in_a_figure_of_ones_own_is_drawn_in_it(
    site: Site, browser: Browser, size: str, tmp_path: Path
) -> None:
    figure = folium.Figure(width="600", height="400")
    figure.add_child(site.city.map(LAST, days=2))
    path = tmp_path / "notebook.html"
    path.write_text(f"<!DOCTYPE html><meta charset=utf-8>{figure._repr_html_()}")
    with cut_off(browser, size, path.as_uri(), "about:srcdoc") as page:
        page.goto(path.as_uri())
        inner = page.frame_locator("iframe").frame_locator("iframe")
        inner.locator(".track input").wait_for()
        for frame in page.frames[2:]:
            settled(frame)
        picture = PICTURES / f"figure-{size}.png"
        shown = colours_shown(page, lambda: page.screenshot(path=picture), 2_000)
        assert shown[0] > 2_000
        box = inner.locator("body").bounding_box()
        assert box is not None
        assert (round(box["width"]), round(box["height"])) == (600, 400)
