"""Connections to DuckDB. Every connection is opened here, with the same settings."""

from pathlib import Path
from typing import Final

import duckdb

from geodata.files.private import private_umask

SETTINGS: Final[dict[str, str | bool | int | float | list[str]]] = {
    "enable_external_access": False,
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
    "python_enable_replacements": False,
    "lock_configuration": True,
}
"""No statement reads or writes a file except the database's own files, loads code, or changes these
settings."""


def connect(path: Path | None, megabytes: int) -> duckdb.DuckDBPyConnection:
    """Open a file, or make it; without a path, open a database in memory.

    Parameters
    ----------
    megabytes
        Memory that DuckDB may use. Without a limit DuckDB uses most of the machine's memory.
    """
    config = {**SETTINGS, "memory_limit": f"{megabytes}MiB"}
    with private_umask():
        return duckdb.connect(":memory:" if path is None else path, config=config)
