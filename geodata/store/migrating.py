"""Migrations: numbered SQL files make and change the tables; each database stores its version.

``geodata/migrations/NNNN.sql`` runs on both databases. ``NNNN.postgresql.sql`` runs on PostgreSQL
only and makes indexes, which would slow DuckDB's writes without helping its reads. The part of
version 4 that SQL alone cannot do is in `geodata.store.upgrade_to_version_4`.
"""

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from geodata.errors import StoreError
from geodata.language import Bilingual, Progress
from geodata.store.model import Dialect, Engine, Session, now
from geodata.store.upgrade_to_version_4 import MakeKeyedId, publish_past_runs, rekey_runs

SCHEMA_VERSION: Final = 5
"""Number of the newest file in ``migrations/``."""
FIRST_PUBLIC_VERSION: Final = 4
"""The first version with tables for the public part of a run and keyed ids of runs."""
_TABLES: Final = """
select cast(table_name as text) as name from information_schema.tables
where cast(table_schema as text) = cast(current_schema() as text)
"""
_VERSION: Final = "select max(version) as version from schema_version"
_ADD_VERSION: Final = "insert into schema_version values ($1, $2)"


def schema_version(session: Session | Engine) -> int:
    """Version of the tables; 0 if there are no tables.

    Raises
    ------
    StoreError
        ``foreign-database`` if the tables are of another program.
    """
    tables = session.read(_TABLES, ())["name"].to_pylist()
    if "schema_version" in tables:
        return int(session.read(_VERSION, ())["version"][0].as_py() or 0)
    if tables:
        raise StoreError(
            "foreign-database",
            "The database holds tables of another program. Name an empty database with --database.",
            indonesian="Basis data memuat tabel milik program lain. Sebutkan basis data kosong "
            "dengan --database.",
        )
    return 0


def migrate(
    session: Session,
    dialect: Dialect,
    *,
    to: int = SCHEMA_VERSION,
    keyed: MakeKeyedId | None = None,
    progress: Progress | None = None,
) -> int:
    """Upgrade the tables to a version. The rows stay.

    Parameters
    ----------
    keyed
        Makes the keyed ids of runs; needed if there are runs from before version 4.

    Returns
    -------
    int
        The version before the upgrade.
    """
    before = schema_version(session)
    for version in range(before + 1, to + 1):
        for statement in _statements(version, dialect):
            session.execute(statement, ())
        if version == FIRST_PUBLIC_VERSION:
            publish_past_runs(session, progress or _no_progress)
            if keyed is not None:
                rekey_runs(session, dialect, keyed, progress or _no_progress)
        session.execute(_ADD_VERSION, (version, now()))
    return before


def _statements(version: int, dialect: Dialect) -> Sequence[str]:
    folder = files("geodata") / "migrations"
    dialect_file = folder / f"{version:04}.{dialect}.sql"
    text = (folder / f"{version:04}.sql").read_text(encoding="utf-8")
    if dialect_file.is_file():
        text += dialect_file.read_text(encoding="utf-8")
    without_comments = re.sub(r"--[^\n]*", "", text)
    return [
        statement
        for statement_text in without_comments.split(";")
        if (statement := statement_text.strip())
    ]


def _no_progress(_step: Bilingual, _done: int, _total: int) -> None:
    """Ignore the progress."""
