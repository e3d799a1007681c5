"""Slots of queues: how many requests run and wait, and when a request releases its slot."""

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import PlainTextResponse, StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from api.http.access import Access, AccessTable
from api.http.queues import QUEUES, QueueLimits, QueueMiddleware, StreamWriter, queue_name
from tests.api.http.without_city.small_app import error_of, small_app
from tests.api.serving.raw import Answer, ask

EXPENSIVE, WAITING = QUEUES["expensive"]
MANY = 100


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0.001)


@pytest.mark.parametrize(
    ("path", "queue"),
    [
        ("/", "cheap"),
        ("/zones/33.74", "cheap"),
        ("/zones/33.74/", "expensive"),
        ("/zones", "expensive"),
        ("/zones/33.74/history", "expensive"),
        ("/locate", "cheap"),
        ("/docs", "cheap"),
        ("/docs/guide", "cheap"),
        ("/docs/guide/a/b.html", "cheap"),
        ("/docs/other", "expensive"),
        ("/openapi.json", "cheap"),
        ("/openapi-json", "expensive"),
        ("/assets/own/zones.js", "cheap"),
        ("/tiles/prepared", "cheap"),
        ("/tiles/run/1/2/3.png", "tiles"),
        ("/ogc", "cheap"),
        ("/ogc/collections", "cheap"),
        ("/ogc/tiles/W/1/2/3", "tiles"),
        ("/ogc/collections/c/map/tiles/W/1/2/3", "tiles"),
        ("/ogc/tiles/W", "cheap"),
        ("/ogc/collections/c/items", "features"),
        ("/ogc/collections/c/items/1", "features"),
        ("/nothing", "expensive"),
    ],
)
def test_a_path_has_a_queue(path: str, queue: str) -> None:
    assert queue_name(path, Access.DATA) == queue
    assert queue_name(path, Access.NOTHING) == queue
    assert queue_name(path, Access.HEALTH) == "health"
    assert queue_name(path, Access.OFFICIALS) == "officials"


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two requests of a kind run, three more wait."""
    for name in QUEUES:
        monkeypatch.setitem(QUEUES, name, QueueLimits(2, 3))


class Held:
    """An application whose requests end when the test lets them."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.running += 1
        await self.free.wait()
        await PlainTextResponse("answer")(scope, receive, send)


async def _fill(app: Any, held: Held, path: str, count: int) -> list["asyncio.Task[Answer]"]:
    running = held.running
    tasks = [asyncio.create_task(ask(app, path)) for _ in range(count)]
    await until(lambda: held.running == running + 2)
    for _ in range(10):
        await asyncio.sleep(0)
    return tasks


@pytest.mark.usefixtures("few")
def test_two_run_and_three_wait_and_the_sixth_is_rejected_at_once() -> None:
    async def run() -> None:
        inner, held = small_app(), Held()
        inner.mount("/", held)
        inner.add_middleware(QueueMiddleware, table=AccessTable(FastAPI()))
        tasks = await _fill(inner, held, "/zones", 5)
        assert held.running == 2
        rejected = await ask(inner, "/zones")
        message = "Too many requests of this kind are waiting. Try again in a few seconds."
        assert error_of(rejected) == (503, "busy", message)
        assert rejected.headers["retry-after"] == "5"
        # Another kind has its own slots.
        others = await _fill(inner, held, "/zones/33.74", 5)
        assert (await ask(inner, "/zones/33.74")).status == 503
        held.free.set()
        answers = await asyncio.gather(*tasks, *others)
        assert [answer.status for answer in answers] == [200] * 10
        assert (await ask(inner, "/zones")).status == 200

    asyncio.run(run())


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize(
    ("path", "root", "queue"),
    [("/records/cases", "", "officials"), ("/healthz", "", "health"), ("/a/locate", "/a", "cheap")],
)
def test_the_queue_follows_from_the_access_and_the_path_within_the_application(
    path: str, root: str, queue: str
) -> None:
    routes = FastAPI(openapi_url=None)
    for route in ("/records/{kind}", "/healthz", "/locate"):
        routes.add_api_route(route, lambda: None)
    app = QueueMiddleware(Held(), AccessTable(routes))

    async def run() -> None:
        task = asyncio.create_task(ask(app, path, changes={"root_path": root}))
        await until(lambda: app._slots[queue].borrowed_tokens == 1)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert app._slots[queue].borrowed_tokens == 0

    asyncio.run(run())


