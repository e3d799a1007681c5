"""The embedded database uses no more memory than its setting."""

from pathlib import Path

import pytest

from geodata.errors import InputError
from geodata.settings import DUCKDB_MEGABYTES, read_city_settings
from geodata.store import open_store


@pytest.mark.parametrize(("setting", "limit"), [("", "1.0 GiB"), ("256", "256.0 MiB")])
def test_duckdb_has_the_memory_limit_of_the_setting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, setting: str, limit: str
) -> None:
    monkeypatch.setenv(DUCKDB_MEGABYTES, setting)
    with open_store(f"duckdb:///{tmp_path}/city.duckdb", create=True) as store:
        read = store.read("select current_setting('memory_limit') as held")["held"][0].as_py()
    assert read == limit


@pytest.mark.parametrize("setting", ["much", "-5", "127", "1.5", "256MB", "9" * 14, "9" * 5000])
def test_an_invalid_number_of_megabytes_is_rejected(setting: str) -> None:
    with pytest.raises(InputError, match="from 128 to") as raised:
        read_city_settings({DUCKDB_MEGABYTES: setting})
    assert raised.value.code == "duckdb-memory"
