"""The slider of days, the layers, and what they say, in a real browser."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from geodata.areas import Level
from tests.api.browser.browsing import (
    PICTURES,
    SIZES,
    Site,
    colours_shown,
    counts_said,
    counts_within,
    cut_off,
    large_rt,
    open_page,
    patiently,
    place_of,
    settled,
    tap,
    until,
)
from tests.api.hostile import FIRST, KINDS, LAST, NAMES, PLACES
from zoning.days.daily import every_day

pytestmark = pytest.mark.browser


def slide(page: Page, to: int) -> None:
    page.evaluate(
        """(to) => {
            const range = document.querySelector('.track input');
            range.value = to;
            range.dispatchEvent(new Event('input', { bubbles: true }));
        }""",
        to,
    )


def curve(page: Page) -> list[float]:
    """How high the curve of all colours stands on each day, of its highest."""
    drawn = page.locator(".track svg path").first.get_attribute("d") or ""
    high = [float(y) for y in re.findall(r"V([0-9.]+)H", drawn)]
    return [1 - y / 40 for y in high]


@pytest.mark.parametrize("size", SIZES)
def test_sliding_shows_another_days_tiles_counts_and_address_without_a_new_page(
    site: Site, browser: Browser, size: str
) -> None:
    first, last = site.city.day(FIRST), site.city.day(LAST)
    with cut_off(browser, size, site.address) as page:
        asked: list[str] = []
        page.on("request", lambda request: asked.append(request.url))
        open_page(page, f"{site.address}/map")
        page.wait_for_selector(".track input")
        assert counts_said(page) == list(last.counts.values())
        assert not any(first.public_id in url for url in asked)
        page.evaluate("window.same = true")
        slide(page, 0)
        until(page, "new URL(location.href).searchParams.get('date')", wanted=FIRST.isoformat())
        assert "Selasa, 13 Juli 2021" in page.locator(".written").inner_text()
        assert "Tuesday, 13 July 2021" in page.locator(".written").inner_text()
        assert counts_said(page) == list(first.counts.values())
        drawn = "[...document.querySelectorAll('img.leaflet-tile:not([src^=data])')]"
        of_that_day = f"{drawn}.every(one => one.src.includes('{first.public_id}'))"
        until(page, f"{drawn}.length > 0 && {of_that_day}", wanted=True)
        assert page.evaluate("window.same")
        assert any("@2x" in url for url in asked) == (size == "phone")
        languages = page.locator("nav.languages a").evaluate_all("all => all.map(a => a.href)")
        assert all("date=2021-07-13" in address for address in languages)
        page.screenshot(path=PICTURES / f"slid-{size}.png")


@pytest.mark.parametrize("size", SIZES)
def test_what_is_open_follows_the_day_where_it_is(site: Site, browser: Browser, size: str) -> None:
    zones = [site.city.zones(day).set_index("code")["risk"] for day in (FIRST, LAST)]
    [code, *_] = [code for code in zones[0].index if zones[0][code] != zones[1][code]]
    with cut_off(browser, size, site.address) as page:
        open_page(page, f"{site.address}/map")
        page.wait_for_selector(".track input")
        tap(page, page, site.city, code)
        now, before = (site.city.public().zone(code, day) for day in (LAST, FIRST))
        assert f"Zona {now.colour}" in page.locator(".zone").inner_text()
        opened = "document.querySelector('.leaflet-popup, .sheet')"
        page.evaluate(f"window.opened = {opened}")
        slide(page, 0)
        page.wait_for_selector(f'.zone .verdict:has-text("Zona {before.colour}")')
        assert page.evaluate(f"window.opened === {opened}")  # no second one beside it, fading
        assert before.why.id in page.locator(".zone").inner_text()
        assert "13 Juli 2021" in page.locator(".zone .foot").inner_text()


@pytest.mark.parametrize("size", SIZES)
def test_a_place_that_is_open_stays_when_the_day_changes(
    site: Site, browser: Browser, size: str
) -> None:
    code = large_rt(site.city, "33.74.01.1010")
    with cut_off(browser, size, site.address) as page:
        open_page(page, f"{site.address}/map")
        page.wait_for_selector(".track input")
        tap(page, page, site.city, code)
        page.wait_for_selector('.leaflet-lines-pane path[stroke="#16262f"][stroke-width="3"]')
        page.click(".layers summary")
        page.locator(".layers section").first.locator("input").first.check()
        page.locator(".spot").first.evaluate("one => one.click()")
        page.wait_for_selector(".zone dl")
        outlines = 'document.querySelectorAll(\'path[stroke="#16262f"][stroke-width="3"]\').length'
        until(page, outlines, wanted=0)
        with page.expect_response("**/summary?**"):  # asked for in the same breath as the RT
            slide(page, 0)
        settled(page)
        assert page.locator(".zone dl").count() == 1


def test_the_day_changes_where_nothing_of_the_city_is_in_view(site: Site, browser: Browser) -> None:
    first = site.city.day(FIRST)
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map")
        page.wait_for_selector(".track input")
        corner = "map_zones.options.maxBounds.getSouthWest()"  # as far away as one can go
        page.evaluate(f"map_zones.setView({corner}, 17, {{ animate: false }})")
        settled(page)
        slide(page, 0)
        settled(page)
        home = site.city.ground().boundaries.area("33.74.01.1010").geometry.representative_point()
        page.evaluate(f"map_zones.setView([{home.y}, {home.x}], 14, {{ animate: false }})")
        settled(page)
        drawn = page.locator("img.leaflet-tile:not([src^=data])")
        assert drawn.count() > 0
        assert all(first.public_id in (one.get_attribute("src") or "") for one in drawn.all())


@pytest.mark.parametrize(("level", "size"), [("kecamatan", "desk"), ("rw", "phone")])
def test_the_legend_and_the_curve_of_a_framed_area_count_its_own_rt_on_every_day(
    site: Site, browser: Browser, level: Level, size: str
) -> None:
    codes = site.city.boundaries(level)["code"]
    days = [[counts_within(site.city, code, day) for day in (FIRST, LAST)] for code in codes]
    area, first, last = next(
        (code, *both) for code, both in zip(codes, days, strict=True) if both[0] != both[1]
    )
    coloured = [sum(counts_within(site.city, area, day)[1:]) for day in every_day(FIRST, LAST)]
    shares = [one / max(1, *coloured) for one in coloured]
    with cut_off(browser, size, site.address) as page:
        open_page(page, f"{site.address}/embed?area={area}")
        page.wait_for_selector(".track input")
        assert counts_said(page) == last
        assert curve(page) == pytest.approx(shares, abs=0.002)
        slide(page, 0)
        settled(page)
        assert "13 Juli 2021" in page.locator(".chip .day").inner_text()
        assert counts_said(page) == first
        page.screenshot(path=PICTURES / f"embed-{level}-{size}.png")


def test_the_address_names_a_day_only_once_one_is_chosen(site: Site, browser: Browser) -> None:
    """Or a bookmark of the newest day would show that day for ever."""
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map")
        page.wait_for_selector(".track input")
        english = page.locator('nav.languages a[hreflang="en"]')
        assert page.url == f"{site.address}/map"
        assert english.get_attribute("href") in {"?lang=en", f"{site.address}/map?lang=en"}
        slide(page, 0)
        until(page, "new URL(location.href).searchParams.get('date')", wanted=FIRST.isoformat())
        assert "date=2021-07-13" in (english.get_attribute("href") or "")
        slide(page, 2)
        until(page, "new URL(location.href).searchParams.get('date')", wanted=None)
        assert "date" not in (english.get_attribute("href") or "")


def listed(page: Page, days: list[dict[str, Any]]) -> None:
    page.route("**/days", lambda route: route.fulfill(json={"days": days}))


def test_days_that_were_not_published_are_a_gap_in_the_slider(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        first, _, last = page.request.get(f"{site.address}/days").json()["days"]
        listed(page, [first, last])
        open_page(page, f"{site.address}/map?lang=en")
        page.wait_for_selector(".track input")
        # Half a day at each end, and nothing in the middle: of two days' width.
        curve = page.locator(".track svg path").first.get_attribute("d") or ""
        assert [float(x) for x in re.findall(r"H([0-9.]+)", curve)] == [250, 750, 1000]
        page.focus(".track input")
        page.keyboard.press("ArrowLeft")
        page.wait_for_selector('.written:has-text("13 July 2021")')
        assert page.locator(".track input").input_value() == "0"
        page.keyboard.press("ArrowRight")
        page.wait_for_selector('.written:has-text("15 July 2021")')
        assert page.locator(".track input").input_value() == "2"


def test_the_keys_move_the_slider_and_the_player_plays_to_the_end(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map?lang=en")
        page.focus(".track input")
        page.keyboard.press("Home")
        page.wait_for_selector('.written:has-text("13 July 2021")')
        words = page.locator(".track input").get_attribute("aria-valuetext")
        assert words == "Tuesday, 13 July 2021"
        page.clock.install()
        page.click(".play")
        page.wait_for_selector('.play[aria-label="Pause"]')
        page.clock.resume()
        page.wait_for_selector('.written:has-text("15 July 2021")')
        page.wait_for_selector(".play:not(.on)")


def test_hovering_over_a_kelurahan_counts_the_rt_of_the_day(site: Site, browser: Browser) -> None:
    code = "33.74.01.1010"
    for day, place in ((LAST, 2), (FIRST, 0)):
        summary = site.city.summary(day, "kelurahan").set_index("code").loc[code]
        colours = zip("HKOM", ("green", "yellow", "orange", "red"), strict=True)
        wanted = [f"{letter} {summary[name]}" for letter, name in colours if summary[name]]
        with cut_off(browser, "desk", site.address) as page:
            open_page(page, f"{site.address}/map")
            page.wait_for_selector(".track input")
            slide(page, place)
            at = place_of(page, page, site.city, code)

            def hovered(page: Page = page, at: tuple[float, float] = at) -> list[str]:
                page.mouse.move(5, 5)
                page.mouse.move(*at)
                return page.locator(".hover .tally span").all_inner_texts()

            said = patiently(page, hovered, wanted.__eq__)  # once the counts of the day have come
            assert said == wanted


@pytest.mark.parametrize("size", SIZES)
def test_places_are_layers_and_their_popups_keep_hostile_names(
    site: Site, browser: Browser, size: str
) -> None:
    with cut_off(browser, size, site.address) as page:
        open_page(page, f"{site.address}/map")
        page.click(".layers summary")
        boxes = page.locator(".layers section").first.locator("input")
        assert boxes.count() == len(KINDS)
        for box in boxes.all():
            assert not box.is_checked()
            box.check()
        page.wait_for_selector(".spot >> nth=4")
        page.screenshot(path=PICTURES / f"layers-{size}.png")
        for name in PLACES.values():
            found = page.locator(".spot").evaluate_all(
                "all => all.map(one => one.getAttribute('title'))"
            )
            assert name in found
            page.locator(".spot").nth(found.index(name)).evaluate("one => one.click()")
            until(page, "document.querySelectorAll('.zone dl').length", wanted=1)
            assert page.locator(".zone h2").inner_text() == name
            assert page.locator(".zone dd").all_inner_texts()[0] == name
            assert "5 / 9" in page.locator(".zone dl").inner_text()
            assert page.locator(".zone img, .zone script").count() == 0
        settled(page)
        page.screenshot(path=PICTURES / f"place-{size}.png")
        if size == "phone":
            assert page.locator(".layers section").first.is_hidden()  # not over the sheet
        boxes.first.evaluate("one => one.click()")
        assert page.locator(".spot").count() == len(KINDS) - 1


def test_borders_and_names_can_be_put_away(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, f"{site.address}/map")
        lines = page.locator(".leaflet-lines-pane path[stroke-opacity]")
        assert lines.count() > 10
        assert page.locator(".place").count() > 5
        page.click(".layers summary")
        for box in page.locator(".layers section").last.locator("input").all():
            box.uncheck()
        until(page, "document.querySelectorAll('.place').length", wanted=0)
        assert lines.count() == 0
        page.keyboard.press("Escape")
        assert page.locator(".layers section").first.is_hidden()


@pytest.mark.parametrize("size", SIZES)
def test_a_notebooks_map_has_its_days_every_rt_and_the_places(
    site: Site, browser: Browser, size: str, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    site.city.map(LAST, days=3).save(str(path))
    code = large_rt(site.city, "33.74.01.1010", risk=0)
    with cut_off(browser, size, path.as_uri()) as page:
        open_page(page, path.as_uri())
        page.wait_for_selector(".track input")
        picture = PICTURES / f"kept-{size}.png"
        before = colours_shown(page, lambda: page.screenshot(path=picture), 5_000)
        assert before[0] > 5_000
        tap(page, page, site.city, code)
        zone = site.city.zone(code, LAST)
        said = page.locator(".zone").inner_text()
        assert zone.name in said
        assert "Zona hijau" in said
        assert "0 rumah" in said
        assert zone.measures[0].id in said
        page.screenshot(path=PICTURES / f"kept-popup-{size}.png")
        page.evaluate("map_zones.closePopup(); document.querySelector('.sheet .close')?.click()")
        page.click('[data-step="-1"]')
        page.wait_for_selector('.written:has-text("14 Juli 2021")')
        day = site.city.day(site.city.published_days()[1])
        assert counts_said(page) == list(day.counts.values())
        page.click(".layers summary")
        page.locator(".layers section").first.locator("input").first.check()
        page.wait_for_selector(".spot")
        assert page.locator(".spot").get_attribute("title") == PLACES["P-0"]


def test_a_notebooks_popup_says_what_the_public_answer_says(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    site.city.map(LAST, days=1).save(str(path))
    zones = site.city.zones(LAST)
    code = zones["code"][zones["flag"] == "active-cases"].iloc[0]
    assert site.city.zone(code, LAST).uncertain
    zone = site.city.public().zone(code, LAST)
    inside = site.city.ground().boundaries.area(code).geometry.representative_point()
    with cut_off(browser, "desk", path.as_uri()) as page:
        open_page(page, path.as_uri())
        page.evaluate(
            "([lat, lng]) => { map_zones.fire('click', { latlng: L.latLng(lat, lng) }); }",
            [inside.y, inside.x],
        )
        page.wait_for_selector(".zone .head")
        said = page.locator(".zone").inner_text()
        assert zone.why.id in said
        assert zone.why.en in said
        # Nothing beside it: the reason, and the day at the foot.
        assert page.locator(".zone .body > p:not(.verdict)").count() == 2


def test_hostile_names_stay_names_in_a_notebook_and_under_the_pointer(
    site: Site, browser: Browser, tmp_path: Path
) -> None:
    path = tmp_path / "map.html"
    site.city.map(LAST, days=1).save(str(path))
    with cut_off(browser, "desk", path.as_uri()) as page:
        open_page(page, path.as_uri())
        for kelurahan, name in NAMES.items():
            tap(page, page, site.city, large_rt(site.city, kelurahan))
            until(page, "document.querySelectorAll('.zone').length", wanted=1)
            assert f"Kel. {name}, " in page.locator(".zone .where").inner_text()
            page.evaluate("map_zones.closePopup()")
            until(page, "document.querySelectorAll('.zone').length", wanted=0)
            page.mouse.move(5, 5)
            page.mouse.move(*place_of(page, page, site.city, kelurahan))
            said = page.locator(".hover").get_by_text(f"Kel. {name}", exact=True)
            said.first.wait_for()
        assert page.locator(".place img, .zone img, .hover img").count() == 0


def test_a_map_left_open_goes_on_to_a_newer_day(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        page.clock.install()
        open_page(page, f"{site.address}/embed?size=compact")
        page.evaluate("window.same = true")
        page.clock.run_for(11 * 60_000)
        settled(page)
        assert page.evaluate("window.same")
        newer = {"date": "2021-07-16", "run": "another", "rule": "", "boundaries": ""}
        counts = dict.fromkeys(("green", "yellow", "orange", "red"), 0)
        page.route("**/days", lambda route: route.fulfill(json={"days": [{**newer, **counts}]}))
        page.clock.run_for(11 * 60_000)
        until(page, "window.same === undefined", wanted=True)
