"""A TCP proxy that counts the bytes from a server: also those that a service worker requests."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread
from typing import Final

_CHUNK: Final = 1 << 16


class CountingProxy:
    """Passes connections on to a port of this machine.

    Attributes
    ----------
    port
        Port of the proxy.
    received
        Bytes from the server so far, with the heads of the answers.
    """

    def __init__(self, target: int) -> None:
        self._target = target
        self.port = 0
        self.received = 0

    async def serve(self, ready: Event, stopped: asyncio.Event) -> None:
        """Serve until an event; sets another event when the port is open."""
        server = await asyncio.start_server(self._pass_on, "127.0.0.1", 0)
        self.port = int(server.sockets[0].getsockname()[1])
        ready.set()
        async with server:
            await stopped.wait()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        to_server = await asyncio.open_connection("127.0.0.1", self._target)
        await asyncio.gather(
            self._copy(reader, to_server[1], counted=False),
            self._copy(to_server[0], writer, counted=True),
        )

    async def _copy(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, counted: bool
    ) -> None:
        with suppress(ConnectionError):
            while chunk := await reader.read(_CHUNK):
                self.received += len(chunk) if counted else 0
                writer.write(chunk)
                await writer.drain()
        writer.close()


@contextmanager
def counting_proxy(target: int) -> Iterator[CountingProxy]:
    """A proxy in front of a port, in a thread, until the end of the block."""
    proxy, ready, loop = CountingProxy(target), Event(), asyncio.new_event_loop()
    stopped = asyncio.Event()
    thread = Thread(
        target=lambda: loop.run_until_complete(proxy.serve(ready, stopped)), daemon=True
    )
    thread.start()
    ready.wait()
    try:
        yield proxy
    finally:
        loop.call_soon_threadsafe(stopped.set)
        thread.join()
