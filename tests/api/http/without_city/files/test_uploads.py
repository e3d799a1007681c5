"""Uploads: size, content type and memory are checked before any file is read."""

import asyncio
import logging
from typing import Annotated, Any, cast

import pytest
from fastapi import Depends, FastAPI, Request

from api.http.files import reading, uploads
from api.http.files.reading import Readers
from api.http.files.uploads import hide_record_values, read_upload
from geodata.errors import InputError, MikrozonasiError
from geodata.reading_process.reader import Limits
from geodata.records.layout.record_extraction import ExtractedRecords
from tests.api.http.without_city.small_app import error_of, request, small_app
from tests.api.serving.raw import Answer

MEGABYTE = 1_000_000
CSV = (("Content-Type", "text/csv"),)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Recorder(Readers):
    """Records the files that would be read, and the memory that is reserved meanwhile."""

    def __init__(self, most_bytes: int = 3 * MEGABYTE) -> None:
        super().__init__(Limits(1, 500), most_bytes)
        self.files: list[tuple[bytes, str, str]] = []
        self.error: Exception | None = None

    async def read(
        self, request: Request, content: bytes, name: str, kind: str
    ) -> ExtractedRecords:
        assert request.method == "POST"
        self.files.append((content, name, kind))
        if self.error is not None:
            raise self.error
        return cast("ExtractedRecords", f"{len(content)} bytes")


def _app(readers: Readers, megabytes: int = 1) -> FastAPI:
    app = small_app(upload_megabytes=megabytes)

    async def records(request: Request, kind: str) -> Any:
        async with read_upload(request, kind, readers) as extracted:
            yield extracted

    @app.post("/records/{kind}")
    def _(records: Annotated[Any, Depends(records)]) -> Any:
        return records

    return app


def _send(readers: Readers, *parts: bytes, headers: Any = CSV, megabytes: int = 1) -> Answer:
    app = _app(readers, megabytes)
    return request(app, "/records/cases", method="POST", parts=parts, headers=headers)


def _assert_all_memory_is_free(readers: Recorder, most_bytes: int = 3 * MEGABYTE) -> None:
    with readers.slot() as slot:
        slot.reserve(most_bytes)


@pytest.mark.parametrize(
    ("media_type", "name"),
    [
        ("text/csv", "upload.csv"),
        ("TEXT/CSV", "upload.csv"),
        ("text/csv; charset=utf-8", "upload.csv"),
        (" text/csv ;header=present;x=y", "upload.csv"),
        ("text/tab-separated-values", "upload.csv"),
        ("text/plain", "upload.csv"),
        ("application/json", "upload.json"),
        ("application/geo+json", "upload.json"),
        (XLSX, "upload.xlsx"),
        ("application/vnd.apache.parquet", "upload.parquet"),
        ("application/x-parquet", "upload.parquet"),
        ("application/parquet", "upload.parquet"),
    ],
)
def test_the_content_type_says_the_format(media_type: str, name: str) -> None:
    readers = Recorder()
    answer = _send(readers, b"PK\x03\x04", b"[1]", headers=(("Content-Type", media_type),))
    assert (answer.status, answer.body) == (200, b'"7 bytes"')
    assert readers.files == [(b"PK\x03\x04[1]", name, "cases")]


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"PK\x03\x04...", "upload.xlsx"),
        (b"PK\x03", "upload.csv"),
        (b"\xd0\xcf\x11\xe0...", "upload.xls"),
        (b"PAR1...", "upload.parquet"),
        (b" PAR1", "upload.csv"),
        (b"[1]", "upload.json"),
        (b'{"a": 1}', "upload.json"),
        (b" \r\n\t{}", "upload.json"),
        (b"a[1]", "upload.csv"),
        (b"(1)", "upload.csv"),
        (b"", "upload.csv"),
    ],
)
@pytest.mark.parametrize(
    "headers",
    [
        (),
        (("Content-Type", ""),),
        (("Content-Type", "application/octet-stream"),),
        (("Content-Type", "application/vnd.ms-excel"),),
    ],
)
def test_the_first_bytes_say_the_format_where_the_content_type_does_not(
    headers: Any, content: bytes, name: str
) -> None:
    readers = Recorder()
    assert _send(readers, content, headers=headers).status == 200
    assert readers.files == [(content, name, "cases")]


@pytest.mark.parametrize(
    "media_type", ["image/png", "text", "text/csvx", "csv", "multipart/form-data; text/csv", "*/*"]
)
def test_another_content_type_is_rejected_unread(media_type: str) -> None:
    readers = Recorder()
    answer = _send(readers, b"a", b"b", headers=(("Content-Type", media_type),))
    message = (
        "The server does not read files of that Content-Type. Send text/csv, application/json, "
        "XLSX, Parquet or GeoJSON, or application/octet-stream for any of these; with curl: "
        '-H "Content-Type: text/csv" --data-binary @cases.csv.'
    )
    assert error_of(answer) == (415, "content-type", message)
    assert answer.unread == 2
    assert readers.files == []


def _assert_too_large(answer: Answer, megabytes: int, unread: int) -> None:
    message = (
        f"The file is larger than {megabytes} MB. Send it in parts, or ask the operator to raise "
        "MIKROZONASI_UPLOAD_MEGABYTES."
    )
    assert error_of(answer) == (413, "too-large", message)
    assert answer.unread == unread


