"""The comparison of public answers: the same is the same, and whatever differs is said."""

import gzip

import pytest

from api.app import create_app
from api.http.access import LISTED, AccessTable
from api.settings import Settings
from benchmarks.clients.public_questions import Client, Question, Reply, questions
from benchmarks.public_bytes import differences, kept, named
from tests.api.hostile import serving

REPLY = Reply(200, (("Content-Type", "text/plain"), ("Date", "now")), b"merah")


def test_the_same_reply_at_another_time_and_in_gzip_is_the_same() -> None:
    later = REPLY._replace(
        headers=(("date", "later"), ("content-type", "text/plain")),
        body=gzip.compress(REPLY.body, mtime=9),
    )
    assert kept(later, None) == kept(REPLY, None)
    stamped = [REPLY._replace(body=b'{"timeStamp":"%d","n":1}' % moment) for moment in (1, 2)]
    assert kept(stamped[0], None) == kept(stamped[1], None)
    link = b'"items?known_at=2026-11-30T05%%3A29%%3A10.44454%dZ"'
    linked = [REPLY._replace(body=link % moment) for moment in (1, 2)]
    assert kept(linked[0], None) == kept(linked[1], None)


def test_an_etag_is_compared_but_for_a_file_whose_etag_is_its_time() -> None:
    one, other = (REPLY._replace(headers=(("ETag", tag),)) for tag in ("a", "b"))
    assert kept(one, None) != kept(other, None)
    assert kept(one, None, is_file=True) == kept(other, None, is_file=True)


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (REPLY._replace(status=404), "status 200 -> 404"),
        (REPLY._replace(body=b"hijau"), "sha256"),
        (REPLY._replace(headers=(("Content-Type", "text/html"),)), "+content-type: text/html"),
        (REPLY._replace(headers=()), "-content-type: text/plain"),
    ],
)
def test_another_status_body_or_header_is_a_difference(changed: Reply, said: str) -> None:
    [told] = differences({"GET /days": kept(REPLY, None)}, {"GET /days": kept(changed, None)})
    assert told.startswith("GET /days: ")
    assert said in told


def test_a_question_that_only_one_was_asked_is_a_difference_and_a_header_may_be_left_out() -> None:
    one = {"GET /days": kept(REPLY, None)}
    assert differences(one, {}) == ["GET /days: asked only before"]
    assert differences({}, one) == ["GET /days: asked only after"]
    other = {"GET /days": kept(REPLY._replace(headers=()), None)}
    assert differences(one, other, {"content-type"}) == []


def test_every_public_route_is_asked_and_no_question_twice(small_database: str) -> None:
    app = create_app(Settings(database=small_database))
    with serving(app) as address:
        client = Client(int(address.rpartition(":")[2]))
        asked = list(questions(client))
        client.close()
    assert len({named(one) for one in asked}) == len(asked)
    table = AccessTable(app)
    # The route with `{ending}` takes the tiles of all three.
    endings = (".mvt", ".png", "@2x.png")
    described = {f"GET /tiles/{{run}}/{{z}}/{{x}}/{{y}}{ending}" for ending in endings}
    assert {reached(table, one) for one in asked} >= set(LISTED) - described


def reached(table: AccessTable, asked: Question) -> str:
    """Name of the route that a question reaches, as the list of public routes has it."""
    path = asked.address.partition("?")[0]
    scope = {"type": "http", "method": asked.method, "path": path, "query_string": b""}
    return table.name_of({**scope, "headers": [], "root_path": ""})
