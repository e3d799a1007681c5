"""Ending as one is told to, and tidily."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager


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
