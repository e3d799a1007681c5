"""Without JavaScript a page has the same content and links, and no control that is dead."""

import re
from typing import Final

import pytest
from playwright.sync_api import Browser, Page

from tests.api.browser.browsing import settled
from tests.api.browser.portal.portal_pages import (
    ERRORS,
    MAPS,
    PORTAL,
    in_language,
    in_own_language,
    visitor,
)

pytestmark = pytest.mark.browser

_CONTENT: Final = """() => {
    const forScripts = "#rt-saya, [data-position], .with-script, .reading";
    const seen = (selector) => [...document.querySelectorAll(selector)].filter(
        (one) => one.checkVisibility() && !one.closest(forScripts));
    const words = (one) => one.textContent.replace(/\\s+/g, " ").trim();
    return {
        headings: seen("h1, h2, h3, h4, caption, summary").map(words),
        rows: seen("main li, main tr, main dd").length,
        pictures: seen("main svg, main img").length,
        links: [...new Set(seen("a[href]").map((one) => one.getAttribute("href")))],
    };
}"""


def content(page: Page, address: str) -> dict[str, object]:
    page.goto(address)
    settled(page)
    found: dict[str, object] = page.evaluate(_CONTENT)
    return found


@pytest.mark.parametrize("path", [*PORTAL, *ERRORS])
def test_a_page_has_the_same_content_and_no_dead_button(
    portal: str, browser: Browser, path: str
) -> None:
    address = portal + in_language(path, "en")
    with visitor(browser, portal, service_workers="block") as page:
        whole = content(page, address)
    with visitor(browser, portal, java_script_enabled=False) as page:
        assert content(page, address) == whole
        buttons = page.locator("button:visible, input:visible, select:visible").all()
        assert [one.evaluate("one => one.form === null") for one in buttons] == [False] * len(
            buttons
        )


def test_links_of_every_kind_lead_to_an_answer(portal: str, browser: Browser) -> None:
    broken = {}
    kinds: dict[str, str] = {}
    with visitor(browser, portal, java_script_enabled=False) as page:
        for path in (*PORTAL, *MAPS, *ERRORS):
            page.goto(portal + path)
            for link in page.locator("a[href]").evaluate_all("all => all.map(one => one.href)"):
                target, _, anchor = str(link).partition("#")
                if target == page.url and anchor and page.locator(f"[id='{anchor}']").count() != 1:
                    broken[link] = f"no such part, from {path}"
                # An error page leads to itself in the other language. One RT stands for all.
                is_error = in_own_language(target.removeprefix(portal)) in ERRORS
                if target.startswith(portal) and not is_error:
                    kinds.setdefault(re.sub(r"\d+", "0", target), target)
        for target in kinds.values():
            status = page.request.get(target).status
            if status != 200:
                broken[target] = str(status)
    assert broken == {}
    assert len(kinds) > 30
