"""The program of a reading process: ``python -m geodata.reading_process.child``.

The process reads files from its standard input and answers each with records or an error. It opens
no file, knows no secret and no database, and writes no log. The system ends the process at the
limits of memory and processor time, and when the parent ends.
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
    error_header,
    receive,
    records_message,
    send,
)
from geodata.records import find_kind
from geodata.records.layout.record_extraction import extract_records
from geodata.records.layout.source import Source
from geodata.tables import content_pages

_MEGABYTE: Final = 1_000_000
_NO_CORE: Final = (0, 0)


def main() -> None:
    """Answer messages until the input ends."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seconds", type=int, required=True)
    parser.add_argument("--megabytes", type=int, required=True)
    parser.add_argument("--lifeline", type=int, required=True)
    arguments = parser.parse_args()
    # A core dump or a message of a library may hold a record.
    resource.setrlimit(resource.RLIMIT_CORE, _NO_CORE)
    _end_with_parent(arguments.lifeline)
    _set_limit(resource.RLIMIT_DATA, arguments.megabytes * _MEGABYTE)
    incoming, outgoing = _streams()
    try:
        _serve_requests(incoming, outgoing, arguments.seconds)
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def _serve_requests(incoming: BinaryIO, outgoing: BinaryIO, seconds: int) -> None:
    while (message := receive(incoming)) is not None:
        _set_limit(resource.RLIMIT_CPU, _processor_seconds() + seconds)
        header, content = message
        del message
        contents = [bytes(content)]
        del content
        answer = _response(header, contents)
        send(outgoing, *answer)
        del answer


def _streams() -> tuple[BinaryIO, BinaryIO]:
    """Input and output of messages; output that libraries print is discarded."""
    outgoing = os.fdopen(os.dup(1), "wb")
    null_device = os.open(os.devnull, os.O_RDWR)
    os.dup2(null_device, 1)
    os.dup2(null_device, 2)
    return sys.stdin.buffer, outgoing


def _response(header: Header, contents: list[bytes]) -> Message:
    """The answer to a request.

    Parameters
    ----------
    contents
        A list with only the content of the file. The content is taken out of the list, so that its
        memory can be freed.
    """
    try:
        source_json = header["source"]
        pages = content_pages(contents.pop(), header["name"])
        source = None if source_json is None else Source.model_validate_json(source_json)
        return records_message(extract_records(pages, find_kind(header["kind"]), source=source))
    except MikrozonasiError as error:
        return Message(error_header(error), b"")
    except MemoryError:
        return Message({"out_of_memory": True}, b"")
    except BaseException as error:  # noqa: BLE001  (a panic of a library is no Exception)
        return Message(_failure(error), b"")


def _failure(error: BaseException) -> Header:
    """Type and line of an error, without its message, which may hold a record."""
    last = traceback.extract_tb(error.__traceback__)[-1]
    return {"failed": f"{type(error).__name__} at {last.filename}:{last.lineno}"}


def _end_with_parent(parent_pipe: int) -> None:
    """Let the system end this process when the parent closes its end of a pipe.

    The parent never writes to the pipe: the signal comes only when the parent has ended, even
    while a library computes.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(parent_pipe, fcntl.F_SETOWN, os.getpid())
    flags = fcntl.fcntl(parent_pipe, fcntl.F_GETFL)
    fcntl.fcntl(parent_pipe, fcntl.F_SETFL, flags | os.O_ASYNC | os.O_NONBLOCK)
    try:
        if os.read(parent_pipe, 1) == b"":  # the parent has ended already
            sys.exit(0)
    except BlockingIOError:
        return


def _set_limit(kind: int, limit: int) -> None:
    _, hard = resource.getrlimit(kind)
    soft = limit if hard == resource.RLIM_INFINITY else min(limit, hard)
    resource.setrlimit(kind, (soft, hard))


def _processor_seconds() -> int:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return int(usage.ru_utime + usage.ru_stime) + 1


if __name__ == "__main__":
    main()
