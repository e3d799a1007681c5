"""Fixtures and settings for every test."""

import os
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from tempfile import mkdtemp

import pytest
from hypothesis import HealthCheck, settings

from geodata import sample_city
from geodata.boundaries import Boundaries, assemble, save_boundaries
from geodata.sample_city import SampleCity
from geodata.settings import SECRET
from geodata.store import is_embedded, open_store
from tests import kernels
from tests.databases import (
    CopyDatabase,
    FileDatabases,
    NewDatabase,
    Server,
    assert_unchanged,
    copy_of,
    server,
)
from tests.pytest_plugins.early_failures import EarlyFailures
from zoning import City, open_city
from zoning.days.daily import every_day, run_days
from zoning.records.intake import load_records
from zoning.tiles.pyramid import Pyramid, open_pyramid

# Locally, properties look for new cases. In CI the cases are always the same, so that a failure
# comes from the change. A slow machine is no failure.
settings.register_profile(
    "ours",
    derandomize="CI" in os.environ,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ours")
# The commands write English, in every locale of the machine.
os.environ["MIKROZONASI_LANG"] = "en"

_SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
FIRST, LAST = date(2021, 6, 15), date(2021, 7, 15)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(kernels.OPTION, type=int, help="Number of threads for kernels.")


def pytest_configure(config: pytest.Config) -> None:
    kernels.ignore_overflow_warnings(config)
    config.pluginmanager.register(EarlyFailures(config))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect tests that would take minutes with uncompiled kernels."""
    slow = [item for item in items if kernels.is_too_slow(item)]
    if slow:
        config.hook.pytest_deselected(items=slow)
        items[:] = [item for item in items if item not in slow]


@pytest.fixture(scope="session", autouse=True)
def _kernel_threads(pytestconfig: pytest.Config) -> Iterator[None]:
    """Set the number of threads of the option; without the option, the engine decides."""
    threads: int | None = pytestconfig.getoption(kernels.OPTION)
    with pytest.MonkeyPatch.context() as patch:
        if threads is not None:
            kernels.set_threads(threads, patch)
        yield


@pytest.fixture(scope="session")
def shared_data() -> Callable[[str], Path]:
    """Path of a file of real data next to the checkout; skips the test if the file is missing."""

    def path(name: str) -> Path:
        file = _SHARED / name
        if not file.exists():
            pytest.skip(f"real data shared/data/{name} is not next to this checkout")
        return file

    return path


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """A PostgreSQL server on which tests may make databases."""
    with server() as test_server:
        yield test_server


@pytest.fixture(scope="session", params=["duckdb", "postgresql"])
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> NewDatabase:
    """Makes new databases with empty tables; a test with this fixture runs on both engines."""
    if request.param == "postgresql":
        test_server: Server = request.getfixturevalue("postgres_server")
        return test_server.new
    return FileDatabases(tmp_path_factory).new


@pytest.fixture
def copy_database(request: pytest.FixtureRequest, tmp_path: Path) -> CopyDatabase:
    """Copies a database of either engine, for a test that may change the copy."""

    def copy(url: str) -> str:
        if is_embedded(url):
            return copy_of(url, Path(mkdtemp(dir=tmp_path)))
        test_server: Server = request.getfixturevalue("postgres_server")
        return test_server.copy(url)

    return copy


@pytest.fixture(autouse=True)
def _drop_databases_of_the_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Drop the databases that the test made on the server; databases of fixtures stay."""
    if "postgres_server" not in request.fixturenames:
        callspec = getattr(request.node, "callspec", None)
        if callspec is None or callspec.params.get("new_database") != "postgresql":
            yield
            return
    test_server: Server = request.getfixturevalue("postgres_server")
    with test_server.dropping():
        yield


@pytest.fixture(autouse=True)
def _secret_for_servers(request: pytest.FixtureRequest) -> Iterator[None]:
    """Set the secret for tests on a server, which has no key file."""
    callspec = getattr(request.node, "callspec", None)
    with pytest.MonkeyPatch.context() as environment:
        values = () if callspec is None else callspec.params.values()
        # Another parameter may be a table, whose comparison gives an array.
        if any(isinstance(value, str) and value == "postgresql" for value in values):
            environment.setenv(SECRET, "a secret of sixteen and more")
        yield


@pytest.fixture(scope="session")
def small_sample() -> SampleCity:
    """One kecamatan of the sample city: 15 kelurahan, about 350 RT."""
    return sample_city.build(7, kecamatan=("33.74.01",))


@pytest.fixture(scope="session")
def small_boundaries(small_sample: SampleCity) -> Boundaries:
    """Boundaries of `small_sample`. All tests share them; no test may change them."""
    return assemble(small_sample.rt)


@pytest.fixture(scope="session")
def small_database(
    small_sample: SampleCity,
    small_boundaries: Boundaries,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """URL of a database with `small_sample`, its records, and a published month of the peak.

    All tests of a session share the database. A test that changes the database (an answer to an
    official adds an audit line) must use a ``copy_of`` it, else this fixture fails at the end.
    """
    folder = tmp_path_factory.mktemp("small-city")
    url = f"duckdb:///{folder}/city.duckdb"
    with open_store(url, create=True) as store:
        save_boundaries(store, small_boundaries, "sample", {})
        for kind, records in (("cases", small_sample.cases), ("newcomers", small_sample.newcomers)):
            path = folder / f"{kind}.csv"
            records.to_csv(path, index=False)
            load_records(store, kind, path)
        run_days(store, small_boundaries, every_day(FIRST, LAST))
    with assert_unchanged(url):
        yield url


@pytest.fixture(scope="session")
def small_city(small_database: str) -> Iterator[City]:
    """The city of `small_database`, open. All tests share the city; no test may change it."""
    with open_city(small_database) as city:
        yield city


@pytest.fixture(scope="session")
def small_pyramid(small_city: City, tmp_path_factory: pytest.TempPathFactory) -> Pyramid:
    """Prepared tiles of `small_city`."""
    return open_pyramid(small_city.ground(LAST), tmp_path_factory.mktemp("tiles"))
