"""How much one server takes: connections in all, of one client, and the time a client may take."""

import logging
import resource
from typing import Final, NamedTuple

_log = logging.getLogger(__name__)
_MOST_DESCRIPTORS: Final = 65_536
"""Enough for any number of connections here; some systems allow a thousand million."""
_KEPT_BACK: Final = 256
"""Descriptors that connections leave to the database, tiles and files."""


class Limits(NamedTuple):
    """Limits of one process.

    Attributes
    ----------
    connections
        Open at a time.
    per_client
        Of one client: an IPv4 address or an IPv6 network of 64 bits. A proxy that is believed is
        no client.
    unread_bytes
        Of answers that clients have not fetched yet, all connections together.
    head_seconds
        For the first line and the headers of a request.
    head_bytes, headers
        Of the first line and the headers; how many headers.
    pipelined
        Requests of one connection that wait for the answer to another.
    grace_seconds
        A client that sends a body or reads an answer may stop for so long,
    least_rate
        and moves so many bytes a second on average beyond that.
    linger_seconds
        For what is left to be sent or received once all is answered.
    """

    connections: int = 2000
    per_client: int = 200
    unread_bytes: int = 128 << 20
    head_seconds: float = 15.0
    head_bytes: int = 64 << 10
    headers: int = 100
    pipelined: int = 16
    grace_seconds: float = 20.0
    least_rate: int = 4096
    linger_seconds: float = 5.0


def raise_descriptors() -> int:
    """Raise the soft limit of open files of this process to the hard one.

    Returns
    -------
    int
        How many files it may have open.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MOST_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return wanted if soft == resource.RLIM_INFINITY else soft


def fitted(limits: Limits, descriptors: int) -> Limits:
    """The limits, with no more connections than there are file descriptors for."""
    room = descriptors - min(_KEPT_BACK, descriptors // 2)
    if limits.connections <= room:
        return limits
    _log.warning(
        "This process may have %d files open, so it takes %d connections, not %d. Raise the limit: "
        "LimitNOFILE= in systemd, or ulimit -n.",
        descriptors,
        room,
        limits.connections,
    )
    return limits._replace(connections=room)
