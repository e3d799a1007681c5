"""The database: SQL text and parameters in, Arrow tables out.

The database is an embedded DuckDB file, or PostgreSQL for many processes at once. Both have the
same tables and the same SQL. ``geodata/migrations`` defines the tables. This package knows nothing
of cases and zones, except `upgrade_to_version_4`, which upgrades older tables.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from geodata.store.address import database_path, holds_password, is_embedded, shown_url
    from geodata.store.migrating import SCHEMA_VERSION
    from geodata.store.model import Clock, Reads, Snapshot, Store, Transaction, now
    from geodata.store.opening import check_url, open_store

__all__ = [
    "SCHEMA_VERSION",
    "Clock",
    "Reads",
    "Snapshot",
    "Store",
    "Transaction",
    "check_url",
    "database_path",
    "holds_password",
    "is_embedded",
    "now",
    "open_store",
    "shown_url",
]

_MODULES = {
    **dict.fromkeys(("database_path", "holds_password", "is_embedded", "shown_url"), "address"),
    **dict.fromkeys(("Clock", "Reads", "Snapshot", "Store", "Transaction", "now"), "model"),
    **dict.fromkeys(("check_url", "open_store"), "opening"),
    "SCHEMA_VERSION": "migrating",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (any of the names above)
    """Import a name when it is first used: the database drivers take long to import."""
    if name in _MODULES:
        return getattr(import_module(f"geodata.store.{_MODULES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
