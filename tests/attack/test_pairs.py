"""Two cities that differ in what must stay hidden: every public answer is the same, to the byte.

Whoever reads public answers cannot tell such cities apart, and so learns nothing of what they
differ in, by whatever means: no subtraction, no guess and no size can tell what is the same.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from api.http.access import LISTED, AccessTable
from geodata.store import open_store
from tests.api.routes.every_route import every_route
from tests.attack.conftest import Built, Served
from tests.attack.hidden import HIDDEN, everything_at_once
from tests.attack.histories import History, Step, at, case, load, publish
from tests.attack.reading import Answers, Question, ask, differences, everything

_TABLES = "select table_name as name from information_schema.tables order by 1"
PARTS = 12
"""Of its questions each pair is asked one in so many, another part for each pair."""


def contents(url: str) -> dict[str, list[str]]:
    """Every row of every table."""
    with open_store(url) as store:
        names = store.read(_TABLES)["name"].to_pylist()
        return {
            name: sorted(map(str, store.read(f'select * from "{name}"').to_pylist()))  # noqa: S608
            for name in names
        }


@pytest.mark.parametrize("hidden", HIDDEN, ids=lambda one: one.__name__)
def test_what_is_hidden_changes_no_public_answer(
    usual: str, known: Answers, built: Built, served: Served, hidden: Callable[[], History]
) -> None:
    url = built(hidden())
    assert contents(url) != contents(usual)
    with served(url) as client:
        other = everything(client, slice(HIDDEN.index(hidden) % PARTS, None, PARTS))
    assert differences(known, other) == []


def test_all_of_it_at_once_changes_no_public_answer_whatever_is_asked(
    known: Answers, built: Built, served: Served
) -> None:
    with served(built(everything_at_once())) as client:
        other = everything(client)
    assert differences(known, other) == []
    assert other.keys() == known.keys()


def test_what_everyone_may_see_does_change_them(
    known: Answers, built: Built, served: Served
) -> None:
    """The questions see a colour of one RT on one day, a moment, and a band."""
    seen = {
        "a colour": History().with_rows(2, case("e1", 23, (1, 1, 3), "x")),
        "a band": History().with_rows(0, *(case(f"m{n}", 9, kelurahan="Bringin") for n in "abcd")),
        "a moment": replace(
            History(),
            more=(
                Step(at(22, 2), load("cases", [case("e2", 9, (1, 1, 3), "x")])),
                Step(at(22, 3), publish(9, 9)),
            ),
        ),
    }
    for name, history in seen.items():
        with served(built(history)) as client:
            assert differences(known, everything(client, slice(0, None, PARTS))), name


def test_every_public_route_is_asked(usual: str, known: Answers, served: Served) -> None:
    """A new public route fails here until it is among the questions."""
    with served(usual) as client:
        app: Any = client.app
        table = AccessTable(app)
        names = set()
        for asked in known:
            scope = {"type": "http", "path": asked.address.partition("?")[0], "root_path": "",
                     "query_string": asked.address.partition("?")[2].encode()}  # fmt: skip
            method = "GET" if asked.method == "HEAD" else asked.method
            names.add(table.name_of({**scope, "method": method}))
        tiles = {f"GET {one.path}" for one in every_route(app) if one.path.startswith("/tiles")}
    assert set(LISTED) - names <= tiles


def test_what_is_known_is_told_to_be_so_to_all_alike(usual: str, served: Served) -> None:
    """304 tells no more than the ETag does."""
    with served(usual) as client:
        for address in ("/days", "/summary", "/zones", "/indicators", "/ogc/collections"):
            answer = client.get(address)
            again = client.get(address, headers={"If-None-Match": answer.headers["etag"]})
            assert (again.status_code, again.content) == (304, b"")


def test_an_old_or_an_internal_id_is_answered_as_any_that_is_unknown(
    usual: str, served: Served
) -> None:
    """Or a guess at a table of cases could be tried by hashing it."""
    with open_store(usual) as store:
        internal = store.read("select run from published").column("run").to_pylist()
    assert internal
    with served(usual) as client:
        for ending in ("14/13216/8511.mvt", "14/13216/8511.png"):
            unknown = ask(client, Question("GET", f"/tiles/{'0' * len(internal[0])}/{ending}"))
            assert unknown.status == 404
            for run in internal:
                assert ask(client, Question("GET", f"/tiles/{run}/{ending}")) == unknown
