"""Requests to an application without a server, many at the same time in one event loop."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from types import MappingProxyType
from typing import Any, NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message


class Answer(NamedTuple):
    """The response of an application."""

    status: int
    headers: Headers
    body: bytes
    unread: int
    """Number of parts of the request body that the application did not read."""

    @property
    def code(self) -> str:
        """Code of an error."""
        return str(json.loads(self.body)["code"])


async def ask(
    app: ASGIApp,
    target: str,
    *,
    method: str = "GET",
    parts: tuple[bytes, ...] = (b"",),
    headers: tuple[tuple[str, str], ...] = (),
    sent: Callable[[Message], Any] = lambda _: None,
    changes: Mapping[str, Any] = MappingProxyType({}),
) -> Answer:
    """Request one path; `sent` gets each message of the response, and may delay the next.

    `changes` replaces values of the ASGI scope.
    """
    path, _, query = target.partition("?")
    scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "scheme": "http",
        "http_version": "1.1",
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
        "server": ("kota.example", 80),
        "client": ("198.51.100.1", 1234),
        "state": {},
        **changes,
    }
    remaining = [
        {"type": "http.request", "body": part, "more_body": n + 1 < len(parts)}
        for n, part in enumerate(parts)
    ]
    messages: list[Message] = []
    is_finished = asyncio.Event()

    async def receive() -> Message:
        if remaining:
            return remaining.pop(0)
        await is_finished.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)
        delay = sent(message)
        if delay is not None:
            await delay

    await app(scope, receive, send)
    is_finished.set()
    body = b"".join(message.get("body", b"") for message in messages[1:])
    return Answer(messages[0]["status"], Headers(raw=messages[0]["headers"]), body, len(remaining))


@asynccontextmanager
async def started(app: Any) -> AsyncIterator[None]:
    """The application between its start and its end."""
    async with app.router.lifespan_context(app):
        yield
