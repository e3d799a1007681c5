"""Reading processes: how many uploads, bytes and processes at once; ended when the client leaves.

A class without a process stands for `Reader`.
"""

import asyncio
import threading
from collections.abc import Callable
from contextlib import ExitStack, suppress
from typing import Any, cast

import pytest
from fastapi import Request

from api.http.files import reading
from api.http.files.reading import Readers
from api.settings import Settings
from geodata.errors import BusyError, InputError, MikrozonasiError
from geodata.reading_process.reader import Limits
from geodata.records.layout.record_extraction import ExtractedRecords

LIMITS = Limits(7, 600)
SMALL = 5_000_000
BUSY = "The server is loading many files now. Send this file again in a minute."
STOPPED = MikrozonasiError("reading-stopped", "Stopped.", indonesian="Berhenti.")


class NoProcess:
    """Stands for `Reader`; the class keeps every object that was made."""

    made: list["NoProcess"]
    on_start: Callable[[], None]
    on_read: Callable[["NoProcess"], Any]

    def __init__(self, limits: Limits) -> None:
        type(self).on_start()
        self.limits = limits
        self.is_alive = True
        self.is_closed = False
        self.files: list[tuple[bytes, str, str]] = []
        self.ended = threading.Event()
        type(self).made.append(self)

    def read(self, content: bytes, name: str, kind: str) -> Any:
        self.files.append((content, name, kind))
        return type(self).on_read(self)

    def end(self) -> None:
        self.is_alive = False
        self.ended.set()

    def close(self) -> None:
        self.is_alive = False
        self.is_closed = True


@pytest.fixture(autouse=True)
def made(monkeypatch: pytest.MonkeyPatch) -> list[NoProcess]:
    """The readers that a test made, oldest first."""
    processes: list[NoProcess] = []
    monkeypatch.setattr(NoProcess, "made", processes, raising=False)
    monkeypatch.setattr(NoProcess, "on_start", staticmethod(lambda: None), raising=False)
    monkeypatch.setattr(
        NoProcess, "on_read", staticmethod(lambda reader: len(reader.files)), raising=False
    )
    monkeypatch.setattr(reading, "Reader", NoProcess)
    return processes


@pytest.fixture
def readers() -> Readers:
    return Readers(LIMITS, 100)


async def _until(condition: Callable[[], bool]) -> None:
    while not condition():
        await asyncio.sleep(0.001)


def _request(leaves: Callable[[], bool] = lambda: False) -> Request:
    """A request whose client sends another message, and leaves on this condition."""
    remaining = ["http.request", "http.disconnect"]

    async def receive() -> Any:
        if len(remaining) == 1:
            await _until(leaves)
        return {"type": remaining.pop(0)}

    return Request({"type": "http", "headers": []}, receive)


def _read(
    readers: Readers, content: bytes = b"abc", leaves: Callable[[], bool] = lambda: False
) -> ExtractedRecords:
    return asyncio.run(readers.read(_request(leaves), content, "upload.csv", "cases"))


def _count(readers: Readers) -> int:
    return cast("int", _read(readers))


# --- uploads and bytes


def test_thirty_two_uploads_are_received_at_once(readers: Readers) -> None:
    with ExitStack() as stack:
        for _ in range(32):
            stack.enter_context(readers.slot())
        with pytest.raises(BusyError) as raised, readers.slot():
            pass
        assert (raised.value.code, raised.value.message) == ("uploads-busy", BUSY)
        assert raised.value.indonesian == (
            "Server sedang memuat banyak berkas. Kirim berkas ini lagi satu menit lagi."
        )
    with ExitStack() as stack:
        for _ in range(32):
            stack.enter_context(readers.slot())


def test_bodies_have_the_reserved_memory_together_and_free_it(readers: Readers) -> None:
    with readers.slot() as first, readers.slot() as second:
        first.reserve(60)
        second.reserve(39)
        second.reserve(1)
        with pytest.raises(BusyError, match="loading many files"):
            first.reserve(1)
        first.reserve(0)
        assert (first.bytes, second.bytes) == (60, 40)
    with readers.slot() as third:
        third.reserve(100)


def test_an_upload_that_fails_frees_its_slot_and_its_memory(readers: Readers) -> None:
    for _ in range(40):
        with suppress(ZeroDivisionError), readers.slot() as slot:
            slot.reserve(100)
            raise ZeroDivisionError


@pytest.mark.parametrize("token", [None, "a-token-for-this-test"])
def test_the_limits_come_from_the_settings(token: str | None, made: list[NoProcess]) -> None:
    settings = Settings.model_validate(
        {
            "token": token,
            "upload_megabytes": 2,
            "upload_seconds": 11,
            "upload_memory_megabytes": 700,
        }
    )
    readers = Readers.of(settings)
    # A server without a token gets no uploads, so no process waits for them.
    assert [reader.limits for reader in made] == ([] if token is None else [Limits(11, 700)])
    assert readers.take().limits == Limits(11, 700)  # type: ignore[attr-defined]
    with readers.slot() as slot:
        slot.reserve(6_000_000)
        with pytest.raises(BusyError):
            slot.reserve(1)


# --- processes


