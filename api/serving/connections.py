"""Who is connected: how many in all and of each client, and who makes room for the next.

A connection that waits for its client (idle, or with half a request) makes room for a new one;
one that is being answered never does. So half-sent requests push out one another and nobody else.
"""

from collections import Counter
from ipaddress import IPv6Address, ip_address
from typing import Protocol

from api.serving.limits import Limits

_NETWORK_BITS = 64
"""Of an IPv6 address: what one household or office has."""


class Guest(Protocol):
    """A connection."""

    def give_way(self) -> None:
        """End it: it waits for its client, and another one needs its place."""

    def hang_up(self) -> None:
        """End it at once: its client does not fetch what it asked for."""


class Connections:
    """The connections of one process; for one thread.

    Parameters
    ----------
    limits
        ``connections``, ``per_client`` and ``unread_bytes`` count here.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._open: dict[Guest, str] = {}
        self._number_of: Counter[str] = Counter()
        self._waiting: dict[Guest, None] = {}
        """In the order in which they began to wait."""
        self._unread: dict[Guest, int] = {}
        """Bytes of each that its client does not fetch, in the order in which that began."""

    def __len__(self) -> int:
        return len(self._open)

    def enter(self, guest: Guest, client: str, *, is_proxy: bool = False) -> bool:
        """Let a new connection in; False where there is no room for it and nobody makes any."""
        if (
            not is_proxy
            and self._number_of[client] >= self.limits.per_client
            and not self._make_room(client)
        ):
            return False
        if len(self._open) >= self.limits.connections and not self._make_room(self._greediest()):
            return False
        self._open[guest] = client
        self._number_of[client] += 1
        self._waiting[guest] = None
        return True

    def leave(self, guest: Guest) -> None:
        """Forget a connection that is no more."""
        client = self._open.pop(guest, None)
        if client is not None:
            self._number_of[client] -= 1
            # Another address each time must not fill the memory.
            if not self._number_of[client]:
                del self._number_of[client]
        self._waiting.pop(guest, None)
        self._unread.pop(guest, None)

    def waits(self, guest: Guest) -> None:
        """Note that a connection waits for its client from now on."""
        if guest in self._open:
            self._waiting.pop(guest, None)
            self._waiting[guest] = None

    def works(self, guest: Guest) -> None:
        """Note that a connection is being answered from now on."""
        self._waiting.pop(guest, None)

    def holds(self, guest: Guest, size: int) -> None:
        """Note how much of an answer a client has yet to fetch; too much in all has an end."""
        if guest not in self._open:
            return
        if size:
            self._unread.setdefault(guest, 0)
            self._unread[guest] = size
        else:
            self._unread.pop(guest, None)
        while sum(self._unread.values()) > self.limits.unread_bytes:
            slowest = next(iter(self._unread))
            self.leave(slowest)
            slowest.hang_up()

    def _greediest(self) -> str | None:
        """The client with the most connections that wait; None where none waits."""
        counts = Counter(self._open[guest] for guest in self._waiting)
        return counts.most_common(1)[0][0] if counts else None

    def _make_room(self, client: str | None) -> bool:
        for guest in self._waiting:
            if self._open[guest] == client:
                self.leave(guest)
                guest.give_way()
                return True
        return False


def client_of(address: str) -> str:
    """What counts as one client: an IPv4 address, or the IPv6 network an address is in."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    if known.ipv4_mapped is not None:
        return str(known.ipv4_mapped)
    rest = 128 - _NETWORK_BITS
    return str(IPv6Address(int(known) >> rest << rest))
