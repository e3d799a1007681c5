"""Journeys of a resident over several pages: find, share, remember, forget, the map and back."""

import json
import re
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from playwright.sync_api import Browser, Page, Route

from tests.api.browser.browsing import open_page
from tests.api.browser.portal.portal_pages import RT, visitor
from zoning.drawing.messages import WORDS

pytestmark = pytest.mark.browser

NAME: Final = "RT 003 RW 002 · Kel. Sekayu, Semarang Tengah"
CARD: Final = "#rt-saya section"


def start(page: Page, address: str) -> None:
    """Open the first page and wait until its script listens."""
    page.goto(address)
    page.locator("#posisi").wait_for()


def search(page: Page, text: str) -> None:
    page.fill("#nama", text)
    page.keyboard.press("Enter")


def test_every_spelling_leads_to_the_same_rt(portal: str, browser: Browser) -> None:
    with visitor(browser, portal, service_workers="block") as page:
        start(page, f"{portal}/?lang=en")
        for text in (
            "Rt 3 / Rw II Sekayu",
            "SEKAYU RT03RW02",
            "kel. sekayu, kec semarang tengah, rt o3 rw o2",
            "sekayu 003/002",
            "ＲＴ３ ＲＷ２　Ｓｅｋａｙｕ",  # noqa: RUF001  (full width, from some keyboards)
        ):
            search(page, text)
            page.wait_for_selector(CARD)
            assert page.inner_text(f"{CARD} [data-name]") == NAME, text
            page.click("[data-forget]")
            page.locator(CARD).wait_for(state="detached")


def test_a_misspelt_name_is_a_question_and_no_answer(portal: str, browser: Browser) -> None:
    with visitor(browser, portal, service_workers="block") as page:
        start(page, f"{portal}/?lang=en")
        search(page, "Sekaya RT 3 RW 2")
        choices = page.locator("#pilihan .zones button")
        choices.first.wait_for()
        assert page.locator(CARD).count() == 0
        assert NAME[:13] in choices.first.inner_text()


def same_names(route: Route) -> None:
    """The index of names as if the city had a kelurahan Sekayu in each of two kecamatan."""
    index: dict[str, Any] = route.fetch().json()
    [whole] = index["kecamatan"]
    first, second = whole["kelurahan"][:7], whole["kelurahan"][7:]
    assert first[6]["name"] == "Sekayu"
    for entry in (*first, *second):
        entry["code"] = entry["code"].replace("+", whole["code"])
    second[0]["name"] = "Sekayu"
    index["kecamatan"] = [
        {**whole, "kelurahan": first},
        {**whole, "code": "33.74.02", "name": "Semarang Utara", "kelurahan": second},
    ]
    route.fulfill(json=index)


def test_kelurahan_of_the_same_name_ask_for_the_kecamatan(portal: str, browser: Browser) -> None:
    with visitor(browser, portal, service_workers="block") as page:
        page.route("**/names/*", same_names)
        start(page, f"{portal}/?lang=en")
        search(page, "Sekayu")
        choices = page.locator("#pilihan button")
        choices.first.wait_for()
        texts = [re.sub(r"\s+", " ", text).strip() for text in choices.all_inner_texts()]
        assert texts == ["Sekayu Kec. Semarang Tengah", "Sekayu Kec. Semarang Utara"]
        assert page.locator(CARD).count() == 0
        search(page, "RT 3 RW 2 Sekayu")
        choices = page.locator("#pilihan .zones button")
        choices.first.wait_for()
        texts = [re.sub(r"\s+", " ", text) for text in choices.all_inner_texts()]
        assert [("Tengah" in text, "Utara" in text) for text in texts] == [
            (True, False),
            (False, True),
        ]
        assert page.locator(CARD).count() == 0


def shared_text(link: str | None) -> str:
    assert link is not None
    address = urlsplit(link)
    assert (address.scheme, address.netloc, address.path) == ("https", "wa.me", "/")
    [text] = parse_qs(address.query, strict_parsing=True)["text"]
    return text