def test_an_event_that_is_no_request_needs_no_slot() -> None:
    passed: list[Any] = []

    async def inner(*arguments: Any) -> None:
        passed.append(arguments)

    middleware: Any = QueueMiddleware(inner, AccessTable(FastAPI()))
    asyncio.run(middleware({"type": "lifespan"}, "receive", "send"))
    assert passed == [({"type": "lifespan"}, "receive", "send")]


def test_a_client_that_reads_slowly_blocks_no_other_client() -> None:
    async def streamed(scope: Scope, receive: Receive, send: Send) -> None:
        pieces = iter([b"a", b"b"])
        await StreamingResponse(StreamWriter().pieces(pieces))(scope, receive, send)

    app = QueueMiddleware(streamed, AccessTable(FastAPI()))

    async def run() -> None:
        never = asyncio.Event()

        def stop(message: Message) -> Any:
            return never.wait() if message["type"] == "http.response.body" else None

        tasks = [asyncio.create_task(ask(app, "/zones", sent=stop)) for _ in range(MANY)]
        await until(lambda: len(asyncio.all_tasks()) >= MANY)
        for _ in range(EXPENSIVE + 1):
            answer = await ask(app, "/zones")
            assert (answer.status, answer.body) == (200, b"ab")
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    asyncio.run(run())


def test_a_response_that_has_begun_holds_no_slot() -> None:
    async def run() -> None:
        never = asyncio.Event()

        async def begin(_scope: Scope, _receive: Receive, send: Send) -> None:
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await never.wait()

        app = QueueMiddleware(begin, AccessTable(FastAPI()))
        began: list[Message] = []
        task = asyncio.create_task(ask(app, "/zones", sent=began.append))
        await until(lambda: began)
        assert app._slots["expensive"].borrowed_tokens == 0
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(run())


def test_a_request_that_fails_or_is_cancelled_releases_its_slot() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"]:
            await asyncio.Event().wait()
        raise ValueError("broken")

    app = QueueMiddleware(broken, AccessTable(FastAPI()))

    async def run() -> None:
        for _ in range(2 * (EXPENSIVE + WAITING)):
            with pytest.raises(ValueError, match="broken"):
                await ask(app, "/zones")
        tasks = [asyncio.create_task(ask(app, "/zones?x")) for _ in range(EXPENSIVE + WAITING)]
        await until(lambda: not app._slots["expensive"].available_tokens)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert app._slots["expensive"].available_tokens == EXPENSIVE

    asyncio.run(run())


def test_a_piece_is_made_after_the_piece_before_it_was_taken() -> None:
    made: list[int] = []

    def pieces() -> Iterator[bytes]:
        for number in range(3):
            made.append(number)
            yield bytes([number])

    async def run() -> None:
        taken = 0
        async for piece in StreamWriter().pieces(pieces()):
            assert piece == bytes([taken])
            taken += 1
            assert made == list(range(taken))
        assert taken == 3

    asyncio.run(run())


def test_at_most_four_long_responses_are_written_at_once() -> None:
    writing, free = list[str](), threading.Event()

    def pieces() -> Iterator[bytes]:
        writing.append("piece")
        free.wait(10)
        yield b"piece"

    async def write(writer: StreamWriter) -> list[bytes]:
        return [piece async for piece in writer.pieces(pieces())]

    async def run() -> None:
        writer = StreamWriter()
        tasks = [asyncio.create_task(write(writer)) for _ in range(6)]
        await until(lambda: len(writing) == 4)
        await asyncio.sleep(0.02)
        assert len(writing) == 4
        free.set()
        assert await asyncio.gather(*tasks) == [[b"piece"]] * 6

    asyncio.run(run())
