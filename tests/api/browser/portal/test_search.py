"""A resident finds an RT: by its name, by taps, by keys, by position, and without scripts."""

import re
from datetime import date

import pytest
from playwright.sync_api import Browser, Page, Request

from api.pages.portal.texts.search import SCRIPT_TEXTS, TEXTS
from tests.api.browser.browsing import PICTURES, SIZES, Site, cut_off, opened
from tests.api.hostile import LAST

pytestmark = pytest.mark.browser

KELURAHAN = "33.74.01.1007"
RT = f"{KELURAHAN}-002-003"
NAME = "RT 003 RW 002 · Kel. Sekayu, Semarang Tengah"
ENGLISH = ("green", "yellow", "orange", "red")
CARD = "#rt-saya section"
STORED = "Object.keys(localStorage).length"


def colour_on(site: Site, code: str, day: date = LAST) -> str:
    zones = site.city.zones(day).set_index("code")
    return ENGLISH[int(zones["risk"][code])]


def requests_of(page: Page) -> list[Request]:
    """The requests of a page from now on."""
    requests: list[Request] = []
    page.on("request", lambda request: requests.append(request))  # noqa: PLW0108  (it sets attributes)
    return requests


def start(page: Page, address: str) -> None:
    """Open a page and wait until its script listens."""
    page.goto(address)
    page.locator("#posisi").wait_for()


def assert_card(page: Page, site: Site, code: str = RT, name: str = NAME) -> None:
    page.wait_for_selector(CARD)
    assert page.inner_text(f"{CARD} [data-name]") == name
    assert page.inner_text(f"{CARD} h2").lower() == f"{colour_on(site, code)} zone"


@pytest.mark.parametrize("size", SIZES)
def test_a_name_is_found_on_the_phone_and_no_request_has_it(
    site: Site, browser: Browser, size: str
) -> None:
    with cut_off(browser, size, site.address) as page:
        start(page, f"{site.address}/?lang=en")
        requests = requests_of(page)
        page.fill("#nama", "Rt 3 / Rw II sekayu")
        page.keyboard.press("Enter")
        assert_card(page, site)
        page.wait_for_selector(f"{CARD} .days svg")
        bars = page.locator(f"{CARD} .days li")
        colours = [colour_on(site, RT, date(2021, 7, day)) for day in (13, 14, 15)]
        told = [text.partition(": ")[2] for text in bars.all_text_contents()]
        assert told == ["no data"] * 11 + colours
        page.screenshot(path=PICTURES / f"search-card-{size}.png", full_page=True)
        for request in requests:
            path = request.url.removeprefix(site.address)
            assert re.fullmatch(r"/((names|colours)/[0-9a-f]{16}|logo)", path), path
            assert request.post_data is None
        assert page.evaluate("document.activeElement.matches('#rt-saya section')")


def test_the_phone_remembers_the_rt_until_it_is_told_to_forget(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "phone", site.address) as page:
        start(page, f"{site.address}/?lang=en")
        assert page.locator(CARD).count() == 0
        page.fill("#nama", "Sekayu RT 3 RW 2")
        page.click("#cari button[type=submit]")
        assert_card(page, site)
        for address in ("/?lang=en", "/?lang=en&date=2021-07-13"):
            page.goto(site.address + address)
            page.wait_for_selector(CARD)
        day = date(2021, 7, 13)
        assert page.inner_text(f"{CARD} h2").lower() == f"{colour_on(site, RT, day)} zone"
        assert page.context.cookies() == []
        page.goto(f"{site.address}/rt/{RT}?lang=en")
        assert TEXTS["remember_done"].en in page.inner_text("#ingat")
        start(page, f"{site.address}/?lang=en")
        page.click("[data-forget]")
        assert page.inner_text("#kabar") == SCRIPT_TEXTS["forgotten"].en
        assert page.evaluate(STORED) == 0
        page.reload()
        page.wait_for_selector("#posisi")
        assert page.locator(CARD).count() == 0


def test_the_page_of_an_rt_remembers_it_on_request_only(site: Site, browser: Browser) -> None:
    with cut_off(browser, "phone", site.address) as page:
        page.goto(f"{site.address}/rt/{RT}?lang=en")
        page.wait_for_selector("[data-remember]")
        assert page.evaluate(STORED) == 0
        page.click("[data-remember]")
        start(page, f"{site.address}/?lang=en")
        assert_card(page, site)


