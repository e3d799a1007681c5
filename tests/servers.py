"""Servers as one starts them: processes of their own, asked over HTTP."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx2 as httpx


def command(*words: object) -> list[str]:
    return [sys.executable, "-c", "from api.cli import main; main()", *map(str, words)]


@contextmanager
def served(url: str, *words: str, **settings: str) -> Iterator[httpx.Client]:
    """A server of this database in a process of its own, with settings in its environment."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    line = command("serve", "--database", url, "--port", port, *words)
    process = subprocess.Popen(line, env={**os.environ, **settings}, stderr=subprocess.PIPE)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            _await(client, process)
            yield client
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)


def _await(client: httpx.Client, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        try:
            client.get("/openapi.json")
        except httpx.TransportError:
            assert process.poll() is None
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")