def test_what_is_shared_names_the_rt_its_colour_and_its_page(portal: str, browser: Browser) -> None:
    with visitor(browser, portal, service_workers="block") as page:
        page.goto(f"{portal}/rt/{RT}?lang=en")
        colour = page.inner_text("h1").lower()
        title = page.locator('meta[property="og:title"]').get_attribute("content") or ""
        assert "RT 003 RW 002" in title
        assert title.partition(": ")[2].lower() in colour
        picture = page.locator('meta[property="og:image"]').get_attribute("content")
        assert picture is not None
        answer = page.request.get(picture)
        assert (answer.status, answer.headers["content-type"]) == (200, "image/png")
        own = shared_text(page.get_by_role("link", name="WhatsApp").get_attribute("href"))
        start(page, f"{portal}/?lang=en")
        search(page, "Sekayu RT 3 RW 2")
        page.wait_for_selector(CARD)
        link = page.locator(f"{CARD} .actions a").first.get_attribute("href")
        page.click("[data-forget]")
        for text in (own, shared_text(link)):
            assert text.endswith(f" {portal}/rt/{RT}")
            assert "RT 003 RW 002" in text
            assert re.search(r"green|yellow|orange|red", text)[0] in colour  # type: ignore[index]


def test_the_phone_keeps_the_rt_and_the_last_pages_and_forgets_both(
    portal: str, browser: Browser
) -> None:
    kept = """async () => {
        const names = await caches.keys();
        const lists = names.map(async (name) => (await caches.open(name)).keys());
        return (await Promise.all(lists)).flat().map((one) => one.url);
    }"""
    with visitor(browser, portal) as page:
        start(page, f"{portal}/?lang=en")
        page.evaluate("navigator.serviceWorker.ready.then(() => true)")
        start(page, f"{portal}/?lang=en")
        search(page, "Sekayu RT 3 RW 2")
        page.wait_for_selector(f"{CARD} .days svg")
        page.goto(f"{portal}/tempat?near={RT}&lang=en")
        page.goto(f"{portal}/rt/{RT}?lang=en")
        page.wait_for_selector("[data-forget]")
        assert page.evaluate("({...localStorage})").keys() == {"mikrozonasi.rt:"}
        stored = json.loads(page.evaluate("localStorage.getItem('mikrozonasi.rt:')"))
        assert stored == {"code": RT, "name": NAME}
        paths = {unquote(url.removeprefix(portal)) for url in page.evaluate(f"({kept})()")}
        assert "/?lang=en" in paths
        others = {re.sub(r"[0-9a-f]{16}", "0", path) for path in paths}
        assert {path.split("/")[1] for path in others} <= {
            *("?lang=en", "rt", "assets", "logo", "names", "colours", "picture"),
        }
        page.click("[data-forget]")
        page.wait_for_selector("[data-remember]")
        paths = set(page.evaluate(f"({kept})()"))
        assert not [path for path in paths if RT in path or path == f"{portal}/?lang=en"]


def test_the_map_leads_back_to_the_portal_on_the_same_day(portal: str, browser: Browser) -> None:
    with visitor(browser, portal, service_workers="block") as page:
        page.goto(f"{portal}/?lang=en&date=2021-07-13")
        page.locator("a.button", has_text="map").first.click()
        page.wait_for_url("**/map?*")
        open_page(page, page.url)
        assert "13 July 2021" in page.inner_text(".written")
        page.click(".city a")
        page.wait_for_url(re.compile(r"/\?"))
        assert parse_qs(urlsplit(page.url).query) == {"lang": ["en"], "date": ["2021-07-13"]}
        assert page.locator("#cari").count() == 1


def test_a_long_history_is_played_week_by_week(portal: str, browser: Browser) -> None:
    """The list of days is made longer; the player starts 10 days before its end."""
    with visitor(browser, portal, service_workers="block") as page:
        days = page.request.get(f"{portal}/days").json()["days"]
        before = [{**days[0], "date": f"2021-0{3 + n // 30}-{1 + n % 30:02}"} for n in range(90)]
        page.route("**/days", lambda route: route.fulfill(json={"days": before + days}))
        page.goto(f"{portal}/map?lang=en&date=2021-07-05")
        page.wait_for_selector(".track input")
        play = page.locator(".play")
        assert play.get_attribute("aria-label") == WORDS["play_weeks"].en
        play.click()
        page.wait_for_selector('.written:has-text("12 July 2021")')
        page.wait_for_selector('.written:has-text("15 July 2021")')
        page.wait_for_selector(".play:not(.on)")
