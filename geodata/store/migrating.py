"""The tables, made and changed by numbered files of SQL; each database knows how far it is.

``geodata/migrations/NNNN.sql`` runs on both databases; ``NNNN.postgresql.sql`` beside it holds
what only PostgreSQL wants: indexes, which would slow DuckDB's writes and serve none of its reads.
What SQL alone cannot do for version 4 is in `geodata.store.translating`.
"""

import re
from collections.abc import Sequence
from importlib.resources import files
from typing import Final

from geodata.errors import StoreError
from geodata.language import Bilingual, Progress
from geodata.store.model import Dialect, Engine, Session, now
from geodata.store.translating import Keyed, publish_past, rekey_runs

SCHEMA_VERSION: Final = 5
"""Number of the newest file in ``migrations/``."""
PUBLIC_SINCE: Final = 4
"""Since this version what is public of a run stands apart, and ids of runs have a key."""
_TABLES: Final = """
select cast(table_name as text) as name from information_schema.tables
where cast(table_schema as text) = cast(current_schema() as text)
"""
_VERSION: Final = "select max(version) as version from schema_version"
_APPLIED: Final = "insert into schema_version values ($1, $2)"


def schema_version(session: Session | Engine) -> int:
    """How far the tables are; 0 where there is none yet.

    Raises
    ------
    StoreError
        ``foreign-database`` where there are tables, and they are not ours.
    """
    tables = session.read(_TABLES, ())["name"].to_pylist()
    if "schema_version" in tables:
        return int(session.read(_VERSION, ())["version"][0].as_py() or 0)
    if tables:
        raise StoreError(
            "foreign-database",
            "The database holds tables of something else. Name an empty one with --database.",
            indonesian="Basis data memuat tabel milik program lain. Sebutkan basis data kosong "
            "dengan --database.",
        )
    return 0


def migrate(
    session: Session,
    dialect: Dialect,
    *,
    to: int = SCHEMA_VERSION,
    keyed: Keyed | None = None,
    progress: Progress | None = None,
) -> int:
    """Bring the tables from wherever they are to a version; what they hold stays.

    Parameters
    ----------
    keyed
        Gives the ids of runs a key; needed where there are runs from before version 4.

    Returns
    -------
    int
        The version they had.
    """
    before = schema_version(session)
    for version in range(before + 1, to + 1):
        for statement in _statements(version, dialect):
            session.execute(statement, ())
        if version == PUBLIC_SINCE:
            publish_past(session, progress or _silent)
            if keyed is not None:
                rekey_runs(session, dialect, keyed, progress or _silent)
        session.execute(_APPLIED, (version, now()))
    return before


def _statements(version: int, dialect: Dialect) -> Sequence[str]:
    folder = files("geodata") / "migrations"
    own = folder / f"{version:04}.{dialect}.sql"
    text = (folder / f"{version:04}.sql").read_text(encoding="utf-8")
    if own.is_file():
        text += own.read_text(encoding="utf-8")
    bare = re.sub(r"--[^\n]*", "", text)
    return [statement for part in bare.split(";") if (statement := part.strip())]


def _silent(_doing: Bilingual, _done: int, _of: int) -> None:
    """Tell nobody."""
