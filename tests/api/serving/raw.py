"""Questions put to an application itself, many at a time, in one event loop."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message


class Answer(NamedTuple):
    """What came back."""

    status: int
    headers: Headers
    body: bytes
    unread: int
    """Parts of the body of the question that were not asked for."""

    @property
    def code(self) -> str:
        """Of an error."""
        return str(json.loads(self.body)["code"])


async def ask(
    app: ASGIApp,
    target: str,
    *,
    method: str = "GET",
    parts: tuple[bytes, ...] = (b"",),
    headers: tuple[tuple[str, str], ...] = (),
    sent: Callable[[Message], Any] = lambda _: None,
) -> Answer:
    """Ask for one path; `sent` hears each message of the answer, and may keep it waiting."""
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
    }
    coming = [
        {"type": "http.request", "body": part, "more_body": n + 1 < len(parts)}
        for n, part in enumerate(parts)
    ]
    messages: list[Message] = []
    done = asyncio.Event()

    async def receive() -> Message:
        if coming:
            return coming.pop(0)
        await done.wait()
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        messages.append(message)
        found = sent(message)
        if found is not None:
            await found

    await app(scope, receive, send)
    done.set()
    body = b"".join(one.get("body", b"") for one in messages[1:])
    return Answer(messages[0]["status"], Headers(raw=messages[0]["headers"]), body, len(coming))


@asynccontextmanager
async def started(app: Any) -> AsyncIterator[None]:
    """The application between its start and its end."""
    async with app.router.lifespan_context(app):
        yield
