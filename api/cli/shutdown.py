"""The end of a server process: SIGTERM unwinds, and cancelled requests leave no traceback."""

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final


class _SigtermReceived(BaseException):
    """The process received SIGTERM."""


@contextmanager
def unwind_on_sigterm() -> Iterator[None]:
    """Unwind the block on SIGTERM, as Ctrl+C does; end the process by SIGTERM after the block."""

    def unwind(*_: object) -> None:
        raise _SigtermReceived

    previous_handler = signal.signal(signal.SIGTERM, unwind)
    is_terminated = False
    try:
        yield
    except _SigtermReceived:
        is_terminated = True
    finally:
        signal.signal(signal.SIGTERM, previous_handler)
    if is_terminated:
        signal.raise_signal(signal.SIGTERM)


class _CancelledRequestFilter(logging.Filter):
    """Drops the tracebacks of requests that a second Ctrl+C cancels: they are not faults."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether the log has the record."""
        error = record.exc_info[1] if record.exc_info else None
        is_cancelled = isinstance(error, asyncio.CancelledError)
        return not (is_cancelled or record.getMessage().rstrip().endswith(_CANCELLED))


_CANCELLED: Final = f"{asyncio.CancelledError.__module__}.{asyncio.CancelledError.__name__}"
_filter: Final = _CancelledRequestFilter()


def hide_cancelled_requests() -> None:
    """Keep the tracebacks of cancelled requests out of the log of the server."""
    logging.getLogger("uvicorn.error").addFilter(_filter)