@pytest.mark.parametrize("megabytes", [1, 2])
@pytest.mark.parametrize("sent_length", [None, "10", "0", "x", "1e9", "-1", "9" * 19])
def test_the_largest_file_is_read_and_one_byte_more_is_rejected(
    megabytes: int, sent_length: str | None
) -> None:
    readers = Recorder()
    headers = CSV if sent_length is None else (*CSV, ("Content-Length", sent_length))
    largest = bytes(megabytes * MEGABYTE - 1), b"1"
    answer = _send(readers, *largest, headers=headers, megabytes=megabytes)
    assert (answer.status, [len(content) for content, _, _ in readers.files]) == (
        200,
        [megabytes * MEGABYTE],
    )
    answer = _send(readers, *largest, b"2", b"never read", headers=headers, megabytes=megabytes)
    _assert_too_large(answer, megabytes, unread=1)
    assert len(readers.files) == 1
    _assert_all_memory_is_free(readers)


@pytest.mark.parametrize("length", [MEGABYTE + 1, 2 * MEGABYTE, int("9" * 18)])
def test_a_file_with_a_length_above_the_limit_is_rejected_unread(length: int) -> None:
    readers = Recorder()
    answer = _send(readers, b"a", b"b", headers=(*CSV, ("Content-Length", str(length))))
    _assert_too_large(answer, 1, unread=2)
    assert readers.files == []


def test_a_file_whose_length_is_the_limit_is_read() -> None:
    headers = (*CSV, ("Content-Length", str(MEGABYTE)))
    assert _send(Recorder(), b"a", headers=headers).status == 200


def test_a_file_that_memory_cannot_hold_is_rejected_and_its_memory_is_free_again() -> None:
    readers = Recorder(most_bytes=10)
    assert _send(readers, b"12345", b"67890").status == 200
    answer = _send(readers, b"12345", b"67890", b"1", b"never read")
    assert (answer.status, answer.code, answer.unread) == (503, "uploads-busy", 1)
    assert answer.headers["retry-after"] == "30"
    assert len(readers.files) == 1
    _assert_all_memory_is_free(readers, 10)


def test_the_memory_of_a_file_is_reserved_until_the_response_is_made() -> None:
    readers = Recorder(most_bytes=10)
    app = _app(readers)

    @app.post("/full/{kind}")
    async def _(request: Request, kind: str) -> str:
        async with read_upload(request, kind, readers):
            with pytest.raises(MikrozonasiError):
                readers.reserve(8)
            readers.reserve(7)
        return "reserved"

    assert request(app, "/full/cases", method="POST", parts=(b"abc",), headers=CSV).status == 200


def test_above_the_limit_of_uploads_no_byte_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    readers = Recorder()
    monkeypatch.setattr(reading, "_MOST_UPLOADS", 0)
    answer = _send(readers, b"a", b"b")
    assert (answer.status, answer.code, answer.unread) == (503, "uploads-busy", 2)


def test_a_file_that_cannot_be_read_frees_its_memory() -> None:
    readers = Recorder()
    readers.error = InputError("a-code", "Sentence.", indonesian="Kalimat.")
    answer = _send(readers, b"abc")
    assert (answer.status, answer.code) == (422, "a-code")
    _assert_all_memory_is_free(readers)


def _read_with(readers: Readers, *messages: dict[str, Any]) -> MikrozonasiError:
    """The error for an upload that arrives as these messages and then as nothing."""
    remaining = list(messages)

    async def receive() -> Any:
        if not remaining:
            await asyncio.Event().wait()
        return remaining.pop(0)

    async def run() -> None:
        scope = {
            "type": "http",
            "method": "POST",
            "headers": [(b"content-type", b"text/csv")],
            "app": small_app(upload_megabytes=1),
        }
        async with read_upload(Request(scope, receive), "cases", readers):
            raise AssertionError

    with pytest.raises(InputError) as raised:
        asyncio.run(run())
    assert raised.value.__suppress_context__
    return raised.value


def test_an_upload_that_stalls_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "_STALLED_SECONDS", 0.01)
    readers = Recorder()
    part = {"type": "http.request", "body": b"abc", "more_body": True}
    error = _read_with(readers, part)
    assert (error.code, error.message) == (
        "upload-stalled",
        "The upload stopped for 0.01 seconds. No row was loaded. Send the file again.",
    )
    assert error.indonesian == (
        "Pengiriman berkas terhenti selama 0.01 detik. Tidak ada baris yang dimuat. Kirim lagi "
        "berkasnya."
    )
    assert readers.files == []
    _assert_all_memory_is_free(readers)


def test_an_upload_whose_client_leaves_is_not_read() -> None:
    readers = Recorder()
    part = {"type": "http.request", "body": b"abc", "more_body": True}
    error = _read_with(readers, part, {"type": "http.disconnect"})
    assert (error.code, error.message) == (
        "client-left",
        "The connection closed before the file was read. No row was loaded. Send the file again.",
    )
    assert error.indonesian == (
        "Koneksi terputus sebelum berkas selesai dibaca. Tidak ada baris yang dimuat. Kirim lagi "
        "berkasnya."
    )
    assert readers.files == []
    _assert_all_memory_is_free(readers)


def _fail() -> None:
    raise ValueError("3374010101010001")


def test_an_unexpected_error_discloses_no_value_of_a_record(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with (
        caplog.at_level(logging.ERROR),
        pytest.raises(MikrozonasiError) as raised,
        hide_record_values(),
    ):
        _fail()
    assert raised.value.code == "intake-failed"
    assert raised.value.__suppress_context__
    line = _fail.__code__.co_firstlineno + 1
    assert caplog.messages == [f"intake failed: ValueError at {__file__}:{line}"]


def test_an_error_of_this_project_passes_and_work_without_an_error_too() -> None:
    error = InputError("a-code", "Sentence.", indonesian="Kalimat.")
    with pytest.raises(InputError) as raised, hide_record_values():
        raise error
    assert raised.value is error
    with hide_record_values():
        pass
