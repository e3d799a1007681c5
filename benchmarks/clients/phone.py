"""A cheap phone with a slow connection: headless Chromium with limits of its DevTools protocol."""

import shutil
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks.clients.counting_proxy import CountingProxy

WIDTH, HEIGHT = 390, 844
_LATENCY_MS: Final = 400
_BYTES_A_SECOND: Final = 400_000 / 8
_CPU_SLOWDOWN: Final = 4
_QUIET_SECONDS: Final = 3.0
"""A visit ends when no byte came for this long: a service worker loads after the page."""
_TIMEOUT: Final = 120_000
_PAINT: Final = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? null"
_LARGEST: Final = """new Promise((resolve) => new PerformanceObserver((list) =>
    resolve(list.getEntries().at(-1).startTime)
).observe({type: "largest-contentful-paint", buffered: true}))"""
_CARD: Final = "#rt-saya section h2"


class Visit(NamedTuple):
    """What one visit of a page needed.

    Attributes
    ----------
    total
        Bytes over the wire, with heads, also for the service worker.
    by_type
        Bytes of the page's own requests by type: Document, Stylesheet, Script, Font, Image, Tile.
    paint, largest
        Seconds to the first and to the largest contentful paint.
    colour, colour_after_typing
        Seconds to the colour of an RT, from the start of the visit and from the last key.
    """

    total: int
    by_type: dict[str, int]
    paint: float
    largest: float
    colour: float | None = None
    colour_after_typing: float | None = None


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser.

    Raises
    ------
    FileNotFoundError
        If the machine has no Chromium.
    """
    executable = shutil.which("chromium")
    if executable is None:
        raise FileNotFoundError("This benchmark needs chromium: apt-get install chromium.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """A phone with an empty cache."""
    context = browser.new_context(
        viewport={"width": WIDTH, "height": HEIGHT},
        device_scale_factor=2,
        is_mobile=True,
        has_touch=True,
        locale="id-ID",
    )
    context.set_default_timeout(_TIMEOUT)
    try:
        yield context
    finally:
        context.close()


def visit(
    context: BrowserContext,
    proxy: CountingProxy,
    path: str,
    *,
    is_slow: bool = True,
    again: bool = False,
    search: str | None = None,
) -> Visit:
    """Open a page, and wait until everything is loaded.

    Parameters
    ----------
    is_slow
        Whether processor and connection are those of the cheap phone.
    again
        Whether to open the page twice and measure the second time: the cache then has the page,
        and asks whether it is still right.
    search
        Typed on the page as soon as the page can search, followed by Enter.
    """
    page = context.new_page()
    requests = _Requests(page, is_slow=is_slow)
    address = f"http://127.0.0.1:{proxy.port}{path}"
    if again:
        page.goto(address)
        _wait_until_quiet(page, proxy)
        requests.clear()
    before, start = proxy.received, time.perf_counter()
    page.reload() if again else page.goto(address, wait_until="commit")
    colour = colour_after_typing = None
    if search is not None:
        # The script shows this button when it listens.
        page.locator("#posisi").wait_for()
        page.fill("#nama", search)
        typed = time.perf_counter()
        page.keyboard.press("Enter")
        page.locator(_CARD).wait_for()
        colour, colour_after_typing = time.perf_counter() - start, time.perf_counter() - typed
    page.wait_for_load_state("load")
    _wait_until_quiet(page, proxy)
    paint, largest = page.evaluate(_PAINT), page.evaluate(_LARGEST)
    page.close()
    return Visit(
        proxy.received - before,
        dict(requests.by_type.most_common()),
        paint / 1000,
        largest / 1000,
        colour,
        colour_after_typing,
    )


class _Requests:
    """The bytes of the requests of a page by type."""

    def __init__(self, page: Page, *, is_slow: bool) -> None:
        self.by_type: Counter[str] = Counter()
        self._types: dict[str, str] = {}
        session = page.context.new_cdp_session(page)
        session.on("Network.responseReceived", self._begin)
        session.on("Network.loadingFinished", self._end)
        session.send("Network.enable")
        if is_slow:
            session.send("Emulation.setCPUThrottlingRate", {"rate": _CPU_SLOWDOWN})
            limits = {
                "offline": False,
                "latency": _LATENCY_MS,
                "downloadThroughput": _BYTES_A_SECOND,
                "uploadThroughput": _BYTES_A_SECOND,
            }
            session.send("Network.emulateNetworkConditions", limits)

    def clear(self) -> None:
        """Forget the requests so far."""
        self.by_type.clear()

    def _begin(self, event: dict[str, Any]) -> None:
        is_tile = "/tiles/" in event["response"]["url"]
        self._types[event["requestId"]] = "Tile" if is_tile else event["type"]

    def _end(self, event: dict[str, Any]) -> None:
        kind = self._types.get(event["requestId"])
        if kind is not None:
            self.by_type[kind] += int(event["encodedDataLength"])


def _wait_until_quiet(page: Page, proxy: CountingProxy) -> None:
    received, since = -1, time.monotonic()
    while time.monotonic() - since < _QUIET_SECONDS:
        if proxy.received != received:
            received, since = proxy.received, time.monotonic()
        page.wait_for_timeout(100)
