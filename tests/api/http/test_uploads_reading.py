"""Uploads are read in separate processes: with limits, and only while the client is connected."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr, ValidationError

from api.app import create_app
from api.http.files import reading, uploads
from api.http.files.reading import Readers
from api.settings import Settings
from geodata.reading_process.reader import Reader
from tests.api.hostile import serving
from tests.databases import copy_of

TOKEN = "an-official-token-of-some-length"
BEARER = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "text/csv"}
PATIENCE = 120
CASE = b"id_kasus,status,tgl_konfirmasi,kelurahan\nPOS-1,konfirmasi,2021-07-10,33.74.01.1003\n"
LONG = CASE + b"POS-2,konfirmasi,2021-07-10,33.74.01.1003,\n" * 1_000_000
"""Rows that take seconds: they are read one by one."""


@pytest.fixture
def app(small_database: str, tmp_path: Path, request: pytest.FixtureRequest) -> FastAPI:
    return create_app(
        Settings(
            database=copy_of(small_database, tmp_path),
            token=SecretStr(TOKEN),
            upload_seconds=getattr(request, "param", 60),
            upload_memory_megabytes=500,
        )
    )


@pytest.fixture
def office(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False, headers=BEARER) as client:
        yield client


@pytest.mark.parametrize("app", [1], indirect=True)
def test_a_file_that_takes_too_long_is_rejected_and_the_next_file_is_loaded(
    office: TestClient,
) -> None:
    answer = office.post("/records/cases", content=LONG)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-slow")
    assert "MIKROZONASI_UPLOAD_SECONDS" in answer.json()["message"]
    assert office.post("/records/cases", content=CASE).json()["new"] == 1


def test_a_file_that_takes_too_much_memory_is_rejected(office: TestClient) -> None:
    body = b"[" + b'{"a":1},' * 1_200_000 + b"{}]"
    kind = {"Content-Type": "application/json"}
    answer = office.post("/records/cases", content=body, headers=kind)
    assert (answer.status_code, answer.json()["code"]) == (413, "too-much-memory")
    assert "MIKROZONASI_UPLOAD_MEMORY_MEGABYTES" in answer.json()["message"]


def test_above_the_limit_of_uploads_the_answer_says_when_to_retry(
    office: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_MOST_UPLOADS", 0)
    answer = office.post("/records/cases", content=CASE)
    assert (answer.status_code, answer.json()["code"]) == (503, "uploads-busy")
    assert int(answer.headers["retry-after"]) > 0
    monkeypatch.undo()
    assert office.post("/records/cases", content=CASE).status_code == 200


def test_bodies_reserve_memory_up_to_a_limit_and_release_it(
    app: FastAPI, office: TestClient
) -> None:
    readers: Readers = app.state.official.readers
    readers._bytes = readers._most_bytes - len(CASE) + 1
    assert office.post("/records/cases", content=CASE).json()["code"] == "uploads-busy"
    readers._bytes = 0
    for _ in range(3):
        assert office.post("/records/cases", content=CASE).status_code == 200
    assert (readers._bytes, readers._uploads) == (0, 0)


def test_no_process_stays_when_the_server_ends(app: FastAPI) -> None:
    with TestClient(app, headers=BEARER) as client:
        assert client.post("/records/cases", content=CASE).status_code == 200
        pids = [reader.pid for reader in app.state.official.readers._idle]
    assert pids
    assert not any(Path(f"/proc/{pid}").exists() for pid in pids)


@contextmanager
def send_request(
    address: str, body: bytes, *, length: int | None = None
) -> Iterator[socket.socket]:
    """Send a request; the block may read the answer."""
    host, _, port = address.removeprefix("http://").partition(":")
    head = (
        f"POST /records/cases HTTP/1.1\r\nHost: x\r\nContent-Type: text/csv\r\n"
        f"Authorization: Bearer {TOKEN}\r\nContent-Length: {length or len(body)}\r\n\r\n"
    )
    with socket.create_connection((host, int(port)), timeout=PATIENCE) as connection:
        connection.sendall(head.encode() + body)
        yield connection


def test_reading_ends_when_the_client_closes_the_connection(
    app: FastAPI, monkeypatch: pytest.MonkeyPatch
) -> None:
    began, ended = threading.Event(), threading.Event()
    read, end = Reader.read, Reader.end

    def begin_reading(self: Reader, *arguments: object) -> object:
        began.set()
        return read(self, *arguments)  # type: ignore[arg-type]  # passed on

    def end_reading(self: Reader, reason: str = "reading-stopped") -> None:
        if reason == "reading-stopped" and began.is_set() and not ended.is_set():
            assert self.is_alive
            ended.set()
        end(self, reason)

    monkeypatch.setattr(Reader, "read", begin_reading)
    monkeypatch.setattr(Reader, "end", end_reading)
    with serving(app) as address:
        with send_request(address, LONG):
            assert began.wait(PATIENCE)
        assert ended.wait(PATIENCE)
        deadline = time.monotonic() + PATIENCE
        while app.state.official.readers._uploads:
            assert time.monotonic() < deadline
            time.sleep(0.02)


def test_an_upload_that_stalls_is_rejected(app: FastAPI, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_STALLED_SECONDS", 0.1)
    with serving(app) as address, send_request(address, CASE, length=10_000) as connection:
        answer = connection.recv(65536)
    assert b"422" in answer.partition(b"\r\n")[0]
    assert json.loads(answer.partition(b"\r\n\r\n")[2])["code"] == "upload-stalled"


@pytest.mark.parametrize("name", ["upload_seconds", "upload_memory_megabytes"])
def test_a_limit_of_zero_is_rejected(name: str) -> None:
    with pytest.raises(ValidationError):
        Settings.model_validate({name: 0})
