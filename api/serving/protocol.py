"""HTTP for clients that may be slow, greedy or hostile: whatever waits for a client has an end.

uvicorn reads and writes HTTP; it bounds an idle connection alone. Here are bounds of time and size
of a request's head, of a body that trickles, of an answer that is not fetched, and of how many
connections there are. What is refused is said in the form of all errors, where it still can be.
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

from api.serving.connections import Connections, client_of
from api.serving.quiet import Quiet
from geodata.language import Bilingual

_log = logging.getLogger("uvicorn.error.clients")
_log.addFilter(Quiet())


class _Refusal(NamedTuple):
    status: HTTPStatus
    code: str
    message: Bilingual


_MALFORMED: Final = _Refusal(
    HTTPStatus.BAD_REQUEST,
    "malformed-request",
    Bilingual(
        "Ini bukan permintaan HTTP yang dapat dipahami di sini.",
        "This is no HTTP request that is understood here.",
    ),
)
_CROWDED: Final = _Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "too-many-connections",
    Bilingual(
        "Koneksi terlalu banyak, dari klien ini atau dari semua. Tutup beberapa, atau coba lagi "
        "beberapa detik lagi.",
        "There are too many connections, of this client or of all. Close some, or try again in a "
        "few seconds.",
    ),
)
_SLOW: Final = _Refusal(
    HTTPStatus.REQUEST_TIMEOUT,
    "request-too-slow",
    Bilingual(
        "Permintaan tidak tiba tepat waktu. Kirim lagi seutuhnya.",
        "The request did not arrive in time. Send it again, whole.",
    ),
)
_LARGE_HEAD: Final = _Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "head-too-large",
    Bilingual(
        "Alamat dan tajuk permintaan ini terlalu panjang atau terlalu banyak. Kurangi.",
        "The address and the headers of this request are too long, or too many. Send fewer.",
    ),
)
_IMPATIENT: Final = _Refusal(
    HTTPStatus.TOO_MANY_REQUESTS,
    "too-many-pipelined",
    Bilingual(
        "Terlalu banyak permintaan datang sebelum yang pertama dijawab. Tunggu jawabannya.",
        "Too many requests came before the first was answered. Wait for answers.",
    ),
)


class _RefusedError(Exception):
    """Ends the parsing of a request."""


class BoundedProtocol(HttpToolsProtocol):
    """One connection; see `api.serving.limits.Limits` for its bounds.

    Parameters
    ----------
    connections
        All of this process.
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
        self._all = connections
        self._limits = connections.limits
        self._refusal: _Refusal | None = None
        self._timer: TimerHandle | None = None
        self._head_since: float | None = None
        self._head_bytes = 0
        self._body_since: float | None = None
        self._body_bytes = 0
        self._unread_since: float | None = None
        self._unread = 0
        self._fetched, self._fetching = 0, 0.0
        self._ending_since: float | None = None

    # What the event loop calls

    def connection_made(self, transport: BaseTransport) -> None:
        """Let the connection in, or say that there are too many."""
        super().connection_made(cast("Transport", transport))
        host = self.client[0] if self.client else ""
        proxies = self.config.loaded_app
        # Whoever comes by a socket file was let in by the system.
        is_proxy = not host or (
            isinstance(proxies, ProxyHeadersMiddleware) and host in proxies.trusted_hosts
        )
        if self._all.enter(self, client_of(host), is_proxy=is_proxy):
            self._head_since = self._now()
            self._watch()
        else:
            self._log_crowd()
            self._refuse(_CROWDED)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._all.leave(self)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take some bytes of a request."""
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
        """Note that the client does not fetch as fast as it is sent to."""
        super().pause_writing()
        self._unread_since, self._unread = self._now(), self.transport.get_write_buffer_size()
        self._all.holds(self, self._unread)
        self._watch()

    def resume_writing(self) -> None:
        """Note that the client has fetched most of it."""
        super().resume_writing()
        if self._unread_since is not None:
            self._fetched += self._unread
            self._fetching += self._now() - self._unread_since
            self._unread_since = None
            self._all.holds(self, 0)
        if self._ending_since is not None:
            self._ending_since = self._now()

    # What the parser calls

    def on_headers_complete(self) -> None:
        """Begin to answer; refuse a head that is too large, and too many at once."""
        length = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if length > self._limits.head_bytes or len(self.headers) > self._limits.headers:
            self._stop(_LARGE_HEAD)
        if len(self.pipeline) >= self._limits.pipelined:
            self._stop(_IMPATIENT)
        self._head_since, self._head_bytes = None, 0
        self._body_since, self._body_bytes = self._now(), 0
        self._all.works(self)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take a part of a body."""
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Note that a request is whole."""
        self._body_since = None
        if not self.transport.is_closing():
            self._ending_since = None
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002  (uvicorn's words)
        """Say what was refused: uvicorn calls this for whatever its parser does not take."""
        self._refuse(self._refusal or _MALFORMED)

    # What uvicorn calls

    def on_response_complete(self) -> None:
        """Wait for the next request, or for the client to fetch the rest."""
        super().on_response_complete()
        self._fetched, self._fetching = 0, 0.0
        if self.transport.is_closing() or self._body_since is not None:
            self._end_soon()
        if self._is_answered():
            self._all.waits(self)

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection."""
        super().timeout_keep_alive_handler()
        self._end_soon()

    def _unsupported_upgrade_warning(self) -> None:
        """Say nothing: it is answered as any request, and uvicorn's words advise to install more.

        Whoever asks could fill the log with them.
        """

    # What other connections call

    def give_way(self) -> None:
        """Close a connection that waits for its client."""
        if self._head_bytes:
            self._refuse(_CROWDED)
        else:
            self.transport.close()
            self._end_soon()

    def hang_up(self) -> None:
        """Break the connection."""
        self.transport.abort()

    # Time

    def _now(self) -> float:
        return self.loop.time()

    def _waits_for_head(self) -> bool:
        """Whether nothing is being answered and no body is on its way."""
        return self._is_answered() and self._body_since is None

    def _is_answered(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def _end_soon(self) -> None:
        if self._ending_since is None:
            self._ending_since = self._now()
        self._watch()

    def _watch(self) -> None:
        """Look at the clock when the next of the bounds may be reached."""
        deadline = self._deadline()
        if deadline is None or (self._timer is not None and self._timer.when() <= deadline):
            return
        if self._timer is not None:
            self._timer.cancel()
        self._timer = self.loop.call_at(deadline, self._look)

    def _look(self) -> None:
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
        """When the client must have moved on, at the latest; None where it owes nothing."""
        limits = self._limits
        deadlines = []
        if self._head_since is not None and self._waits_for_head():
            deadlines.append(self._head_since + limits.head_seconds)
        if self._body_since is not None:
            if self.flow.read_paused:
                # Not the client is slow but we are.
                self._body_since, self._body_bytes = self._now(), 0
            allowed = limits.grace_seconds + self._body_bytes / limits.least_rate
            deadlines.append(self._body_since + allowed)
        if self._unread_since is not None:
            sent = self._fetched + self._unread
            allowed = limits.grace_seconds + sent / limits.least_rate - self._fetching
            deadlines.append(self._unread_since + allowed)
        if self._ending_since is not None:
            # What is not fetched has its own time, by its size.
            linger = limits.grace_seconds if self.transport.is_closing() else limits.linger_seconds
            if self._unread_since is None:
                deadlines.append(self._ending_since + linger)
        return min(deadlines, default=None)

    # Refusing

    def _stop(self, refusal: _Refusal) -> None:
        self._refusal = refusal
        raise _RefusedError

    def _refuse(self, refusal: _Refusal | None) -> None:
        """Say why, where anything is to be said, and close."""
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

    def _log_crowd(self) -> None:
        self.logger.warning(
            "%d connections are open, and none of them waits: a new one was refused. The limits "
            "are MIKROZONASI_CONNECTIONS and MIKROZONASI_CONNECTIONS_PER_CLIENT.",
            len(self._all),
        )
