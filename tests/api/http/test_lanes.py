"""Expensive questions keep nobody else waiting, and a question is never larger than any need be."""

import asyncio
import threading
from typing import Any

import pytest
from fastapi import FastAPI
from starlette.responses import StreamingResponse
from starlette.types import Message, Receive, Scope, Send

from api.app import create_app
from api.geojson.features import LevelFeatures
from api.http.access import LISTED, Access, AccessTable
from api.http.bounds import LARGEST_BODY, LONGEST_PATH, MOST_PARAMETERS
from api.http.lanes import LANES, LanesMiddleware, StreamWriter, lane_of
from api.ogc.service import Ogc
from api.settings import Settings
from geodata.store import postgres
from tests.api.routes.every_route import every_route
from tests.api.serving.raw import Answer, ask, started

EXPENSIVE, WAITING = LANES["expensive"]
MANY = 100
KOTA = "33.74"


@pytest.fixture
def app(small_settings: Settings) -> Any:
    """An application of its own, not started."""
    return create_app(small_settings)


# --- lanes


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0.01)


def test_however_many_expensive_questions_are_asked_cheap_ones_and_health_are_answered(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, entered = threading.Event(), []
    inside = LevelFeatures.inside

    def slow(self: LevelFeatures, parent: str) -> Any:
        entered.append(parent)
        free.wait()
        return inside(self, parent)

    monkeypatch.setattr(LevelFeatures, "inside", slow)

    async def go() -> list[Answer]:
        async with started(app):
            asked = [
                asyncio.create_task(ask(app, f"/zones?level=kelurahan&parent={KOTA}"))
                for _ in range(MANY)
            ]
            try:
                refused = MANY - EXPENSIVE - WAITING
                await until(lambda: sum(one.done() for one in asked) >= refused)
                await until(lambda: len(entered) >= EXPENSIVE)
                for path in ("/healthz", f"/zones/{KOTA}", "/docs", "/tilejson", "/ogc"):
                    for _ in range(5):
                        assert (await ask(app, path)).status == 200
                assert len(entered) == EXPENSIVE
                assert sum(one.done() for one in asked) == refused
            finally:
                free.set()
            return list(await asyncio.gather(*asked))

    answers = asyncio.run(go())
    busy = [answer for answer in answers if answer.status != 200]
    assert len(busy) == MANY - EXPENSIVE - WAITING
    for answer in busy:
        assert (answer.status, answer.code) == (503, "busy")
        assert answer.headers["retry-after"] == "5"
        assert answer.headers["cache-control"] == "no-store"
    assert {answer.body for answer in answers if answer.status == 200} == {answers[0].body}


def test_tiles_that_wait_keep_no_other_question_waiting(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()

    def slow(_self: Ogc, _days: object) -> None:
        free.wait()

    monkeypatch.setattr(Ogc, "run_of", slow)
    tile = "/ogc/tiles/WebMercatorQuad/12/2127/3304?datetime=2021-07-15"

    async def go() -> list[Answer]:
        async with started(app):
            asked = [asyncio.create_task(ask(app, tile)) for _ in range(MANY)]
            try:
                threads = app.state.public.tiles.threads
                await until(lambda: threads.statistics().tasks_waiting >= MANY - 8)
                for path in ("/healthz", f"/zones/{KOTA}", "/zones?level=kota", "/tilejson"):
                    assert (await ask(app, path)).status == 200
                assert not any(one.done() for one in asked)
            finally:
                free.set()
            return list(await asyncio.gather(*asked))

    assert {answer.status for answer in asyncio.run(go())} == {204}


def test_who_reads_slowly_keeps_nobody_waiting() -> None:
    async def streamed(scope: Scope, receive: Receive, send: Send) -> None:
        made = iter([b"a", b"b"])
        await StreamingResponse(StreamWriter().pieces(made))(scope, receive, send)

    app = LanesMiddleware(streamed, AccessTable(FastAPI()))

    async def go() -> None:
        never = asyncio.Event()

        def stop(message: Message) -> Any:
            return never.wait() if message["type"] == "http.response.body" else None

        slow = [asyncio.create_task(ask(app, "/zones", sent=stop)) for _ in range(MANY)]
        await until(lambda: len(asyncio.all_tasks()) >= MANY)
        for _ in range(EXPENSIVE + 1):
            answer = await ask(app, "/zones")
            assert (answer.status, answer.body) == (200, b"ab")
        for one in slow:
            one.cancel()
        await asyncio.gather(*slow, return_exceptions=True)

    asyncio.run(go())


def test_a_turn_ends_with_its_question_however_that_ends() -> None:
    async def broken(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["query_string"]:
            await asyncio.Event().wait()
        raise ValueError("broken")

    app = LanesMiddleware(broken, AccessTable(FastAPI()))

    async def go() -> None:
        for _ in range(2 * (EXPENSIVE + WAITING)):
            with pytest.raises(ValueError, match="broken"):
                await ask(app, "/zones")
        gone = [asyncio.create_task(ask(app, "/zones?x")) for _ in range(EXPENSIVE + WAITING)]
        await until(lambda: not app._turns["expensive"].available_tokens)
        for one in gone:
            one.cancel()
        await asyncio.gather(*gone, return_exceptions=True)
        assert app._turns["expensive"].available_tokens == EXPENSIVE

    asyncio.run(go())


def test_all_lanes_together_have_fewer_threads_than_the_database_has_connections() -> None:
    ours = sum(lane.at_once for name, lane in LANES.items() if name != "tiles")
    # Eight threads make tiles, one prepares them, one runs the days.
    assert ours + 8 + 1 + 1 <= postgres._KEPT + postgres._MORE


CHEAP = {
    *(
        "/",
        "/docs",
        "/docs/guide/{path:path}",
        "/openapi.json",
        "/locate",
        "/tilejson",
        "/tilestyle",
        "/tiles/prepared",
    ),
    "/zones/{code}",
}


def test_every_route_is_expensive_unless_it_is_known_to_be_cheap(app: Any) -> None:
    lanes: dict[str, set[str]] = {}
    for route in every_route(app):
        access = LISTED.get(f"{route.method} {route.path}", Access.OFFICIALS)
        lanes.setdefault(lane_of(route.path, access), set()).add(route.path)
    assert lanes["health"] == {"/healthz"}
    assert {path for path in lanes["cheap"] if not path.startswith(("/ogc", "/assets"))} == CHEAP
    assert not any(path.endswith("/items") for path in lanes["cheap"])
    assert {path.split("/")[1] for path in lanes["officials"]} <= {
        *("records", "newcomers", "officials"),
    }
    assert all("{z}" in path or "{matrix}" in path for path in lanes["tiles"])
    assert lanes["expensive"] >= {
        *("/zones", "/zones/{code}/history", "/days", "/places", "/indicators", "/summary"),
        *("/map", "/embed", "/embed/guide"),
    }
    items = "/ogc/collections/{collection}/items"
    assert lanes["features"] == {items, f"{items}/{{feature}}"}


# --- bounds


@pytest.mark.parametrize("path", ["/map", "/zones", "/ogc/collections/zones-rt/items", "/nothing"])
def test_no_question_has_more_parameters_than_any_needs(app: Any, path: str) -> None:
    async def go() -> tuple[Answer, Answer]:
        async with started(app):
            many = "&".join(f"dat{n}=1" for n in range(MOST_PARAMETERS + 1))
            return await ask(app, f"{path}?{many}"), await ask(app, f"{path}?{'&' * 60_000}")

    for answer in asyncio.run(go()):
        assert answer.code == "too-many-parameters"
        assert answer.status == (400 if path.startswith("/ogc") else 422)
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_path_is_no_longer_than_any_there_is(app: Any) -> None:
    async def go() -> Answer:
        async with started(app):
            return await ask(app, "/zones/" + "9" * LONGEST_PATH)

    assert asyncio.run(go()).code == "not-found"


@pytest.mark.parametrize("headers", [(("Content-Length", "1"),), (("Transfer-Encoding", "x"),)])
@pytest.mark.parametrize("path", ["/zones", "/locate", "/healthz", "/map"])
def test_a_body_that_is_no_file_is_small_and_not_read_to_its_end(
    app: Any, headers: tuple[tuple[str, str], ...], path: str
) -> None:
    async def go() -> Answer:
        async with started(app):
            parts = tuple(bytes(10_000) for _ in range(1000))
            return await ask(app, path, method="POST", parts=parts, headers=headers)

    answer = asyncio.run(go())
    assert (answer.status, answer.code) == (413, "too-large")
    assert str(LARGEST_BODY) in answer.body.decode()
    assert answer.unread == 1000 - LARGEST_BODY // 10_000 - 1
