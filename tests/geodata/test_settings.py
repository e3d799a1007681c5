"""Settings of a city are read from the environment in one module and passed on as an object."""

import ast
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest

from geodata.errors import InputError
from geodata.settings import (
    DUCKDB_MEGABYTES,
    PREFER,
    REINFECTION_DAYS,
    SECRET,
    TIMEZONE,
    CitySettings,
    read_city_settings,
)
from geodata.store import open_store

ROOT: Final = Path(__file__).resolve().parents[2]
SYSTEM: Final = {
    "geodata/settings.py": "reads the variables of a city; api.settings reads those of a server",
    "geodata/reading_process/reader.py": "passes PATH and similar variables to a child process",
    "geodata/files/system_errors.py": "names the system's folder for temporary files",
    "api/cli/terminal/language.py": "the language is chosen before typer makes the commands",
    "zoning/drawing/assets/__main__.py": "tells npm of the system's certificates",
}
"""Modules that may read the environment, and why."""


def test_a_city_without_variables_has_the_defaults() -> None:
    assert read_city_settings({}) == CitySettings()


def test_every_variable_is_read() -> None:
    settings = read_city_settings(
        {
            TIMEZONE: "Asia/Makassar",
            SECRET: "a secret of sixteen and more",
            PREFER: "address",
            REINFECTION_DAYS: "30",
            DUCKDB_MEGABYTES: " 256 ",
        }
    )
    assert settings.timezone.key == "Asia/Makassar"
    assert settings.secret == "a secret of sixteen and more"
    assert (settings.prefer, settings.reinfection_days, settings.duckdb_megabytes) == (
        "address",
        30,
        256,
    )


def test_the_text_of_the_settings_does_not_contain_the_secret() -> None:
    assert "hush" not in repr(CitySettings(secret="hush"))


def test_a_store_its_transactions_and_its_snapshots_have_the_settings(tmp_path: Path) -> None:
    settings = CitySettings(reinfection_days=7)
    url = f"duckdb:///{tmp_path}/city.duckdb"
    with (
        open_store(url, create=True, settings=settings) as store,
        store.transaction() as work,
        store.snapshot() as snapshot,
    ):
        assert store.settings == work.settings == snapshot.settings == settings


def test_without_an_argument_settings_come_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PREFER, "address")
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        assert store.settings.prefer == "address"


def test_the_default_time_zone_is_jakarta() -> None:
    assert CitySettings().day_of(datetime(2021, 7, 1, 17, 30, tzinfo=UTC)).isoformat() == (
        "2021-07-02"
    )


def test_cities_in_different_time_zones_have_different_days() -> None:
    zones = ("Pacific/Kiritimati", "Pacific/Pago_Pago")  # 25 hours apart
    east, west = (read_city_settings({TIMEZONE: zone}).today() for zone in zones)
    assert east - west in {timedelta(1), timedelta(2)}


@pytest.mark.parametrize(
    ("variable", "text", "code"),
    [
        *((TIMEZONE, name, "unknown-timezone") for name in ("Asia/Atlantis", "../etc/passwd", "/")),
        (PREFER, "KTP", "unknown-preference"),
        *(
            (REINFECTION_DAYS, days, "reinfection-days")
            for days in ("ninety", "-1", "1.5", "99999", "\u0669")
        ),
        (DUCKDB_MEGABYTES, "much", "duckdb-memory"),
    ],
)
def test_the_error_for_a_wrong_value_names_the_variable(
    variable: str, text: str, code: str
) -> None:
    with pytest.raises(InputError, match=variable) as raised:
        read_city_settings({variable: text})
    assert raised.value.code == code
    assert variable in (raised.value.indonesian or "")


def reads_environment(path: Path) -> bool:
    """Whether a module uses ``os.environ`` or ``os.getenv``, with any form of import."""
    names = {"environ", "environb", "getenv", "getenvb", "putenv"}
    return any(
        (isinstance(node, ast.Attribute) and node.attr in names)
        or (isinstance(node, ast.alias) and node.name in names)
        for node in ast.walk(ast.parse(path.read_text()))
    )


def test_no_other_module_reads_the_environment() -> None:
    modules = [
        path for layer in ("geodata", "zoning", "api") for path in (ROOT / layer).rglob("*.py")
    ]
    reading_modules = {str(path.relative_to(ROOT)) for path in modules if reads_environment(path)}
    assert reading_modules == set(SYSTEM)


@pytest.mark.parametrize(
    "text",
    ["import os\nos.environ['A']", "from os import environ as e", "import os\nos.getenv('A')"],
)
def test_a_module_that_reads_the_environment_is_found(tmp_path: Path, text: str) -> None:
    path = tmp_path / "module.py"
    path.write_text(text)
    assert reads_environment(path)
