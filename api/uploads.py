"""Files that come over HTTP: no larger than is set, of a kind that is read, never written down."""

import logging
import re
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final, NamedTuple

from fastapi import Depends, Request

from api.settings import Settings
from geodata.errors import MikrozonasiError, TooLargeError, UnsupportedError
from geodata.records import kind_of
from geodata.records.arranging import Arranged, arrange
from geodata.tables import content_pages

_log = logging.getLogger(__name__)
_MEGABYTE: Final = 1_000_000
_ENDINGS: Final = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".csv",
    "text/plain": ".csv",
    "application/json": ".json",
    "application/geo+json": ".json",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
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


class Upload(NamedTuple):
    """A file as it came; its name is ours, with the ending of its kind."""

    content: bytes
    name: str

    def records(self, kind: str) -> Arranged:
        """Its rows that are records of a kind.

        Raises
        ------
        RecordError
            As `geodata.tables.read_pages` and `geodata.records.arranging.arrange`.
        """
        return arrange(content_pages(self.content, self.name), kind_of(kind))


@contextmanager
def guarded() -> Iterator[None]:
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
        raise MikrozonasiError(
            "intake-failed",
            "This file made something fail here; it has been noted, and nothing of it was taken.",
        ) from None


async def _upload(request: Request) -> Upload:
    settings: Settings = request.app.state.settings
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in _ENDINGS and kind not in _ANYTHING:
        raise UnsupportedError(
            "content-type",
            "Files of that Content-Type are not read here. Send text/csv, application/json, "
            "XLSX, Parquet or GeoJSON, or application/octet-stream for any of them.",
        )
    content = await _body(request, settings.upload_megabytes)
    return Upload(content, f"upload{_ENDINGS.get(kind) or _recognised(content)}")


async def _body(request: Request, megabytes: int) -> bytes:
    most = megabytes * _MEGABYTE
    said = request.headers.get("content-length", "")
    if re.fullmatch(r"\d{1,18}", said) and int(said) > most:
        raise _too_large(megabytes)
    content = bytearray()
    async for part in request.stream():
        content += part
        if len(content) > most:
            raise _too_large(megabytes)
    return bytes(content)


def _too_large(megabytes: int) -> TooLargeError:
    return TooLargeError(
        "too-large",
        f"A file of at most {megabytes} MB is taken. Send it in parts, or let the operator raise "
        "MIKROZONASI_UPLOAD_MEGABYTES.",
    )


def _recognised(content: bytes) -> str:
    known = next((end for start, end in _BEGINNINGS.items() if content.startswith(start)), None)
    if known is not None:
        return known
    return ".json" if content.lstrip()[:1] in {b"[", b"{"} else ".csv"


Uploaded = Annotated[Upload, Depends(_upload)]
