"""Limits of one server process: connections in all and for each client, sizes, and times."""

import logging
import resource
from typing import Final, NamedTuple

_log = logging.getLogger(__name__)
_MAX_DESCRIPTORS: Final = 65_536
"""Enough for any number of connections here; some systems allow 1,000,000,000."""
_RESERVED_DESCRIPTORS: Final = 256
"""For the database, tiles and files."""


class Limits(NamedTuple):
    """Limits of one process.

    Attributes
    ----------
    connections
        Open connections at the same time.
    per_client
        Open connections of one client: an IPv4 address or an IPv6 network of 64 bits. A trusted
        proxy has no such limit.
    unread_bytes
        Bytes of answers that clients have not read yet, of all connections together.
    head_seconds
        Time for the first line and the headers of a request.
    head_bytes, headers
        Bytes of the first line and the headers; number of headers.
    pipelined
        Requests of one connection that wait for the answer to an earlier request.
    grace_seconds
        Time that a client may pause while it sends a body or reads an answer.
    least_rate
        Bytes per second that a client must send or read on average after the grace time.
    linger_seconds
        Time for remaining bytes after the last answer.
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
    """Raise the soft limit of open files of this process to the hard limit.

    Returns
    -------
    int
        The number of files that this process may open.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    target = _MAX_DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _MAX_DESCRIPTORS)
    if soft != resource.RLIM_INFINITY and soft < target:
        resource.setrlimit(resource.RLIMIT_NOFILE, (target, hard))
        soft = target
    return target if soft == resource.RLIM_INFINITY else soft


def limits_within(limits: Limits, descriptors: int) -> Limits:
    """The limits, with as many connections as the file descriptors allow.

    Parameters
    ----------
    descriptors
        Number of files that this process may open.
    """
    available = descriptors - min(_RESERVED_DESCRIPTORS, descriptors // 2)
    if limits.connections <= available:
        return limits
    _log.warning(
        "This process may open %d files, so it accepts %d connections instead of %d. Raise the "
        "limit: LimitNOFILE= in systemd, or ulimit -n.",
        descriptors,
        available,
        limits.connections,
    )
    return limits._replace(connections=available)
