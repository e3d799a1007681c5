"""Connections of slow and hostile clients end in time, and other clients get answers.

The tests move the clock: they check at which time a connection ends.
"""

import asyncio
import logging
import resource
from typing import Any

import pytest

from api.serving.connections import client_key
from api.serving.limits import Limits, limits_within, raise_descriptors
from api.serving.repeated_warnings import RepeatedWarningFilter
from tests.api.serving.connecting import LIMITS, Server, Wire, serving

GET = b"GET / HTTP/1.1\r\nHost: kota.example\r\n\r\n"
HALF = GET[:20]
CLOSE = b"GET / HTTP/1.1\r\nHost: kota.example\r\nConnection: close\r\n\r\n"


def post(length: int) -> bytes:
    return b"POST / HTTP/1.1\r\nHost: kota.example\r\nContent-Length: %d\r\n\r\n" % length


async def hello(scope: Any, receive: Any, send: Any) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"hello"})


async def echo_length(scope: Any, receive: Any, send: Any) -> None:
    """Reads the whole body and answers with its length."""
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


async def never(scope: Any, receive: Any, send: Any) -> None:
    """Never answers."""
    await asyncio.Event().wait()


def streamed(pieces: int, size: int) -> Any:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(pieces):
            body = {"type": "http.response.body", "body": b"x" * size, "more_body": True}
            await send(body)
        await send({"type": "http.response.body", "body": b""})

    return app


# --- heads


def test_a_request_in_pieces_is_answered_if_its_head_comes_in_time() -> None:
    with serving(hello) as server:
        wire = server.connect()
        for offset in range(0, len(GET), 5):
            server.send(wire, GET[offset : offset + 5])
            server.loop.advance(LIMITS.head_seconds / len(GET))
        assert (wire.status, wire.written.endswith(b"5\r\nhello\r\n0\r\n\r\n")) == (200, True)


def test_an_incomplete_head_is_refused_at_the_time_limit_also_if_bytes_keep_coming() -> None:
    with serving(hello) as server:
        stopped, trickling = server.connect(), server.connect()
        server.send(stopped, HALF)
        server.send(trickling, HALF)
        for _ in range(9):
            server.loop.advance(1)
            server.send(trickling, b"a")
        assert not stopped.is_closing_now
        assert not trickling.is_closing_now
        server.loop.advance(1.1)
        for wire in (stopped, trickling):
            assert (wire.is_lost, wire.status, wire.code) == (True, 408, "request-too-slow")
        assert len(server.connections) == 0


@pytest.mark.parametrize("junk", [b"", b"\r\n"])
def test_a_silent_connection_is_closed_without_an_answer(junk: bytes) -> None:
    with serving(hello) as server:
        wire = server.connect()
        if junk:
            server.send(wire, junk)
        server.loop.advance(LIMITS.head_seconds + 0.1)
        assert wire.is_lost


@pytest.mark.parametrize("next_one", [HALF, b"\r\n", b"G"])
def test_the_head_of_a_second_request_has_the_same_time_limit(next_one: bytes) -> None:
    with serving(hello) as server:
        wire = server.connect()
        server.send(wire, GET)
        assert wire.status == 200
        server.loop.advance(3)
        server.send(wire, next_one)
        server.loop.advance(LIMITS.head_seconds - 0.1)
        assert not wire.is_closing_now
        server.send(wire, b"E" if next_one == b"G" else b"")
        server.loop.advance(0.2)
        assert wire.is_lost


def test_an_idle_connection_is_closed_by_uvicorn() -> None:
    with serving(hello) as server:
        wire = server.connect()
        server.send(wire, GET)
        server.loop.advance(5.1)
        assert (wire.is_lost, wire.is_aborted) == (True, False)


@pytest.mark.parametrize(
    "head",
    [
        b"GET /" + b"a" * 2000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nLong: " + b"a" * 2000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: b\r\n" * 20 + b"\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nEndless: " + b"a" * 2500,
    ],
)
@pytest.mark.parametrize("step", [1, 700, 100_000])
def test_a_large_head_is_refused_before_it_is_complete(head: bytes, step: int) -> None:
    with serving(hello) as server:
        wire = server.connect()
        for offset in range(0, len(head), step):
            server.send(wire, head[offset : offset + step])
        assert (wire.is_lost, wire.status, wire.code) == (True, 431, "head-too-large")


def test_a_malformed_request_gets_an_error_in_the_usual_form() -> None:
    with serving(hello) as server:
        wire = server.connect()
        server.send(wire, b"\x16\x03\x01 hello\r\n\r\n")
        assert (wire.is_lost, wire.status, wire.code) == (True, 400, "malformed-request")