def test_taps_alone_lead_from_a_beginning_to_the_rt(site: Site, browser: Browser) -> None:
    with cut_off(browser, "phone", site.address) as page:
        start(page, f"{site.address}/?lang=en")
        page.tap("#nama")
        page.keyboard.type("sek")
        page.tap("#pilihan button >> text='2'")
        choices = page.locator("#pilihan .zones button")
        choices.first.wait_for()
        texts = [re.sub(r"\s+", " ", text).strip() for text in choices.all_inner_texts()]
        assert texts[2].lower().endswith(f"rt 003 rw 002 {colour_on(site, RT)}")
        page.screenshot(path=PICTURES / "search-choices.png")
        choices.nth(2).tap()
        assert_card(page, site)


def test_keys_alone_lead_to_the_rt(site: Site, browser: Browser) -> None:
    with cut_off(browser, "desk", site.address) as page:
        start(page, f"{site.address}/?lang=en")
        page.wait_for_selector("#posisi")
        for _ in range(10):
            page.keyboard.press("Tab")
            if page.evaluate("document.activeElement.id") == "nama":
                break
        page.keyboard.type("Sekayu rw 2")
        page.keyboard.press("Enter")
        page.wait_for_selector("#pilihan .zones button:focus")
        page.keyboard.press("Tab")
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        assert_card(page, site)


@pytest.mark.parametrize("lang", ["id", "en"])
def test_a_search_without_an_answer_says_what_to_write(
    site: Site, browser: Browser, lang: str
) -> None:
    with cut_off(browser, "phone", site.address) as page:
        start(page, f"{site.address}/?lang={lang}")
        for text, key in (
            ("Wakanda RT 1 RW 1", "no_match"),
            ("<b>qq</b><svg onload=zz()>", "no_match"),
            ("😀", "no_match"),
            ("sekayu " * 1500, "no_match"),
            ("RT 1 RW 1", "no_name"),
        ):
            page.fill("#nama", text)
            page.keyboard.press("Enter")
            beginning = getattr(TEXTS[key], lang).partition("{")[0].strip()
            page.locator("#kabar", has_text=beginning).wait_for()
            assert page.locator("#pilihan").is_hidden()


def test_names_that_look_like_code_are_shown_as_text(site: Site, browser: Browser) -> None:
    with cut_off(browser, "phone", site.address) as page:
        start(page, f"{site.address}/?lang=en")
        page.fill("#nama", "Kec. Semarang Tengah")
        page.keyboard.press("Enter")
        page.locator("#pilihan button").first.wait_for()
        names = page.locator("#pilihan b").all_inner_texts()
        assert "<img src=x onerror=alert(1)>" in names
        assert "</script><script>alert(1)</script>" in names
        page.locator("#pilihan button").first.click()
        page.locator("#pilihan .numbers button").first.click()
        page.locator("#pilihan .zones button").first.click()
        page.wait_for_selector(CARD)
        assert "<img src=x" in page.inner_text(f"{CARD} [data-name]")


# --- the position


def inside(site: Site, code: str) -> tuple[float, float]:
    point = site.city.ground().boundaries.area(code).geometry.representative_point()
    return point.x, point.y


def tap_position(page: Page, point: tuple[float, float], accuracy: float) -> None:
    page.context.grant_permissions(["geolocation"])
    lon, lat = point
    page.context.set_geolocation({"longitude": lon, "latitude": lat, "accuracy": accuracy})
    page.click("#posisi")


def test_an_exact_position_shows_the_rt_and_stands_in_no_address(
    site: Site, browser: Browser
) -> None:
    with cut_off(browser, "phone", site.address) as page:
        start(page, f"{site.address}/?lang=en")
        requests = requests_of(page)
        tap_position(page, inside(site, RT), 12)
        page.wait_for_selector(CARD)
        assert page.inner_text(f"{CARD} [data-name]").startswith("RT 003 RW 002")
        [sent] = [request for request in requests if request.method == "POST"]
        assert sent.url == f"{site.address}/locate"
        assert not [each.url for each in requests if re.search(r"\d\.\d{3}|lon|lat=", each.url)]


