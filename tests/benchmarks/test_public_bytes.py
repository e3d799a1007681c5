"""The comparison of public answers: equal answers are equal, and differences are reported."""

import gzip

import pytest

from api.app import create_app
from api.http.access import PUBLIC_ROUTES, AccessTable
from api.settings import Settings
from benchmarks.clients.public_questions import Client, Question, Reply, questions
from benchmarks.public_bytes import differences, question_name, reply_summary
from tests.api.hostile import serving

REPLY = Reply(200, (("Content-Type", "text/plain"), ("Date", "now")), b"merah")


def test_moment_and_gzip_do_not_change_the_summary_of_a_reply() -> None:
    later = REPLY._replace(
        headers=(("date", "later"), ("content-type", "text/plain")),
        body=gzip.compress(REPLY.body, mtime=9),
    )
    assert reply_summary(later, None) == reply_summary(REPLY, None)
    stamped = [REPLY._replace(body=b'{"timeStamp":"%d","n":1}' % moment) for moment in (1, 2)]
    assert reply_summary(stamped[0], None) == reply_summary(stamped[1], None)
    link = b'"items?known_at=2026-11-30T05%%3A29%%3A10.44454%dZ"'
    linked = [REPLY._replace(body=link % moment) for moment in (1, 2)]
    assert reply_summary(linked[0], None) == reply_summary(linked[1], None)


def test_an_etag_is_compared_except_for_files() -> None:
    first, second = (REPLY._replace(headers=(("ETag", tag),)) for tag in ("a", "b"))
    assert reply_summary(first, None) != reply_summary(second, None)
    assert reply_summary(first, None, is_file=True) == reply_summary(second, None, is_file=True)


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
    [line] = differences(
        {"GET /days": reply_summary(REPLY, None)}, {"GET /days": reply_summary(changed, None)}
    )
    assert line.startswith("GET /days: ")
    assert said in line


def test_a_missing_question_is_a_difference_and_a_header_can_be_ignored() -> None:
    first = {"GET /days": reply_summary(REPLY, None)}
    assert differences(first, {}) == ["GET /days: asked only before"]
    assert differences({}, first) == ["GET /days: asked only after"]
    second = {"GET /days": reply_summary(REPLY._replace(headers=()), None)}
    assert differences(first, second, {"content-type"}) == []


def test_every_public_route_has_a_question_and_no_question_repeats(small_database: str) -> None:
    app = create_app(Settings(database=small_database))
    with serving(app) as address:
        client = Client(int(address.rpartition(":")[2]))
        all_questions = list(questions(client))
        client.close()
    assert len({question_name(question) for question in all_questions}) == len(all_questions)
    table = AccessTable(app)
    # The route with `{ending}` serves the tiles of all three endings.
    endings = (".mvt", ".png", "@2x.png")
    described = {f"GET /tiles/{{run}}/{{z}}/{{x}}/{{y}}{ending}" for ending in endings}
    assert {reached_route(table, question) for question in all_questions} >= set(
        PUBLIC_ROUTES
    ) - described


def reached_route(table: AccessTable, question: Question) -> str:
    """Name of the route that a question reaches, as in the list of public routes."""
    path = question.address.partition("?")[0]
    scope = {"type": "http", "method": question.method, "path": path, "query_string": b""}
    return table.route_name({**scope, "headers": [], "root_path": ""})
