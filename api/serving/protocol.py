"""HTTP connections with limits of time and size, for slow or hostile clients.

uvicorn reads and writes HTTP, but limits only idle connections. `BoundedProtocol` also limits the
head of a request, a slow body, an answer that the client does not read, and the number of
connections. A refused client gets an error in the same form as all errors, where this is possible.
"""

import json
import logging
from asyncio import AbstractEventLoop, BaseTransport, TimerHandle, Transport
from http import HTTPStatus
from typing import Any, Final, NamedTuple, cast

from uvicorn.config import Config
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from api.serving.connections import Connections, client_key
from api.serving.repeated_warnings import RepeatedWarningFilter
from geodata.language import Bilingual

_log = logging.getLogger("uvicorn.error.clients")
_log.addFilter(RepeatedWarningFilter())


class _Refusal(NamedTuple):
    """An error answer that closes the connection."""

    status: HTTPStatus
    code: str
    message: Bilingual


_MALFORMED: Final = _Refusal(
    HTTPStatus.BAD_REQUEST,
    "malformed-request",
    Bilingual(
        "Ini bukan permintaan HTTP yang sah. Periksa baris pertama dan tajuknya.",
        "This is not a valid HTTP request. Check the first line and the headers.",
    ),
)
_TOO_MANY_CONNECTIONS: Final = _Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "too-many-connections",
    Bilingual(
        "Koneksi terlalu banyak, dari klien ini atau dari semua klien. Tutup beberapa koneksi, "
        "atau coba lagi beberapa detik lagi.",
        "There are too many connections, of this client or of all clients. Close some "
        "connections, or try again in a few seconds.",
    ),
)
_SLOW: Final = _Refusal(
    HTTPStatus.REQUEST_TIMEOUT,
    "request-too-slow",
    Bilingual(
        "Permintaan tidak tiba tepat waktu. Kirim lagi permintaan itu seutuhnya.",
        "The request did not arrive in time. Send the whole request again.",
    ),
)
_LARGE_HEAD: Final = _Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "head-too-large",
    Bilingual(
        "Alamat dan tajuk permintaan ini terlalu panjang, atau tajuknya terlalu banyak. Kirim "
        "lebih sedikit.",
        "The address and the headers of this request are too long, or there are too many headers. "
        "Send fewer.",
    ),
)
_TOO_MANY_PIPELINED: Final = _Refusal(
    HTTPStatus.TOO_MANY_REQUESTS,
    "too-many-pipelined",
    Bilingual(
        "Terlalu banyak permintaan datang sebelum permintaan pertama dijawab. Tunggu jawabannya.",
        "Too many requests came before the first request was answered. Wait for the answers.",
    ),
)


