"""Upgrading a database: its tables brought to the version of this program, all or nothing."""

from secrets import token_bytes
from typing import NamedTuple

from geodata.errors import StoreError
from geodata.language import Progress
from geodata.pseudonyms.identity import Pseudonymiser, open_pseudonymiser
from geodata.settings import CitySettings, read_city_settings
from geodata.store.migrating import FIRST_PUBLIC_VERSION, SCHEMA_VERSION, migrate, schema_version
from geodata.store.model import Store, now
from geodata.store.opening import check_version, open_engine


class Upgrade(NamedTuple):
    """Versions of the tables before and after; 0 where there were none."""

    before: int
    after: int
    secret_missing: bool = False
    """Whether ids of runs had to be keyed without the city's secret: see `upgrade_store`."""


def upgrade_store(
    url: str, progress: Progress | None = None, *, settings: CitySettings | None = None
) -> Upgrade:
    """Make the tables of a database, or bring older ones to the newest version, all or nothing.

    Ids of runs from before version 4 are keyed with the city's secret. Where the secret is not at
    hand, they are keyed with one that is forgotten at once: nobody can guess cases from them, and a
    day of then that is run again is kept once more.

    Parameters
    ----------
    settings
        What the city sets for itself; from the environment where not given.

    Raises
    ------
    StoreError
        As `open_store` does; ``schema-newer`` if the tables are newer than this program.
    """
    # Not through a server: it would find other tables under its hands.
    city = settings or read_city_settings()
    engine = open_engine(url, city, create=True, alone=True)
    try:
        old = 0 < schema_version(engine) < FIRST_PUBLIC_VERSION
        secret = _secret(Store(engine, url, now, city)) if old else None
        keyed = (secret or _forgotten()).pseudonym if old else None
        with engine.writing() as session:
            before = migrate(session, engine.dialect, keyed=keyed, progress=progress)
        check_version(schema_version(engine), url)
    finally:
        engine.close()
    return Upgrade(before, SCHEMA_VERSION, secret_missing=old and secret is None)


def _secret(store: Store) -> Pseudonymiser | None:
    """The city's; None where it is not at hand."""
    try:
        return open_pseudonymiser(store)
    except StoreError as error:
        if error.code != "no-secret":
            raise
        return None


def _forgotten() -> Pseudonymiser:
    return Pseudonymiser(token_bytes(32))
