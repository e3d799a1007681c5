"""Prepare tiles for `Preparer`: ``python -m zoning.tiles FOLDER BOUNDARIES CLASSES``.

Reads the areas from standard input as an Arrow stream. Writes progress to standard output, one JSON
object per line. Ends when standard input is closed, because the parent process has then ended.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final

import pyarrow as pa

from geodata.boundaries import boundaries_from_table
from geodata.errors import StoreError
from geodata.language import Bilingual
from zoning.placing.indexed_boundaries import IndexedBoundaries
from zoning.tiles.pyramid import prepare

_LOWEST_PRIORITY: Final = 19


def main(folder: Path, boundaries: str, n_classes: int) -> int:
    """Prepare the tiles; the exit status, 1 if the tiles cannot be written."""
    os.nice(_LOWEST_PRIORITY)
    signal.signal(signal.SIGTERM, _exit)
    areas = pa.ipc.open_stream(sys.stdin.buffer).read_all()
    threading.Thread(target=_exit_with_parent, daemon=True).start()
    try:
        prepare(
            IndexedBoundaries(boundaries_from_table(boundaries, areas)),
            folder,
            _report_progress,
            n_classes,
        )
    except StoreError as error:
        _write_message(
            {"code": error.code, "message": error.message, "indonesian": error.indonesian}
        )
        return 1
    return 0


def _exit(*_: object) -> None:
    """Exit like after Ctrl+C, so that unfinished files are removed."""
    raise SystemExit(1)


def _exit_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _report_progress(task: Bilingual, done: int, total: int) -> None:
    _write_message({"doing": list(task), "done": done, "total": total})


def _write_message(message: dict[str, object]) -> None:
    print(json.dumps(message), flush=True)  # noqa: T201  (the parent process reads it)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
