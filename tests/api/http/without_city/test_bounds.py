"""The limits on a path, on parameters and on a body that is no file: exact to one byte."""

import asyncio
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Message, Receive, Scope, Send

from api.http.bounds import LARGEST_BODY, LONGEST_PATH, MOST_PARAMETERS, BoundsMiddleware
from tests.api.http.without_city.small_app import error_of, request, small_app
from tests.api.serving.raw import Answer

LENGTH, CHUNKED = (("Content-Length", "1"),), (("Transfer-Encoding", "chunked"),)
PART = LARGEST_BODY // 8


async def _count(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer with the number of bytes of the body and the sum of the bytes."""
    body = await Request(scope, receive).body()
    await PlainTextResponse(f"{len(body)} {sum(body)}")(scope, receive, send)


@pytest.fixture(scope="module")
def app() -> Any:
    app = small_app()
    app.mount("/", _count)
    app.add_middleware(BoundsMiddleware)
    return app


def _post(app: Any, path: str, *parts: bytes, headers: Any = LENGTH, root: str = "") -> Answer:
    return request(
        app, path, method="POST", parts=parts, headers=headers, changes={"root_path": root}
    )


def test_a_path_of_the_greatest_length_passes_and_a_longer_path_is_not_found(app: Any) -> None:
    assert request(app, "/" + "9" * (LONGEST_PATH - 1)).status == 200
    answer = request(app, "/" + "9" * LONGEST_PATH)
    message = "The path is longer than 2000 characters. Open /docs for all paths."
    assert error_of(answer) == (404, "not-found", message)


def test_a_hundred_parameters_pass_and_one_more_is_rejected(app: Any) -> None:
    query = "&".join(f"p{number}=1" for number in range(MOST_PARAMETERS))
    assert request(app, f"/zones?{query}").status == 200
    answer = request(app, f"/zones?{query}&q=1")
    message = "This address has more than 100 parameters. Send fewer parameters."
    assert error_of(answer) == (422, "too-many-parameters", message)


@pytest.mark.parametrize("headers", [LENGTH, CHUNKED])
def test_a_body_of_the_greatest_size_reaches_the_route_whole(app: Any, headers: Any) -> None:
    parts = [bytes([1]) * PART] * 7
    answer = _post(app, "/locate", *parts, b"\2" * (LARGEST_BODY - 7 * PART), headers=headers)
    sum_of_bytes = 7 * PART + 2 * (LARGEST_BODY - 7 * PART)
    assert answer.body.decode() == f"{LARGEST_BODY} {sum_of_bytes}"


@pytest.mark.parametrize("headers", [LENGTH, CHUNKED])
@pytest.mark.parametrize(
    ("path", "root"),
    [
        ("/locate", ""),
        ("/records", ""),
        ("/records/cases/rejected", ""),
        ("/zonasi/records/cases", ""),
        ("/records/cases", "/records"),
    ],
)
def test_a_body_with_one_byte_more_is_rejected(
    app: Any, headers: Any, path: str, root: str
) -> None:
    answer = _post(app, path, bytes(LARGEST_BODY), b"1", b"never read", headers=headers, root=root)
    message = "The body is larger than 64000 bytes. Send less, or send a file to /records."
    assert error_of(answer) == (413, "too-large", message)
    assert answer.unread == 1


@pytest.mark.parametrize(("path", "root"), [("/records/cases", ""), ("/a/records/cases", "/a")])
def test_a_file_passes_in_its_pieces(app: Any, path: str, root: str) -> None:
    answer = _post(app, path, bytes(LARGEST_BODY), b"\1", root=root)
    assert answer.body.decode() == f"{LARGEST_BODY + 1} 1"


def test_a_request_without_a_body_passes_unread() -> None:
    read: list[Message] = []

    async def inner(scope: Scope, receive: Receive, send: Send) -> None:
        read.append(await receive())
        await PlainTextResponse("answer")(scope, receive, send)

    part = bytes(LARGEST_BODY + 1)
    request(BoundsMiddleware(inner), "/zones", parts=(part,), headers=(("Accept", "*/*"),))
    assert read == [{"type": "http.request", "body": part, "more_body": False}]


@pytest.mark.parametrize(
    ("messages", "body"),
    [
        ([{"type": "http.request"}], b""),
        ([{"type": "http.request", "body": b"ab"}], b"ab"),
        ([{"type": "http.request", "more_body": True}, {"type": "http.request", "body": b"c"}],
         b"c"),
        ([{"type": "http.request", "body": b"ab", "more_body": True}, {"type": "http.disconnect"}],
         b"ab"),
    ],
)  # fmt: skip
def test_after_the_body_the_route_gets_the_end_of_the_connection(
    messages: list[Message], body: bytes
) -> None:
    received: list[Message] = []
    remaining = [*messages, {"type": "http.disconnect"}]

    async def inner(_scope: Scope, receive: Receive, _send: Send) -> None:
        received.extend([await receive(), await receive()])

    async def receive() -> Message:
        return remaining.pop(0)

    async def send(_: Message) -> None:
        raise AssertionError

    scope = {
        "type": "http",
        "path": "/locate",
        "query_string": b"",
        "headers": [(b"content-length", b"2")],
    }
    asyncio.run(BoundsMiddleware(inner)(scope, receive, send))
    assert received == [
        {"type": "http.request", "body": body, "more_body": False},
        {"type": "http.disconnect"},
    ]


@pytest.mark.parametrize("event", ["lifespan", "websocket"])
def test_events_that_are_no_requests_pass(event: str) -> None:
    passed: list[Any] = []

    async def inner(*arguments: Any) -> None:
        passed.append(arguments)

    middleware: Any = BoundsMiddleware(inner)
    asyncio.run(middleware({"type": event}, "receive", "send"))
    assert passed == [({"type": event}, "receive", "send")]
