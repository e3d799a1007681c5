"""The server logs the time from its start to the first page."""

import http.server
import subprocess
import sys
import threading
from collections.abc import Iterator
from threading import Event

import pytest

from api.cli import first_page


@pytest.fixture
def site() -> Iterator[int]:
    """The port of a server that answers ``/map``."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/map" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_the_time_of_the_first_page_is_logged_and_the_warm_up_runs(
    site: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    is_warm = Event()
    monkeypatch.setattr(first_page, "print_message", lambda _, english: lines.append(english))
    first_page.announce_first_page("0.0.0.0", site, is_warm.set)  # noqa: S104
    assert is_warm.wait(60)
    [line] = lines
    assert line.startswith("The first page was answered ")
    assert float(line.split()[5].replace(",", "")) > 0


def test_the_seconds_since_the_start_of_the_process() -> None:
    script = (
        "import time; time.sleep(0.5)\n"
        "from api.cli.first_page import seconds_since_start\n"
        "print(seconds_since_start())"
    )
    before = first_page.seconds_since_start()
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert 0.5 <= float(child.stdout) <= first_page.seconds_since_start() - before + 0.1
