"""The program of a reading process: ``python -m geodata.reading_process.child``.

It reads one file after the other from its standard input and answers each with its records or the
error that refuses it. It opens no file, knows no secret and no database, and writes no log. The
system ends it at its limits of memory and processor time, and when its parent ends.
"""

import argparse
import fcntl
import os
import resource
import signal
import sys
import traceback
from typing import BinaryIO, Final

from geodata.errors import MikrozonasiError
from geodata.reading_process.messages import (
    OUT_OF_MEMORY,
    Header,
    Message,
    arranged_message,
    error_header,
    receive,
    send,
)
from geodata.records import kind_of
from geodata.records.layout.arranging import arrange
from geodata.records.layout.source import Source
from geodata.tables import content_pages

_MEGABYTE: Final = 1_000_000
_NO_CORE: Final = (0, 0)


def main() -> None:
    """Answer messages until there are no more."""
    asked = argparse.ArgumentParser()
    asked.add_argument("--seconds", type=int, required=True)
    asked.add_argument("--megabytes", type=int, required=True)
    asked.add_argument("--lifeline", type=int, required=True)
    limits = asked.parse_args()
    # A core dump or a message of a library may hold a record.
    resource.setrlimit(resource.RLIMIT_CORE, _NO_CORE)
    _end_with_parent(limits.lifeline)
    _limit(resource.RLIMIT_DATA, limits.megabytes * _MEGABYTE)
    incoming, outgoing = _streams()
    try:
        _answer_all(incoming, outgoing, limits.seconds)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _answer_all(incoming: BinaryIO, outgoing: BinaryIO, seconds: int) -> None:
    while (message := receive(incoming)) is not None:
        _limit(resource.RLIMIT_CPU, _processor_seconds() + seconds)
        header, content = message
        del message
        contents = [bytes(content)]
        del content
        answer = _answer(header, contents)
        send(outgoing, *answer)
        del answer


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Where messages come from and go to; what a library prints goes nowhere."""
    outgoing = os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    return sys.stdin.buffer, outgoing


def _answer(header: Header, contents: list[bytes]) -> Message:
    """The answer to a request; its content is taken out of a list, so that it can be freed."""
    try:
        source = header["source"]
        pages = content_pages(contents.pop(), header["name"])
        known = None if source is None else Source.model_validate_json(source)
        return arranged_message(arrange(pages, kind_of(header["kind"]), source=known))
    except MikrozonasiError as error:
        return Message(error_header(error), b"")
    except MemoryError:
        return Message({"out_of_memory": True}, b"")
    except BaseException as error:  # noqa: BLE001  (a reader's panic too; its words may be of a record)
        return Message(_failure(error), b"")


def _failure(error: BaseException) -> Header:
    """What failed and where, without the words of the error."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return {"failed": f"{type(error).__name__} at {last.filename}:{last.lineno}"}


def _end_with_parent(lifeline: int) -> None:
    """Let the system end this process when the parent's end of a pipe closes.

    The parent never writes to it: a signal comes only when the parent is gone, even while a
    library computes.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(lifeline, fcntl.F_GETFL)
    fcntl.fcntl(lifeline, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
    try:
        if os.read(lifeline, 1) == b"":  # the parent was gone before
            sys.exit(0)
    except BlockingIOError:
        return


def _limit(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    most = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (most, hard))


def _processor_seconds() -> int:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return int(used.ru_utime + used.ru_stime) + 1


if __name__ == "__main__":
    main()
