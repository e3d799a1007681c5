"""Prepares tiles for `Preparer`: ``python -m zoning.tiles FOLDER BOUNDARIES CLASSES``.

Reads the areas from standard input as an Arrow stream, and tells on standard output how far it
is, one JSON object a line. Ends when its input is closed: whoever started it is gone then.
"""

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Final

import pyarrow as pa

from geodata.boundaries import boundaries_from
from geodata.errors import StoreError
from geodata.language import Bilingual
from zoning.placing.indexed_boundaries import Ground
from zoning.tiles.pyramid import prepare

_LOWEST: Final = 19


def main(folder: Path, boundaries: str, n_classes: int) -> int:
    """Prepare them; 1 where they cannot be kept."""
    os.nice(_LOWEST)
    signal.signal(signal.SIGTERM, _end)
    areas = pa.ipc.open_stream(sys.stdin.buffer).read_all()
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        prepare(Ground(boundaries_from(boundaries, areas)), folder, _tell, n_classes)
    except StoreError as error:
        _say({"code": error.code, "message": error.message, "indonesian": error.indonesian})
        return 1
    return 0


def _end(*_: object) -> None:
    """End as after Ctrl+C: files that are half written are removed."""
    raise SystemExit(1)


def _end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1):
        pass
    os.kill(os.getpid(), signal.SIGTERM)


def _tell(doing: Bilingual, done: int, total: int) -> None:
    _say({"doing": list(doing), "done": done, "total": total})


def _say(said: dict[str, object]) -> None:
    print(json.dumps(said), flush=True)  # noqa: T201  (for who started it)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
