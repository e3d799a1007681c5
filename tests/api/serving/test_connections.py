"""Connections of slow, greedy and hostile clients: each ends, and others are answered meanwhile.

The clock is moved by hand: what is tested is when a connection ends, not how long a test takes.
"""

import asyncio
import logging
import resource
from typing import Any

import pytest

from api.serving.connections import client_of
from api.serving.limits import Limits, fitted, raise_descriptors
from api.serving.quiet import Quiet
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
    """Reads the whole body, and says how long it was."""
    length, more = 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        length, more = length + len(message["body"]), message["more_body"]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": str(length).encode()})


async def never(scope: Any, receive: Any, send: Any) -> None:
    """Is busy for ever."""
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


def test_a_request_in_pieces_is_answered_as_long_as_its_head_comes_in_time() -> None:
    with serving(hello) as server:
        wire = server.connect()
        for at in range(0, len(GET), 5):
            server.send(wire, GET[at : at + 5])
            server.loop.pass_(LIMITS.head_seconds / len(GET))
        assert (wire.status, wire.said.endswith(b"5\r\nhello\r\n0\r\n\r\n")) == (200, True)


def test_half_a_head_is_told_that_it_is_late_however_it_trickles() -> None:
    with serving(hello) as server:
        still, trickled = server.connect(), server.connect()
        server.send(still, HALF)
        server.send(trickled, HALF)
        for _ in range(9):
            server.loop.pass_(1)
            server.send(trickled, b"a")
        assert not still.closing
        assert not trickled.closing
        server.loop.pass_(1.1)
        for wire in (still, trickled):
            assert (wire.gone, wire.status, wire.code) == (True, 408, "request-too-slow")
        assert len(server.connections) == 0


@pytest.mark.parametrize("junk", [b"", b"\r\n"])
def test_who_says_nothing_is_hung_up_on_without_a_word(junk: bytes) -> None:
    with serving(hello) as server:
        wire = server.connect()
        if junk:
            server.send(wire, junk)
        server.loop.pass_(LIMITS.head_seconds + 0.1)
        assert wire.gone


@pytest.mark.parametrize("next_one", [HALF, b"\r\n", b"G"])
def test_the_second_request_has_its_time_too(next_one: bytes) -> None:
    with serving(hello) as server:
        wire = server.connect()
        server.send(wire, GET)
        assert wire.status == 200
        server.loop.pass_(3)
        server.send(wire, next_one)
        server.loop.pass_(LIMITS.head_seconds - 0.1)
        assert not wire.closing
        server.send(wire, b"E" if next_one == b"G" else b"")
        server.loop.pass_(0.2)
        assert wire.gone


def test_an_idle_connection_is_closed_by_uvicorn() -> None:
    with serving(hello) as server:
        wire = server.connect()
        server.send(wire, GET)
        server.loop.pass_(5.1)
        assert (wire.gone, wire.aborted) == (True, False)


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
def test_a_head_that_is_too_large_is_refused_before_it_is_all_there(head: bytes, step: int) -> None:
    with serving(hello) as server:
        wire = server.connect()
        for at in range(0, len(head), step):
            server.send(wire, head[at : at + step])
        assert (wire.gone, wire.status, wire.code) == (True, 431, "head-too-large")


def test_what_is_no_request_is_told_so_in_the_form_of_all_errors() -> None:
    with serving(hello) as server:
        wire = server.connect()
        server.send(wire, b"\x16\x03\x01 hello\r\n\r\n")
        assert (wire.gone, wire.status, wire.code) == (True, 400, "malformed-request")


def test_a_few_requests_at_once_are_answered_in_turn_and_many_are_not() -> None:
    with serving(hello) as server:
        few, many = server.connect(), server.connect()
        server.send(few, GET * LIMITS.pipelined)
        assert few.said.count(b"HTTP/1.1 200") == LIMITS.pipelined
        server.send(many, GET * 1000)
        assert (many.gone, many.status, many.code) == (True, 429, "too-many-pipelined")


# --- bodies


