"""Ending as one is told to, and tidily."""

import asyncio
import logging
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final


class _Terminated(BaseException):
    """The process was told to end."""


@contextmanager
def ending_tidily() -> Iterator[None]:
    """Where the process is told to end (SIGTERM), end the block first, as Ctrl+C does."""

    def unwind(*_: object) -> None:
        raise _Terminated

    before = signal.signal(signal.SIGTERM, unwind)
    told = False
    try:
        yield
    except _Terminated:
        told = True
    finally:
        signal.signal(signal.SIGTERM, before)
    if told:
        signal.raise_signal(signal.SIGTERM)


class _LeaveOutCutOff(logging.Filter):
    """Drops what uvicorn logs of work that a second Ctrl+C cut off: tracebacks, and no fault."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether a line is logged."""
        error = record.exc_info[1] if record.exc_info else None
        cut_off = isinstance(error, asyncio.CancelledError)
        return not (cut_off or record.getMessage().rstrip().endswith(_CUT_OFF))


_CUT_OFF: Final = f"{asyncio.CancelledError.__module__}.{asyncio.CancelledError.__name__}"
_filter: Final = _LeaveOutCutOff()


def leave_out_cut_off() -> None:
    """Let the log of the server hold no traceback of what a second Ctrl+C cut off."""
    logging.getLogger("uvicorn.error").addFilter(_filter)
