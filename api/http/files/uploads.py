"""Receiving uploads: checks size and content type; never writes a file to disk.

A separate process reads the file; see `api.http.files.reading`.
"""

import logging
import re
import traceback
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Final

import anyio
from fastapi import Request
from starlette.requests import ClientDisconnect

from api.http.configuration import current_settings
from api.http.files.reading import Readers, UploadSlot, client_left
from geodata.errors import InputError, MikrozonasiError, TooLargeError, UnsupportedError
from geodata.reading_process.reader import intake_failed
from geodata.records.layout.record_extraction import ExtractedRecords
from geodata.tables import XLSX_MEDIA_TYPE

_log = logging.getLogger(__name__)
_MEGABYTE: Final = 1_000_000
_STALLED_SECONDS: Final = 30
_ENDINGS: Final = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".csv",
    "text/plain": ".csv",
    "application/json": ".json",
    "application/geo+json": ".json",
    XLSX_MEDIA_TYPE: ".xlsx",
    "application/vnd.apache.parquet": ".parquet",
    "application/x-parquet": ".parquet",
    "application/parquet": ".parquet",
}
# Clients use these for any file: the first bytes say which format the file has.
_GENERIC_TYPES: Final = ("", "application/octet-stream", "application/vnd.ms-excel")
_SIGNATURES: Final = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls", b"PAR1": ".parquet"}
DESCRIBED: Final = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "string", "format": "binary"}}
            for kind in _ENDINGS
            if kind != "application/json"
        }
        | {"application/json": {"schema": {"type": "array", "items": {"type": "object"}}}},
    }
}
"""OpenAPI description of a body that is a file."""


@contextmanager
def hide_record_values() -> Iterator[None]:
    """Replace an unexpected error, so that no value of a record reaches a response or a log.

    Raises
    ------
    MikrozonasiError
        ``intake-failed``.
    """
    try:
        yield
    except MikrozonasiError:
        raise
    except Exception as error:  # noqa: BLE001  (the text of any error may contain values of a record)
        frame = traceback.extract_tb(error.__traceback__)[-1]
        _log.error("intake failed: %s at %s:%s", type(error).__name__, frame.filename, frame.lineno)
        raise intake_failed() from None


@asynccontextmanager
async def read_upload(
    request: Request, kind: str, readers: Readers
) -> AsyncIterator[ExtractedRecords]:
    """The records of the file in the body of a request, read in a separate process.

    Raises
    ------
    UnsupportedError
        ``content-type``.
    TooLargeError
        ``too-large``; and see `api.http.files.reading.Readers`.
    InputError
        ``upload-stalled``, ``client-left``.
    """
    settings = current_settings(request)
    media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type not in _ENDINGS and media_type not in _GENERIC_TYPES:
        raise UnsupportedError(
            "content-type",
            "The server does not read files of that Content-Type. Send text/csv, application/json, "
            "XLSX, Parquet or GeoJSON, or application/octet-stream for any of these; with curl: "
            '-H "Content-Type: text/csv" --data-binary @cases.csv.',
            indonesian="Server tidak membaca berkas dengan Content-Type itu. Kirim text/csv, "
            "application/json, XLSX, Parquet atau GeoJSON, atau application/octet-stream untuk "
            'semuanya; dengan curl: -H "Content-Type: text/csv" --data-binary @cases.csv.',
        )
    with readers.slot() as slot:
        content = await _read_body(request, settings.upload_megabytes, slot)
        name = f"upload{_ENDINGS.get(media_type) or _detect_ending(content)}"
        yield await readers.read(request, content, name, kind)


async def _read_body(request: Request, megabytes: int, slot: UploadSlot) -> bytes:
    max_bytes = megabytes * _MEGABYTE
    length = request.headers.get("content-length", "")
    if re.fullmatch(r"\d{1,18}", length) and int(length) > max_bytes:
        raise _too_large(megabytes)
    content = bytearray()
    chunks = request.stream()
    try:
        while True:
            with anyio.fail_after(_STALLED_SECONDS):
                chunk = await anext(chunks)
            if len(content) + len(chunk) > max_bytes:
                raise _too_large(megabytes)
            slot.reserve(len(chunk))
            content += chunk
    except StopAsyncIteration:
        return bytes(content)
    except ClientDisconnect:
        raise client_left() from None
    except TimeoutError:
        raise InputError(
            "upload-stalled",
            f"The upload stopped for {_STALLED_SECONDS} seconds. No row was loaded. Send the file "
            "again.",
            indonesian=f"Pengiriman berkas terhenti selama {_STALLED_SECONDS} detik. Tidak ada "
            "baris yang dimuat. Kirim lagi berkasnya.",
        ) from None


def _too_large(megabytes: int) -> TooLargeError:
    return TooLargeError(
        "too-large",
        f"The file is larger than {megabytes} MB. Send it in parts, or ask the operator to raise "
        "MIKROZONASI_UPLOAD_MEGABYTES.",
        indonesian=f"Berkas lebih besar dari {megabytes} MB. Kirim dalam beberapa bagian, atau "
        "minta pengelola menaikkan MIKROZONASI_UPLOAD_MEGABYTES.",
    )


def _detect_ending(content: bytes) -> str:
    endings = (ending for start, ending in _SIGNATURES.items() if content.startswith(start))
    ending = next(endings, None)
    if ending is not None:
        return ending
    return ".json" if content.lstrip()[:1] in {b"[", b"{"} else ".csv"