def test_a_body_may_take_longer_than_the_grace_if_it_moves_and_no_longer_if_it_does_not() -> None:
    with serving(echo_length) as server:
        moving, still = server.connect(), server.connect()
        server.send(moving, post(100_000))
        server.send(still, post(100_000) + b"x" * 5000)
        for _ in range(80):
            server.send(moving, b"x" * 1250)
            server.loop.pass_(1)
        assert (moving.status, b"100000" in moving.said) == (200, True)
        # Five thousand bytes bought it five seconds beyond the grace.
        assert (still.gone, still.status, still.code) == (True, 408, "request-too-slow")


def test_a_body_that_trickles_has_an_end() -> None:
    with serving(echo_length) as server:
        wire = server.connect()
        server.send(wire, post(1_000_000))
        for _ in range(int(LIMITS.grace_seconds)):
            assert not wire.closing
            server.loop.pass_(1)
            server.send(wire, b"x")
        server.loop.pass_(0.5)
        assert (wire.gone, wire.status) == (True, 408)


def test_a_client_is_not_slow_while_the_application_does_not_read() -> None:
    with serving(never) as server:
        wire = server.connect()
        server.send(wire, post(1_000_000) + b"x" * 70_000)
        assert wire.reading_paused
        server.loop.pass_(300)
        server.loop.pass_(300)
        assert not wire.closing


def test_a_body_that_nobody_wanted_is_not_waited_for() -> None:
    with serving(hello) as server:
        patient, quick = server.connect(), server.connect()
        server.send(patient, post(1_000_000))
        server.send(quick, post(10))
        assert patient.status == quick.status == 200
        server.send(quick, b"x" * 10)
        for _ in range(4):
            server.send(patient, b"x" * 60_000)
            server.loop.pass_(1)
            assert not patient.closing
        server.send(quick, GET)
        server.loop.pass_(1.1)
        assert patient.gone
        assert (quick.closing, quick.said.count(b"HTTP/1.1 200")) == (False, 2)


# --- answers


def test_an_answer_that_nobody_fetches_has_an_end_and_one_that_moves_comes_whole() -> None:
    with serving(streamed(20, 100_000)) as server:
        slow, stopped = server.connect(), server.connect()
        for wire in (slow, stopped):
            wire.fetching = False
            server.send(wire, CLOSE)
            assert wire.paused
        for _ in range(2100):
            slow.fetch(1100)
            server.loop.pass_(1)
        assert (slow.gone, slow.aborted, slow.said.count(b"x")) == (True, False, 2_000_000)
        assert (stopped.gone, stopped.aborted) == (True, True)
        assert stopped.said.count(b"x") == 100_000


def test_an_answer_fetched_byte_by_byte_has_an_end() -> None:
    with serving(streamed(20, 100_000)) as server:
        wire = server.connect()
        wire.fetching = False
        server.send(wire, GET)
        seconds = 0
        while not wire.gone:
            server.loop.pass_(1)
            wire.fetch(1)
            seconds += 1
        # The grace, and a second for each thousand bytes sent.
        assert seconds <= LIMITS.grace_seconds + 101


@pytest.mark.parametrize("request_", [GET, CLOSE])
def test_the_rest_of_an_answer_that_nobody_fetches_has_an_end(request_: bytes) -> None:
    with serving(hello) as server:
        wire = server.connect()
        wire.fetching = False
        server.send(wire, request_)
        assert not wire.gone
        for _ in range(30):
            server.loop.pass_(1)
        assert (wire.gone, wire.aborted) == (True, True)
        assert len(server.connections) == 0


def test_answers_that_wait_to_be_fetched_take_no_more_memory_than_is_set() -> None:
    with serving(streamed(1, 1_000_000)) as server:
        wires = [server.connect(f"198.51.100.{n}") for n in range(9)]
        for wire in wires:
            wire.fetching = False
            server.send(wire, GET)
            kept = sum(one.unfetched for one in wires if not one.gone)
            assert kept <= LIMITS.unread_bytes + 10_000
        # Who has kept it waiting longest goes first.
        assert [wire.gone for wire in wires] == [True] * 5 + [False] * 4


def test_a_slow_answer_of_ours_is_nobodys_fault() -> None:
    with serving(never) as server:
        wire = server.connect()
        server.send(wire, GET)
        for _ in range(10):
            server.loop.pass_(100)
        assert not wire.closing


