"""The log says how long after its start a server answered the first page."""

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
    """A server that answers everything."""

    class Answering(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/map" else 404)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_it_is_said_when_the_map_is_answered_and_what_follows_is_done(
    site: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    done = Event()
    monkeypatch.setattr(first_page, "say", lambda _, english: said.append(english))
    first_page.say_when_answered("0.0.0.0", site, done.set)  # noqa: S104
    assert done.wait(60)
    [line] = said
    assert line.startswith("The first page was answered ")
    assert float(line.split()[5]) > 0


def test_a_process_knows_how_long_it_runs() -> None:
    script = (
        "import time; time.sleep(0.5)\n"
        "from api.cli.first_page import since_start\n"
        "print(since_start())"
    )
    before = first_page.since_start()
    child = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert 0.5 <= float(child.stdout) <= first_page.since_start() - before + 0.1
