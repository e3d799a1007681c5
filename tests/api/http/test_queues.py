"""Expensive requests delay no other requests, and a request above the limits is rejected."""

import asyncio
import threading
from typing import Any

import pytest

from api.app import create_app
from api.geojson.features import LevelFeatures
from api.http import kept_answers
from api.http.access import PUBLIC_ROUTES, Access
from api.http.bounds import LARGEST_BODY, LONGEST_PATH, MOST_PARAMETERS
from api.http.queues import QUEUES, queue_name
from api.ogc.service import Ogc
from api.settings import Settings
from geodata.store import postgres
from tests.api.routes.every_route import every_route
from tests.api.serving.raw import Answer, ask, started

EXPENSIVE, WAITING = QUEUES["expensive"]
MANY = 100
KOTA = "33.74"


@pytest.fixture
def app(small_settings: Settings) -> Any:
    """A new application, not started."""
    return create_app(small_settings)


# --- queues


async def until(condition: Any) -> None:
    while not condition():
        await asyncio.sleep(0.01)


def test_many_expensive_requests_do_not_delay_cheap_requests_and_health(
    app: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    free, entered = threading.Event(), []
    rows_within = LevelFeatures.rows_within

    def slow(self: LevelFeatures, parent: str) -> Any:
        entered.append(parent)
        free.wait()
        return rows_within(self, parent)

    monkeypatch.setattr(LevelFeatures, "rows_within", slow)

    async def run() -> list[Answer]:
        async with started(app):
            tasks = [
                asyncio.create_task(ask(app, f"/zones?level=kelurahan&parent={KOTA}"))
                for _ in range(MANY)
            ]
            try:
                rejected = MANY - EXPENSIVE - WAITING
                await until(lambda: sum(task.done() for task in tasks) >= rejected)
                await until(lambda: len(entered) >= EXPENSIVE)
                for path in ("/healthz", f"/zones/{KOTA}", "/docs", "/tilejson", "/ogc"):
                    for _ in range(5):
                        assert (await ask(app, path)).status == 200
                assert len(entered) == EXPENSIVE
                assert sum(task.done() for task in tasks) == rejected
            finally:
                free.set()
            return list(await asyncio.gather(*tasks))

    answers = asyncio.run(run())
    busy = [answer for answer in answers if answer.status != 200]
    assert len(busy) == MANY - EXPENSIVE - WAITING
    for answer in busy:
        assert (answer.status, answer.code) == (503, "busy")
        assert answer.headers["retry-after"] == "5"
        assert answer.headers["cache-control"] == "no-store"
    assert {answer.body for answer in answers if answer.status == 200} == {answers[0].body}


def test_tiles_that_wait_delay_no_other_request(app: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    free = threading.Event()

    def slow(_self: Ogc, _days: object) -> None:
        free.wait()

    monkeypatch.setattr(Ogc, "newest_run", slow)
    tile = "/ogc/tiles/WebMercatorQuad/12/2127/3304?datetime=2021-07-15"

    async def run() -> list[Answer]:
        async with started(app):
            tasks = [asyncio.create_task(ask(app, tile)) for _ in range(MANY)]
            try:
                threads = app.state.public.tiles.threads
                await until(lambda: threads.statistics().tasks_waiting >= MANY - 8)
                for path in ("/healthz", f"/zones/{KOTA}", "/zones?level=kota", "/tilejson"):
                    assert (await ask(app, path)).status == 200
                assert not any(task.done() for task in tasks)
            finally:
                free.set()
            return list(await asyncio.gather(*tasks))

    assert {answer.status for answer in asyncio.run(run())} == {204}


def test_all_queues_together_run_fewer_requests_than_the_database_has_connections() -> None:
    requests = sum(limits.concurrent for name, limits in QUEUES.items() if name != "tiles")
    # Eight threads make tiles, one thread prepares tiles, one thread runs the days, one thread
    # prepares the figures, and some threads ask whether a kept answer is still right.
    assert (
        requests + 8 + 1 + 1 + 1 + kept_answers.THREADS
        <= postgres.POOL_SIZE + postgres.POOL_OVERFLOW
    )


CHEAP = {
    *(
        "/",
        "/aturan",
        "/tentang",
        "/docs",
        "/docs/guide/{path:path}",
        "/openapi.json",
        "/locate",
        "/rt",
        "/rt/{code}",
        "/names/{boundaries}",
        "/manifest.webmanifest",
        "/service-worker.js",
        "/colours/{run}",
        "/tilejson",
        "/tilestyle",
        "/tiles/prepared",
    ),
    "/zones/{code}",
}


def test_every_route_is_expensive_unless_it_is_listed_as_cheap(app: Any) -> None:
    queues: dict[str, set[str]] = {}
    for route in every_route(app):
        access = PUBLIC_ROUTES.get(f"{route.method} {route.path}", Access.OFFICIALS)
        queues.setdefault(queue_name(route.path, access), set()).add(route.path)
    assert queues["health"] == {"/healthz"}
    assert {path for path in queues["cheap"] if not path.startswith(("/ogc", "/assets"))} == CHEAP
    assert not any(path.endswith("/items") for path in queues["cheap"])
    assert {path.split("/")[1] for path in queues["officials"]} <= {
        *("records", "newcomers", "officials"),
    }
    drawn = queues["tiles"] - {"/picture/{run}.png"}
    assert all("{z}" in path or "{matrix}" in path for path in drawn)
    assert len(drawn) < len(queues["tiles"])
    assert queues["expensive"] >= {
        *("/zones", "/zones/{code}/history", "/days", "/places", "/indicators", "/summary"),
        *("/map", "/embed", "/embed/guide"),
        *("/wilayah", "/wilayah/{code}", "/zones.csv", "/zones/{code}/history.csv"),
    }
    items = "/ogc/collections/{collection}/items"
    assert queues["features"] == {items, f"{items}/{{feature}}"}


# --- limits


@pytest.mark.parametrize("path", ["/map", "/zones", "/ogc/collections/zones-rt/items", "/nothing"])
def test_a_request_with_too_many_parameters_is_rejected(app: Any, path: str) -> None:
    async def run() -> tuple[Answer, Answer]:
        async with started(app):
            query = "&".join(f"dat{n}=1" for n in range(MOST_PARAMETERS + 1))
            return await ask(app, f"{path}?{query}"), await ask(app, f"{path}?{'&' * 60_000}")

    for answer in asyncio.run(run()):
        assert answer.code == "too-many-parameters"
        assert answer.status == (400 if path.startswith("/ogc") else 422)
        assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_path_that_is_too_long_is_rejected(app: Any) -> None:
    async def run() -> Answer:
        async with started(app):
            return await ask(app, "/zones/" + "9" * LONGEST_PATH)

    assert asyncio.run(run()).code == "not-found"


@pytest.mark.parametrize("headers", [(("Content-Length", "1"),), (("Transfer-Encoding", "x"),)])
@pytest.mark.parametrize("path", ["/zones", "/locate", "/healthz", "/map"])
def test_a_large_body_that_is_no_file_is_rejected_before_its_end(
    app: Any, headers: tuple[tuple[str, str], ...], path: str
) -> None:
    async def run() -> Answer:
        async with started(app):
            parts = tuple(bytes(10_000) for _ in range(1000))
            return await ask(app, path, method="POST", parts=parts, headers=headers)

    answer = asyncio.run(run())
    assert (answer.status, answer.code) == (413, "too-large")
    assert str(LARGEST_BODY) in answer.body.decode()
    assert answer.unread == 1000 - LARGEST_BODY // 10_000 - 1
