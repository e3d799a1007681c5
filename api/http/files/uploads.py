"""Files that come over HTTP: no larger than is set, of a kind that is read, never written down.

A file is read in a process of its own; see `api.http.files.reading`.
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

from api.http.configuration import settings_of
from api.http.files.reading import Readers, UploadSlot, client_left
from geodata.errors import InputError, MikrozonasiError, TooLargeError, UnsupportedError
from geodata.reading_process.reader import intake_failed
from geodata.records.layout.arranging import Arranged
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
# Said of anything: what came is recognised by how it begins.
_ANYTHING: Final = ("", "application/octet-stream", "application/vnd.ms-excel")
_BEGINNINGS: Final = {b"PK\x03\x04": ".xlsx", b"\xd0\xcf\x11\xe0": ".xls", b"PAR1": ".parquet"}
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
"""What the interface's description says of a body that is a file."""


@contextmanager
def hide_record_values() -> Iterator[None]:
    """Let nothing of a record out through an error nobody foresaw: not into a log either.

    Raises
    ------
    MikrozonasiError
        ``intake-failed``.
    """
    try:
        yield
    except MikrozonasiError:
        raise
    except Exception as error:  # noqa: BLE001  (whatever it is, its words may be of a record)
        last = traceback.extract_tb(error.__traceback__)[-1]
        _log.error("intake failed: %s at %s:%s", type(error).__name__, last.filename, last.lineno)
        raise intake_failed() from None


@asynccontextmanager
async def read_upload(request: Request, kind: str, readers: Readers) -> AsyncIterator[Arranged]:
    """The records of the file that is a request's body, read in a process of its own.

    Raises
    ------
    UnsupportedError
        ``content-type``.
    TooLargeError
        ``too-large``; and see `api.http.files.reading.Readers`.
    InputError
        ``upload-stalled``, ``client-left``.
    """
    settings = settings_of(request)
    said = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if said not in _ENDINGS and said not in _ANYTHING:
        raise UnsupportedError(
            "content-type",
            "Files of that Content-Type are not read here. Send text/csv, application/json, "
            "XLSX, Parquet or GeoJSON, or application/octet-stream for any of them; with curl: "
            '-H "Content-Type: text/csv" --data-binary @cases.csv.',
            indonesian="Berkas dengan Content-Type itu tidak dibaca di sini. Kirim text/csv, "
            "application/json, XLSX, Parquet atau GeoJSON, atau application/octet-stream untuk "
            'semuanya; dengan curl: -H "Content-Type: text/csv" --data-binary @cases.csv.',
        )
    with readers.slot() as slot:
        content = await _body(request, settings.upload_megabytes, slot)
        name = f"upload{_ENDINGS.get(said) or _recognised(content)}"
        yield await readers.read(request, content, name, kind)


async def _body(request: Request, megabytes: int, slot: UploadSlot) -> bytes:
    most = megabytes * _MEGABYTE
    said = request.headers.get("content-length", "")
    if re.fullmatch(r"\d{1,18}", said) and int(said) > most:
        raise _too_large(megabytes)
    content = bytearray()
    parts = request.stream()
    try:
        while True:
            with anyio.fail_after(_STALLED_SECONDS):
                part = await anext(parts)
            if len(content) + len(part) > most:
                raise _too_large(megabytes)
            slot.hold(len(part))
            content += part
    except StopAsyncIteration:
        return bytes(content)
    except ClientDisconnect:
        raise client_left() from None
    except TimeoutError:
        raise InputError(
            "upload-stalled",
            f"Nothing more of the file came for {_STALLED_SECONDS} seconds. Nothing of it was "
            "taken. Send it again.",
            indonesian=f"Tidak ada lagi bagian berkas yang datang selama {_STALLED_SECONDS} "
            "detik. Tidak ada isinya yang dimuat. Kirim lagi.",
        ) from None


def _too_large(megabytes: int) -> TooLargeError:
    return TooLargeError(
        "too-large",
        f"A file of at most {megabytes} MB is taken. Send it in parts, or let the operator raise "
        "MIKROZONASI_UPLOAD_MEGABYTES.",
        indonesian=f"Berkas diterima paling besar {megabytes} MB. Kirim dalam beberapa bagian, "
        "atau minta pengelola menaikkan MIKROZONASI_UPLOAD_MEGABYTES.",
    )


def _recognised(content: bytes) -> str:
    known = next((end for start, end in _BEGINNINGS.items() if content.startswith(start)), None)
    if known is not None:
        return known
    return ".json" if content.lstrip()[:1] in {b"[", b"{"} else ".csv"
