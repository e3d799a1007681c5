"""Page assets at addresses that change with their content: a browser keeps them for ever.

The address of every asset contains the release: the digest of all assets. Scripts that import each
other by relative paths so stay within one release. Texts are compressed once, as small as brotli
and gzip can, and kept in memory.
"""

import gzip
import hashlib
import mimetypes
from collections.abc import Iterator
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from threading import Lock
from typing import Annotated, Final, NamedTuple

import brotli
from fastapi import Depends, HTTPException, Request, Response

from api.http.caching import FOREVER
from api.http.compression import accepted_encodings
from api.http.files.asset_files import WORKER_POLICY
from api.http.links import base_path
from api.pages.assets import FOLDER as PAGE_ASSETS
from zoning.drawing.assets import FOLDER as MAP_ASSETS

_COMPRESSIBLE: Final = frozenset({".css", ".js", ".mjs", ".svg", ".webmanifest"})
_LARGE: Final = 300_000
"""Bytes from which the highest quality of brotli would take seconds."""
_MEDIA_TYPES: Final = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".woff2": "font/woff2",
    ".css": "text/css",
}


class _Asset(NamedTuple):
    content: bytes
    media_type: str
    encoding: str | None


class ReleaseAssets:
    """Scripts, styles, fonts and pictures of the pages. Safe for many threads.

    Attributes
    ----------
    release
        16 hex characters; changes with any change of any asset.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._compressed: dict[tuple[str, str], bytes] = {}

    @cached_property
    def _paths(self) -> dict[str, Path]:
        """Path of every asset by its name; own files of pages and of maps share a folder."""
        return dict(
            [
                *_files(MAP_ASSETS / "vendor", "vendor"),
                *_files(MAP_ASSETS / "own", "own"),
                *_files(PAGE_ASSETS, "own"),
            ]
        )

    @cached_property
    def release(self) -> str:
        """See the class."""
        digest = hashlib.sha256()
        for name, path in sorted(self._paths.items()):
            digest.update(f"{name}\0".encode())
            digest.update(hashlib.sha256(path.read_bytes()).digest())
        return digest.hexdigest()[:16]

    def response(self, request: Request, release: str, name: str) -> Response:
        """The response with an asset.

        A page of another release gets the asset as it is now, and must ask again next time.

        Raises
        ------
        HTTPException
            404 if no asset has this name.
        """
        path = self._paths.get(name)
        if path is None:
            raise HTTPException(HTTPStatus.NOT_FOUND)
        asset = self._read(path, name, accepted_encodings(request))
        headers = {
            "Cache-Control": FOREVER if release == self.release else "no-cache",
            "Vary": "Accept-Encoding",
        }
        if asset.encoding is not None:
            headers["Content-Encoding"] = asset.encoding
        if name.endswith("-worker.mjs"):
            headers["Content-Security-Policy"] = WORKER_POLICY
        return Response(asset.content, media_type=asset.media_type, headers=headers)

    def _read(self, path: Path, name: str, accepted: frozenset[str]) -> _Asset:
        media_type = _MEDIA_TYPES.get(path.suffix) or mimetypes.guess_type(name)[0]
        media_type = media_type or "application/octet-stream"
        encoding = next((name for name in ("br", "gzip") if name in accepted), None)
        if encoding is None or path.suffix not in _COMPRESSIBLE:
            return _Asset(path.read_bytes(), media_type, None)
        with self._lock:
            content = self._compressed.get((name, encoding))
            if content is None:
                content = _compress(path.read_bytes(), encoding)
                self._compressed[name, encoding] = content
        return _Asset(content, media_type, encoding)


def _files(folder: Path, prefix: str) -> Iterator[tuple[str, Path]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield f"{prefix}/{path.relative_to(folder).as_posix()}", path


def _compress(content: bytes, encoding: str) -> bytes:
    if encoding == "gzip":
        return gzip.compress(content, 9, mtime=0)
    compressed: bytes = brotli.compress(content, quality=11 if len(content) < _LARGE else 9)
    return compressed


def release_assets(request: Request) -> ReleaseAssets:
    """The assets of the application that answers a request."""
    assets: ReleaseAssets = request.app.state.assets
    return assets


def assets_path(request: Request) -> str:
    """Path of the assets of this release."""
    return f"{base_path(request)}/assets/{release_assets(request).release}"


async def _assets(request: Request) -> ReleaseAssets:
    return release_assets(request)


CurrentAssets = Annotated[ReleaseAssets, Depends(_assets)]
