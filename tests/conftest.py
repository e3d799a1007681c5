"""What every test may use."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from geodata import sample_city
from geodata.boundaries import assemble, save_boundaries
from geodata.sample_city import SampleCity
from geodata.settings import SECRET
from geodata.store import open_store
from tests import kernels
from tests.databases import Files, NewDatabase, Server, server, unchanged
from tests.early_failures import EarlyFailures
from zoning import City, open_city
from zoning.days.daily import every_day, run_days
from zoning.records.intake import load_records
from zoning.tiles.pyramid import Pyramid, open_pyramid

# By hand the properties look for new hard cases; in CI a failure must be of the change's making.
# A busy machine is no failure anywhere.
settings.register_profile(
    "ours",
    derandomize="CI" in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")
# The commands speak English, whatever the locale of the machine.
os.environ["MIKROZONASI_LANG"] = "en"

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
FIRST, LAST = date(2021, 6, 15), date(2021, 7, 15)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(kernels.OPTION, type=int, help="Run kernels on so many threads.")


def pytest_configure(config: pytest.Config) -> None:
    kernels.take_infinity(config)
    config.pluginmanager.register(EarlyFailures(config))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Where kernels are plain Python, leave out what would take minutes, and say how many."""
    large = [item for item in items if kernels.is_too_large(item)]
    if large:
        config.hook.pytest_deselected(items=large)
        items[:] = [item for item in items if item not in large]


@pytest.fixture(scope="session", autouse=True)
def _threads_of_kernels(pytestconfig: pytest.Config) -> Iterator[None]:
    """As many threads as the option says; where it is not given, as many as the engine takes."""
    threads: int | None = pytestconfig.getoption(kernels.OPTION)
    with pytest.MonkeyPatch.context() as patch:
        if threads is not None:
            kernels.run_on(threads, patch)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Path of a file of real data kept beside the project, or a skip that says so."""

    def path(name: str) -> Path:
        found = _SHARED / name
        if not found.exists():
            pytest.skip(f"real data shared/data/{name} is not beside this checkout")
        return found

    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server on which a test may make databases."""
    with server() as found:
        yield found


@pytest.fixture(scope="session", params=["duckdb", "postgresql"])
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> NewDatabase:
    """Makes new databases with tables and nothing in them: a test that takes it runs on both."""
    if request.param == "postgresql":
        found: Server = request.getfixturevalue("postgres_server")
        return found.new
    return Files(tmp_path_factory).new


@pytest.fixture(autouse=True)
def _databases_of_a_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a test itself made on the server goes with it; what its fixtures made stays."""
    if "postgres_server" not in request.fixturenames:
        chosen = getattr(request.node, "callspec", None)
        if chosen is None or chosen.params.get("new_database") != "postgresql":
            yield
            return
    found: Server = request.getfixturevalue("postgres_server")
    with found.dropping():
        yield


@pytest.fixture(autouse=True)
def _secret_of_servers(request: pytest.FixtureRequest) -> Iterator[None]:
    """A database on a server has no key file: its tests have the secret in the environment."""
    chosen = getattr(request.node, "callspec", None)
    with pytest.MonkeyPatch.context() as environment:
        values = () if chosen is None else chosen.params.values()
        # Another parameter may be a table, which compares itself cell by cell.
        if any(isinstance(value, str) and value == "postgresql" for value in values):
            environment.setenv(SECRET, "a secret of sixteen and more")
        yield


@pytest.fixture(scope="session")
def small_sample() -> SampleCity:
    """One kecamatan of the sample city: 15 kelurahan, some 350 RT."""
    return sample_city.build(7, kecamatan=("33.74.01",))


@pytest.fixture(scope="session")
def small_database(
    small_sample: SampleCity, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """URL of a database with that kecamatan, its records, and a published month of its peak.

    Shared by all tests of a session: one that changes it (an answer to an official is a line in
    the audit) takes a ``copy_of`` it, or fails here, whichever tests ran before or after it.
    """
    folder = tmp_path_factory.mktemp("small-city")
    url = f"duckdb:///{folder}/city.duckdb"
    boundaries = assemble(small_sample.rt)
    with open_store(url, create=True) as store:
        save_boundaries(store, boundaries, "sample", {})
        for kind, records in (("cases", small_sample.cases), ("newcomers", small_sample.newcomers)):
            path = folder / f"{kind}.csv"
            records.to_csv(path, index=False)
            load_records(store, kind, path)
        run_days(store, boundaries, every_day(FIRST, LAST))
    with unchanged(url):
        yield url


@pytest.fixture(scope="session")
def small_city(small_database: str) -> Iterator[City]:
    """That city, open. Shared by all tests of a session: none may change it."""
    with open_city(small_database) as city:
        yield city


@pytest.fixture(scope="session")
def small_pyramid(small_city: City, tmp_path_factory: pytest.TempPathFactory) -> Pyramid:
    """The tiles of that city, prepared."""
    return open_pyramid(small_city.ground(LAST), tmp_path_factory.mktemp("tiles"))
