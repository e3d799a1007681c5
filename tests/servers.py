"""Start servers as separate processes, and send HTTP requests to them."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import httpx2 as httpx

TIMEOUT = 120
"""Seconds that a server on a busy machine may take before the test fails."""


def command(*words: object) -> list[str]:
    return [sys.executable, "-c", "from api.cli import main; main()", *map(str, words)]


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port that no other process gets while the block runs.

    The socket is bound and does not listen. With SO_REUSEADDR on both sockets, the system gives the
    port to no process that asks for a free port, and lets the server bind this port.
    """
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", 0))
        yield sock.getsockname()[1]


@contextmanager
def served(url: str, *options: str, **settings: str) -> Iterator[httpx.Client]:
    """A server of this database in a separate process, with settings in its environment."""
    with _served((), url, options, settings) as client:
        yield client


@contextmanager
def served_with_few_files(url: str, descriptors: int) -> Iterator[httpx.Client]:
    """As `served`, with a limit on open files."""
    prefix = ("sh", "-c", f'ulimit -n {descriptors} && exec "$@"', "sh")
    with _served(prefix, url, (), {}) as client:
        yield client


@contextmanager
def _served(
    prefix: Sequence[str], url: str, options: Sequence[str], settings: Mapping[str, str]
) -> Iterator[httpx.Client]:
    # A new connection for each request: the server may close an idle connection at any time.
    limits = httpx.Limits(max_keepalive_connections=0)
    with reserved_port() as port:
        arguments = [*prefix, *command("serve", "--database", url, "--port", port, *options)]
        process = subprocess.Popen(arguments, env={**os.environ, **settings})
        try:
            base_url = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=base_url, timeout=TIMEOUT, limits=limits) as client:
                _wait_for_server(client, process)
                yield client
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=TIMEOUT)


def _wait_for_server(client: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + TIMEOUT
    while time.monotonic() < deadline:
        try:
            client.get("/openapi.json")
        except httpx.TransportError:
            assert process.poll() is None
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


def wait_for_tiles(client: httpx.Client) -> httpx.Client:
    """Wait until the tiles of the newest day are prepared, which vector tiles need."""
    deadline = time.monotonic() + TIMEOUT
    while client.get("/tiles/prepared").json()["prepared"] < 1:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return client
