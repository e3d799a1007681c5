"""A store as everyone uses it, whichever database is behind it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any, Final, Literal, Protocol, Self

import pyarrow as pa

from geodata.settings import CitySettings
from geodata.store import faults
from geodata.store.portable import answered, storable

Dialect = Literal["duckdb", "postgresql"]
Clock = Callable[[], datetime]
"""Says what moment it is, in UTC and without a zone."""

# Later than every moment before it even where the clock was set back. The writers' lock is held
# until the transaction ends, so that no later commit has an earlier moment.
_TAKE_MOMENT: Final = """
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
        """Give a transaction: kept where the block ends, undone where it fails.

        One writer at a time, over all threads and processes.
        """

    def snapshot(self) -> AbstractContextManager[Session]:
        """Give a transaction that only reads, all of it from one moment."""

    def close(self) -> None:
        """Let go of the database."""


class Reads(Protocol):
    """What can be asked: a store, a snapshot of it, or a transaction that sees its own writes."""

    @property
    def settings(self) -> CitySettings:
        """What the city of this database sets for itself."""

    def read(self, sql: str, *parameters: Any) -> pa.Table:  # noqa: ANN401
        """Answer a query."""


class Reading:
    """Several reads of one state; made by `Store.snapshot`."""

    def __init__(self, session: Session, settings: CitySettings) -> None:
        self._session = session
        self.settings = settings

    def read(self, sql: str, *parameters: Any) -> pa.Table:  # noqa: ANN401
        """Answer a query inside the transaction."""
        return answered(self._session.read(sql, parameters))


class Transaction(Reading):
    """Reads and writes that happen together or not at all; made by `Store.transaction`.

    Attributes
    ----------
    moment
        When everything written here was recorded, UTC: later than whatever was committed before,
        earlier than whatever will be.
    """

    def __init__(self, session: Session, clock: Clock, settings: CitySettings) -> None:
        super().__init__(session, settings)
        self.execute(_TAKE_MOMENT, clock())
        self.moment: datetime = self.read(_MOMENT)["moment"][0].as_py()

    def execute(self, sql: str, *parameters: Any) -> None:  # noqa: ANN401
        """Run one statement."""
        self._session.execute(sql, parameters)

    def append(self, sql: str, stage: pa.Table) -> None:
        """Run one ``insert into t (...) select ... from stage ...`` over an Arrow table.

        Order by the key in that statement, and give each key once: PostgreSQL needs both.

        Parameters
        ----------
        stage
            Every column of a type that is kept; see `geodata.store.portable`.
        """
        self._session.append(sql, storable(stage))


class _EndedByFailure:
    """A session in which nothing can be done, and nothing kept, once a statement failed.

    PostgreSQL answers the commit of such a transaction without an error and keeps nothing; DuckDB
    may keep what stood before the statement.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._failed = False

    def read(self, sql: str, parameters: Sequence[object]) -> pa.Table:
        with self._watched():
            return self._session.read(sql, parameters)

    def execute(self, sql: str, parameters: Sequence[object]) -> None:
        with self._watched():
            self._session.execute(sql, parameters)

    def append(self, sql: str, stage: pa.Table) -> None:
        with self._watched():
            self._session.append(sql, stage)

    def check(self) -> None:
        """Refuse to go on, or to commit, after a failure."""
        if self._failed:
            raise faults.failed()

    @contextmanager
    def _watched(self) -> Iterator[None]:
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
        Where it is.
    settings
        What the city of this database sets for itself.
    """

    def __init__(self, engine: Engine, url: str, clock: Clock, settings: CitySettings) -> None:
        self._engine = engine
        self._clock = clock
        self.url = url
        self.settings = settings

    @property
    def dialect(self) -> Dialect:
        """Which database it is."""
        return self._engine.dialect

    def read(self, sql: str, *parameters: Any) -> pa.Table:  # noqa: ANN401
        """Answer a query from the last committed state.

        Parameters
        ----------
        sql
            With ``$1``, ``$2``, ... for the parameters.
        """
        return answered(self._engine.read(sql, parameters))

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """All or nothing; one writer at a time, over all processes that share the database.

        What is read inside is read after every earlier writer has finished.
        """
        with self._engine.writing() as session:
            watched = _EndedByFailure(session)
            yield Transaction(watched, self._clock, self.settings)
            watched.check()

    @contextmanager
    def snapshot(self) -> Iterator[Reading]:
        """Several queries of one and the same state; nothing may be written."""
        with self._engine.snapshot() as session:
            yield Reading(session, self.settings)

    def close(self) -> None:
        """Let go of the database; of a file, so that another process may open it."""
        self._engine.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def now() -> datetime:
    """This moment in UTC, without a zone, as the tables keep it."""
    return datetime.now(UTC).replace(tzinfo=None)
