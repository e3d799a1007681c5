"""Connections to DuckDB: every one is opened here, with the same settings."""

from pathlib import Path
from typing import Final

import duckdb

from geodata.files.private import created_private

SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}
"""No statement reads or writes a file beside the database's own, loads code, or changes this."""


def connect(path: Path | None, megabytes: int) -> duckdb.DuckDBPyConnection:
    """Open a file, made where there is none; a database in memory without a path.

    Parameters
    ----------
    megabytes
        Memory that DuckDB may use; without a limit it takes most of the machine's.
    """
    config = {**SETTINGS, "memory_limit": f"{megabytes}MiB"}
    with created_private():
        return duckdb.connect(":memory:" if path is None else path, config=config)