class _RefusedError(Exception):
    """Ends the parsing of a request."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection, within `api.serving.limits.Limits`.

    Parameters
    ----------
    connections
        The connections of this process.
    """

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: AbstractEventLoop | None = None,
        *,
        connections: Connections,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.logger = _log
        self._connections = connections
        self._limits = connections.limits
        self._refusal: _Refusal | None = None
        self._timer: TimerHandle | None = None
        self._head_since: float | None = None
        self._head_bytes = 0
        self._body_since: float | None = None
        self._body_bytes = 0
        self._unread_since: float | None = None
        self._unread = 0
        self._read_bytes, self._reading_seconds = 0, 0.0
        """Bytes that the client read during pauses of writing, and the seconds of these pauses."""
        self._ending_since: float | None = None

    # Called by the event loop

    def connection_made(self, transport: BaseTransport) -> None:
        """Accept the connection, or answer that there are too many."""
        super().connection_made(cast("Transport", transport))
        host = self.client[0] if self.client else ""
        proxies = self.config.loaded_app
        # A client without a host uses a socket file, whose permissions the system checks.
        is_proxy = not host or (
            isinstance(proxies, ProxyHeadersMiddleware) and host in proxies.trusted_hosts
        )
        if self._connections.add(self, client_key(host), is_proxy=is_proxy):
            self._head_since = self._now()
            self._watch()
        else:
            self._log_refused_connection()
            self._refuse(_TOO_MANY_CONNECTIONS)

    def connection_lost(self, exc: Exception | None) -> None:
        """Remove the connection."""
        self._connections.remove(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse bytes of a request."""
        if self._waits_for_head():
            self._head_bytes += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if not self._waits_for_head():
            self._watch()
        elif self._head_bytes > self._limits.head_bytes:
            self._refuse(_LARGE_HEAD)
        elif self._head_since is None and self.timeout_keep_alive_task is None:
            self._head_since = self._now()
            self._watch()

    def pause_writing(self) -> None:
        """Note that the client reads slower than the server writes."""
        super().pause_writing()
        self._unread_since, self._unread = self._now(), self.transport.get_write_buffer_size()
        self._connections.set_unread(self, self._unread)
        self._watch()

    def resume_writing(self) -> None:
        """Note that the client has read most of the written bytes."""
        super().resume_writing()
        if self._unread_since is not None:
            self._read_bytes += self._unread
            self._reading_seconds += self._now() - self._unread_since
            self._unread_since = None
            self._connections.set_unread(self, 0)
        if self._ending_since is not None:
            self._ending_since = self._now()

    # Called by the parser

    def on_headers_complete(self) -> None:
        """Begin to answer; refuse a large head, or too many pipelined requests."""
        length = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if length > self._limits.head_bytes or len(self.headers) > self._limits.headers:
            self._stop_parsing(_LARGE_HEAD)
        if len(self.pipeline) >= self._limits.pipelined:
            self._stop_parsing(_TOO_MANY_PIPELINED)
        self._head_since, self._head_bytes = None, 0
        self._body_since, self._body_bytes = self._now(), 0
        self._connections.set_busy(self)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Count the bytes of a body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that a request is complete."""
        self._body_since = None
        if not self.transport.is_closing():
            self._ending_since = None
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (the message of uvicorn)
        """Answer with the refusal; uvicorn calls this for every parser error."""
        self._refuse(self._refusal or _MALFORMED)

    # Called by uvicorn

    def on_response_complete(self) -> None:
        """Wait for the next request, or until the client has read the answer."""
        super().on_response_complete()
        self._read_bytes, self._reading_seconds = 0, 0.0
        if self.transport.is_closing() or self._body_since is not None:
            self._end_soon()
        if self._is_answered():
            self._connections.set_waiting(self)

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection."""
        super().timeout_keep_alive_handler()
        self._end_soon()

    def _unsupported_upgrade_warning(self) -> None:
        """Log nothing: the request gets an answer, and clients could fill the log with warnings."""

    # Called by `Connections`

    def close_waiting(self) -> None:
        """Close a connection that waits for its client."""
        if self._head_bytes:
            self._refuse(_TOO_MANY_CONNECTIONS)
        else:
            self.transport.close()
            self._end_soon()

    def abort(self) -> None:
        """Close the connection at once; unsent bytes are lost."""
        self.transport.abort()

    # Time

    def _now(self) -> float:
        return self.loop.time()

    def _waits_for_head(self) -> bool:
        """Whether the connection waits for the head of a request."""
        return self._is_answered() and self._body_since is None

    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _end_soon(self) -> None:
        if self._ending_since is None:
            self._ending_since = self._now()
        self._watch()

    def _watch(self) -> None:
        """Set the timer to the next deadline."""
        deadline = self._deadline()
        if deadline is None or (self._timer is not None and self._timer.when() <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_at(deadline, self._check_deadline)

    def _check_deadline(self) -> None:
        self._timer = None
        deadline = self._deadline()
        if deadline is None or self._now() < deadline:
            self._watch()
        elif self.transport.is_closing():
            self.transport.abort()
        elif self._waits_for_head():
            self._refuse(_SLOW if self._head_bytes else None)
        elif self.cycle.response_started:
            self.transport.abort()
        else:
            self._refuse(_SLOW)

    def _deadline(self) -> float | None:
        """The moment at which the connection is closed; None if no limit runs."""
        limits = self._limits
        deadlines = []
        if self._head_since is not None and self._waits_for_head():
            deadlines.append(self._head_since + limits.head_seconds)
        if self._body_since is not None:
            if self.flow.read_paused:
                # The server is slow, not the client.
                self._body_since, self._body_bytes = self._now(), 0
            allowed = limits.grace_seconds + self._body_bytes / limits.least_rate
            deadlines.append(self._body_since + allowed)
        if self._unread_since is not None:
            sent_bytes = self._read_bytes + self._unread
            allowed = limits.grace_seconds + sent_bytes / limits.least_rate - self._reading_seconds
            deadlines.append(self._unread_since + allowed)
        if self._ending_since is not None:
            # Unread bytes have their own deadline above, by their size.
            linger = limits.grace_seconds if self.transport.is_closing() else limits.linger_seconds
            if self._unread_since is None:
                deadlines.append(self._ending_since + linger)
        return min(deadlines, default=None)

    # Refusals

    def _stop_parsing(self, refusal: _Refusal) -> None:
        self._refusal = refusal
        raise _RefusedError

    def _refuse(self, refusal: _Refusal | None) -> None:
        """Send the refusal, if there is one, and close the connection."""
        if self.transport.is_closing():
            return
        if refusal is not None:
            body = json.dumps({"code": refusal.code, "message": refusal.message.en}).encode()
            head = (
                f"HTTP/1.1 {refusal.status} {refusal.status.phrase}\r\n"
                f"content-type: application/json\r\ncontent-length: {len(body)}\r\n"
                "cache-control: no-store\r\nretry-after: 5\r\nconnection: close\r\n\r\n"
            )
            self.transport.write(head.encode() + body)
        self.transport.close()
        self._end_soon()

    def _log_refused_connection(self) -> None:
        self.logger.warning(
            "A new connection was refused: %d connections are open and all are busy. The limits "
            "are MIKROZONASI_CONNECTIONS and MIKROZONASI_CONNECTIONS_PER_CLIENT.",
            len(self._connections),
        )
