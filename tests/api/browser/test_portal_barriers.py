"""axe-core finds nothing serious on any page, in either language, with all that can be opened.

``/docs`` is excepted: its page is Swagger UI, whose own faults of contrast and labels we cannot mend.
"""

import pytest
from playwright.sync_api import Browser

from tests.api.browser.portal_pages import LANGUAGES, PAGES, barriers, in_language, visit, visitor

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_serious_barrier(
    portal: str, browser: Browser, path: str, language: str
) -> None:
    with visitor(browser, portal, service_workers="block") as page:
        page.set_viewport_size({"width": 390, "height": 844})
        visit(page, portal + in_language(path, language))
        assert barriers(page) == []