def test_a_process_reads_one_file_after_another(readers: Readers, made: list[NoProcess]) -> None:
    assert [_count(readers) for _ in range(3)] == [1, 2, 3]
    assert [reader.limits for reader in made] == [LIMITS]
    assert made[0].files == [(b"abc", "upload.csv", "cases")] * 3
    assert made[0].is_alive


def test_one_process_is_started_in_advance(readers: Readers, made: list[NoProcess]) -> None:
    readers.warm_up()
    readers.warm_up()
    assert [reader.limits for reader in made] == [LIMITS]
    assert _count(readers) == 1
    assert len(made) == 1


def test_a_process_that_has_ended_is_replaced(readers: Readers, made: list[NoProcess]) -> None:
    readers.warm_up()
    made[0].is_alive = False
    assert _count(readers) == 1
    assert [reader.is_closed for reader in made] == [True, False]
    assert (made[0].files, len(made[1].files)) == ([], 1)


@pytest.mark.parametrize(("size", "is_kept"), [(SMALL - 1, True), (SMALL, False)])
def test_a_process_that_has_read_a_large_file_ends_and_another_is_started(
    readers: Readers, made: list[NoProcess], size: int, *, is_kept: bool
) -> None:
    _read(readers, bytes(size))
    assert made[0].is_closed != is_kept
    assert len(made) == (1 if is_kept else 2)
    assert _count(readers) == (2 if is_kept else 1)


def test_a_process_that_died_while_it_read_is_replaced(
    readers: Readers, made: list[NoProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(reader: NoProcess) -> Any:
        reader.is_alive = False
        raise STOPPED

    monkeypatch.setattr(NoProcess, "on_read", staticmethod(die))
    with pytest.raises(MikrozonasiError) as raised:
        _read(readers)
    assert raised.value is STOPPED
    assert [reader.is_closed for reader in made] == [True, False]


def test_of_two_processes_one_waits_for_the_next_file(
    readers: Readers, made: list[NoProcess]
) -> None:
    first, second = readers.take(), readers.take()
    assert first is not second
    readers.release(first, reusable=True)
    readers.release(second, reusable=True)
    assert [reader.is_closed for reader in made] == [False, True]
    assert readers.take() is first
    assert len(made) == 2


def test_no_process_stays_after_the_end(readers: Readers, made: list[NoProcess]) -> None:
    readers.warm_up()
    at_work = readers.take()
    readers.warm_up()
    readers.close()
    assert [reader.is_closed for reader in made] == [False, True]
    readers.release(at_work, reusable=True)
    readers.warm_up()
    assert [reader.is_closed for reader in made] == [True, True]
    readers.close()


# --- reading


def test_two_files_are_read_at_once_and_the_third_waits(
    readers: Readers, made: list[NoProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    free = threading.Event()
    monkeypatch.setattr(NoProcess, "on_read", staticmethod(lambda _: free.wait()))

    async def run() -> None:
        reads = [
            asyncio.create_task(readers.read(_request(), b"", "upload.csv", "cases"))
            for _ in range(3)
        ]
        try:
            await _until(lambda: sum(len(reader.files) for reader in made) == 2)
            await asyncio.sleep(0.02)
            assert sum(len(reader.files) for reader in made) == 2
        finally:
            free.set()
        await asyncio.gather(*reads)
        assert sum(len(reader.files) for reader in made) == 3

    asyncio.run(run())


def _wait_for_end(reader: NoProcess) -> Any:
    assert reader.ended.wait(10)
    raise STOPPED


def _leave(readers: Readers, leaves: Callable[[], bool]) -> None:
    """Read a file whose client leaves."""
    with pytest.raises(InputError) as raised:
        _read(readers, b"abc", leaves)
    assert raised.value.code == "client-left"


def test_reading_ends_when_the_client_leaves(
    readers: Readers, made: list[NoProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(NoProcess, "on_read", staticmethod(_wait_for_end))
    _leave(readers, lambda: any(reader.files for reader in made))
    asyncio.run(_until(lambda: len(made) == 2))
    assert [reader.is_closed for reader in made] == [True, False]


def test_a_client_that_leaves_while_the_process_starts_ends_the_process(
    readers: Readers, made: list[NoProcess], monkeypatch: pytest.MonkeyPatch
) -> None:
    starts, has_left = threading.Event(), threading.Event()

    def start() -> None:
        starts.set()
        assert has_left.wait(10)

    monkeypatch.setattr(NoProcess, "on_start", staticmethod(start))
    monkeypatch.setattr(NoProcess, "on_read", staticmethod(_wait_for_end))
    _leave(readers, starts.is_set)
    assert made == []
    has_left.set()
    asyncio.run(_until(lambda: len(made) == 2))
    assert made[0].ended.is_set()


def test_for_a_client_that_has_left_no_process_is_started(
    readers: Readers, made: list[NoProcess]
) -> None:
    _leave(readers, lambda: True)
    assert made == []


def test_a_file_that_was_read_before_the_client_leaves_ends_no_process(
    readers: Readers, made: list[NoProcess]
) -> None:
    assert _count(readers) == 1
    assert _count(readers) == 2
    assert not made[0].ended.is_set()
