"""The open connections of a process: limits in all and for each client.

At a limit, a connection that waits for its client (idle, or with an incomplete request) is closed
for a new connection. A connection with a request in progress is never closed for another one. So
incomplete requests displace only each other.
"""

from collections import Counter
from ipaddress import IPv6Address, ip_address
from typing import Final, Protocol

from api.serving.limits import Limits

_NETWORK_BITS: Final = 64
"""Leading bits of an IPv6 address that a household or office has in common."""


class ClientConnection(Protocol):
    """A connection to a client, as `Connections` sees it."""

    def close_waiting(self) -> None:
        """Close the connection: it waits for its client, and a new connection needs its place."""

    def abort(self) -> None:
        """Close the connection at once: its client does not read the answer."""


class Connections:
    """The open connections of one process; not safe for several threads.

    Parameters
    ----------
    limits
        ``connections``, ``per_client`` and ``unread_bytes`` are used.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: dict[ClientConnection, str] = {}
        self._counts: Counter[str] = Counter()
        """Number of open connections of each client."""
        self._waiting: dict[str, dict[ClientConnection, None]] = {}
        """Waiting connections of each client, the longest waiting first."""
        self._unread: dict[ClientConnection, int] = {}
        """Bytes that the client of a connection has not read, the oldest first."""
        self._total_unread = 0

    def __len__(self) -> int:
        return len(self._open)

    def add(self, connection: ClientConnection, client: str, *, is_proxy: bool = False) -> bool:
        """Add a new connection; False if a limit is reached and no connection waits."""
        if (
            not is_proxy
            and self._counts[client] >= self.limits.per_client
            and not self._close_waiting_of(client)
        ):
            return False
        is_full = len(self._open) >= self.limits.connections
        if is_full and not self._close_waiting_of(self._client_with_most_waiting()):
            return False
        self._open[connection] = client
        self._counts[client] += 1
        self.set_waiting(connection)
        return True

    def remove(self, connection: ClientConnection) -> None:
        """Remove a closed connection."""
        self.set_busy(connection)
        client = self._open.pop(connection, None)
        if client is not None:
            self._counts[client] -= 1
            # Clients with ever new addresses must not fill the memory.
            if not self._counts[client]:
                del self._counts[client]
        self._total_unread -= self._unread.pop(connection, 0)

    def set_waiting(self, connection: ClientConnection) -> None:
        """Note that a connection now waits for its client."""
        self.set_busy(connection)
        if connection in self._open:
            self._waiting.setdefault(self._open[connection], {})[connection] = None

    def set_busy(self, connection: ClientConnection) -> None:
        """Note that the server now answers a request of a connection."""
        client = self._open.get(connection, "")
        waiting = self._waiting.get(client, {})
        waiting.pop(connection, None)
        if not waiting:
            self._waiting.pop(client, None)

    def set_unread(self, connection: ClientConnection, size: int) -> None:
        """Note the unread bytes of a connection; abort the slowest readers over the limit."""
        if connection not in self._open:
            return
        self._total_unread += size - self._unread.get(connection, 0)
        if size:
            self._unread[connection] = size
        else:
            self._unread.pop(connection, None)
        while self._total_unread > self.limits.unread_bytes:
            slowest = next(iter(self._unread))
            self.remove(slowest)
            slowest.abort()

    def _client_with_most_waiting(self) -> str | None:
        """The client with the most waiting connections; None if no connection waits."""
        return max(self._waiting, key=lambda client: len(self._waiting[client]), default=None)

    def _close_waiting_of(self, client: str | None) -> bool:
        """Close the longest waiting connection of a client; False if no connection waits."""
        waiting = self._waiting.get(client or "", {})
        connection = next(iter(waiting), None)
        if connection is None:
            return False
        self.remove(connection)
        connection.close_waiting()
        return True


def client_key(address: str) -> str:
    """The client of an address: the IPv4 address, or the IPv6 network of 64 bits."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if not isinstance(parsed, IPv6Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    host_bits = 128 - _NETWORK_BITS
    return str(IPv6Address(int(parsed) >> host_bits << host_bits))