def test_a_few_pipelined_requests_are_answered_and_many_are_refused() -> None:
    with serving(hello) as server:
        few, many = server.connect(), server.connect()
        server.send(few, GET * LIMITS.pipelined)
        assert few.written.count(b"HTTP/1.1 200") == LIMITS.pipelined
        server.send(many, GET * 1000)
        assert (many.is_lost, many.status, many.code) == (True, 429, "too-many-pipelined")


# --- bodies


def test_a_moving_body_may_take_longer_than_the_grace_time_and_a_stopped_body_may_not() -> None:
    with serving(echo_length) as server:
        moving, stopped = server.connect(), server.connect()
        server.send(moving, post(100_000))
        server.send(stopped, post(100_000) + b"x" * 5000)
        for _ in range(80):
            server.send(moving, b"x" * 1250)
            server.loop.advance(1)
        assert (moving.status, b"100000" in moving.written) == (200, True)
        # 5000 bytes allow 5 seconds more than the grace time.
        assert (stopped.is_lost, stopped.status, stopped.code) == (True, 408, "request-too-slow")


def test_a_trickling_body_is_refused() -> None:
    with serving(echo_length) as server:
        wire = server.connect()
        server.send(wire, post(1_000_000))
        for _ in range(int(LIMITS.grace_seconds)):
            assert not wire.is_closing_now
            server.loop.advance(1)
            server.send(wire, b"x")
        server.loop.advance(0.5)
        assert (wire.is_lost, wire.status) == (True, 408)


def test_a_client_is_not_slow_while_the_application_does_not_read() -> None:
    with serving(never) as server:
        wire = server.connect()
        server.send(wire, post(1_000_000) + b"x" * 70_000)
        assert wire.is_reading_paused
        server.loop.advance(300)
        server.loop.advance(300)
        assert not wire.is_closing_now


def test_the_server_does_not_wait_for_an_unread_body() -> None:
    with serving(hello) as server:
        patient, quick = server.connect(), server.connect()
        server.send(patient, post(1_000_000))
        server.send(quick, post(10))
        assert patient.status == quick.status == 200
        server.send(quick, b"x" * 10)
        for _ in range(4):
            server.send(patient, b"x" * 60_000)
            server.loop.advance(1)
            assert not patient.is_closing_now
        server.send(quick, GET)
        server.loop.advance(1.1)
        assert patient.is_lost
        assert (quick.is_closing_now, quick.written.count(b"HTTP/1.1 200")) == (False, 2)


# --- answers


def test_an_unread_answer_is_aborted_and_a_slowly_read_answer_is_complete() -> None:
    with serving(streamed(20, 100_000)) as server:
        slow, stopped = server.connect(), server.connect()
        for wire in (slow, stopped):
            wire.client_reads = False
            server.send(wire, CLOSE)
            assert wire.is_paused
        for _ in range(2100):
            slow.read(1100)
            server.loop.advance(1)
        assert (slow.is_lost, slow.is_aborted, slow.written.count(b"x")) == (True, False, 2_000_000)
        assert (stopped.is_lost, stopped.is_aborted) == (True, True)
        assert stopped.written.count(b"x") == 100_000


def test_an_answer_read_byte_by_byte_is_aborted() -> None:
    with serving(streamed(20, 100_000)) as server:
        wire = server.connect()
        wire.client_reads = False
        server.send(wire, GET)
        seconds = 0
        while not wire.is_lost:
            server.loop.advance(1)
            wire.read(1)
            seconds += 1
        # The grace, and a second for each thousand bytes sent.
        assert seconds <= LIMITS.grace_seconds + 101


@pytest.mark.parametrize("request_", [GET, CLOSE])
def test_the_unread_rest_of_an_answer_is_aborted(request_: bytes) -> None:
    with serving(hello) as server:
        wire = server.connect()
        wire.client_reads = False
        server.send(wire, request_)
        assert not wire.is_lost
        for _ in range(30):
            server.loop.advance(1)
        assert (wire.is_lost, wire.is_aborted) == (True, True)
        assert len(server.connections) == 0


def test_unread_answers_take_no_more_memory_than_the_limit() -> None:
    with serving(streamed(1, 1_000_000)) as server:
        wires = [server.connect(f"198.51.100.{n}") for n in range(9)]
        for wire in wires:
            wire.client_reads = False
            server.send(wire, GET)
            unread = sum(wire.unread for wire in wires if not wire.is_lost)
            assert unread <= LIMITS.unread_bytes + 10_000
        # The connection with the oldest unread bytes is aborted first.
        assert [wire.is_lost for wire in wires] == [True] * 5 + [False] * 4