# --- how many


def flood(server: Server, number: int, host: str) -> list[Wire]:
    wires = []
    for _ in range(number):
        wire = server.connect(host)
        server.send(wire, HALF)
        wires.append(wire)
    return wires


@pytest.mark.parametrize("host", ["203.0.113.9", "127.0.0.1"])
def test_half_sent_requests_of_one_client_push_out_one_another_and_nobody_else(host: str) -> None:
    """Of one that comes by a proxy (here: this machine) too, which no limit of its own has."""
    with serving(hello) as server:
        idle = server.connect("198.51.100.1")
        server.send(idle, GET)
        flooding = flood(server, 1100, host)
        assert len(server.connections) <= LIMITS.connections
        assert sum(not wire.closing for wire in flooding) == (4 if host[0] == "2" else 9)
        others = [server.connect(f"198.51.100.{n}") for n in range(2, 6)]
        for wire in (idle, *others):
            server.send(wire, GET)
        assert all(wire.said.count(b"HTTP/1.1 200") == 1 for wire in others)
        assert idle.said.count(b"HTTP/1.1 200") == 2
        gone = next(wire for wire in flooding if wire.closing)
        assert (gone.status, gone.code) == (503, "too-many-connections")


def test_who_is_being_answered_keeps_the_connection_and_the_next_one_is_told_why_not() -> None:
    with serving(never) as server:
        busy = [server.connect("203.0.113.9") for _ in range(LIMITS.per_client)]
        for wire in busy:
            server.send(wire, GET)
        refused = server.connect("203.0.113.9")
        assert (refused.gone, refused.status, refused.code) == (True, 503, "too-many-connections")
        assert b"retry-after: 5" in refused.said
        assert not any(wire.closing for wire in busy)
        other = server.connect("203.0.113.10")
        assert not other.closing


def test_connections_that_end_make_room_again() -> None:
    with serving(hello) as server:
        for _ in range(50):
            wire = server.connect("203.0.113.9")
            server.send(wire, CLOSE)
            assert (wire.status, wire.gone) == (200, True)
        assert len(server.connections) == 0
        assert not server.connections._number_of


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
def test_a_client_is_an_address_or_the_network_of_one_household(address: str, client: str) -> None:
    assert client_of(address) == client


# --- descriptors and logs


def test_the_soft_limit_of_open_files_is_raised_to_the_hard_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    set_to: list[tuple[int, int]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda _, to: set_to.append(to))
    for soft, hard, wanted in (
        (1024, 4096, 4096),
        (1024, 1_000_000, 65_536),
        (1024, resource.RLIM_INFINITY, 65_536),
        (200_000, 1_000_000, None),
        (4096, 4096, None),
    ):
        set_to.clear()
        monkeypatch.setattr(resource, "getrlimit", lambda _, at=(soft, hard): at)
        assert raise_descriptors() == (wanted or soft)
        assert set_to == ([] if wanted is None else [(wanted, hard)])


def test_there_are_fewer_connections_where_the_system_allows_few_files(
    caplog: pytest.LogCaptureFixture,
) -> None:
    assert fitted(Limits(), 20_000).connections == 2000
    assert not caplog.records
    assert fitted(Limits(), 1024).connections == 768
    assert fitted(Limits(), 100).connections == 50
    assert "LimitNOFILE" in caplog.text


def test_a_log_cannot_be_filled_by_clients_and_errors_are_always_written() -> None:
    quiet = Quiet()

    def passes(level: int, text: str) -> str | None:
        record = logging.LogRecord("x", level, "", 0, text, (), None)
        return record.getMessage() if quiet.filter(record) else None

    assert passes(logging.WARNING, "a") == "a"
    assert [passes(logging.WARNING, "a") for _ in range(5)] == [None] * 5
    assert passes(logging.WARNING, "b") == "b"
    assert [passes(logging.ERROR, "a") for _ in range(2)] == ["a", "a"]
    quiet._said["a"] = (quiet._said["a"][0] - 61, 5)
    assert passes(logging.WARNING, "a") == "a (5 times more since it was last said)"
