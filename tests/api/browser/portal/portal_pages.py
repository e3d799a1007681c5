"""The pages of the portal, one visitor, and what a browser measures on each page."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Request, Response

from tests.api.browser.browsing import cut_off, settled
from tests.cities.help_city import KELURAHAN

RT: Final = "33.74.01.1007-002-003"
PORTAL: Final = (
    "/",
    f"/rt/{RT}",
    "/rt",
    "/wilayah",
    f"/wilayah/{KELURAHAN}?colour=green",
    "/tempat",
    f"/tempat?kind=hospital&near={KELURAHAN}",
    "/rujukan",
    "/vaksinasi",
    "/bantuan",
    "/alat",
    "/pendatang",
    "/aturan",
    "/dokter",
    "/tentang",
)
"""Pages made for residents, besides the map."""
ERRORS: Final = {"/rt/33.74.01.1007-002-999": 404, "/?date=2020-01-01": 404, "/tempat?kind=x": 422}
MAPS: Final = ("/map", f"/map?rt={RT}")
PAGES: Final = (*PORTAL, *MAPS, *ERRORS)
LANGUAGES: Final = ("id", "en")

_SERIOUS: Final = frozenset({"serious", "critical"})
_KEPT: Final = """async () => ({
    local: Object.keys(localStorage),
    session: Object.keys(sessionStorage),
    databases: (await indexedDB.databases()).map((one) => one.name),
    caches: (await caches.keys()).filter((name) => !name.startsWith("mikrozonasi ")),
    cookies: document.cookie,
})"""
NOTHING: Final = {"local": [], "session": [], "databases": [], "caches": [], "cookies": ""}


def in_language(path: str, language: str) -> str:
    """The path of a page in a language."""
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def in_own_language(path: str) -> str:
    """The path of a page without its language."""
    return path.partition("lang=")[0].rstrip("?&")


@contextmanager
def visitor(browser: Browser, address: str, **options: Any) -> Iterator[Page]:
    """A page of the portal; at its end no request has failed, and the phone keeps nothing.

    A page answers with the status of `ERRORS`, every other request with success.
    """
    faults: list[str] = []

    has_scripts = options.get("java_script_enabled", True)

    def failed(request: Request) -> None:
        # A page that is left gives up what it still asks for; one without scripts loads none.
        is_script = request.url.endswith(".js")
        if request.failure != "net::ERR_ABORTED" and (has_scripts or not is_script):
            faults.append(f"{request.url}: {request.failure}")

    def answered(response: Response) -> None:
        path = in_own_language(response.url.removeprefix(address))
        # A tile without an RT is an empty answer.
        if response.status != ERRORS.get(path, 200) and response.status not in {204, 301, 303}:
            faults.append(f"{response.url}: {response.status}")

    with cut_off(browser, "desk", address, statuses={404, 422}, **options) as page:
        page.on("requestfailed", failed)
        page.on("response", answered)
        yield page
        if has_scripts:
            assert page.evaluate(f"({_KEPT})()") == NOTHING
        assert page.context.cookies() == []
        assert faults == [], faults


def visit(page: Page, address: str) -> None:
    """Open a page and wait until all of it is there, with every ``<details>`` open."""
    page.goto(address)
    settled(page)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    settled(page)


def barriers(page: Page) -> list[str]:
    """What axe-core finds serious or critical for people with disabilities, with its elements."""
    found = Axe().run(page).response["violations"]
    return [
        f"{rule['id']}: {node['html'][:120]} {node['failureSummary'][:200]}"
        for rule in found
        if rule["impact"] in _SERIOUS
        for node in rule["nodes"]
    ]
