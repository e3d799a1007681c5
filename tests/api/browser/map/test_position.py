"""Where somebody tapped stands in no address that a page asks for: addresses are logged."""

import json
import re

import pytest
from playwright.sync_api import Browser, Request

from tests.api.browser.browsing import Site, cut_off, large_rt, open_page, tap

pytestmark = pytest.mark.browser
KELURAHAN = "33.74.01.1010"


@pytest.mark.parametrize("path", ["/map", "/embed", "/map?date=2021-07-13"])
def test_a_tap_names_the_place_in_no_address(site: Site, browser: Browser, path: str) -> None:
    code = large_rt(site.city, KELURAHAN)
    with cut_off(browser, "desk", site.address) as page:
        open_page(page, site.address + path)
        asked: list[Request] = []
        page.on("request", lambda request: asked.append(request))  # noqa: PLW0108  (it sets attributes)
        tap(page, page, site.city, code)
        posted = [one for one in asked if one.url.endswith("/locate")]
        assert [one.method for one in posted] == ["POST"]
        assert json.loads(posted[0].post_data or "").keys() == {"lon", "lat", "date"}
        addresses = [one.url.removeprefix(site.address).replace(KELURAHAN, "") for one in asked]
        assert any(f"parent={code[len(KELURAHAN) : -4]}" in one for one in addresses)  # the outline
        assert not [one for one in addresses if re.search(r"-?\d{1,3}\.\d{4,}", one)]
        assert not [one for one in addresses if "bbox" in one or "lon=" in one or "near" in one]
