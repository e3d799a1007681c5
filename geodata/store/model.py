"""A store as everyone uses it, whichever database is behind it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol, Self

import pyarrow as pa

from geodata.settings import CitySettings
from geodata.store import faults
from geodata.store.portable import cast_answer, cast_stage

Dialect = Literal["duckdb", "postgresql"]
Clock = Callable[[], datetime]
"""Gives the current moment in UTC, without a zone."""

# The moment is later than every earlier moment, even if the clock was set back. The writers' lock
# is held until the transaction ends, so that no later commit has an earlier moment.
_NEXT_MOMENT: Final = """
update latest_moment set moment = greatest(moment + interval '1 microsecond', $1)
"""
_MOMENT: Final = "select moment from latest_moment"


class Session(Protocol):
    """One transaction on one connection of a database."""

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query."""

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        """Run one statement."""

    def append(self, sql: str, stage: pa.Table) -> None:
        """Run one statement that reads the Arrow table ``stage``."""


class Engine(Protocol):
    """A database, opened. Safe for many threads."""

    dialect: Dialect

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        """Answer a query from the last committed state, never waiting for a writer."""

    def writing(self) -> AbstractContextManager[Session]:
        """Begin a transaction: committed when the block ends, rolled back when the block fails.

        One writer at a time, over all threads and processes.
        """

    def snapshot(self) -> AbstractContextManager[Session]:
        """Begin a read-only transaction in which every query sees the same state."""

    def close(self) -> None:
        """Close the database."""


class Reads(Protocol):
    """Anything that answers queries: a store, a snapshot, or a transaction with its own writes."""

    @property
    def settings(self) -> CitySettings:
        """Settings of the city of this database."""

    def read(self, sql: str, *parameters: Any) -> pa.Table:  # noqa: ANN401
        """Answer a query."""


class Snapshot:
    """Several queries of one state; made by `Store.snapshot`."""

    def __init__(self, session: Session, settings: CitySettings) -> None:
        self._session = session
        self.settings = settings

    def read(self, sql: str, *parameters: Any) -> pa.Table:  # noqa: ANN401
        """Answer a query inside the transaction."""
        return cast_answer(self._session.read(sql, parameters))


class Transaction(Snapshot):
    """Reads and writes, committed together or not at all; made by `Store.transaction`.

    Attributes
    ----------
    moment
        When the rows of this transaction were recorded, UTC: later than every earlier commit,
        earlier than every later commit.
    """

    def __init__(self, session: Session, clock: Clock, settings: CitySettings) -> None:
        super().__init__(session, settings)
        self.execute(_NEXT_MOMENT, clock())
        self.moment: datetime = self.read(_MOMENT)["moment"][0].as_py()

    def execute(self, sql: str, *parameters: Any) -> None:  # noqa: ANN401
        """Run one statement."""
        self._session.execute(sql, parameters)

    def append(self, sql: str, stage: pa.Table) -> None:
        """Run one ``insert into t (...) select ... from stage ...`` over an Arrow table.

        Order the rows by the key in the statement, and give each key once: PostgreSQL needs both.

        Parameters
        ----------
        stage
            Columns of the types in `geodata.store.portable`.
        """
        self._session.append(sql, cast_stage(stage))


class _FailFastSession:
    """A session that rejects every statement and the commit after a failed statement.

    Without it, PostgreSQL would answer the commit without an error and store nothing, and DuckDB
    might store the statements before the failure.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._failed = False

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with self._stop_after_failure():
            return self._session.read(sql, parameters)

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        with self._stop_after_failure():
            self._session.execute(sql, parameters)

    def append(self, sql: str, stage: pa.Table) -> None:
        with self._stop_after_failure():
            self._session.append(sql, stage)

    def check(self) -> None:
        """Raise an error after a failed statement."""
        if self._failed:
            raise faults.database_failed()

    @contextmanager
    def _stop_after_failure(self) -> Iterator[None]:
        self.check()
        try:
            yield
        except BaseException:
            self._failed = True
            raise


class Store:
    """An open database. Safe for many threads; made by `open_store`.

    Attributes
    ----------
    url
        URL of the database.
    settings
        Settings of the city of this database.
    """

    def __init__(self, engine: Engine, url: str, clock: Clock, settings: CitySettings) -> None:
        self._engine = engine
        self._clock = clock
        self.url = url
        self.settings = settings

    @property
    def dialect(self) -> Dialect:
        """The kind of database."""
        return self._engine.dialect

    def read(self, sql: str, *parameters: Any) -> pa.Table:  # noqa: ANN401
        """Answer a query from the last committed state.

        Parameters
        ----------
        sql
            With ``$1``, ``$2``, ... for the parameters.
        """
        return cast_answer(self._engine.read(sql, parameters))

    def last_write(self) -> datetime:
        """Moment of the last committed transaction, UTC: changes with every write."""
        moment: datetime = self.read(_MOMENT)["moment"][0].as_py()
        return moment

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """A transaction, all or nothing; one writer at a time, over all processes.

        Queries inside see the commits of every earlier writer.
        """
        with self._engine.writing() as session:
            fail_fast_session = _FailFastSession(session)
            yield Transaction(fail_fast_session, self._clock, self.settings)
            fail_fast_session.check()

    @contextmanager
    def snapshot(self) -> Iterator[Snapshot]:
        """Several queries of the same state, without writes."""
        with self._engine.snapshot() as session:
            yield Snapshot(session, self.settings)

    def close(self) -> None:
        """Close the database. Another process may then open the file."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def now() -> datetime:
    """The current moment in UTC, without a zone, as in the tables."""
    return datetime.now(UTC).replace(tzinfo=None)
