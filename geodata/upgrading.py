"""Upgrade the tables of a database to the version of this program, all or nothing."""

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
    """Versions of the tables before and after; 0 if there were no tables."""

    before: int
    after: int
    secret_missing: bool = False
    """Whether the ids of runs were keyed without the city's secret; see `upgrade_store`."""


def upgrade_store(
    url: str, progress: Progress | None = None, *, settings: CitySettings | None = None
) -> Upgrade:
    """Make the tables of a database, or upgrade older tables to the newest version, all or nothing.

    Ids of runs from before version 4 are keyed with the city's secret. If the secret is missing,
    they are keyed with a random key that is not stored. Then nobody can guess cases from the ids,
    and computing such a day again stores another run.

    Parameters
    ----------
    settings
        Settings of the city; from the environment if None.

    Raises
    ------
    StoreError
        As `open_store`; ``schema-newer`` if the tables are newer than this program.
    """
    # Not through a server: the tables must not change while a server uses them.
    city_settings = settings or read_city_settings()
    engine = open_engine(url, city_settings, create=True, alone=True)
    try:
        needs_keys = 0 < schema_version(engine) < FIRST_PUBLIC_VERSION
        pseudonymiser = (
            _find_pseudonymiser(Store(engine, url, now, city_settings)) if needs_keys else None
        )
        make_keyed_id = (pseudonymiser or _random_pseudonymiser()).pseudonym if needs_keys else None
        with engine.writing() as session:
            before = migrate(session, engine.dialect, keyed=make_keyed_id, progress=progress)
        check_version(schema_version(engine), url)
    finally:
        engine.close()
    return Upgrade(before, SCHEMA_VERSION, secret_missing=needs_keys and pseudonymiser is None)


def _find_pseudonymiser(store: Store) -> Pseudonymiser | None:
    """The pseudonymiser with the city's secret; None if the secret is missing."""
    try:
        return open_pseudonymiser(store)
    except StoreError as error:
        if error.code != "no-secret":
            raise
        return None


def _random_pseudonymiser() -> Pseudonymiser:
    return Pseudonymiser(token_bytes(32))