def test_a_slow_answer_of_the_server_closes_no_connection() -> None:
    with serving(never) as server:
        wire = server.connect()
        server.send(wire, GET)
        for _ in range(10):
            server.loop.advance(100)
        assert not wire.is_closing_now


# --- number of connections


def flood(server: Server, number: int, host: str) -> list[Wire]:
    wires = []
    for _ in range(number):
        wire = server.connect(host)
        server.send(wire, HALF)
        wires.append(wire)
    return wires


@pytest.mark.parametrize("host", ["203.0.113.9", "127.0.0.1"])
def test_incomplete_requests_of_one_client_displace_only_each_other(host: str) -> None:
    """Also requests of a trusted proxy (here: this machine), which has no limit of its own."""
    with serving(hello) as server:
        idle = server.connect("198.51.100.1")
        server.send(idle, GET)
        flooding = flood(server, 1100, host)
        assert len(server.connections) <= LIMITS.connections
        assert sum(not wire.is_closing_now for wire in flooding) == (4 if host[0] == "2" else 9)
        others = [server.connect(f"198.51.100.{n}") for n in range(2, 6)]
        for wire in (idle, *others):
            server.send(wire, GET)
        assert all(wire.written.count(b"HTTP/1.1 200") == 1 for wire in others)
        assert idle.written.count(b"HTTP/1.1 200") == 2
        closed = next(wire for wire in flooding if wire.is_closing_now)
        assert (closed.status, closed.code) == (503, "too-many-connections")


def test_busy_connections_stay_and_a_new_connection_is_refused_with_an_error() -> None:
    with serving(never) as server:
        busy = [server.connect("203.0.113.9") for _ in range(LIMITS.per_client)]
        for wire in busy:
            server.send(wire, GET)
        refused = server.connect("203.0.113.9")
        assert (refused.is_lost, refused.status, refused.code) == (
            True,
            503,
            "too-many-connections",
        )
        assert b"retry-after: 5" in refused.written
        assert not any(wire.is_closing_now for wire in busy)
        other = server.connect("203.0.113.10")
        assert not other.is_closing_now


def test_closed_connections_free_their_places() -> None:
    with serving(hello) as server:
        for _ in range(50):
            wire = server.connect("203.0.113.9")
            server.send(wire, CLOSE)
            assert (wire.status, wire.is_lost) == (200, True)
        assert len(server.connections) == 0
        assert not server.connections._counts


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff::9", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("", ""),
    ],
)
def test_a_client_is_an_ipv4_address_or_an_ipv6_network(address: str, client: str) -> None:
    assert client_key(address) == client


# --- descriptors and logs


def test_the_soft_limit_of_open_files_is_raised_to_the_hard_limit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_to: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, limits: set_to.append(limits))
    for soft, hard, expected in (
        (1024, 4096, 4096),
        (1024, 1_000_000, 65_536),
        (1024, resource.RLIM_INFINITY, 65_536),
        (200_000, 1_000_000, None),
        (4096, 4096, None),
    ):
        set_to.clear()
        monkeypatch.setattr(resource, "getrlimit", lambda _, limits=(soft, hard): limits)
        assert raise_descriptors() == (expected or soft)
        assert set_to == ([] if expected is None else [(expected, hard)])


def test_a_low_limit_of_open_files_lowers_the_number_of_connections(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert limits_within(Limits(), 20_000).connections == 2000
    assert not caplog.records
    assert limits_within(Limits(), 1024).connections == 768
    assert limits_within(Limits(), 100).connections == 50
    assert "LimitNOFILE" in caplog.text


def test_a_repeated_warning_is_logged_once_a_minute_and_errors_always() -> None:
    warnings = RepeatedWarningFilter()

    def passes(level: int, text: str) -> str | None:
        record = logging.LogRecord("x", level, "", 0, text, (), None)
        return record.getMessage() if warnings.filter(record) else None

    assert passes(logging.WARNING, "a") == "a"
    assert [passes(logging.WARNING, "a") for _ in range(5)] == [None] * 5
    assert passes(logging.WARNING, "b") == "b"
    assert [passes(logging.ERROR, "a") for _ in range(2)] == ["a", "a"]
    warnings._messages["a"] = (warnings._messages["a"][0] - 61, 5)
    assert passes(logging.WARNING, "a") == "a (repeated 5 times since the last line)"
