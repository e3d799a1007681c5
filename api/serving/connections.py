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
        self._waiting: dict[str, dict[Guest, None]] = {}
        """Of each client, in the order in which they began to wait."""
        self._unread: dict[Guest, int] = {}
        """Bytes of each that its client does not fetch, in the order in which that began."""
        self._unread_in_all = 0

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
        self.waits(guest)
        return True

    def leave(self, guest: Guest) -> None:
        """Forget a connection that is no more."""
        self.works(guest)
        client = self._open.pop(guest, None)
        if client is not None:
            self._number_of[client] -= 1
            # Another address each time must not fill the memory.
            if not self._number_of[client]:
                del self._number_of[client]
        self._unread_in_all -= self._unread.pop(guest, 0)

    def waits(self, guest: Guest) -> None:
        """Note that a connection waits for its client from now on."""
        self.works(guest)
        if guest in self._open:
            self._waiting.setdefault(self._open[guest], {})[guest] = None

    def works(self, guest: Guest) -> None:
        """Note that a connection is being answered from now on."""
        client = self._open.get(guest, "")
        others = self._waiting.get(client, {})
        others.pop(guest, None)
        if not others:
            self._waiting.pop(client, None)

    def holds(self, guest: Guest, size: int) -> None:
        """Note how much of an answer a client has yet to fetch; too much in all has an end."""
        if guest not in self._open:
            return
        self._unread_in_all += size - self._unread.get(guest, 0)
        if size:
            self._unread[guest] = size
        else:
            self._unread.pop(guest, None)
        while self._unread_in_all > self.limits.unread_bytes:
            slowest = next(iter(self._unread))
            self.leave(slowest)
            slowest.hang_up()

    def _greediest(self) -> str | None:
        """The client with the most connections that wait; None where none waits."""
        return max(self._waiting, key=lambda client: len(self._waiting[client]), default=None)

    def _make_room(self, client: str | None) -> bool:
        waiting = self._waiting.get(client or "", {})
        guest = next(iter(waiting), None)
        if guest is None:
            return False
        self.leave(guest)
        guest.give_way()
        return True


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