@pytest.mark.parametrize("lang", ["id", "en"])
def test_an_inexact_position_asks_and_each_failure_has_its_sentence(
    site: Site, browser: Browser, lang: str
) -> None:
    def said(key: str, n: int = 0) -> str:
        return str(getattr(SCRIPT_TEXTS[key], lang)).format(n=n, city=city)

    with cut_off(browser, "phone", site.address) as page:
        page.clock.install()
        start(page, f"{site.address}/?lang={lang}")
        page.wait_for_selector("#posisi")
        city = page.inner_text(".brand small")
        page.click("#posisi")  # no permission
        page.locator("#kabar", has_text=said("refused")).wait_for()
        for point, accuracy, key in (
            (inside(site, RT), 80, "inexact"),
            (inside(site, RT), 5000, "too_inexact"),
            ((0.0, 0.0), 80, "outside"),
            ((0.0, 0.0), 10, "outside"),
        ):
            tap_position(page, point, accuracy)
            if accuracy > 30:
                n = accuracy
                page.locator("#kabar", has_text=said("locating_within", n)).wait_for()
                page.clock.fast_forward(16_000)
            page.locator("#kabar", has_text=said(key, accuracy)).wait_for()
            assert page.locator(CARD).count() == 0
            if key == "inexact":
                assert page.locator("#pilihan .zones button").count() >= 2
                page.screenshot(path=PICTURES / f"search-inexact-{lang}.png")
            else:
                assert page.locator("#pilihan").is_hidden()
        tap_position(page, inside(site, "33.74.01.1010-x-001"), 5)
        page.locator("#kabar", has_text="Pasar <b>Johar</b>").wait_for()


# --- without scripts, without a connection, in little room


def test_without_scripts_the_form_leads_to_the_rt(site: Site, browser: Browser) -> None:
    with opened(browser, "phone", java_script_enabled=False) as page:
        page.goto(f"{site.address}/?lang=en")
        assert page.locator("#posisi").is_hidden()
        page.fill("[name=kelurahan]", "Sekayu")
        page.fill("[name=rw]", "II")
        page.fill("[name=rt]", "003")
        page.click("#cari button")
        assert page.url == f"{site.address}/rt/{RT}?lang=en"
        assert f"{colour_on(site, RT)} zone" in page.inner_text("h1").lower()
        page.goto(f"{site.address}/?lang=en")
        page.fill("[name=kelurahan]", "sekayu")
        page.click("#cari button")
        page.click("button[aria-label='RW 002']")
        page.click("main a:has-text('RT 003')")
        assert page.url == f"{site.address}/rt/{RT}?lang=en"


def test_without_a_connection_the_search_says_so_and_works_later(
    site: Site, browser: Browser
) -> None:
    with opened(browser, "phone") as page:
        start(page, f"{site.address}/?lang=en")
        page.context.route("**/names/*", lambda route: route.abort())
        page.fill("#nama", "Sekayu RT 3 RW 2")
        page.keyboard.press("Enter")
        page.locator("#kabar", has_text=SCRIPT_TEXTS["failed"].en).wait_for()
        page.context.unroute("**/names/*")
        page.keyboard.press("Enter")
        assert_card(page, site)


def test_an_rt_that_no_longer_exists_is_not_shown(site: Site, browser: Browser) -> None:
    with cut_off(browser, "phone", site.address) as page:
        start(page, f"{site.address}/?lang=en")
        for stored in ('{"code": "33.74.99", "name": "RT 1"}', "no json", "[]", '{"code": 7}'):
            page.evaluate("(text) => localStorage.setItem('mikrozonasi.rt:', text)", stored)
            page.reload()
            page.wait_for_selector("#posisi")
            if "33.74.99" in stored:
                page.locator("#kabar", has_text="RT 1").wait_for()
            assert page.locator(CARD).count() == 0


def too_wide(page: Page) -> list[str]:
    """Elements that make the page wider than the window."""
    found: list[str] = page.evaluate(
        """() => document.documentElement.scrollWidth <= innerWidth ? [] :
            [...document.querySelectorAll("main *, header *, footer *")]
                .filter((one) => one.getBoundingClientRect().right > innerWidth)
                .map((one) => `${one.tagName} ${one.className} ${one.textContent.slice(0, 30)}`)
        """
    )
    return found


@pytest.mark.parametrize("width", [320, 390, 1440])
def test_nothing_is_wider_than_the_window(site: Site, browser: Browser, width: int) -> None:
    with cut_off(browser, "desk", site.address) as page:
        page.set_viewport_size({"width": width, "height": 800})
        start(page, f"{site.address}/?lang=en")
        for text in ("sekayu rw 2", "sekayu", "Kec. Semarang Tengah"):
            page.fill("#nama", text)
            page.keyboard.press("Enter")
            page.locator("#pilihan button").first.wait_for()
            assert too_wide(page) == []
        page.fill("#nama", "Sekayu RT 3 RW 2")
        page.keyboard.press("Enter")
        page.wait_for_selector(f"{CARD} .days svg")
        page.evaluate("document.documentElement.style.fontSize = '32px'")
        assert too_wide(page) == []
        page.screenshot(path=PICTURES / f"search-large-text-{width}.png", full_page=True)
