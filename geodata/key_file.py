"""A file that is written once, whole, and by one process: the key of a database."""

import os
import tempfile
from pathlib import Path

from geodata.whole_files import writing_to


def write_once(path: Path, text: str) -> bool:
    """Write a file that only its owner may read, unless there is one of that name already.

    Returns
    -------
    bool
        Whether it was written; false where another process was first, whose file stays.

    Raises
    ------
    InputError
        ``disk-full`` or ``not-written``; there is no file then, not even an empty one.
    """
    with writing_to(path):
        descriptor, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            # Unlike a rename, a link replaces nothing.
            Path(path).hardlink_to(name)
        except FileExistsError:
            return False
        finally:
            Path(name).unlink()
    return True
