"""Clients that hold a server up: ``python -m benchmarks.clients.attack PORT``, until it is ended.

Thousands of requests that are never whole, answers that are read a byte a second, bodies that
trickle; from fifteen addresses, and each is begun anew as soon as the server ends it. Prints a line
once all have begun.
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
# This machine alone is believed to be a proxy; these are clients like any other.
_ADDRESSES: Final = tuple(f"127.0.1.{n}" for n in range(1, 16))
_AT_ONCE: Final = 20
"""Connections being begun."""
_REST: Final = 5.0
"""Seconds after which what the server ended begins anew, so that it is no flood of its own."""
_SMALL: Final = 4096

Act = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def half(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send half a head, and then a byte before the usual time limits end."""
    writer.write(b"GET /zones HTTP/1.1\r\nHost: kota.example\r\nX: ")
    while not writer.is_closing():
        await asyncio.sleep(9)
        writer.write(b"a")
        await writer.drain()


async def read_slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Ask for the largest answer there is, and fetch a byte a second."""
    writer.write(b"GET /zones?level=rt HTTP/1.1\r\nHost: kota.example\r\n\r\n")
    while await reader.read(1):
        await asyncio.sleep(1)


async def trickle(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Send a body a byte a second."""
    writer.write(b"POST /locate HTTP/1.1\r\nHost: kota.example\r\nContent-Type: application/json")
    writer.write(b"\r\nContent-Length: 60000\r\n\r\n")
    while not writer.is_closing():
        writer.write(b" ")
        await writer.drain()
        await asyncio.sleep(1)


async def _again_and_again(port: int, address: str, act: Act, begun: Callable[[], None]) -> None:
    told = False
    while True:
        with suppress(OSError, TimeoutError):
            async with _BEGINNING:
                reader, writer = await _connect(port, address)
            try:
                if not told:
                    begun()
                    told = True
                await act(reader, writer)
            finally:
                writer.close()
        if not told:
            begun()
            told = True
        await asyncio.sleep(_REST)


async def _connect(port: int, address: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    connected = socket.socket()
    connected.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _SMALL)
    connected.setblocking(False)
    connected.bind((address, 0))
    await asyncio.wait_for(
        asyncio.get_running_loop().sock_connect(connected, (_SERVER, port)), timeout=10
    )
    return await asyncio.open_connection(sock=connected, limit=_SMALL)


_BEGINNING: Final = asyncio.Semaphore(_AT_ONCE)


async def _attack(port: int) -> None:
    acts = [half] * HALF_SENT + [read_slowly] * SLOW_READERS + [trickle] * TRICKLED
    every = asyncio.Event()
    number = count(1)

    def begun() -> None:
        if next(number) == len(acts):
            every.set()

    attacks = [
        asyncio.create_task(_again_and_again(port, _ADDRESSES[n % len(_ADDRESSES)], act, begun))
        for n, act in enumerate(acts)
    ]
    await every.wait()
    print(
        f"{HALF_SENT} half requests, {SLOW_READERS} slow readers, {TRICKLED} bodies that trickle "
        f"have begun",
        flush=True,
    )
    await asyncio.gather(*attacks)


def main() -> None:
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    asyncio.run(_attack(int(sys.argv[1])))


if __name__ == "__main__":
    main()
