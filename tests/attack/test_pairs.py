"""Two cities that differ only in hidden values have the same public answers, byte for byte.

So nobody can tell such cities apart from public answers: no subtraction, no guess and no size of
an answer can show the difference.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs

import pytest

from api.app import create_app
from api.http.access import PUBLIC_ROUTES, AccessTable
from api.settings import Settings
from geodata.store import open_store
from tests.attack.conftest import BuildDatabase, DatabaseOf, ServeDatabase
from tests.attack.hidden import HIDDEN, all_differences_together
from tests.attack.histories import RED, History, Step, case, load, moment_on, newcomer, publish
from tests.attack.reading import Answers, PublicRequest, ask, ask_all, changed_answers

_TABLES = "select table_name as name from information_schema.tables order by 1"
PARTS = 20
"""Each pair gets one of so many parts of the requests, a different part for each pair."""


def contents(url: str) -> dict[str, list[str]]:
    """Every row of every table."""
    with open_store(url) as store:
        names = store.read(_TABLES)["name"].to_pylist()
        return {
            name: sorted(map(str, store.read(f'select * from "{name}"').to_pylist()))  # noqa: S608
            for name in names
        }


@pytest.fixture(scope="module")
def base_contents(base_database: str) -> dict[str, list[str]]:
    return contents(base_database)


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda history: history.__name__)
def test_a_hidden_difference_changes_no_public_answer(
    base_contents: dict[str, list[str]],
    base_answers: Answers,
    database_of: DatabaseOf,
    serve_database: ServeDatabase,
    hidden: Callable[[], History],
) -> None:
    url = database_of(hidden)
    assert contents(url) != base_contents
    with serve_database(url) as client:
        other = ask_all(client, slice(HIDDEN.index(hidden) % PARTS, None, PARTS))
    assert changed_answers(base_answers, other) == []


def test_all_hidden_differences_together_change_no_public_answer(
    base_answers: Answers, build_database: BuildDatabase, serve_database: ServeDatabase
) -> None:
    with serve_database(build_database(all_differences_together())) as client:
        other = ask_all(client)
    assert changed_answers(base_answers, other) == []
    assert other.keys() == base_answers.keys()


def test_a_public_difference_changes_public_answers(
    base_answers: Answers, build_database: BuildDatabase, serve_database: ServeDatabase
) -> None:
    """The requests find the colour of one RT on one day, a moment, and a band."""
    six_newcomers = [newcomer(number, 9, RED) for number in range(500, 506)]
    histories = {
        "a colour": History().with_rows(2, case("e1", 23, (1, 1, 3), "x")),
        "a band": History().with_rows(0, *(case(f"m{n}", 9, kelurahan="Bringin") for n in "abcd")),
        "newcomers": replace(
            History(), more=(Step(moment_on(22, 2), load("newcomers", six_newcomers)),)
        ),
        "a moment": replace(
            History(),
            more=(
                Step(moment_on(22, 2), load("cases", [case("e2", 9, (1, 1, 3), "x")])),
                Step(moment_on(22, 3), publish(9, 9)),
            ),
        ),
    }
    for name, history in histories.items():
        with serve_database(build_database(history)) as client:
            assert changed_answers(base_answers, ask_all(client, slice(0, None, PARTS))), name


@pytest.fixture(scope="module")
def asked(
    base_database: str, base_answers: Answers, serve_database: ServeDatabase
) -> dict[str, set[str]]:
    """Query parameters of all requests, by the name of the route; all tiles under one name."""
    parameters: dict[str, set[str]] = {}
    with serve_database(base_database) as client:
        app: Any = client.app
        table = AccessTable(app)
        for request in base_answers:
            path, _, query = request.address.partition("?")
            scope = {"type": "http", "path": path, "root_path": "", "query_string": query.encode()}
            method = "GET" if request.method == "HEAD" else request.method
            name = _of_all_tiles(table.route_name({**scope, "method": method}))
            parameters.setdefault(name, set()).update(parse_qs(query))
    return parameters


def _of_all_tiles(route: str) -> str:
    return "GET /tiles/{run}" if route.startswith("GET /tiles/{run}/") else route


def test_every_public_route_is_asked(asked: dict[str, set[str]]) -> None:
    """A new public route fails here until `tests.attack.reading` requests it."""
    assert {_of_all_tiles(route) for route in PUBLIC_ROUTES} <= asked.keys()


def test_every_parameter_of_a_public_route_is_asked(asked: dict[str, set[str]]) -> None:
    """A new parameter fails here until `tests.attack.reading` sends it."""
    paths = create_app(Settings(database="duckdb:///:memory:")).openapi()["paths"]
    documented = {
        f"{method.upper()} {path}": {
            parameter["name"]
            for parameter in operation.get("parameters", [])
            if parameter["in"] == "query"
        }
        for path, operations in paths.items()
        for method, operation in operations.items()
    }
    public = {_of_all_tiles(route) for route in PUBLIC_ROUTES}
    missing = {
        route: names - asked[_of_all_tiles(route)]
        for route, names in documented.items()
        if _of_all_tiles(route) in public
    }
    assert sum(map(len, documented.values())) > 80
    assert {route: names for route, names in missing.items() if names} == {}


def test_a_304_answer_is_the_same_for_all_clients(
    base_database: str, serve_database: ServeDatabase
) -> None:
    """A 304 discloses no more than the ETag."""
    with serve_database(base_database) as client:
        for address in ("/days", "/summary", "/zones", "/indicators", "/ogc/collections"):
            answer = client.get(address)
            second = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
            assert (second.status_code, second.content) == (304, b"")


def test_an_internal_id_is_answered_like_an_unknown_id(
    base_database: str, serve_database: ServeDatabase
) -> None:
    """Otherwise a client could hash a guessed table of cases and check the guess."""
    with open_store(base_database) as store:
        internal = store.read("select run from published").column("run").to_pylist()
    assert internal
    with serve_database(base_database) as client:
        for ending in ("14/13216/8511.mvt", "14/13216/8511.png"):
            unknown = ask(client, PublicRequest("GET", f"/tiles/{'0' * len(internal[0])}/{ending}"))
            assert unknown.status == 404
            for run in internal:
                assert ask(client, PublicRequest("GET", f"/tiles/{run}/{ending}")) == unknown
