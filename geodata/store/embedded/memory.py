"""How much memory an embedded database may use: a setting, for DuckDB would take most of it."""

import os
from typing import Final

from geodata.errors import InputError

VARIABLE: Final = "MIKROZONASI_DUCKDB_MEGABYTES"
_DEFAULT: Final = 1024
_LEAST: Final = 128
_MOST: Final = 1 << 24
"""More than any machine has; far above it DuckDB takes no number, and says so of the file."""


def memory_limit() -> str:
    """The same as DuckDB's own setting says it."""
    return f"{duckdb_megabytes()}MiB"


def duckdb_megabytes() -> int:
    """Memory that DuckDB may use in this process; what does not fit goes to a file beside it.

    Raises
    ------
    InputError
        ``duckdb-memory`` if the environment says no such number.
    """
    said = os.environ.get(VARIABLE, "").strip()
    if not said:
        return _DEFAULT
    if not said.isdecimal() or not _LEAST <= int(said[:20]) <= _MOST:
        raise InputError(
            "duckdb-memory",
            f"{VARIABLE} is a whole number of megabytes, at least {_LEAST} and at most "
            f"{_MOST}. Leave it out for {_DEFAULT}.",
            indonesian=f"{VARIABLE} harus berupa jumlah megabyte yang bulat, paling sedikit "
            f"{_LEAST} dan paling banyak {_MOST}. Hapus untuk memakai {_DEFAULT}.",
        )
    return int(said)
