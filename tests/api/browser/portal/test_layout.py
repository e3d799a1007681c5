"""Every page fits a phone, a desk and large text: nothing sideways, nothing cut, targets to tap."""

import pytest
from playwright.sync_api import Browser

from tests.api.browser.browsing import settled
from tests.api.browser.portal.page_layout import enlarge_text, layout_faults
from tests.api.browser.portal.portal_pages import LANGUAGES, PAGES, in_language, visit, visitor

pytestmark = pytest.mark.browser
WINDOWS = ((1440, 900), (390, 844), (320, 568))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_fits_every_window_and_large_text(
    portal: str, browser: Browser, path: str, language: str
) -> None:
    faults: dict[str, list[str]] = {}
    with visitor(browser, portal, service_workers="block") as page:
        visit(page, portal + in_language(path, language))
        for text in ("usual", "large"):
            for width, height in WINDOWS:
                if (text, width) == ("large", 320):
                    continue
                page.set_viewport_size({"width": width, "height": height})
                settled(page)
                for fault in layout_faults(page):
                    faults.setdefault(fault, []).append(f"{width} px, {text} text")
            enlarge_text(page)
    assert faults == {}, faults
