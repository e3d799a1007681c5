"""The tables as the migrations make them. Only these names of tables and columns enter statements.

A backup has names of tables and columns too. These names are compared with the schema and never
used.
"""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Final, NamedTuple

import pyarrow as pa

from geodata.settings import CitySettings
from geodata.store.embedded.duck import DuckEngine
from geodata.store.migrating import migrate
from geodata.store.model import Session
from geodata.store.portable import cast_answer
from geodata.store.statements import with_names

_TABLES: Final = """
select cast(table_name as text) as name from information_schema.tables
where cast(table_schema as text) = cast(current_schema() as text) order by 1
"""
_KEY: Final = """
select cast(k.column_name as text) as name
from information_schema.key_column_usage k join information_schema.table_constraints c
  on c.constraint_name = k.constraint_name and c.table_name = k.table_name
 and c.table_schema = k.table_schema
where cast(k.table_schema as text) = cast(current_schema() as text)
  and c.constraint_type = 'PRIMARY KEY' and k.table_name = $1
order by k.ordinal_position
"""


class TableSchema(NamedTuple):
    """One table.

    Attributes
    ----------
    columns
        Names and types, in order.
    key
        Names of the columns of the primary key; empty if the table has none.
    """

    columns: pa.Schema
    key: tuple[str, ...]


@cache
def schema() -> Mapping[str, TableSchema]:
    """Every table by its name, sorted by name."""
    engine = DuckEngine(None, CitySettings().duckdb_megabytes)
    try:
        with engine.writing() as session:
            migrate(session, engine.dialect)
            names = session.read(_TABLES, ())["name"].to_pylist()
            return MappingProxyType({name: _table(session, name) for name in names})
    finally:
        engine.close()


def _table(session: Session, name: str) -> TableSchema:
    no_rows = with_names("select * from {table} limit 0", table=name)
    columns = cast_answer(session.read(no_rows, ())).schema
    key = session.read(_KEY, (name,))["name"].to_pylist()
    return TableSchema(columns.remove_metadata(), tuple(key))
