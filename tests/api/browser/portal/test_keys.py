"""Every page works with the keyboard alone: all can be reached, and is seen where it is."""

from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from api.pages.portal.texts.search import SCRIPT_TEXTS
from tests.api.browser.browsing import settled
from tests.api.browser.portal.portal_pages import ERRORS, PORTAL, RT, visitor

pytestmark = pytest.mark.browser

_LIST: Final = """() => {
    const targets = "a[href], button, input:not([type=hidden]), select, summary, [tabindex='0']";
    window.reachable = [...document.querySelectorAll(targets)].filter((one) =>
        !one.disabled && one.checkVisibility({ visibilityProperty: true }));
    return window.reachable.length;
}"""
_HERE: Final = """() => {
    const one = document.activeElement;
    const style = getComputedStyle(one);
    const { top, bottom, left, right } = one.getBoundingClientRect();
    const inWindow = bottom > 0 && top < innerHeight && right > 0 && left < innerWidth;
    return {
        number: window.reachable.indexOf(one),
        isSeen: inWindow && style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2,
        words: one.outerHTML.slice(0, 90),
    };
}"""


@pytest.mark.parametrize("path", [*PORTAL, *ERRORS])
def test_the_tab_key_reaches_everything_in_order_and_can_skip_to_the_content(
    portal: str, browser: Browser, path: str
) -> None:
    with visitor(browser, portal, service_workers="block") as page:
        page.goto(portal + path)
        settled(page)
        count = page.evaluate(_LIST)
        order = []
        unseen = []
        for _ in range(count):
            page.keyboard.press("Tab")
            here = page.evaluate(_HERE)
            order.append(here["number"])
            if not here["isSeen"]:
                unseen.append(here["words"])
        assert order == list(range(count))
        assert unseen == []
        page.focus(".skip")
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main, .foot') !== null")


def press_until(page: Page, selector: str, key: str = "Tab") -> None:
    for _ in range(60):
        if page.evaluate("which => document.activeElement.matches(which)", selector):
            return
        page.keyboard.press(key)
    pytest.fail(f"the key {key} does not reach {selector}")


def test_keys_alone_find_an_rt_and_forget_it(portal: str, browser: Browser) -> None:
    with visitor(browser, portal) as page:
        page.goto(f"{portal}/?lang=en")
        page.locator("#posisi").wait_for()
        press_until(page, "#nama")
        page.keyboard.type("sekayu rw 2")
        page.keyboard.press("Enter")
        page.wait_for_selector("#pilihan .zones button:focus")
        press_until(page, ".zones :nth-child(3)")
        page.keyboard.press("Enter")
        page.wait_for_selector("#rt-saya section:focus")
        assert "RT 003 RW 002" in page.inner_text("#rt-saya [data-name]")
        press_until(page, "[data-forget]")
        page.keyboard.press("Enter")
        assert page.inner_text("#kabar") == SCRIPT_TEXTS["forgotten"].en
        assert page.evaluate("document.activeElement.id") == "nama"


def test_keys_alone_remember_the_rt_of_a_page_and_forget_it(portal: str, browser: Browser) -> None:
    with visitor(browser, portal) as page:
        page.goto(f"{portal}/rt/{RT}")
        page.wait_for_selector("[data-remember]")
        press_until(page, "[data-remember]")
        page.keyboard.press("Enter")
        assert page.evaluate("Object.keys(localStorage)") == ["mikrozonasi.rt:"]
        page.wait_for_selector("[data-forget]:focus")
        page.keyboard.press("Enter")
        page.wait_for_selector("[data-remember]:focus")
