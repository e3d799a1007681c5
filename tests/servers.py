"""Servers as one starts them: processes of their own, asked over HTTP."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import httpx2 as httpx

PATIENCE = 120
"""Seconds a server may take for one thing on a busy machine, before that is a failure."""


def command(*words: object) -> list[str]:
    return [sys.executable, "-c", "from api.cli import main; main()", *map(str, words)]


@contextmanager
def reserved_port() -> Iterator[int]:
    """A port that nobody else is given before a server listens on it, or after.

    Bound and never listened on, both ends with SO_REUSEADDR as servers have it: the system hands
    the port to none who asks for any, and lets in who names it.
    """
    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind(("127.0.0.1", 0))
        yield held.getsockname()[1]


@contextmanager
def served(url: str, *words: str, **settings: str) -> Iterator[httpx.Client]:
    """A server of this database in a process of its own, with settings in its environment."""
    with _served((), url, words, settings) as client:
        yield client


@contextmanager
def served_with_few_files(url: str, descriptors: int) -> Iterator[httpx.Client]:
    """As `served`, by a process that may have few files open."""
    through = ("sh", "-c", f'ulimit -n {descriptors} && exec "$@"', "sh")
    with _served(through, url, (), {}) as client:
        yield client


@contextmanager
def _served(
    through: Sequence[str], url: str, words: Sequence[str], settings: Mapping[str, str]
) -> Iterator[httpx.Client]:
    # A connection for each request: one kept for the next may be closed just as that is sent.
    alone = httpx.Limits(max_keepalive_connections=0)
    with reserved_port() as port:
        line = [*through, *command("serve", "--database", url, "--port", port, *words)]
        process = subprocess.Popen(line, env={**os.environ, **settings})
        try:
            at = f"http://127.0.0.1:{port}"
            with httpx.Client(base_url=at, timeout=PATIENCE, limits=alone) as client:
                _await(client, process)
                yield client
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=PATIENCE)


def _await(client: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            client.get("/openapi.json")
        except httpx.TransportError:
            assert process.poll() is None
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


def prepared(client: httpx.Client) -> httpx.Client:
    """The same client when the tiles of the newest day are prepared: vector tiles wait for that."""
    until = time.monotonic() + PATIENCE
    while client.get("/tiles/prepared").json()["prepared"] < 1:
        assert time.monotonic() < until
        time.sleep(0.1)
    return client
