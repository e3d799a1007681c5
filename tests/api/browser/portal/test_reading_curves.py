"""A curve is read day by day with a finger and with the arrow keys; pages of areas fit a phone."""

import pytest
from playwright.sync_api import Browser, Locator, Page

from tests.api.browser.browsing import PICTURES, SIZES, Site, cut_off, opened, until
from tests.api.hostile import LAST

pytestmark = pytest.mark.browser
KELURAHAN = "33.74.01.1010"
DAYS = ("13 Juli 2021", "14 Juli 2021", "15 Juli 2021")


def rows(page: Page) -> list[str]:
    """The words of each day of the table of the curve, in order of time."""
    heads = page.locator("#kurva-angka thead th").all_text_contents()[1:]
    words = []
    for row in reversed(page.locator("#kurva-angka tbody tr").all()):
        day, *values = row.locator("th, td").all_text_contents()
        pairs = ", ".join(f"{value} {head}" for value, head in zip(values, heads, strict=True))
        words.append(f"{day}: {pairs}")
    return words


def told(slider: Locator) -> str | None:
    return slider.get_attribute("aria-valuetext")


def test_arrow_keys_read_a_curve_day_by_day_and_stop_at_its_ends(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "desk", site.address) as page:
        page.goto(f"{site.address}/wilayah/{KELURAHAN}?date={LAST}")
        # The first curve; the daily figures have three more.
        slider = page.get_by_role("slider").first
        until(page, "document.querySelectorAll('[role=slider]').length", wanted=4)
        expected = rows(page)
        assert [
            words.partition(":")[0].removesuffix(" belum lengkap") for words in expected
        ] == list(DAYS)
        slider.focus()
        assert told(slider) == expected[2]
        for key, number in (
            *(("ArrowLeft", 1), ("ArrowLeft", 0), ("ArrowLeft", 0), ("ArrowRight", 1)),
            *(("End", 2), ("ArrowUp", 2), ("Home", 0), ("PageUp", 2), ("PageDown", 0)),
        ):
            page.keyboard.press(key)
            assert told(slider) == expected[number], key
            assert slider.get_attribute("aria-valuenow") == str(number + 1)
            assert page.locator(".reading").first.inner_text() == expected[number]
        assert page.locator(".reader .mark").first.get_attribute("visibility") == "visible"


def test_a_finger_reads_the_day_under_it(site: Site, browser: Browser) -> None:
    with cut_off(browser, "phone", site.address) as page:
        page.goto(f"{site.address}/?date={LAST}")
        until(page, "document.querySelectorAll('[role=slider]').length", wanted=4)
        page.locator(".reader").first.scroll_into_view_if_needed()
        box = page.locator(".reader svg").first.bounding_box()
        assert box is not None
        expected = rows(page)
        for number in (0, 2, 1):
            share = (number + 0.5) / len(expected)
            page.touchscreen.tap(box["x"] + box["width"] * share, box["y"] + 20)
            until(page, "document.querySelector('.reading').textContent", wanted=expected[number])


@pytest.mark.parametrize("path", ["/wilayah", f"/wilayah/{KELURAHAN}", "/aturan", "/tentang"])
def test_a_page_of_areas_fits_a_narrow_phone_and_needs_no_javascript(
    site: Site, browser: Browser, path: str
) -> None:
    with opened(browser, "phone", java_script_enabled=False) as page:
        page.goto(f"{site.address}{path}?lang=en")
        for width in (320, 390):
            page.set_viewport_size({"width": width, "height": 844})
            whole = page.screenshot(
                full_page=True, path=PICTURES / f"areas{path.replace('/', '-')}-{width}.png"
            )
            assert int.from_bytes(whole[16:20], "big") == 2 * width
        page.set_viewport_size(SIZES["desk"])
        page.screenshot(full_page=True, path=PICTURES / f"areas{path.replace('/', '-')}-desk.png")
        assert page.locator("h1").count() == 1
        assert page.get_by_role("slider").count() == 0
